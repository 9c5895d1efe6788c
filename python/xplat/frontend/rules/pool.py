# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: pooling. One-dimensional operations are the two-dimensional ones on images of height one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results, with_shape
from xplat.frontend.rules.weighted import flat_image, image, padding_of, two, window_extents
from xplat.mlir import extents

aten = torch.ops.aten

_MAX: dict[Any, int] = {
    aten.max_pool2d.default: 2,
    aten.max_pool2d_with_indices.default: 2,
    aten.max_pool1d.default: 1,
    aten.max_pool1d_with_indices.default: 1,
}
_AVERAGE: dict[Any, int] = {aten.avg_pool2d.default: 2, aten.avg_pool1d.default: 1}
_ADAPTIVE: dict[Any, int] = {
    aten.adaptive_avg_pool2d.default: 2,
    aten._adaptive_avg_pool2d.default: 2,
    aten.adaptive_avg_pool1d.default: 1,
}
_ADAPTIVE_MAX: dict[Any, int] = {aten.adaptive_max_pool2d.default: 2, aten.adaptive_max_pool1d.default: 1}


def padding_behind(
    shape: list[int], extent: list[int], stride: list[int], padding: list[int], result: list[int]
) -> list[int]:
    """Padding behind each dimension: what is before it, or more where `ceil_mode` adds a window to the result."""
    sizes = zip(shape, extent, stride, padding, result, strict=True)
    return [max(pad, (count - 1) * step + reach - size - pad) for size, reach, step, pad, count in sizes]


@dataclass(frozen=True)
class _Window:
    """The image that a pooling operation reads, and its window. `after`: padding below and right, of which `ceil_mode`
    adds so much that the last windows fit."""

    x: ir.Value
    kernel: list[int]
    stride: list[int]
    before: list[int]
    after: list[int]
    dilation: list[int]

    @property
    def is_larger(self) -> bool:
        """Whether `ceil_mode` adds rows or columns to the result."""
        return self.before != self.after

    @staticmethod
    def of(context: RuleContext, node: torch.fx.Node, a: dict[str, Any], dims: int) -> _Window:
        kernel, padding = two(a["kernel_size"], dims, 1), two(a["padding"], dims, 0)
        stride = two(a["stride"], dims, 1) if a["stride"] else kernel
        dilation = two(a.get("dilation", 1), dims, 1)
        x = image(context, operand(context, node), dims)
        shape, result = extents(x)[2:], flat_image(context.shape(node), dims)[2:]
        after = padding_behind(shape, window_extents(kernel, dilation), stride, padding, result)
        return _Window(x, kernel, stride, padding, after, dilation)


@register_rule(*_MAX)
def max_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """max_pool2d, max_pool1d → xplat.max_pool2d."""
    a, dims = context.arguments(node), _MAX[node.target]
    if used_results(node) - {0}:
        context.reject("the positions of the largest elements are used")
    window = _Window.of(context, node, a, dims)
    sizes = zip(extents(window.x)[2:], window.before, window.dilation, strict=True)
    if any(pad and size < step for size, pad, step in sizes):
        context.reject(f"dilation {window.dilation} beyond the image, so that a window may hold nothing but padding")
    kind = context.result_type(node)
    result = xp.MaxPool2DOp(
        with_shape(kind, flat_image(kind.shape, dims)),
        window.x,
        window.kernel,
        window.stride,
        padding_of(window.before, window.after),
        dilation=None if window.dilation == [1, 1] else window.dilation,
    ).result
    return context.reshaped(result, kind.shape)


@register_rule(*_AVERAGE)
def avg_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """avg_pool2d, avg_pool1d → xplat.avg_pool2d, which counts padding."""
    a, dims = context.arguments(node), _AVERAGE[node.target]
    if a.get("divisor_override") is not None:
        context.reject("divisor_override is not supported")
    if not a["count_include_pad"] and any(two(a["padding"], dims, 0)):
        context.reject("count_include_pad=False with padding is not supported")
    window = _Window.of(context, node, a, dims)
    if window.is_larger:
        context.reject(
            "ceil_mode=True adds windows that reach beyond the padding, and PyTorch divides these by fewer elements; "
            "use ceil_mode=False"
        )
    kind = context.result_type(node)
    flat = with_shape(kind, flat_image(kind.shape, dims))
    result = xp.AvgPool2DOp(flat, window.x, window.kernel, window.stride, window.before).result
    return context.reshaped(result, kind.shape)


@register_rule(*_ADAPTIVE)
def adaptive_avg_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """adaptive_avg_pool → xplat.global_avg_pool2d, or xplat.avg_pool2d when all windows are equal."""
    dims = _ADAPTIVE[node.target]
    x, kind = image(context, operand(context, node), dims), context.result_type(node)
    result = flat_image(kind.shape, dims)
    flat = with_shape(kind, result)
    if result[2:] == [1, 1]:
        return context.reshaped(xp.GlobalAvgPool2DOp(flat, x).result, kind.shape)
    window = _equal_windows(context, extents(x), result)
    return context.reshaped(xp.AvgPool2DOp(flat, x, window, window, [0, 0]).result, kind.shape)


@register_rule(*_ADAPTIVE_MAX)
def adaptive_max_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """adaptive_max_pool → xplat.max_pool2d when all windows are equal."""
    dims = _ADAPTIVE_MAX[node.target]
    if used_results(node) - {0}:
        context.reject("the positions of the largest elements are used")
    x, kind = image(context, operand(context, node), dims), context.result_type(node)
    result = flat_image(kind.shape, dims)
    window = _equal_windows(context, extents(x), result)
    return context.reshaped(xp.MaxPool2DOp(with_shape(kind, result), x, window, window, [0, 0]).result, kind.shape)


def _equal_windows(context: RuleContext, shape: list[int], result: list[int]) -> list[int]:
    """The window, and stride, that makes an image `result` of one of `shape`; rejects windows of unequal size."""
    if any(shape[i] % result[i] for i in (2, 3)):
        context.reject(f"an output of {result[2]}x{result[3]} from {shape[2]}x{shape[3]} needs windows of unequal size")
    return [shape[2] // result[2], shape[3] // result[3]]
