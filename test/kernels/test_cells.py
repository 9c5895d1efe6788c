# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cells that no contract has, and links with too few credits: no beat lost, none invented, exact rates, all stalls.

Products of blocks equal their definition in Python in every bit.

The protocol assertions in the cells themselves are on in every run.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import torch

from xplat.formats import FixedPoint, Mx, MxInteger, mantissa_fraction, multiply_blocks, parse
from xplat.hardware.layout import Layout
from xplat.hardware.manifest import EMITTED, MANIFEST, SOURCES
from xplat.hardware.streams import StreamPort
from xplat.kernels.bench import Bench
from xplat.kernels.check import STALLS
from xplat.support.paths import kernels_dir

BEATS = 240
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Cell:
    """A module with its parameters; of each stream, by prefix, the bits of a beat and the beats."""

    module: str
    params: Mapping[str, int]
    ins: Mapping[str, tuple[int, list[int]]]
    outs: Mapping[str, tuple[int, list[int]]]
    rate: Fraction
    """Cycles per output beat."""
    latency: int


def lanes(bits: int) -> int:
    """Elements of 16 bits in a beat that has more bits than an integer of the host."""
    return 1 if bits < 63 else bits // 16


def elements(bits: int, beats: list[int]) -> np.ndarray:
    """Beats as the elements that the host sends, [1, elements]."""
    if lanes(bits) == 1:
        return np.array([beats])
    return np.array([[(beat >> (16 * lane)) & 0xFFFF for beat in beats for lane in range(lanes(bits))]])


def port(name: str, bits: int, beats: list[int]) -> StreamPort:
    count = lanes(bits)
    return StreamPort(name, Layout.standard((1, len(beats) * count), count), bits // count, 0)


def bench(cells: list[Cell], folder: Path) -> Bench:
    """The cells side by side in one module, which has the ports of an emitted system."""
    rtl = folder / "rtl"
    rtl.mkdir(parents=True)
    (folder / "tb").mkdir()
    sources = [
        *kernels_dir().glob("common/rtl/*"),
        *kernels_dir().glob("link/rtl/*"),
        HERE / "tb_link.sv",
        HERE / "tb_block_dot.sv",
        HERE / "tb_parameter_port.sv",
    ]
    for source in sources:
        shutil.copy(source, rtl)
    ports, body = [], []
    found: dict[str, list[StreamPort]] = {"inputs": [], "outputs": []}
    for number, cell in enumerate(cells):
        connections = [".clk_i", ".rst_ni"]
        for streams, kind, own, there in (
            (cell.ins, "inputs", "input", "output"),
            (cell.outs, "outputs", "output", "input"),
        ):
            end, back = ("i", "o") if own == "input" else ("o", "i")
            for prefix, (bits, beats) in streams.items():
                name = f"c{number}_{prefix}"
                found[kind].append(port(name, bits, beats))
                ports += [
                    f"{own} logic [{bits - 1}:0] {name}",
                    f"{own} logic {name}_valid",
                    f"{there} logic {name}_ready",
                ]
                connections += [
                    f".{prefix}_data_{end}({name})",
                    f".{prefix}_valid_{end}({name}_valid)",
                    f".{prefix}_ready_{back}({name}_ready)",
                ]
        params = ", ".join(f".{key}({value})" for key, value in cell.params.items())
        body.append(f"  {cell.module} #({params}) u_c{number} ({', '.join(connections)});")
    head = f"module cells (input logic clk_i, input logic rst_ni, {', '.join(ports)});"
    (rtl / "cells.sv").write_text("\n".join([head, *body, "endmodule", ""]))
    listed = ["xplat_pkg.sv", *sorted({file.name for file in rtl.glob("*.sv")} - {"xplat_pkg.sv"})]
    (folder / SOURCES).write_text("\n".join(["+incdir+rtl", *(f"rtl/{name}" for name in listed)]) + "\n")
    manifest = {"top": "cells", **{kind: [one.to_dict() for one in there] for kind, there in found.items()}}
    (folder / MANIFEST).write_text(json.dumps(EMITTED.stamp(manifest)))
    return Bench(folder, 1)


def words(seed: int, width: int, count: int = BEATS) -> list[int]:
    rng = random.Random(seed)
    return [rng.getrandbits(1 << 10) & ((1 << width) - 1) for _ in range(count)]


def full_rate_credits(data: int, phit: int, latency: int) -> int:
    """Credits that keep a link busy: the round trip in beats, rounded up, and one."""
    return 1 + ceil((2 * latency + 3) / ceil(data / phit))


def products(left: str, right: str, terms: int, accumulator: FixedPoint, latency: int) -> Cell:
    """Random blocks, some of the largest magnitudes, whose products lie far below and beyond the accumulator."""
    forms = tuple(replace(parse(name), block=terms) for name in (left, right))
    generator = torch.Generator().manual_seed(terms + accumulator.width)
    scales = torch.exp2(torch.randint(-24, 8, (2, BEATS, 1), generator=generator).double())
    values = torch.randn(2, BEATS, terms, generator=generator, dtype=torch.float64) * scales
    values[:, ::7] = values[:, ::7].sign() * 2.0**6
    values[0, 3] = 0.0
    codes = [form.encode(part, axis=1) for form, part in zip(forms, values, strict=True)]
    expected = multiply_blocks(*codes, forms, accumulator)
    beats = []
    for row in range(BEATS):
        beat = place = 0
        for form, code in zip(forms, codes, strict=True):
            for element in code.elements[row].tolist():
                beat |= element << place
                place += form.element_bits
            beat |= int(code.exponents[row, 0]) << place
            place += 8
        beats.append(beat)
    exponents = [form.element.exponent if isinstance(form, Mx) else 0 for form in forms]
    params = {
        "Terms": terms,
        "LeftWidth": forms[0].element_bits,
        "RightWidth": forms[1].element_bits,
        "TwosComplement": int(isinstance(forms[0], MxInteger)),
        "LeftExponent": exponents[0],
        "RightExponent": exponents[1],
        "AccWidth": accumulator.width,
        "Shift": accumulator.fractional_bits[0] - sum(mantissa_fraction(form) for form in forms),
    }
    mask = (1 << accumulator.width) - 1
    results = [value & mask for value in expected.tolist()]
    bits = terms * (forms[0].element_bits + forms[1].element_bits) + 16
    return Cell(
        "tb_block_dot", params, {"in": (bits, beats)}, {"out": (accumulator.width, results)}, Fraction(1), latency
    )


def table() -> list[Cell]:
    cells = [
        products("msfp4", "msfp4", 16, FixedPoint(24, (8,)), 10),
        products("msfp4", "msfp9", 1, FixedPoint(16, (4,)), 6),
        products("msfp2", "msfp5", 5, FixedPoint(12, (3,)), 9),
        products("mxint8", "mxint8", 32, FixedPoint(28, (12,)), 11),
        products("mxfp4", "mxfp4", 32, FixedPoint(24, (8,)), 11),
        products("mxfp6", "mxfp6e3m2", 8, FixedPoint(24, (8,)), 9),
        products("mxfp8", "mxfp4", 4, FixedPoint(30, (14,)), 8),
    ]
    for width in (1, 37):
        d = (width, words(width, width))
        cells.append(Cell("xplat_skid", {"DataWidth": width}, {"in": d}, {"out": d}, Fraction(1), 1))
    # Every place of a FIFO's ends in its ring counter, with no turn, one and several.
    # The memory behind which a register stands has a place less.
    for registered, depths in ((0, (2, 3, *range(9, 17), 64)), (1, (*range(5, 13), 34, 64, 67, 130))):
        for depth in depths:
            d = (9, words(depth, 9))
            params = {"DataWidth": 9, "Depth": depth, "OutputRegister": registered}
            cells.append(Cell("xplat_fifo", params, {"in": d}, {"out": d}, Fraction(1), 1))
    # With two places more than a word is kept, one leaves in each cycle.
    for distance in (1, 5, 12):
        d = (11, words(distance, 11))
        params = {"Width": 11, "Distance": distance}
        cells.append(Cell("tb_parameter_port", params, {"in": d}, {"out": d}, Fraction(1), distance + 2))
    for data, phit, latency in ((32, 8, 3), (8, 8, 0), (5, 8, 4), (20, 8, 1), (9, 1, 10), (16, 9, 7)):
        d = (data, words(data, data))
        need = full_rate_credits(data, phit, latency)
        phits = ceil(data / phit)
        # With the stated credits the wire is busy; with fewer the round trip limits.
        for credits in sorted({1, max(1, need - 1), need, need + 2}):
            rate = max(Fraction(phits), Fraction(phits + 2 * latency + 3, credits))
            assert (rate == phits) == (credits >= need)
            params = {"DataWidth": data, "PhitWidth": phit, "Credits": credits, "Cycles": latency}
            cells.append(Cell("tb_link", params, {"in": d}, {"out": d}, rate, phits + latency + 1))
    return cells


def test_cells(tmp_path: Path) -> None:
    cells = table()
    built = bench(cells, tmp_path / "cells")
    sent = [elements(bits, beats) for cell in cells for bits, beats in cell.ins.values()]
    for in_stall, out_stall in STALLS:
        played = built.play(sent, in_stall=in_stall, out_stall=out_stall)
        inputs, outputs = iter(played.inputs), iter(played.outputs)
        for cell in cells:
            where = f"{cell.module} {dict(cell.params)} stalls {in_stall}/{out_stall}"
            first = [next(inputs).cycles[0] for _ in cell.ins]
            for prefix, (bits, beats) in cell.outs.items():
                trace = next(outputs)
                assert trace.elements is not None
                got = [int(element) & ((1 << bits) - 1) for element in trace.elements[:, 0]]
                assert got == beats, f"{where}: stream '{prefix}' differs"
                if in_stall == out_stall == 0:
                    half = len(beats) // 36 * 12
                    span = trace.cycles[2 * half] - trace.cycles[half]
                    # Short of credits, beats come in bursts of `Credits` and then a gap.
                    credits = cell.params.get("Credits", 1)
                    assert abs(span - half * cell.rate) < credits * (cell.rate - 1) + 1 and (
                        cell.rate.denominator > 1 or span == half * cell.rate or half % credits != 0
                    ), f"{where}: expected {half * cell.rate} but got {span}"
                    start = trace.cycles[0] - first[0]
                    assert start == cell.latency, f"{where}: expected latency {cell.latency} but got {start}"


def test_fifo_reports_its_largest_occupancy(tmp_path: Path) -> None:
    data = (8, words(3, 8))
    cell = Cell("xplat_fifo", {"DataWidth": 8, "Depth": 5}, {"in": data}, {"out": data}, Fraction(1), 1)
    built = bench([cell], tmp_path / "fifo")
    for out_stall, most in ((0, 1), (200, 5)):
        played = built.play([np.array([data[1]])], out_stall=out_stall)
        found = re.findall(r"XPLAT_FIFO (\S+) (\d+) (\d+)", played.log)
        assert found == [("TOP.contract.u_system.u_c0", "5", str(most))]
