# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: sums, means and extremes over dimensions."""

from __future__ import annotations

from typing import Any

import torch
import torch.fx

from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results

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
    return xp.ReduceOp(kind, x, xp.ReduceKindAttr.get(int(_KINDS[node.target])), axes).result
