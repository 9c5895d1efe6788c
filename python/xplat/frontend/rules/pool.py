# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: pooling. One-dimensional operations are the two-dimensional ones on images of height one."""

from __future__ import annotations

from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results, with_shape
from xplat.frontend.rules.weighted import flat_image, image, two
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


def _window(
    context: RuleContext, node: torch.fx.Node, a: dict[str, Any], dims: int
) -> tuple[ir.Value, list[int], list[int], list[int]]:
    """Image, window, stride and padding; rejects what the ops do not have. `ceil_mode` is fine where it changes
    nothing."""
    kernel, padding = two(a["kernel_size"], dims, 1), two(a["padding"], dims, 0)
    stride = two(a["stride"], dims, 1) if a["stride"] else kernel
    x = image(context, operand(context, node), dims)
    shape = extents(x)
    floor = [(shape[2 + i] + 2 * padding[i] - kernel[i]) // stride[i] + 1 for i in (0, 1)]
    result = flat_image(context.shape(node), dims)[2:]
    if result != floor:
        context.reject(
            f"ceil_mode=True changes the result to {result} from {floor} and is not supported; use ceil_mode=False"
        )
    return x, kernel, stride, padding


@register_rule(*_MAX)
def max_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """max_pool2d, max_pool1d → xplat.max_pool2d."""
    a, dims = context.arguments(node), _MAX[node.target]
    if any(step != 1 for step in two(a["dilation"], dims, 1)):
        context.reject(f"dilation {a['dilation']} is not supported, only 1")
    if used_results(node) - {0}:
        context.reject("the positions of the largest elements are used")
    x, kernel, stride, padding = _window(context, node, a, dims)
    kind = context.result_type(node)
    result = xp.MaxPool2DOp(with_shape(kind, flat_image(kind.shape, dims)), x, kernel, stride, padding).result
    return context.reshaped(result, kind.shape)


@register_rule(*_AVERAGE)
def avg_pool(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """avg_pool2d, avg_pool1d → xplat.avg_pool2d, which counts padding."""
    a, dims = context.arguments(node), _AVERAGE[node.target]
    if a.get("divisor_override") is not None:
        context.reject("divisor_override is not supported")
    if not a["count_include_pad"] and any(two(a["padding"], dims, 0)):
        context.reject("count_include_pad=False with padding is not supported")
    x, kernel, stride, padding = _window(context, node, a, dims)
    kind = context.result_type(node)
    result = xp.AvgPool2DOp(with_shape(kind, flat_image(kind.shape, dims)), x, kernel, stride, padding).result
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
