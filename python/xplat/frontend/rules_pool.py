"""Import rules: pooling."""

from __future__ import annotations

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.registry import RuleContext, pair, register_rule

aten = torch.ops.aten


def _check_window(
    context: RuleContext,
    node: torch.fx.Node,
    shape: list[int],
    kernel: list[int],
    stride: list[int],
    padding: list[int],
) -> None:
    """Rejects what the ops do not have; `ceil_mode` is fine where it changes nothing."""
    if len(shape) != 4:
        context.reject(f"expected an input of rank 4 (batch, channels, height, width) but got {shape}")
    floor = [(shape[2 + i] + 2 * padding[i] - kernel[i]) // stride[i] + 1 for i in (0, 1)]
    result = context.shape(node)[2:]
    if result != floor:
        context.reject(f"ceil_mode=True changes the result to {result} from {floor} and is not supported")


@register_rule(aten.max_pool2d.default, aten.max_pool2d_with_indices.default)
def max_pool2d(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """max_pool2d → xplat.max_pool2d."""
    a = context.arguments(node)
    if pair(a["dilation"]) != [1, 1]:
        context.reject(f"dilation {a['dilation']} is not supported, only 1")
    kernel, padding = pair(a["kernel_size"]), pair(a["padding"])
    stride = pair(a["stride"]) if a["stride"] else kernel
    _check_window(context, node, context.shape(a["self"]), kernel, stride, padding)
    return xp.MaxPool2DOp(context.result_type(node), context.value(a["self"]), kernel, stride, padding).result


@register_rule(aten.avg_pool2d.default)
def avg_pool2d(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """avg_pool2d → xplat.avg_pool2d, which counts padding."""
    a = context.arguments(node)
    kernel, padding = pair(a["kernel_size"]), pair(a["padding"])
    stride = pair(a["stride"]) if a["stride"] else kernel
    if a["divisor_override"] is not None:
        context.reject("divisor_override is not supported")
    if not a["count_include_pad"] and padding != [0, 0]:
        context.reject("count_include_pad=False with padding is not supported")
    _check_window(context, node, context.shape(a["self"]), kernel, stride, padding)
    return xp.AvgPool2DOp(context.result_type(node), context.value(a["self"]), kernel, stride, padding).result


@register_rule(aten.adaptive_avg_pool2d.default, aten._adaptive_avg_pool2d.default)
def adaptive_avg_pool2d(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """adaptive_avg_pool2d → xplat.global_avg_pool2d, or xplat.avg_pool2d when all windows are equal."""
    x = context.argument(node, "self")
    shape, result = context.shape(x), context.shape(node)
    if len(shape) != 4:
        context.reject(f"expected an input of rank 4 (batch, channels, height, width) but got {shape}")
    if result[2:] == [1, 1]:
        return xp.GlobalAvgPool2DOp(context.result_type(node), context.value(x)).result
    if any(shape[i] % result[i] for i in (2, 3)):
        context.reject(f"an output of {result[2]}x{result[3]} from {shape[2]}x{shape[3]} needs windows of unequal size")
    window = [shape[2] // result[2], shape[3] // result[3]]
    return xp.AvgPool2DOp(context.result_type(node), context.value(x), window, window, [0, 0]).result


@register_rule(aten.mean.dim)
def mean(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """mean over height and width → xplat.global_avg_pool2d."""
    a = context.arguments(node)
    shape = context.shape(a["self"])
    dims = sorted(int(dim) % len(shape) for dim in (a["dim"] or range(len(shape))))
    if len(shape) != 4 or dims != [2, 3]:
        context.reject(f"mean over dimensions {dims} of {shape}: only height and width (2, 3) of rank 4 are supported")
    return xp.GlobalAvgPool2DOp(context.result_type(node), context.value(a["self"])).result
