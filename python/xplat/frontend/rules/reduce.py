# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: sums, means and extremes over dimensions."""

from __future__ import annotations

from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results, with_shape
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


@register_rule(*_KINDS)
def reduce(context: RuleContext, node: torch.fx.Node) -> Any:
    """Reductions → xplat.reduce; the mean of an image's pixels → xplat.global_avg_pool2d."""
    a = context.arguments(node)
    x, kind = operand(context, node), context.result_type(node)
    rank = len(context.shape(a["self"]))
    dims = a.get("dim")
    listed = [dims] if isinstance(dims, int) else list(dims or range(rank))
    axes = sorted(int(dim) % rank for dim in listed) if rank else []
    if not axes:
        return x
    if used_results(node) - {0}:
        context.reject("the positions of the extremes are used")
    if _KINDS[node.target] == xp.ReduceKind.mean and rank == 4 and axes == [2, 3] and context.shape(a["self"])[0] == 1:
        return xp.GlobalAvgPool2DOp(kind, x).result
    return _reduced(context, node, x, _KINDS[node.target], axes)


def _reduced(context: RuleContext, node: torch.fx.Node, x: ir.Value, how: xp.ReduceKind, axes: list[int]) -> ir.Value:
    """The reduction, with dimensions of extent one where the result would travel in another order without them."""
    kind, shape = context.result_type(node), extents(x)
    kept = [dim for dim in range(1, len(shape)) if dim not in axes]
    if len(shape) != 4 or len(kept) < 2 or len(kind.shape) == len(shape):
        return xp.ReduceOp(kind, x, xp.ReduceKindAttr.get(int(how)), axes).result
    narrow = [1 if dim in axes else extent for dim, extent in enumerate(shape)]
    reduced = xp.ReduceOp(with_shape(x.type, narrow), x, xp.ReduceKindAttr.get(int(how)), axes).result
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
            total = _reduced(context, node, square, xp.ReduceKind.sum, axes)
        return xp.SqrtOp(kind, total).result
    with context.part("magnitude"):
        magnitude = xp.AbsOp(x.type, x).result
    how = xp.ReduceKind.sum if order == 1 else xp.ReduceKind.maximum
    return _reduced(context, node, magnitude, how, axes)
