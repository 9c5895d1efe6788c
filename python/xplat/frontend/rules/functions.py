# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: functions of one element that have no op of their own → xplat.fused.

Each function is written once, in scalars. The node keeps the module's name, and is a table in hardware where its
operand has few bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import arith
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule

aten = torch.ops.aten


@dataclass(frozen=True)
class Scalar:
    """A number in the body of an `xplat.fused`, with Python's operators for arithmetic."""

    value: ir.Value

    def __add__(self, other: Scalar | float) -> Scalar:
        return Scalar(arith.AddFOp(self.value, _lift(other)).result)

    def __sub__(self, other: Scalar | float) -> Scalar:
        return Scalar(arith.SubFOp(self.value, _lift(other)).result)

    def __mul__(self, other: Scalar | float) -> Scalar:
        return Scalar(arith.MulFOp(self.value, _lift(other)).result)

    def __truediv__(self, other: Scalar | float) -> Scalar:
        return Scalar(arith.DivFOp(self.value, _lift(other)).result)

    def __neg__(self) -> Scalar:
        return Scalar(arith.NegFOp(self.value).result)

    def apply(self, operation: str) -> Scalar:
        """An operation of the dialect `math`, by its name there."""
        return Scalar(ir.Operation.create(f"math.{operation}", [self.value.type], [self.value]).result)

    def choose(self, relation: arith.CmpFPredicate, limit: Scalar | float, then: Scalar | float, other: Any) -> Scalar:
        """`then` where this number has the relation to `limit`, else `other`."""
        condition = arith.CmpFOp(relation, self.value, _lift(limit)).result
        return Scalar(arith.SelectOp(condition, _lift(then), _lift(other)).result)


def _lift(number: Scalar | float) -> ir.Value:
    if isinstance(number, Scalar):
        return number.value
    return arith.ConstantOp(ir.F32Type.get(), float(number)).result


Body = Callable[..., Scalar]
Relation = arith.CmpFPredicate


def fused(kind: ir.Type, values: list[ir.Value], body: Body) -> ir.Value:
    """One node that computes `body` of an element of each of `values`, which have the shape of the result type `kind`.

        @register_rule(torch.ops.mine.half_cosine.default)
        def half_cosine(context, node):
            x = context.value(context.argument(node, "x"))
            return fused(context.result_type(node), [x], lambda x: x.apply("cos") * 0.5)

    `body` takes a `Scalar` for each value; what it computes is the exact result, which the node rounds once.
    """
    op = xp.FusedOp(kind, values)
    block = op.body.blocks.append(*[ir.F32Type.get()] * len(values))
    with ir.InsertionPoint(block):
        xp.YieldOp(body(*(Scalar(argument) for argument in block.arguments)).value)
    return op.result


# ---- of one operand and numbers


def _elu(x: Scalar, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Scalar:
    negative = (x * input_scale).apply("expm1") * (alpha * scale)
    return x.choose(Relation.OGT, 0.0, x * scale, negative)


def _celu(x: Scalar, alpha: float = 1.0) -> Scalar:
    return _elu(x, alpha, 1.0, 1.0 / alpha)


def _selu(x: Scalar) -> Scalar:
    # Klambauer et al., "Self-normalizing neural networks", 2017.
    return _elu(x, 1.6732632423543772, 1.0507009873554805)


def _softplus(x: Scalar, beta: float = 1.0, threshold: float = 20.0) -> Scalar:
    scaled = x * beta
    return scaled.choose(Relation.OGT, threshold, x, scaled.apply("exp").apply("log1p") / beta)


def _mish(x: Scalar) -> Scalar:
    return x * _softplus(x).apply("tanh")


def _log_sigmoid(x: Scalar) -> Scalar:
    # min(x, 0) - log(1 + exp(-|x|)): no exponential overflows.
    small = x.choose(Relation.OLT, 0.0, x, 0.0)
    return small - (-x.apply("absf")).apply("exp").apply("log1p")


def _hardshrink(x: Scalar, lambd: float = 0.5) -> Scalar:
    return x.apply("absf").choose(Relation.OLE, lambd, 0.0, x)


def _softshrink(x: Scalar, lambd: float = 0.5) -> Scalar:
    return x.choose(Relation.OGT, lambd, x - lambd, x.choose(Relation.OLT, -lambd, x + lambd, 0.0))


def _threshold(x: Scalar, threshold: float, value: float) -> Scalar:
    return x.choose(Relation.OGT, threshold, x, value)


def _sign(x: Scalar) -> Scalar:
    return x.choose(Relation.OGT, 0.0, 1.0, x.choose(Relation.OLT, 0.0, -1.0, 0.0))


def _logit(x: Scalar, eps: float | None = None) -> Scalar:
    if eps is not None:
        x = x.choose(Relation.OLT, eps, eps, x.choose(Relation.OGT, 1 - eps, 1 - eps, x))
    return (x / (-x + 1.0)).apply("log")


def _math(operation: str) -> Body:
    return lambda x: x.apply(operation)


_FUNCTIONS: dict[Any, Body] = {
    aten.elu.default: _elu,
    aten.celu.default: _celu,
    aten.selu.default: _selu,
    aten.softplus.default: _softplus,
    aten.mish.default: _mish,
    aten.log_sigmoid.default: _log_sigmoid,
    aten.hardshrink.default: _hardshrink,
    aten.softshrink.default: _softshrink,
    aten.threshold.default: _threshold,
    aten.sign.default: _sign,
    aten.logit.default: _logit,
    aten.acos.default: _math("acos"),
    aten.acosh.default: _math("acosh"),
    aten.asin.default: _math("asin"),
    aten.asinh.default: _math("asinh"),
    aten.atan.default: _math("atan"),
    aten.atanh.default: _math("atanh"),
    aten.ceil.default: _math("ceil"),
    aten.cosh.default: _math("cosh"),
    aten.erfc.default: _math("erfc"),
    aten.exp2.default: _math("exp2"),
    aten.expm1.default: _math("expm1"),
    aten.floor.default: _math("floor"),
    aten.log10.default: _math("log10"),
    aten.log1p.default: _math("log1p"),
    aten.log2.default: _math("log2"),
    aten.round.default: _math("roundeven"),
    aten.sinh.default: _math("sinh"),
    aten.tan.default: _math("tan"),
    aten.trunc.default: _math("trunc"),
}


@register_rule(*_FUNCTIONS)
def function(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """A function of one element, with numbers as options → xplat.fused."""
    options = {name: value for name, value in context.arguments(node).items() if name != "self"}
    for name, value in options.items():
        if value is not None and not math.isfinite(value):
            context.reject(f"'{name}' is {value}, which is not a finite number")
    return fused(context.result_type(node), [operand(context, node)], lambda x: _FUNCTIONS[node.target](x, **options))


@register_rule(aten.log_sigmoid_forward.default)
def log_sigmoid_forward(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """log_sigmoid, whose second result is a buffer for the gradient → xplat.fused."""
    return fused(context.result_type(node), [operand(context, node)], _log_sigmoid)


# ---- comparisons


RELATIONS: dict[Any, arith.CmpFPredicate] = {
    relation: predicate
    for name, predicate in {
        "gt": Relation.OGT,
        "ge": Relation.OGE,
        "lt": Relation.OLT,
        "le": Relation.OLE,
        "eq": Relation.OEQ,
        "ne": Relation.UNE,
    }.items()
    for relation in (getattr(aten, name).Tensor, getattr(aten, name).Scalar)
}


def compared(context: RuleContext, node: torch.fx.Node) -> tuple[ir.Value, ir.Value] | None:
    """Both sides of a comparison of floating point, in its shape; None where it compares something else."""
    sides = [context.arguments(node)[name] for name in ("self", "other")]
    if not context.is_float(*(side for side in sides if isinstance(side, torch.fx.Node))):
        return None
    for side in sides:
        if not isinstance(side, torch.fx.Node) and (isinstance(side, complex) or not math.isfinite(side)):
            context.reject(f"the comparison is with {side}, which is not a finite number")
    shape = context.shape(node)
    left, right = (
        context.broadcasted(context.value(side), shape)
        if isinstance(side, torch.fx.Node)
        else context.splat(float(side), shape)
        for side in sides
    )
    return left, right
