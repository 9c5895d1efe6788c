# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: operations that move elements: reshape, transpose, slice, concatenate, repeat, pad."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.layout import CONVERSIONS, IDENTITIES, RESHAPES, TRANSPOSES, layout_of
from xplat.frontend.rules.registry import RuleContext, register_rule, tensor_of, tensor_type, used_results, with_shape
from xplat.mlir import extents

aten = torch.ops.aten


@register_rule(*RESHAPES, *TRANSPOSES, *IDENTITIES, *CONVERSIONS)
def layout(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Other shapes and orders of dimensions → xplat.reshape, xplat.transpose, or the operand itself."""
    how = layout_of(node)
    if how is None:
        if node.target in IDENTITIES:
            context.refuse("dropout in training mode is random; import the model in evaluation mode")
        source = tensor_of(node.args[0]).dtype  # type: ignore[arg-type]
        return context.reject(f"conversion from {source} to {tensor_of(node).dtype}")
    value = context.value(how.source)
    if list(how.permutation) != sorted(how.permutation):
        return xp.TransposeOp(context.result_type(node), value, list(how.permutation)).result
    if list(how.shape) == extents(value):
        return value
    return xp.ReshapeOp(context.result_type(node), value).result


@register_rule(operator.getitem)
def getitem(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """One of the results of an operation that has several."""
    source, index = node.args
    return context.result(source, index)  # type: ignore[arg-type]


@register_rule(aten.channel_shuffle.default, aten.native_channel_shuffle.default)
def channel_shuffle(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Channels dealt to groups → xplat.reshape, xplat.transpose, xplat.reshape."""
    a = context.arguments(node)
    batch, channels, *pixels = context.shape(node)
    groups = int(a["groups"])
    parts = context.reshaped(context.value(a["self"]), [batch, groups, channels // groups, *pixels])
    order = [0, 2, 1, *range(3, 3 + len(pixels))]
    return context.reshaped(context.transposed(parts, order), [batch, channels, *pixels])


@register_rule(aten.pixel_shuffle.default, aten.pixel_unshuffle.default)
def pixel_shuffle(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Channels to pixels, or pixels to channels → xplat.reshape, xplat.transpose, xplat.reshape."""
    a = context.arguments(node)
    shape, result = context.shape(a["self"]), context.shape(node)
    *outer, channels, height, width = shape
    first = len(outer)
    if "upscale_factor" in a:
        factor = int(a["upscale_factor"])
        split = [*outer, channels // factor**2, factor, factor, height, width]
        order = [0, 3, 1, 4, 2]
    else:
        factor = int(a["downscale_factor"])
        split = [*outer, channels, height // factor, factor, width // factor, factor]
        order = [0, 2, 4, 1, 3]
    parts = context.reshaped(context.value(a["self"]), split)
    return context.reshaped(context.transposed(parts, [*range(first), *(first + dim for dim in order)]), result)


# ---- parts


def slice_of(
    context: RuleContext, value: ir.Value, dim: int, start: int, count: int, step: int = 1, *, part: bool = True
) -> ir.Value:
    """`count` slices along a dimension; with `part` they are named as a part of the node."""
    shape = extents(value)
    if start == 0 and count == shape[dim] and step == 1:
        return value
    starts, steps = [0] * len(shape), [1] * len(shape)
    starts[dim], steps[dim], shape[dim] = start, step if count > 1 else 1, count
    kind = with_shape(value.type, shape)
    if not part:
        return xp.SliceOp(kind, value, starts, steps).result
    with context.part("slice"):
        return xp.SliceOp(kind, value, starts, steps).result


@register_rule(aten.slice.Tensor, aten.narrow.default)
def slice_(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """slice, narrow → xplat.slice."""
    a = context.arguments(node)
    shape = context.shape(a["self"])
    dim = int(a["dim"]) % len(shape)
    start = int(a["start"] or 0)
    start = min(max(start + shape[dim] if start < 0 else start, 0), shape[dim])
    count = context.result_type(node).shape[dim]
    return slice_of(context, context.value(a["self"]), dim, start, count, int(a.get("step", 1)), part=False)


@register_rule(aten.glu.default)
def glu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """The first half along a dimension times the sigmoid of the second → two slices, xplat.sigmoid, xplat.mul."""
    a = context.arguments(node)
    value, kind = context.value(a["self"]), context.result_type(node)
    dim = int(a["dim"]) % len(kind.shape)
    half = kind.shape[dim]
    first, second = (slice_of(context, value, dim, start, half) for start in (0, half))
    with context.part("gate"):
        gate = xp.SigmoidOp(kind, second).result
    return xp.MulOp(kind, first, gate).result


@register_rule(aten.select.int)
def select(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """select → xplat.slice and xplat.reshape."""
    a = context.arguments(node)
    shape = context.shape(a["self"])
    dim = int(a["dim"]) % len(shape)
    part = slice_of(context, context.value(a["self"]), dim, int(a["index"]) % shape[dim], 1)
    return xp.ReshapeOp(context.result_type(node), part).result


@register_rule(
    aten.split.Tensor,
    aten.split_with_sizes.default,
    aten.chunk.default,
    aten.unsafe_split.Tensor,
    aten.unsafe_chunk.default,
    aten.tensor_split.sections,
    aten.tensor_split.indices,
    aten.unbind.int,
)
def split(context: RuleContext, node: torch.fx.Node) -> list[ir.Value | None]:
    """All ways to split along a dimension → one xplat.slice for each part that is used."""
    a = context.arguments(node)
    shape = context.shape(a["self"])
    dim = int(a["dim"]) % len(shape)
    value = context.value(a["self"])
    used = used_results(node)
    parts: list[ir.Value | None] = []
    # Indices may be in any order and overlap; all other ways to split go on where the last part ended.
    starts = [0, *(slice(int(i), None).indices(shape[dim])[0] for i in a.get("indices") or ())]
    start = 0
    for index, meta in enumerate(node.meta["val"]):
        whole = meta.dim() == len(shape)
        count = int(meta.shape[dim]) if whole else 1
        start = starts[index] if "indices" in a else start
        if index in used:
            kind = tensor_type(meta)
            parts.append(context.reshaped(slice_of(context, value, dim, start, count), kind.shape))
        else:
            parts.append(None)
        start += count
    return parts


# ---- together


def concat_of(context: RuleContext, values: Sequence[ir.Value], dim: int) -> ir.Value:
    """The values one after another along a dimension, named as a part of the node."""
    if len(values) == 1:
        return values[0]
    shape = extents(values[0])
    shape[dim] = sum(extents(value)[dim] for value in values)
    with context.part("concat"):
        return xp.ConcatOp(with_shape(values[0].type, shape), list(values), dim).result


def _concat(context: RuleContext, node: torch.fx.Node, values: list[ir.Value], dim: int) -> ir.Value:
    return values[0] if len(values) == 1 else xp.ConcatOp(context.result_type(node), values, dim).result


def _same_type(context: RuleContext, node: torch.fx.Node, tensors: Any) -> None:
    result = context.result_type(node).element_type
    if any(context.result_type(tensor).element_type != result for tensor in tensors):
        context.reject("the operands are of different types")


@register_rule(aten.cat.default, aten.concat.default, aten.concatenate.default)
def cat(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """cat → xplat.concat."""
    a = context.arguments(node)
    rank = len(context.shape(node))
    tensors = [tensor for tensor in a["tensors"] if math.prod(context.shape(tensor))]
    _same_type(context, node, tensors)
    return _concat(context, node, [context.value(tensor) for tensor in tensors], int(a["dim"]) % rank)


@register_rule(aten.stack.default)
def stack(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """stack → xplat.reshape of each and xplat.concat."""
    a = context.arguments(node)
    shape = context.shape(node)
    dim = int(a["dim"]) % len(shape)
    shape[dim] = 1
    _same_type(context, node, a["tensors"])
    return _concat(context, node, [context.reshaped(context.value(tensor), shape) for tensor in a["tensors"]], dim)


@register_rule(aten.slice_scatter.default, aten.select_scatter.default)
def scatter(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """A part overwritten by another tensor → what is before it, that tensor, what is behind it, by xplat.concat."""
    a = context.arguments(node)
    shape = context.shape(node)
    dim = int(a["dim"]) % len(shape)
    one = node.target is aten.select_scatter.default
    start = int(a["index"] if one else a["start"] or 0)
    start = min(max(start + shape[dim] if start < 0 else start, 0), shape[dim])
    if not one and int(a["step"]) != 1:
        context.reject(f"a step of {a['step']} is not supported, only 1")
    count = 1 if one else tensor_of(a["src"]).shape[dim]
    if count == 0:
        return context.value(a["self"])
    _same_type(context, node, [a["self"], a["src"]])
    whole = context.value(a["self"]) if count < shape[dim] else None
    src = context.reshaped(context.value(a["src"]), [*shape[:dim], count, *shape[dim + 1 :]])
    values = [src] if whole is None or start == 0 else [slice_of(context, whole, dim, 0, start), src]
    if whole is not None and start + count < shape[dim]:
        values.append(slice_of(context, whole, dim, start + count, shape[dim] - start - count))
    return _concat(context, node, values, dim)


# ---- repeated


@register_rule(aten.expand.default, aten.expand_as.default, aten.broadcast_to.default)
def expand(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """expand → xplat.broadcast."""
    value, kind = context.value(context.argument(node, "self")), context.result_type(node)
    return value if value.type == kind else xp.BroadcastOp(kind, value).result


@register_rule(aten.repeat.default, aten.tile.default)
def repeat(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """repeat → xplat.broadcast along dimensions of their own, and xplat.reshape."""
    a = context.arguments(node)
    value, kind = context.value(a["self"]), context.result_type(node)
    shape = extents(value)
    rank = len(kind.shape)
    shape = [1] * (rank - len(shape)) + shape
    repeats = [int(count) for count in a["repeats" if "repeats" in a else "dims"]]
    repeats = [1] * (rank - len(repeats)) + repeats
    narrow = [extent for count, extent in zip(repeats, shape, strict=True) for extent in ([1] * (count > 1) + [extent])]
    wide = [
        extent for count, extent in zip(repeats, shape, strict=True) for extent in ([count] * (count > 1) + [extent])
    ]
    return context.reshaped(context.broadcasted(context.reshaped(value, narrow), wide), kind.shape)


@register_rule(aten.repeat_interleave.self_int)
def repeat_interleave(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """repeat_interleave by a number → xplat.broadcast along a dimension of its own, and xplat.reshape."""
    a = context.arguments(node)
    value, kind = context.value(a["self"]), context.result_type(node)
    if a["dim"] is None:
        value = context.reshaped(value, [math.prod(extents(value))])
    shape = extents(value)
    dim = int(a["dim"] or 0) % len(shape)
    narrow = [*shape[: dim + 1], 1, *shape[dim + 1 :]]
    wide = [*shape[: dim + 1], int(a["repeats"]), *shape[dim + 1 :]]
    return context.reshaped(context.broadcasted(context.reshaped(value, narrow), wide), kind.shape)


# ---- surrounded


@register_rule(aten.constant_pad_nd.default)
def constant_pad(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Padding by a constant → xplat.pad; negative amounts → xplat.slice."""
    a = context.arguments(node)
    if not context.is_float(node):
        context.reject("padding of integers")
    fill = float(a["value"] or 0.0)
    if not math.isfinite(fill):
        context.reject(f"padding by {fill} is not supported, only by a finite number")
    value, rank = context.value(a["self"]), len(context.shape(node))
    amounts = [int(amount) for amount in a["pad"]]
    low, high = [0] * rank, [0] * rank
    for index in range(len(amounts) // 2):
        low[rank - 1 - index], high[rank - 1 - index] = amounts[2 * index], amounts[2 * index + 1]
    for dim in range(rank):
        cut_low, cut_high = max(0, -low[dim]), max(0, -high[dim])
        count = extents(value)[dim] - cut_low - cut_high
        if count < 1:
            context.reject("the padding cuts away the whole operand")
        value = slice_of(context, value, dim, cut_low, count)
    low, high = [max(0, amount) for amount in low], [max(0, amount) for amount in high]
    if not any(low + high):
        return value
    return xp.PadOp(context.result_type(node), value, low, high, fill).result


@register_rule(aten.upsample_nearest2d.default, aten.upsample_nearest2d.vec)
def upsample(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Nearest-neighbour interpolation by whole factors → xplat.upsample."""
    a = context.arguments(node)
    source = a.get("self", a.get("input"))
    shape, result = context.shape(source), context.shape(node)
    scales = a.get("scale_factors") or [a.get("scales_h"), a.get("scales_w")]
    for dim, scale in zip((2, 3), scales, strict=True):
        factor = result[dim] / shape[dim]
        if factor != int(factor) or (scale is not None and float(scale) != factor):
            context.reject(f"a factor of {scale or factor} is not a whole number")
    return xp.UpsampleOp(context.result_type(node), context.value(source)).result
