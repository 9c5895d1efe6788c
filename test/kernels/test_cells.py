# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cells that no contract has, and links with too few credits: no beat lost, none invented, exact rates, all stalls.

The protocol assertions in the cells themselves are on in every run.
"""

from __future__ import annotations

import random
import re
from fractions import Fraction
from math import ceil

from kernel_harness import Bench, Dut

from xplat.kernels.check import STALLS

BEATS = 240


def words(seed: int, width: int, count: int = BEATS) -> list[int]:
    rng = random.Random(seed)
    return [rng.getrandbits(1 << 10) & ((1 << width) - 1) for _ in range(count)]


def full_rate_credits(data: int, phit: int, latency: int) -> int:
    """Credits that keep a link busy: the round trip in beats, rounded up, and one."""
    return 1 + ceil((2 * latency + 3) / ceil(data / phit))


def build() -> list[tuple[Dut, dict[str, list[int]], Fraction, int]]:
    """Each device under test with expected beats, cycles per output beat, and latency."""
    out: list[tuple[Dut, dict[str, list[int]], Fraction, int]] = []

    def add(
        module: str,
        params: dict[str, int],
        ins: dict[str, tuple[int, list[int]]],
        expect: dict[str, tuple[int, list[int]]],
        rate: Fraction | int,
        latency: int,
    ) -> None:
        dut = Dut(module, params, ins, {p: (w, len(d)) for p, (w, d) in expect.items()})
        out.append((dut, {p: d for p, (_, d) in expect.items()}, Fraction(rate), latency))

    for width in (1, 37):
        d = words(width, width)
        add("xplat_skid", dict(DataWidth=width), {"in": (width, d)}, {"out": (width, d)}, 1, 1)
    a, b = words(1, 5), words(2, 7)
    add(
        "xplat_join",
        dict(WidthA=5, WidthB=7),
        {"a": (5, a), "b": (7, b)},
        {"out": (12, [y << 5 | x for x, y in zip(a, b, strict=True)])},
        1,
        1,
    )
    for data, phit, latency in ((32, 8, 3), (8, 8, 0), (5, 8, 4), (20, 8, 1), (9, 1, 10), (16, 9, 7)):
        d = words(data, data)
        need = full_rate_credits(data, phit, latency)
        phits = ceil(data / phit)
        # With the stated credits the wire is busy; with fewer the round trip limits.
        for credits in sorted({1, max(1, need - 1), need, need + 2}):
            rate = max(Fraction(phits), Fraction(phits + 2 * latency + 3, credits))
            assert (rate == phits) == (credits >= need)
            add(
                "tb_link",
                dict(DataWidth=data, PhitWidth=phit, Credits=credits, Cycles=latency),
                {"in": (data, d)},
                {"out": (data, d)},
                rate,
                phits + latency + 1,
            )
    return out


def test_cells() -> None:
    table = build()
    bench = Bench("cells", [t[0] for t in table])
    for in_stall, out_stall in STALLS:
        results = bench.run(in_stall=in_stall, out_stall=out_stall)
        for (dut, expect, rate, latency), result in zip(table, results, strict=True):
            where = f"{dut.module} {dict(dut.params)} stalls {in_stall}/{out_stall}"
            for prefix, data in expect.items():
                trace = result.outs[prefix]
                assert trace.data == data, f"{where}: stream '{prefix}' differs"
                if in_stall == out_stall == 0:
                    half = len(data) // 36 * 12
                    span = trace.cycles[2 * half] - trace.cycles[half]
                    # Short of credits, beats come in bursts of `Credits` and then a gap.
                    credits = dut.params.get("Credits", 1)
                    assert abs(span - half * rate) < credits * (rate - 1) + 1 and (
                        rate.denominator > 1 or span == half * rate or half % credits != 0
                    ), f"{where}: expected {half * rate} but got {span}"
                    start = trace.cycles[0] - next(iter(result.ins.values()))[0]
                    assert start == latency, f"{where}: expected latency {latency} but got {start}"


def test_fifo_reports_its_largest_occupancy() -> None:
    data = words(3, 8)
    dut = Dut("xplat_fifo", dict(DataWidth=8, Depth=5), {"in": (8, data)}, {"out": (8, len(data))})
    bench = Bench("fifo_report", [dut])
    for out_stall, most in ((0, 1), (200, 5)):
        (result,) = bench.run(out_stall=out_stall)
        found = re.findall(r"XPLAT_FIFO (\S+) (\d+) (\d+)", result.log)
        assert found == [("TOP.tb.d0", "5", str(most))]
