# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_constant: the words of its memory, again for every sample, one a cycle, and the contract that says so."""

from __future__ import annotations

import random

import pytest
from kernel_harness import Bench, Dut

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.target.library import kernel_files

SAMPLES = 3
TABLES = [(1, 8), (2, 4), (5, 24), (64, 16)]
"""Beats and bits of a beat."""


def tables() -> list[list[int]]:
    rng = random.Random(0)
    return [[rng.getrandbits(width) for _ in range(beats)] for beats, width in TABLES]


@pytest.mark.parametrize("stall", [0, 100])
def test_words_come_in_order(stall: int) -> None:
    duts = [
        Dut(
            "xplat_constant",
            {"Beats": beats, "DataWidth": width},
            {},
            {"out": (width, SAMPLES * beats)},
            {"param": (width, words)},
        )
        for (beats, width), words in zip(TABLES, tables(), strict=True)
    ]
    results = Bench("constant", duts).run(out_stall=stall, tag=f"stall{stall}")
    for words, result in zip(tables(), results, strict=True):
        trace, count = result.outs["out"], SAMPLES * len(words)
        # It never ends: what comes after these samples is more of the same.
        assert trace.data[:count] == words * SAMPLES
        if stall == 0:
            assert trace.cycles[:count] == list(range(trace.cycles[0], trace.cycles[0] + count))


@pytest.mark.parametrize(("shape", "lanes", "beats"), [((1, 6, 2, 3), 3, 12), ((1, 5, 8), 4, 10), ((1, 7), 1, 7)])
def test_contract(shape: tuple[int, ...], lanes: int, beats: int) -> None:
    kind = f"tensor<{'x'.join(map(str, shape))}x!quant.uniform<i8:f32, 0.5>>"
    module = ir.Module.parse(
        f"xplat.param @t : {kind}\n"
        f"func.func @f() -> {kind} {{\n"
        f"  %0 = xplat.constant @t {{unroll = #xplat.unroll<1, {lanes}>}} : {kind}\n  return %0 : {kind}\n}}",
        ir.Context(),
    )
    files = ",".join(str(file) for file in kernel_files())
    pipeline = f"xplat-link-library{{files={files}}},xplat-bind-kernels,xplat-annotate-cost"
    module = run_pipeline(module, pipeline, where="contract")
    (node,) = nodes_of(module)
    assert node.kernel.value == "constant"
    assert node.rate.cycles == beats and node.rate.latency == 1
    symbols = xp.kernel_symbols(node)
    assert symbols["n"] * symbols["c"] // symbols["p_c"] == beats
