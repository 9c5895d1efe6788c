# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every kernel in simulation and in Yosys' counts: `make bench-kernels`.

First, cycles: each case of each kernel folder, random ones beside the chosen ones, and, of kernels that multiply and
add, the first case under every legal combination of unroll factors. Cycles per sample and values are compared with the
contract and the reference. `busy` is the share of cycles in which a multiplier has a product to compute, where no
stream limits the rate: products of a sample over cycles times multipliers.

Then, area of the kernels that multiply and add: LUTs, flip-flops, DSPs and bits of memory for each product that is
computed in a cycle, from the measurements in `hw_kernels/*/qor.series7.csv` (taken by `make area`), beside those
of release 0.1.0 for the same parameters. Exits with 1 when a value or a cycle count differs.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from common import BUILD, ROOT, conditions, print_conditions, print_table, write_json

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.kernels.bench import Bench
from xplat.kernels.case import Case
from xplat.kernels.check import Folder
from xplat.kernels.network import Bound, Network
from xplat.mlir import nodes_of
from xplat.support.errors import KernelError
from xplat.target.library import kernel_files

BEFORE = Path(__file__).parent / "kernels_before.csv"
SAMPLES = 6
MULTIPLYING = ("linear", "linear_input_stationary", "conv2d", "depthwise_conv2d", "matmul")
"""Kernels with a multiplier for each factor of every loop, so that the product of the factors is their number."""
AREAS = ("linear", "linear_input_stationary", "linear_sparse", "conv2d", "depthwise_conv2d", "matmul")
RAM_BITS = {"lutram": 32, "bram18": 18 * 1024}
"""Bits of a LUT in use as memory of two ports, and of half a block RAM."""


@dataclass(frozen=True)
class Timed:
    """What one case took. `busy`: share of cycles in which the multipliers compute; none without multipliers."""

    kernel: str
    case: str
    predicted: int
    measured: int
    differing: int
    busy: float | None = None

    @property
    def good(self) -> bool:
        return self.differing == 0 and self.predicted == self.measured


def node_of(network: Network, index: int = 0) -> ir.Operation:
    return next(op for op in nodes_of(network.module) if xp.node_name(op) == f"case{index}")


def unrolled(kernel: str, case: Case, most: int, seed: int) -> Iterator[Case]:
    """The case under the legal combinations of unroll factors, at most so many of them, drawn at random."""
    library = kernel_files()
    network = Network.of([(kernel, case)], library, seed=0)
    node = node_of(network)
    legal = [xp.legal_unroll(node, loop) for loop in range(len(case.unroll))]
    combinations = list(itertools.product(*legal))
    Random(seed).shuffle(combinations)
    found = 0
    for factors in combinations:
        if found == most:
            return
        changed = replace(
            case,
            unroll=tuple(factors),
            inputs={
                name: replace(stream, lanes=xp.operand_lanes(node, index, list(factors)))
                for index, (name, stream) in enumerate(case.inputs.items())
            },
            result=replace(case.results[0], lanes=xp.result_lanes(node, 0, list(factors))),
        )
        try:
            Network.of([(kernel, changed)], library, seed=0)
        except KernelError:
            continue  # factors that are not legal together, or that the kernel does not take
        found += 1
        yield changed


def busy_of(bound: Bound, node: ir.Operation, measured: int) -> float | None:
    """Nothing where a stream limits the rate, or where the kernel does not multiply."""
    work = xp.multiply_accumulates(node)
    if bound.kernel not in MULTIPLYING or not work:
        return None
    multipliers = math.prod(bound.case.unroll)
    streams = [math.prod(stream.shape) // stream.lanes for stream in (*bound.case.inputs.values(), *bound.case.results)]
    return None if max(streams) * multipliers > work else work / (measured * multipliers)


def timed(cases: Sequence[tuple[str, Case]], seed: int) -> list[Timed]:
    """Simulates the cases side by side, without stalls."""
    network = Network.of(cases, kernel_files(), seed)
    with tempfile.TemporaryDirectory(prefix="xplat-bench-") as scratch:
        bench = Bench(network.emit(Path(scratch) / "hardware"), SAMPLES, progress=lambda _: None)
        inputs = network.inputs(SAMPLES, seed)
        integers = [port.quantize(values) for port, values in zip(bench.inputs, inputs, strict=True)]
        played = bench.play(integers)
        expected = bench.codes(network.references(inputs, SAMPLES))
    found, position = [], 0
    for index, bound in enumerate(network.bound):
        measured, differing = 0, 0
        for _ in bound.case.results:
            trace, wanted = played.outputs[position], expected[position]
            assert trace.elements is not None
            count = min(len(wanted), len(trace.elements))
            differing += int(np.count_nonzero(trace.elements[:count] != wanted[:count])) + wanted[count:].size
            ends = trace.cycles[len(wanted) // SAMPLES - 1 :: len(wanted) // SAMPLES]
            measured = ends[SAMPLES - 1] - ends[SAMPLES - 2]
            position += 1
        busy = busy_of(bound, node_of(network, index), measured)
        found.append(Timed(bound.kernel, str(bound.case), bound.cycles, measured, differing, busy))
    return found


def read_area(file: Path) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Parameters and counts of the rows of a table of measurements."""
    columns = ("lut", "lutram", "ff", "dsp", "bram18")
    with file.open() as handle:
        for row in csv.DictReader(handle):
            if not row["lut"]:
                continue
            parameters = {
                name: int(value) for name, value in row.items() if value and name not in (*columns, "held_out", "yosys")
            }
            yield parameters, {name: int(row[name]) for name in columns}


def read_before() -> dict[tuple[str, frozenset[tuple[str, int]]], dict[str, int]]:
    """Counts of release 0.1.0, by kernel and parameters."""
    found = {}
    with BEFORE.open() as handle:
        for row in csv.DictReader(handle):
            pairs = (pair.split("=") for pair in row["params"].split())
            key = (row["kernel"], frozenset((name, int(value)) for name, value in pairs))
            found[key] = {name: int(row[name]) for name in ("lut", "lutram", "ff", "dsp", "bram18")}
    return found


def areas(kernels: Sequence[str]) -> list[list[object]]:
    """A row for each configuration: what a product in each cycle takes, now and before."""
    before = read_before()
    rows: list[list[object]] = [
        ["kernel", "parameters", "products/cycle", "LUT", "before", "FF", "before", "DSP", "before", "bits", "before"]
    ]
    for kernel in kernels:
        file = ROOT / "hw_kernels" / kernel / "qor.series7.csv"
        folder = Folder.load(file.parent / "kernel.mlir")
        for parameters, now in read_area(file):
            assert folder.module is not None
            products = math.prod(folder.module.measured(parameters).unroll)
            if kernel == "linear_sparse":
                products = products * parameters["Kept"] // parameters["Group"] or 1
            old = before.get((kernel, frozenset(parameters.items())))
            figures: list[object] = []
            for name in ("lut", "ff", "dsp"):
                figures += [f"{now[name] / products:.1f}", f"{old[name] / products:.1f}" if old else "–"]
            for counts in (now, old):
                bits = sum(counts[name] * size for name, size in RAM_BITS.items()) if counts else None
                figures.append("–" if bits is None else f"{bits / products:.0f}")
            brief = " ".join(f"{name}={value}" for name, value in parameters.items())
            rows.append([kernel, brief, products, *figures])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-kernels", description=__doc__)
    parser.add_argument("--kernel", action="append", default=[], help="only these folders (repeatable)")
    parser.add_argument("--random", type=int, default=8, help="random cases of each folder (default: %(default)s)")
    parser.add_argument("--unrolls", type=int, default=64, help="most combinations of factors (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of cases and values (default: %(default)s)")
    arguments = parser.parse_args()

    found: list[Timed] = []
    for contract in kernel_files():
        folder = Folder.load(contract)
        if not folder.kernels or (arguments.kernel and folder.path.name not in arguments.kernel):
            continue
        print(f"{folder.path.name} …", file=sys.stderr, flush=True)
        chosen = [*folder.chosen, *folder.drawn(arguments.random, arguments.seed)]
        cases = [(folder.kernel_of(case), case) for case in chosen]
        for kernel in folder.kernels:
            if kernel in MULTIPLYING:
                largest = max((case for case in folder.chosen), key=lambda case: math.prod(case.results[0].shape))
                cases += [(kernel, case) for case in unrolled(kernel, largest, arguments.unrolls, arguments.seed)]
        found += timed(cases, arguments.seed)

    grouped: dict[str, list[Timed]] = defaultdict(list)
    for one in found:
        grouped[one.kernel].append(one)
    table: list[list[object]] = [
        ["kernel", "cases", "cycles as predicted", "values equal", "busy at least", "of cases"]
    ]
    for kernel, timings in grouped.items():
        shares = [one.busy for one in timings if one.busy is not None]
        least = f"{100 * min(shares):.1f} %" if shares else "–"
        exact = sum(one.predicted == one.measured for one in timings)
        equal = sum(one.differing == 0 for one in timings)
        table.append([kernel, len(timings), exact, equal, least, len(shares) or "–"])
    print_table(table)
    for one in found:
        if not one.good:
            print(f"{one.kernel}: {one.predicted} cycles predicted, {one.measured} measured, "
                  f"{one.differing} elements differ: {one.case}")  # fmt: skip
    print()
    rows = areas([kernel for kernel in AREAS if not arguments.kernel or kernel in arguments.kernel])
    print_table(rows)
    print("of each product that is computed in a cycle; bits: of LUTs as memory and of block RAM; before: 0.1.0")
    figures = conditions()
    print_conditions(figures)
    output = {"conditions": figures, "cycles": [vars(one) for one in found], "area": rows}
    print(write_json(BUILD / "kernels.json", output))
    if not all(one.good for one in found):
        raise SystemExit("a value or a cycle count differs")


if __name__ == "__main__":
    main()
