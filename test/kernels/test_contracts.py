# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Contracts against RTL: the formulas of kernel.mlir give the cycles, latency and parameters of simulated kernels.

The other tests of this folder hold each case's cycles and latency to the RTL, exactly. Here the compiler
evaluates the contract on a node of the same shape and has to find the same numbers, and the same parameters.
"""

from __future__ import annotations

from typing import Any

import pytest
from kernel_reference import Case, conv2d, depthwise_conv2d, global_avg_pool2d, linear, linear_sparse, pool2d
from test_conv2d import CASES as CONV2D
from test_depthwise_conv2d import CASES as DEPTHWISE
from test_linear import CASES as LINEAR
from test_linear_sparse import CASES as LINEAR_SPARSE
from test_pooling import GLOBAL, POOL

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.target.library import kernel_files

FILES = ",".join(str(file) for file in kernel_files())


def element(bits: int, frac: int = 0, channels: int = 0) -> str:
    """A fixed-point element type; per channel along dimension 0 when `channels` are given."""
    scale = f"{2.0**-frac:.17e}"
    if channels:
        return f"!quant.uniform<i{bits}:f32:0, {{{', '.join([scale] * channels)}}}>"
    return f"!quant.uniform<i{bits}:f32, {scale}>"


def tensor(*shape: int, of: str) -> str:
    return f"tensor<{'x'.join(map(str, shape))}x{of}>"


def node_text(case: Case) -> tuple[str, str]:
    """Parameters and the node op that has the parameters of the case's RTL module."""
    p = dict(case.dut.params)
    # The shift is what the operand's fractional bits and the weight's have over the result's.
    shift = p.get("Shift", 0)
    x, y = element(p["InWidth"], shift // 2), element(p["OutWidth"], shift // 2 - shift)
    matrix = case.dut.module in ("xplat_linear", "xplat_linear_sparse")
    weighted = matrix or case.dut.module in ("xplat_conv2d", "xplat_depthwise_conv2d")
    sparsity = kernel = ""
    if matrix:
        if "Group" in p:
            n, m, kernel = p["Kept"], p["Group"], "kernel = @linear_sparse, "
            sparsity = f" {{sparsity = #xplat.sparsity<n = {n}, m = {m}, nonzeros = {p['Out'] * p['In'] // m * n}>}}"
        channels, weight_shape = p["Out"], (p["Out"], p["In"])
        source, result = tensor(p["Rows"], p["In"], of=x), tensor(p["Rows"], p["Out"], of=y)
        op, unroll = "linear", [1, p["OutLanes"], p["InLanes"]]
        options = ""
    elif case.dut.module == "xplat_global_avg_pool2d":
        source = tensor(1, p["Channels"], p["Height"], p["Width"], of=x)
        result = tensor(1, p["Channels"], of=y)
        op, unroll, options = "global_avg_pool2d", [1, 1, p["Lanes"]], ""
    else:
        inputs = p.get("InChannels", p.get("Channels"))
        channels = p.get("OutChannels", p.get("Channels"))
        source = tensor(1, inputs, p["InHeight"], p["InWidth_px"], of=x)
        result = tensor(1, channels, p["OutHeight"], p["OutWidth_px"], of=y)
        steps = f"stride [{p['StrideH']}, {p['StrideW']}] padding [{p['PadH']}, {p['PadW']}]"
        window = [p["UnrollKh"], p["UnrollKw"]]
        if case.dut.module == "xplat_conv2d":
            weight_shape = (channels, inputs // p["Groups"], p["KernelH"], p["KernelW"])
            op, unroll = "conv2d", [1, 1, p["OutLanes"], *window, p["InLanes"]]
            options = f"{steps} groups {p['Groups']}"
        elif case.dut.module == "xplat_depthwise_conv2d":
            weight_shape = (channels, 1, p["KernelH"], p["KernelW"])
            op, unroll, options = "depthwise_conv2d", [1, 1, p["Lanes"], *window], steps
        else:
            op = "avg_pool2d" if p["Mode"] else "max_pool2d"
            unroll = [1, 1, p["Lanes"], *window]
            options = f"window [{p['KernelH']}, {p['KernelW']}] {steps}"
    parameters = ""
    if weighted:
        per_channel = channels if p["PerChannelShift"] else 0
        weight = tensor(*weight_shape, of=element(p["WeightWidth"], 0, per_channel))
        parameters = f"xplat.param @weight{sparsity} : {weight}\n"
        resident = "weight @weight"
        if p["HasBias"]:
            parameters += f"xplat.param @bias : {tensor(channels, of=element(p['BiasWidth'], 0, per_channel))}\n"
            resident += " bias @bias"
        options = f"{resident} {options}"
    factors = ", ".join(map(str, unroll))
    body = f"%0 = xplat.{op} %x {options} {{{kernel}unroll = #xplat.unroll<{factors}>}} : {source} -> {result}"
    return parameters, f"func.func @f(%x: {source}) -> {result} {{\n{body}\nreturn %0 : {result}\n}}"


def evaluate(expr: ir.AffineExpr, symbols: list[int]) -> int:
    """Value of a formula: the test's own reading of it, not the compiler's."""
    if isinstance(expr, ir.AffineConstantExpr):
        return expr.value
    if isinstance(expr, ir.AffineSymbolExpr):
        return symbols[expr.position]
    left, right = evaluate(expr.lhs, symbols), evaluate(expr.rhs, symbols)
    if isinstance(expr, ir.AffineAddExpr):
        return left + right
    if isinstance(expr, ir.AffineMulExpr):
        return left * right
    if isinstance(expr, ir.AffineFloorDivExpr):
        return left // right
    if isinstance(expr, ir.AffineCeilDivExpr):
        return -(-left // right)
    assert isinstance(expr, ir.AffineModExpr)
    return left % right


def cases() -> list[Any]:
    makers = [
        (linear, LINEAR),
        (linear_sparse, LINEAR_SPARSE),
        (conv2d, CONV2D),
        (depthwise_conv2d, DEPTHWISE),
        (pool2d, POOL),
        (global_avg_pool2d, GLOBAL),
    ]
    found = []
    for maker, configurations in makers:
        for index, configuration in enumerate(configurations):
            # The RTL takes windows that PyTorch does not: ceil_mode, and padding of more than half a window.
            padding, window = configuration.get("pad", (0, 0)), configuration.get("k", (2, 2))
            too_wide = maker is pool2d and any(2 * pad > k for pad, k in zip(padding, window, strict=True))
            if not configuration.get("ceil") and not too_wide:
                found.append(pytest.param(maker(index, **configuration), id=f"{maker.__name__}{index}"))
    return found


@pytest.mark.parametrize("case", cases())
def test_contract(case: Case) -> None:
    context = ir.Context()
    module = ir.Module.parse("".join(node_text(case)), context)
    pipeline = f"xplat-link-library{{files={FILES}}},xplat-bind-kernels,xplat-annotate-cost"
    module = run_pipeline(module, pipeline, where="contract")
    (node,) = nodes_of(module)
    kernels = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.KernelOp)}
    kernel = kernels[node.kernel.value]
    assert kernel.rtl_module.value == case.dut.module

    assert node.rate.cycles == case.cycles
    assert node.rate.latency == case.latency

    symbols = list(xp.kernel_symbols(node).values())
    simulated = dict(case.dut.params)
    unused = set()
    if simulated.get("PerChannelShift"):
        unused.add("Shift")  # the memory of shifts is read instead
    if not simulated.get("HasBias", True):
        unused.add("BiasWidth")
    for parameter in map(xp.ParameterAttr, kernel.parameters):
        if parameter.name not in unused:
            value = evaluate(parameter.value.results[0], symbols)
            expected = simulated[parameter.name]
            assert value == expected, f"{parameter.name}: the contract says {value}, the RTL has {expected}"
