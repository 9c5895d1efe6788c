# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: element-wise operations.

Operands of the ops have one shape, so scalars become `xplat.splat` and smaller tensors are repeated by
`xplat.broadcast`. Integers are left to `xplat.aten`: the ops compute with real numbers.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.registry import RuleContext, register_rule

aten = torch.ops.aten

_UNARY: dict[Any, Any] = {
    aten.relu.default: xp.ReluOp,
    aten.neg.default: xp.NegOp,
    aten.abs.default: xp.AbsOp,
    aten.exp.default: xp.ExpOp,
    aten.log.default: xp.LogOp,
    aten.sqrt.default: xp.SqrtOp,
    aten.rsqrt.default: xp.RsqrtOp,
    aten.reciprocal.default: xp.ReciprocalOp,
    aten.erf.default: xp.ErfOp,
    aten.sin.default: xp.SinOp,
    aten.cos.default: xp.CosOp,
    aten.tanh.default: xp.TanhOp,
    aten.sigmoid.default: xp.SigmoidOp,
    aten.silu.default: xp.SiluOp,
    aten.hardsigmoid.default: xp.HardSigmoidOp,
    aten.hardswish.default: xp.HardSwishOp,
}

_BINARY: dict[Any, Any] = {
    aten.mul.Tensor: xp.MulOp,
    aten.mul.Scalar: xp.MulOp,
    aten.div.Tensor: xp.DivOp,
    aten.div.Scalar: xp.DivOp,
    aten.maximum.default: xp.MaximumOp,
    aten.max.other: xp.MaximumOp,
    aten.minimum.default: xp.MinimumOp,
    aten.min.other: xp.MinimumOp,
}


def operand(context: RuleContext, node: torch.fx.Node, name: str = "self") -> ir.Value:
    """The operand of an op on real numbers."""
    source = context.argument(node, name)
    if not context.is_float(node) or (isinstance(source, torch.fx.Node) and not context.is_float(source)):
        context.reject("the ops of xplat compute with floating point, not with integers")
    return context.value(source)


@register_rule(*_UNARY)
def unary(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """An operation on one tensor without options → the op of its name."""
    return _UNARY[node.target](context.result_type(node), operand(context, node)).result


@register_rule(aten.gelu.default)
def gelu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """gelu → xplat.gelu, exact or by tanh."""
    approximation = context.argument(node, "approximate")
    if approximation not in ("none", "tanh"):
        context.reject(f"approximation '{approximation}' is not supported")
    x = operand(context, node)
    return xp.GeluOp(context.result_type(node), x, tanh_approximation=approximation == "tanh" or None).result


@register_rule(aten.leaky_relu.default)
def leaky_relu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """leaky_relu → xplat.leaky_relu."""
    slope = float(context.argument(node, "negative_slope"))
    return xp.LeakyReluOp(context.result_type(node), operand(context, node), slope).result


@register_rule(
    aten.relu6.default, aten.hardtanh.default, aten.clamp.default, aten.clamp_min.default, aten.clamp_max.default
)
def clamp(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Bounds from one or both sides → xplat.relu, clamp, maximum or minimum."""
    a = context.arguments(node)
    low = 0.0 if node.target is aten.relu6.default else a.get("min", a.get("min_val"))
    high = 6.0 if node.target is aten.relu6.default else a.get("max", a.get("max_val"))
    x, kind = operand(context, node), context.result_type(node)
    low = -math.inf if low is None else float(low)
    high = math.inf if high is None else float(high)
    if math.isnan(low) or math.isnan(high):
        context.reject("a bound is not a number")
    if high == math.inf:
        if low == 0:
            return xp.ReluOp(kind, x).result
        return x if low == -math.inf else xp.MaximumOp(kind, x, context.splat(low, kind.shape)).result
    if low == -math.inf:
        return xp.MinimumOp(kind, x, context.splat(high, kind.shape)).result
    if low > high:
        return context.splat(high, kind.shape)  # PyTorch's rule
    return xp.ClampOp(kind, x, low, high).result


@register_rule(aten.pow.Tensor_Scalar)
def power(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """pow to a constant → xplat.pow."""
    exponent = float(context.argument(node, "exponent"))
    if not math.isfinite(exponent):
        context.reject(f"the exponent {exponent} is not a finite number")
    return xp.PowOp(context.result_type(node), operand(context, node), exponent).result


@register_rule(aten.square.default)
def square(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """square → xplat.pow to 2."""
    return xp.PowOp(context.result_type(node), operand(context, node), 2.0).result


@register_rule(aten.prelu.default, aten._prelu_kernel.default)
def prelu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """prelu → max(x, 0) + slope · min(x, 0), so that slopes stay trainable."""
    a = context.arguments(node)
    x, kind = operand(context, node), context.result_type(node)
    slope, shape = context.value(a["weight"]), list(kind.shape)
    if node.target is aten.prelu.default and len(shape) > 1:
        # One slope, or one for each channel, which is dimension 1.
        count = math.prod(context.shape(a["weight"]))
        slope = context.reshaped(slope, [count if dim == 1 else 1 for dim in range(len(shape))])
    zero = context.splat(0.0, shape)
    with context.part("negative"):
        negative = xp.MinimumOp(kind, x, zero).result
    with context.part("slope"):
        scaled = xp.MulOp(kind, negative, context.broadcasted(slope, shape)).result
    with context.part("positive"):
        positive = xp.ReluOp(kind, x).result
    return xp.AddOp(kind, positive, scaled).result


@register_rule(aten.rrelu.default)
def rrelu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """rrelu in evaluation mode → xplat.leaky_relu with the mean of its bounds."""
    a = context.arguments(node)
    if a["training"]:
        context.refuse("rrelu in training mode is random")
    slope = (float(a["lower"]) + float(a["upper"])) / 2
    return xp.LeakyReluOp(context.result_type(node), operand(context, node), slope).result


# ---- of two operands


def operands(context: RuleContext, node: torch.fx.Node, lhs: Any, rhs: Any) -> tuple[ir.Value, ir.Value]:
    """Both operands in the shape of the result: scalars as splat, smaller tensors repeated."""
    if not context.is_float(node):
        context.reject("the ops of xplat compute with floating point, not with integers")
    shape = context.shape(node)

    def lift(source: Any) -> ir.Value:
        if not isinstance(source, torch.fx.Node):
            return context.splat(float(source), shape)
        if not context.is_float(source):
            context.reject("an operand holds integers; the ops of xplat compute with floating point")
        return context.broadcasted(context.value(source), shape)

    for source in (lhs, rhs):
        if not isinstance(source, torch.fx.Node) and (isinstance(source, complex) or not math.isfinite(source)):
            context.reject(f"the operand {source} is not a finite number")
    return lift(lhs), lift(rhs)


@register_rule(*_BINARY)
def binary(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """An operation on two tensors, or a tensor and a number → the op of its name."""
    a = context.arguments(node)
    lhs, rhs = operands(context, node, a["self"], a["other"])
    return _BINARY[node.target](context.result_type(node), lhs, rhs).result


@register_rule(aten.add.Tensor, aten.add.Scalar, aten.sub.Tensor, aten.sub.Scalar, aten.rsub.Tensor, aten.rsub.Scalar)
def add(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """a ± alpha · b → xplat.add or xplat.sub, after a multiplication when alpha is not 1."""
    a = context.arguments(node)
    lhs, rhs = operands(context, node, a["self"], a["other"])
    kind, alpha = context.result_type(node), float(a["alpha"])
    reverse = node.target in (aten.rsub.Tensor, aten.rsub.Scalar)
    if alpha != 1:
        factor = context.splat(alpha, kind.shape)
        with context.part("mul"):
            product = xp.MulOp(kind, lhs if reverse else rhs, factor).result
        lhs, rhs = (product, rhs) if reverse else (lhs, product)
    if node.target in (aten.add.Tensor, aten.add.Scalar):
        return xp.AddOp(kind, lhs, rhs).result
    return (xp.SubOp(kind, rhs, lhs) if reverse else xp.SubOp(kind, lhs, rhs)).result


@register_rule(aten.lerp.Scalar, aten.lerp.Tensor)
def lerp(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """a + weight · (b - a) → xplat.sub, xplat.mul, xplat.add."""
    a = context.arguments(node)
    start, end = operands(context, node, a["self"], a["end"])
    _, weight = operands(context, node, a["self"], a["weight"])
    kind = context.result_type(node)
    with context.part("difference"):
        difference = xp.SubOp(kind, end, start).result
    with context.part("share"):
        share = xp.MulOp(kind, difference, weight).result
    return xp.AddOp(kind, start, share).result
