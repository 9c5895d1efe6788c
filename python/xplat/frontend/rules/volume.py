# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: three-dimensional convolutions and pooling, as two-dimensional ones.

The slices of a volume [1, channels, depth, height, width] lie below one another in one image [1, channels,
depth · height, width], which travels in the same order. A window then reaches over several slices by channels: those of
the slices that it reads are put beside one another. Rows that belong to no window of the volume are computed and cut
off; there are as many for each slice as the window has rows more than its step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.pool import padding_behind
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results, with_shape
from xplat.frontend.rules.shape import concat_of, slice_of
from xplat.frontend.rules.weighted import around, bias_of, finish, padding_of, window_extents
from xplat.mlir import extents

aten = torch.ops.aten


def volume(context: RuleContext, value: ir.Value) -> ir.Value:
    """A value as [1, channels, depth, height, width]."""
    shape = extents(value)
    shape = [1, *shape] if len(shape) == 4 else shape
    if len(shape) != 5 or shape[0] != 1:
        context.reject(f"expected a volume with a batch of one but got {extents(value)}")
    return context.reshaped(value, shape)


def three(values: Any) -> list[int]:
    """An option of a window as (depth, height, width)."""
    numbers = [int(value) for value in values] if isinstance(values, (list, tuple)) else [int(values)]
    return numbers * 3 if len(numbers) == 1 else numbers


def _padded(context: RuleContext, x: ir.Value, before: list[int], after: list[int]) -> ir.Value:
    """The value with zeros around its last dimensions."""
    if not any([*before, *after]):
        return x
    more = len(extents(x)) - len(before)
    low, high = [0] * more + before, [0] * more + after
    shape = [extent + a + b for extent, a, b in zip(extents(x), low, high, strict=True)]
    with context.part("pad"):
        return xp.PadOp(with_shape(x.type, shape), x, low, high, 0.0).result


@dataclass(frozen=True)
class _Stack:
    """Slices of which each takes `rows` rows of one image, `rows` being a multiple of the step of the windows."""

    image: ir.Value
    slices: int
    rows: int

    @staticmethod
    def of(context: RuleContext, x: ir.Value, step: int) -> _Stack:
        """Of a volume [1, channels, slices, height, width]."""
        _, channels, slices, height, width = extents(x)
        rows = math.ceil(height / step) * step
        x = _padded(context, x, [0, 0], [rows - height, 0])
        return _Stack(context.reshaped(x, [1, channels, slices * rows, width]), slices, rows)

    def cut(self, context: RuleContext, image: ir.Value, step: int, height: int) -> ir.Value:
        """The volume whose slices are the first `height` of the rows that `image` has for each."""
        _, channels, _, width = extents(image)
        if self.rows // step != height:
            pixels = context.reshaped(image, [1, channels, self.slices, self.rows // step * width])
            image = slice_of(context, pixels, 3, 0, height * width)
        return context.reshaped(image, [1, channels, self.slices, height, width])


@register_rule(aten.conv3d.default, aten.conv3d.padding)
def conv(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """conv3d → xplat.conv2d of the slices that a window reads, beside one another as channels."""
    a = context.arguments(node)
    if not context.has_parameter(a["weight"]):
        context.reject("the weight is computed by the model; it has to be a parameter or buffer")
    filters, channels, *kernel = context.shape(a["weight"])
    stride, dilation, groups = three(a["stride"]), three(a["dilation"]), int(a["groups"])
    extent = window_extents(kernel, dilation)
    before, after = around(a["padding"], extent, three)
    kind = context.result_type(node)
    _, _, depth, height, width = [1] * (5 - len(kind.shape)) + list(kind.shape)
    x = volume(context, operand(context, node, "input"))
    x = _padded(context, x, [*before[:2], 0], [*after[:2], 0])
    # One image of each slice of a window, in the order of the depth.
    _, inputs, slices, rows, columns = extents(x)
    flat = context.reshaped(x, [1, inputs, slices, rows * columns])
    taken = [slice_of(context, flat, 2, i * dilation[0], depth, stride[0]) for i in range(kernel[0])]
    apart = [_Stack.of(context, context.reshaped(t, [1, inputs, depth, rows, columns]), stride[1]) for t in taken]
    image = concat_of(context, [stack.image for stack in apart], 1)
    size = extents(image)[2:]
    order, flat_kernel = [0, 2, 1, 3, 4], [filters, kernel[0] * channels, *kernel[1:]]
    if groups > 1:
        # A group has its channels of all slices.
        parts = context.reshaped(image, [1, kernel[0], inputs, math.prod(size)])
        image = context.reshaped(context.transposed(parts, [0, 2, 1, 3]), [1, inputs * kernel[0], *size])
        order = [0, 1, 2, 3, 4]
    weight = context.parameter(a["weight"], what="weight", permutation=order, shape=flat_kernel)
    below = max(extent[1] - stride[1], 0)
    stack = apart[0]
    with context.part("slices"):
        result = xp.Conv2DOp(
            with_shape(kind, [1, filters, depth * stack.rows // stride[1], width]),
            image,
            ir.FlatSymbolRefAttr.get(weight),
            stride[1:],
            padding_of([0, before[2]], [below, after[2]]),
            groups,
            bias=bias_of(context, a["bias"]),
            dilation=None if dilation[1:] == [1, 1] else dilation[1:],
        ).result
    return finish(context, stack.cut(context, result, stride[1], height), a["bias"], kind.shape)


_MAX: tuple[Any, ...] = (aten.max_pool3d.default, aten.max_pool3d_with_indices.default)


@register_rule(*_MAX, aten.avg_pool3d.default)
def pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """max_pool3d, avg_pool3d → pooling over the depth, then over the pixels of every slice."""
    a, largest = context.arguments(node), node.target in _MAX
    if used_results(node) - {0}:
        context.reject("the positions of the largest elements are used")
    if a.get("divisor_override") is not None:
        context.reject("divisor_override is not supported")
    kernel, padding, dilation = three(a["kernel_size"]), three(a["padding"]), three(a.get("dilation", 1))
    stride = three(a["stride"]) if a["stride"] else kernel
    x, kind = volume(context, operand(context, node)), context.result_type(node)
    _, channels, depth, height, width = [1] * (5 - len(kind.shape)) + list(kind.shape)
    extent = window_extents(kernel, dilation)
    after = padding_behind(extents(x)[2:], extent, stride, padding, [depth, height, width])
    if not largest and (after != padding or (any(padding) and not a["count_include_pad"])):
        context.reject("averages over fewer elements at the borders are not supported")

    def pooled(value: ir.Value, part: str, shape: list[int], first: int, last: int) -> ir.Value:
        """Over the dimensions `first` to `last` of the volume, which are those of the image from its third on."""
        window = [[v[first], v[last] if last > first else default] for v, default in
                  ((kernel, 1), (stride, 1), (padding, 0), (after, 0), (dilation, 1))]  # fmt: skip
        to = with_shape(kind, shape)
        with context.part(part):
            if not largest:
                return xp.AvgPool2DOp(to, value, window[0], window[1], window[2]).result
            around = padding_of(window[2], window[3])
            own = None if window[4] == [1, 1] else window[4]
            return xp.MaxPool2DOp(to, value, window[0], window[1], around, dilation=own).result

    _, _, slices, rows, columns = extents(x)
    image = context.reshaped(x, [1, channels, slices, rows * columns])
    if (kernel[0], stride[0], after[0]) != (1, 1, 0):
        image = pooled(image, "depth", [1, channels, depth, rows * columns], 0, 0)
    if any(padding[1:] + after[1:]) or extent[1] > stride[1]:
        # Windows of one slice reach beyond it: every slice is a channel.
        image = context.reshaped(image, [1, channels * depth, rows, columns])
        result = pooled(image, "pixels", [1, channels * depth, height, width], 1, 2)
        return context.reshaped(result, kind.shape)
    stack = _Stack.of(context, context.reshaped(image, [1, channels, depth, rows, columns]), stride[1])
    lines = depth * stack.rows // stride[1]
    result = pooled(stack.image, "pixels", [1, channels, lines, width], 1, 2)
    return context.reshaped(stack.cut(context, result, stride[1], height), kind.shape)


@register_rule(aten.adaptive_avg_pool3d.default, aten._adaptive_avg_pool3d.default)
def adaptive(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """adaptive_avg_pool3d to one number a channel → xplat.global_avg_pool2d."""
    x, kind = volume(context, operand(context, node)), context.result_type(node)
    _, channels, slices, rows, columns = extents(x)
    if math.prod(kind.shape) != channels:
        context.reject("only an average over the whole volume is supported")
    image = context.reshaped(x, [1, channels, slices * rows, columns])
    return context.reshaped(xp.GlobalAvgPool2DOp(with_shape(kind, [1, channels, 1, 1]), image).result, kind.shape)
