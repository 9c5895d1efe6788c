# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: sums, means and extremes over dimensions, where extremes are, and elements in order."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule, tensor_type, used_results, with_shape
from xplat.mlir import extents

aten = torch.ops.aten

_KINDS: dict[Any, Any] = {
    aten.sum.default: xp.ReduceKind.sum,
    aten.sum.dim_IntList: xp.ReduceKind.sum,
    aten.mean.default: xp.ReduceKind.mean,
    aten.mean.dim: xp.ReduceKind.mean,
    aten.amax.default: xp.ReduceKind.maximum,
    aten.max.default: xp.ReduceKind.maximum,
    aten.max.dim: xp.ReduceKind.maximum,
    aten.amin.default: xp.ReduceKind.minimum,
    aten.min.default: xp.ReduceKind.minimum,
    aten.min.dim: xp.ReduceKind.minimum,
}

_POSITIONS: dict[Any, Any] = {
    aten.argmax.default: xp.ReduceKind.argmax,
    aten.argmin.default: xp.ReduceKind.argmin,
    aten.max.dim: xp.ReduceKind.argmax,
    aten.min.dim: xp.ReduceKind.argmin,
}


@register_rule(*_KINDS)
def reduce(context: RuleContext, node: torch.fx.Node) -> Any:
    """Reductions → xplat.reduce; the mean of an image's pixels → xplat.global_avg_pool2d.

    Where an extreme and its position are used there is a node for each.
    """
    a = context.arguments(node)
    x, kind = operand(context, node), context.result_type(node)
    rank = len(context.shape(a["self"]))
    dims = a.get("dim")
    listed = [dims] if isinstance(dims, int) else list(dims or range(rank))
    axes = sorted(int(dim) % rank for dim in listed) if rank else []
    if 1 in used_results(node):
        with context.part("indices"):
            indices = _position(context, node, x, axes[0] if axes else None, tensor_type(node.meta["val"][1]))
        if 0 not in used_results(node):
            return [None, indices]
        values = _reduced(context, kind, x, _KINDS[node.target], axes) if axes else x
        return [values, indices]
    if not axes:
        return x
    if _KINDS[node.target] == xp.ReduceKind.mean and rank == 4 and axes == [2, 3] and context.shape(a["self"])[0] == 1:
        return xp.GlobalAvgPool2DOp(kind, x).result
    return _reduced(context, kind, x, _KINDS[node.target], axes)


@register_rule(aten.argmax.default, aten.argmin.default)
def position(context: RuleContext, node: torch.fx.Node) -> Any:
    """argmax, argmin → xplat.reduce; over all dimensions of one that lists all elements row-major."""
    a = context.arguments(node)
    return _position(context, node, _numbers(context, node), a["dim"], context.result_type(node))


def _numbers(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """The operand, of an operation whose result may hold integers."""
    source = context.argument(node, "self")
    if not context.is_float(source):
        context.reject("the ops of xplat compare floating point, not integers")
    return context.value(source)


def _position(context: RuleContext, node: torch.fx.Node, x: ir.Value, dim: int | None, kind: Any) -> ir.Value:
    """Where the extreme along `dim` is; None: among all elements."""
    shape, how = extents(x), _POSITIONS[node.target]
    if dim is not None and shape:
        return _reduced(context, kind, x, how, [dim % len(shape)])
    flat = context.reshaped(x, [math.prod(shape)])
    return context.reshaped(_reduced(context, with_shape(kind, []), flat, how, [0]), kind.shape)


def _reduced(context: RuleContext, kind: Any, x: ir.Value, how: xp.ReduceKind, axes: list[int]) -> ir.Value:
    """The reduction of this type, over dimensions of extent one where it would travel in another order without them."""
    shape = extents(x)
    kept = [dim for dim in range(1, len(shape)) if dim not in axes]
    if len(shape) != 4 or len(kept) < 2 or len(kind.shape) == len(shape):
        return xp.ReduceOp(kind, x, xp.ReduceKindAttr.get(int(how)), axes).result
    narrow = [1 if dim in axes else extent for dim, extent in enumerate(shape)]
    reduced = xp.ReduceOp(with_shape(kind, narrow), x, xp.ReduceKindAttr.get(int(how)), axes).result
    return context.reshaped(reduced, kind.shape)


@register_rule(aten.linalg_vector_norm.default, aten.norm.ScalarOpt_dim)
def norm(context: RuleContext, node: torch.fx.Node) -> Any:
    """The Euclidean norm → square, sum and square root; of order 1 → the sum of magnitudes; infinite → the largest."""
    a = context.arguments(node)
    order = a["ord"] if "ord" in a else a["p"]
    order = 2.0 if order is None else float(order)
    x, kind = operand(context, node), context.result_type(node)
    rank = len(context.shape(a["self"]))
    axes = sorted(int(dim) % rank for dim in (a["dim"] or range(rank)))
    if not axes or order not in (1.0, 2.0, float("inf")):
        context.reject(f"a norm of order {order:g}; there are 1, 2 and infinity")
    if order == 2:
        with context.part("square"):
            square = xp.MulOp(x.type, x, x).result
        with context.part("sum"):
            total = _reduced(context, kind, square, xp.ReduceKind.sum, axes)
        return xp.SqrtOp(kind, total).result
    with context.part("magnitude"):
        magnitude = xp.AbsOp(x.type, x).result
    how = xp.ReduceKind.sum if order == 1 else xp.ReduceKind.maximum
    return _reduced(context, kind, magnitude, how, axes)


@register_rule(aten.topk.default)
def topk(context: RuleContext, node: torch.fx.Node) -> Any:
    """topk → xplat.top_k, in order whether or not that is asked for."""
    a = context.arguments(node)
    return _in_order(context, node, a["dim"], a["k"], descending=a["largest"])


@register_rule(aten.sort.default, aten.sort.stable)
def sort(context: RuleContext, node: torch.fx.Node) -> Any:
    """sort → xplat.top_k of all elements, which leaves equal ones in their order."""
    a = context.arguments(node)
    return _in_order(context, node, a["dim"], None, descending=a["descending"])


@register_rule(aten.argsort.default, aten.argsort.stable)
def argsort(context: RuleContext, node: torch.fx.Node) -> Any:
    """argsort → the positions of xplat.top_k of all elements."""
    a = context.arguments(node)
    rows = _Rows(context, _numbers(context, node), a["dim"])
    return rows.first(context, context.result_type(node), None, descending=a["descending"], positions=True)


def _in_order(context: RuleContext, node: torch.fx.Node, dim: int, kept: int | None, *, descending: bool) -> Any:
    """Values and indices, those that are used: a node for each."""
    used = used_results(node)
    kinds = [tensor_type(tensor) for tensor in node.meta["val"]]
    rows = _Rows(context, _numbers(context, node), dim)
    values = indices = None
    if 0 in used or not used:
        values = rows.first(context, kinds[0], kept, descending=descending, positions=False)
    if 1 in used:
        with context.part("indices"):
            indices = rows.first(context, kinds[1], kept, descending=descending, positions=True)
    return [values, indices]


class _Rows:
    """A tensor as rows along one of its dimensions."""

    def __init__(self, context: RuleContext, x: ir.Value, dim: int) -> None:
        shape = extents(x)
        x = context.reshaped(x, shape or [1])
        rank = len(extents(x))
        self.order = [other for other in range(rank) if other != dim % rank] + [dim % rank]
        turned = context.transposed(x, self.order)
        self.shape = extents(turned)
        self.rows = context.in_rows(turned, 1)

    def first(
        self, context: RuleContext, kind: Any, kept: int | None, *, descending: bool, positions: bool
    ) -> ir.Value:
        """The first `kept` elements of each row (None: all), or their positions; of type `kind`."""
        kept = self.shape[-1] if kept is None else kept
        sorted_rows = with_shape(kind, [*extents(self.rows)[:-1], kept])
        result = xp.TopKOp(sorted_rows, self.rows, smallest=not descending or None, positions=positions or None).result
        result = context.reshaped(result, [*self.shape[:-1], kept])
        back = [self.order.index(dim) for dim in range(len(self.order))]
        return context.reshaped(context.transposed(result, back), kind.shape)
