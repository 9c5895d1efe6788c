# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: tensors put together from slices of one: rolled, reversed, or with borders of their own elements."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.registry import RuleContext, register_rule, with_shape
from xplat.frontend.rules.shape import constant_pad, slice_of
from xplat.mlir import extents

aten = torch.ops.aten

Part = tuple[int, int]
"""The first slice, and how many slices."""


def assembled(context: RuleContext, value: ir.Value, dim: int, parts: Sequence[Part]) -> ir.Value:
    """Parts of the value one behind another along a dimension."""
    kept = [(start, count) for start, count in parts if count]
    if kept == [(0, extents(value)[dim])]:
        return value
    pieces = [slice_of(context, value, dim, start, count) for start, count in kept]
    shape = extents(value)
    shape[dim] = sum(count for _, count in kept)
    with context.part("concat"):
        return xp.ConcatOp(with_shape(value.type, shape), pieces, dim).result


@register_rule(aten.roll.default)
def roll(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """roll → two slices and xplat.concat for each dimension."""
    a = context.arguments(node)
    value, shape = context.value(a["self"]), context.shape(node)
    if not shape:
        return value
    if not a["dims"]:
        context.reject("rolling over all dimensions at once")
    for dim, shift in zip(a["dims"], a["shifts"], strict=True):
        axis = int(dim) % len(shape)
        first = -int(shift) % shape[axis]
        value = assembled(context, value, axis, [(first, shape[axis] - first), (0, first)])
    return value


@register_rule(aten.flip.default)
def flip(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """flip → one slice for each index, and xplat.concat."""
    value, shape = context.value(context.argument(node, "self")), context.shape(node)
    if not shape:
        return value
    for dim in context.argument(node, "dims"):
        axis = int(dim) % len(shape)
        value = assembled(context, value, axis, [(index, 1) for index in reversed(range(shape[axis]))])
    return value


def bordered(context: RuleContext, value: ir.Value, amounts: Sequence[int], mode: str) -> ir.Value:
    """The value with borders of its own elements; `amounts` before and behind, from the last dimension on.

    `mode`: "reflect", "replicate" or "circular", as of torch.nn.functional.pad.
    """
    rank = len(extents(value))
    for index in range(len(amounts) // 2):
        before, behind = amounts[2 * index], amounts[2 * index + 1]
        if min(before, behind) < 0:
            context.reject(f"padding of mode '{mode}' by negative amounts")
        dim = rank - 1 - index
        extent = extents(value)[dim]
        if mode == "circular":
            parts = [(extent - before, before), (0, extent), (0, behind)]
        elif mode == "replicate":
            parts = [(0, 1)] * before + [(0, extent)] + [(extent - 1, 1)] * behind
        else:
            low = [(position, 1) for position in range(before, 0, -1)]
            parts = [*low, (0, extent), *((extent - 2 - position, 1) for position in range(behind))]
        value = assembled(context, value, dim, parts)
    return value


@register_rule(aten.pad.default)
def pad(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Padding by a constant → xplat.pad; by elements of the tensor → slices and xplat.concat."""
    a = context.arguments(node)
    if a["mode"] == "constant":
        return constant_pad(context, node)
    return bordered(context, context.value(a["self"]), [int(amount) for amount in a["pad"]], a["mode"])


@register_rule(
    aten.reflection_pad1d.default,
    aten.reflection_pad2d.default,
    aten.reflection_pad3d.default,
    aten.replication_pad1d.default,
    aten.replication_pad2d.default,
    aten.replication_pad3d.default,
)
def border(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Padding by elements of the tensor → slices and xplat.concat."""
    a = context.arguments(node)
    mode = "reflect" if "reflection" in str(node.target) else "replicate"
    return bordered(context, context.value(a["self"]), [int(amount) for amount in a["padding"]], mode)
