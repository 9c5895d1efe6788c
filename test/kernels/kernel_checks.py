# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The checks every kernel passes: bits, cycles, latency, stalls."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from kernel_harness import Bench
from kernel_reference import Case, tensor

# (chance in 256 to stall the input, the output)
STALLS = ((0, 0), (128, 0), (0, 128), (100, 160), (230, 40))


def check(name: str, cases: Sequence[Case]) -> None:
    """Every case: bit for bit under all stalls; exact cycles and latency without any."""
    bench = Bench(name, [c.dut for c in cases])
    for in_stall, out_stall in STALLS:
        results = bench.run(in_stall=in_stall, out_stall=out_stall)
        for i, (case, result) in enumerate(zip(cases, results, strict=True)):
            where = f"{name}[{i}] stalls {in_stall}/{out_stall} {dict(case.dut.params)}"
            trace = result.outs["out"]
            got = len(trace.data) * case.lanes
            assert got == case.expected.numel(), f"expected {case.expected.numel()} elements but got {got}: {where}"
            y = tensor(trace, case.expected, case.lanes, case.width)
            wrong = torch.nonzero(y != case.expected)
            assert len(wrong) == 0, (
                f"{len(wrong)} wrong elements, first at {wrong[0].tolist()}: expected "
                f"{case.expected[tuple(wrong[0])]} but got {y[tuple(wrong[0])]}: {where}"
            )
            if in_stall == out_stall == 0:
                per = len(trace.data) // case.samples
                ends = trace.cycles[per - 1 :: per]
                steady = ends[-1] - ends[-2]
                assert steady == case.cycles, f"expected {case.cycles} cycles a sample but got {steady} {ends}: {where}"
                taken = result.ins["in"][case.first_prefix - 1]
                latency = trace.cycles[0] - taken
                assert latency == case.latency, f"expected latency {case.latency} but got {latency}: {where}"
