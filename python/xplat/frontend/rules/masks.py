# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: masks of truth values, and what they hide.

A mask becomes a tensor of 0 and 1. One that the model's code or its buffers know needs no operation on truth values: a
triangle is a property of the node that hides it, any other mask is a constant.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operands
from xplat.frontend.rules.functions import RELATIONS, compared, fused
from xplat.frontend.rules.layout import layout_of
from xplat.frontend.rules.registry import RuleContext, register_rule
from xplat.mlir import extents

aten = torch.ops.aten

_NOT = (aten.logical_not.default, aten.bitwise_not.default)
_AND = (aten.logical_and.default, aten.bitwise_and.Tensor, aten.__and__.Tensor)
_OR = (aten.logical_or.default, aten.bitwise_or.Tensor, aten.__or__.Tensor)
_EXPANSIONS = (aten.expand.default, aten.expand_as.default, aten.broadcast_to.default)


def truth(context: RuleContext, node: Any) -> ir.Value:
    """1 where the FX node is true, 0 elsewhere, in its shape."""
    known = context.known(node)
    if known is not None:
        return stored(context, node, known.bool())
    how = layout_of(node)
    if how is not None and not context.is_float(how.source):
        return context.reshaped(context.transposed(truth(context, how.source), how.permutation), how.shape)
    if node.target in _EXPANSIONS:
        return context.broadcasted(truth(context, node.args[0]), context.shape(node))
    if node.target in RELATIONS and (sides := compared(context, node)) is not None:
        relation = RELATIONS[node.target]
        with context.part("mask"):
            return fused(sides[0].type, list(sides), lambda x, limit: x.choose(relation, limit, 1.0, 0.0))
    if node.target in _NOT:
        return inverted(context, truth(context, node.args[0]))
    if node.target in _AND or node.target in _OR:
        both = [context.broadcasted(truth(context, side), context.shape(node)) for side in node.args[:2]]
        with context.part("mask"):
            return (xp.MinimumOp if node.target in _AND else xp.MaximumOp)(both[0].type, *both).result
    # Truth values of an input, or of integers: no kernel makes numbers of them.
    f64 = ir.F64Type.get()
    arguments = [xp.OperandAttr.get(0), ir.FloatAttr.get(f64, 1.0), ir.FloatAttr.get(f64, 0.0)]
    with context.part("mask"):
        kind = ir.RankedTensorType.get(context.shape(node), ir.F32Type.get())
        return xp.AtenOp(kind, [context.value(node)], "aten.where.Scalar", ir.ArrayAttr.get(arguments)).result


def inverted(context: RuleContext, mask: ir.Value) -> ir.Value:
    """1 where the mask is 0, and 0 where it is 1."""
    with context.part("mask"):
        return xp.SubOp(mask.type, context.splat(1.0, extents(mask)), mask).result


def stored(context: RuleContext, node: Any, mask: torch.Tensor) -> ir.Value:
    """A mask that is known, as a constant."""
    symbol = ir.FlatSymbolRefAttr.get(context.constant(f"{node.name}:mask", mask.float()))
    with context.part("mask"):
        return xp.ConstantOp(ir.RankedTensorType.get(list(mask.shape), ir.F32Type.get()), symbol).result


def number(context: RuleContext, source: Any) -> float | None:
    """The one number that an argument is, as it stands there or as a tensor that is known."""
    if isinstance(source, (bool, int, float)):
        return float(source)
    known = context.known(source) if isinstance(source, torch.fx.Node) else None
    if known is None or known.is_complex() or not bool((known == known.reshape(-1)[0]).all()):
        return None
    return float(known.reshape(-1)[0])


def diagonal_of(hidden: torch.Tensor) -> int | None:
    """The diagonal above which, and nowhere else, a mask hides elements of each matrix; None for other masks."""
    if hidden.dim() < 2 or math.prod(hidden.shape[:-2]) != 1:
        return None
    matrix = hidden.reshape(hidden.shape[-2:])
    rows, columns = matrix.shape
    # The first row with something visible says where the diagonal is.
    seen = (~matrix).sum(1)
    first = int((seen > 0).to(torch.int64).argmax())
    diagonal = int(seen[first]) - 1 - first if bool(seen.any()) else -rows
    triangle = torch.ones(rows, columns, dtype=torch.bool).triu(diagonal + 1)
    return diagonal if torch.equal(matrix, triangle) else None


def hide(
    context: RuleContext, kind: ir.RankedTensorType, x: ir.Value, mask: Any, fill: float, *, where: bool
) -> ir.Value:
    """`fill` where the FX node `mask` is `where`, else x, in the type of the result."""
    if math.isnan(fill):
        context.reject("the number to fill in is not one")
    shape = list(kind.shape)
    x = context.broadcasted(x, shape)
    known = context.known(mask)
    if known is not None:
        hidden = known.bool() if where else ~known.bool()
        if not bool(hidden.any()):
            return x
        whole = len(shape) > 1 and list(hidden.shape[-2:]) == shape[-2:]
        # What is above a triangle has the format of the rest: zero is in every format, and what is hidden has no range.
        if whole and (fill == 0 or fill <= xp.LEAST_HIDDEN) and (diagonal := diagonal_of(hidden)) is not None:
            return triangle(context, x, diagonal, fill)
        chosen = stored(context, mask, hidden)
    else:
        chosen = truth(context, mask) if where else inverted(context, truth(context, mask))
    x, chosen = (context.in_rows(value, 2) for value in (x, context.broadcasted(chosen, shape)))
    return context.reshaped(xp.MaskedFillOp(x.type, x, chosen, fill).result, shape)


def triangle(context: RuleContext, x: ir.Value, diagonal: int, fill: float) -> ir.Value:
    """`fill` above a diagonal of each matrix."""
    rows = context.in_rows(x, 2)
    return context.reshaped(xp.TrilOp(rows.type, rows, diagonal, fill).result, extents(x))


@register_rule(aten.tril.default)
def tril(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """tril → xplat.tril with zeros above the diagonal."""
    a = context.arguments(node)
    if not context.is_float(node):
        context.reject("triangles of integers")
    return triangle(context, context.value(a["self"]), int(a["diagonal"] or 0), 0.0)


@register_rule(aten.masked_fill.Scalar, aten.masked_fill.Tensor)
def masked_fill(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """masked_fill → xplat.tril where the mask is known as a triangle, else xplat.masked_fill."""
    a = context.arguments(node)
    fill = number(context, a["value"])
    if fill is None:
        return context.reject("only a number that does not depend on a sample is filled in")
    if not context.is_float(node, a["self"]):
        context.reject("the ops of xplat compute with floating point, not with integers")
    return hide(context, context.result_type(node), context.value(a["self"]), a["mask"], fill, where=True)


@register_rule(aten.where.self, aten.where.ScalarSelf, aten.where.ScalarOther)
def where(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """where → xplat.fused of the comparison; with a number on one side and another mask, as masked_fill."""
    a = context.arguments(node)
    condition, sides = a["condition"], (a["self"], a["other"])
    for source in (side for side in sides if isinstance(side, torch.fx.Node)):
        if not context.is_float(node, source):
            context.reject("the ops of xplat compute with floating point, not with integers")
    shape, kind = context.shape(node), context.result_type(node)
    numbers = [number(context, side) for side in sides]
    if all(value is None or math.isfinite(value) for value in numbers) and condition.target in RELATIONS:
        if (both := compared(context, condition)) is not None:
            relation = RELATIONS[condition.target]
            values = [*(context.broadcasted(value, shape) for value in both), *operands(context, node, *sides)]
            return fused(kind, values, lambda x, limit, yes, no: x.choose(relation, limit, yes, no))
    for index, fill in enumerate(numbers):
        if fill is None:
            continue
        other = sides[1 - index]
        if not isinstance(other, torch.fx.Node) and not math.isfinite(other):
            context.reject(f"both sides are numbers, one of them {other}")
        x = context.value(other) if isinstance(other, torch.fx.Node) else context.splat(float(other), shape)
        return hide(context, kind, x, condition, fill, where=index == 0)
    mask = context.broadcasted(truth(context, condition), shape)
    values = [mask, *operands(context, node, *sides)]
    return fused(kind, values, lambda chosen, yes, no: chosen.choose(RELATIONS[aten.gt.Scalar], 0.0, yes, no))
