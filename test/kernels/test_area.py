# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Area formulas of the contracts against what Yosys measured (hw_kernels/*/qor.csv).

The measurements leave the parameter memories out; the contract counts them, so they are taken off here.
"""

from __future__ import annotations

import csv
from types import SimpleNamespace
from typing import Any

import pytest
from test_contracts import FILES, evaluate, node_text

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.support.paths import kernels_dir

#: Largest deviation of LUTs and flip-flops that a formula may have; docs/KernelRtl.md states those it has.
BAND = 0.25
MEASURED = ("lut", "lutram", "ff", "dsp", "bram18", "yosys")
#: Defaults of the RTL's parameters, for which qor.csv leaves the column empty.
DEFAULTS = {
    "InWidth": 8, "WeightWidth": 8, "OutWidth": 8, "BiasWidth": 32, "HasBias": 1, "PerChannelShift": 0,
    "Groups": 1, "Mode": 0, "Rows": 1, "InLanes": 1, "OutLanes": 1, "Lanes": 1, "UnrollKh": 1, "UnrollKw": 1,
    "StrideH": 1, "StrideW": 1, "PadH": 0, "PadW": 0, "Shift": 0,
}  # fmt: skip


def rows() -> list[Any]:
    found = []
    for folder in ("linear", "linear_sparse", "conv2d", "depthwise_conv2d", "pool2d", "global_avg_pool2d"):
        with (kernels_dir() / folder / "qor.csv").open() as file:
            for index, row in enumerate(csv.DictReader(file)):
                given = {key: int(value) for key, value in row.items() if key not in MEASURED and value}
                case = SimpleNamespace(dut=SimpleNamespace(module=f"xplat_{folder}", params=DEFAULTS | given))
                found.append(pytest.param(case, row, id=f"{folder}{index}"))
    return found


def rom_cost(kernel: xp.KernelOp, symbols: list[int]) -> tuple[int, int]:
    """LUTs and flip-flops of the parameter memories: a LUT a bit for 64 words (for weights a register too), unless
    block RAM, which has its own register, is cheaper."""
    total = registers = 0
    for memory in map(xp.MemoryPortAttr, kernel.memories):
        bits, words = (evaluate(formula, symbols) for formula in memory.size.results)
        width = 36 if words <= 512 else 18 if words <= 1024 else 9
        luts = bits * -(-words // 64)
        if words and luts <= 64 * -(-bits // width) * -(-words // 2048):
            total += luts
            registers += bits if memory.name in ("weight", "index") else 0
    return total, registers


@pytest.mark.parametrize(("case", "measured"), rows())
def test_area(case: Any, measured: dict[str, str]) -> None:
    module = ir.Module.parse("".join(node_text(case)), ir.Context())
    pipeline = f'xplat-link-library{{files="{FILES}"}},xplat-bind-kernels,xplat-annotate-cost'
    module = run_pipeline(module, pipeline, where="area")
    (node,) = nodes_of(module)
    kernels = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.KernelOp)}
    kernel = kernels[node.kernel.value]
    area = node.area.as_dict()
    luts, registers = rom_cost(kernel, list(xp.kernel_symbols(node).values()))
    assert area["dsp"] == int(measured["dsp"])
    assert area["ff"] - registers == pytest.approx(int(measured["ff"]), rel=BAND)
    assert area["lut"] - luts == pytest.approx(int(measured["lut"]), rel=BAND)
