"""Import rules: operations with weights, and batch normalisation."""

from __future__ import annotations

from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.registry import RuleContext, pair, register_rule

aten = torch.ops.aten


def _symbol(name: str) -> ir.FlatSymbolRefAttr:
    return ir.FlatSymbolRefAttr.get(name)


def _bias(context: RuleContext, node: Any) -> ir.FlatSymbolRefAttr | None:
    return None if node is None else _symbol(context.parameter(node, what="bias"))


@register_rule(aten.linear.default)
def linear(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """linear → xplat.linear."""
    a = context.arguments(node)
    x = context.value(a["input"])
    weight = _symbol(context.parameter(a["weight"], what="weight"))
    return xp.LinearOp(context.result_type(node), x, weight, bias=_bias(context, a["bias"])).result


def _padding(context: RuleContext, padding: Any, kernel: list[int]) -> list[int]:
    if padding == "valid":
        return [0, 0]
    if padding != "same":
        return pair(padding)
    if any(extent % 2 == 0 for extent in kernel):
        context.reject(
            f"padding 'same' with a kernel of {kernel[0]}x{kernel[1]} is not symmetric; "
            "use an odd kernel or explicit padding"
        )
    return [extent // 2 for extent in kernel]


@register_rule(aten.conv2d.default, aten.conv2d.padding)
def conv2d(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """conv2d → xplat.conv2d, or xplat.depthwise_conv2d when every channel has one filter of its own."""
    a = context.arguments(node)
    shape, weight_shape, result_shape = context.shape(a["input"]), context.shape(a["weight"]), context.shape(node)
    if len(shape) != 4:
        context.reject(f"expected an input of rank 4 (batch, channels, height, width) but got {shape}")
    if pair(a["dilation"]) != [1, 1]:
        context.reject(f"dilation {a['dilation']} is not supported, only 1")
    kernel = weight_shape[2:]
    padding = _padding(context, a["padding"], kernel)
    if any(p >= k for p, k in zip(padding, kernel, strict=True)):
        context.reject(f"padding {padding} is not smaller than the kernel {kernel}")
    x = context.value(a["input"])
    weight, bias = _symbol(context.parameter(a["weight"], what="weight")), _bias(context, a["bias"])
    stride, groups, result = pair(a["stride"]), int(a["groups"]), context.result_type(node)
    if groups > 1 and groups == shape[1] == result_shape[1]:
        return xp.DepthwiseConv2DOp(result, x, weight, stride, padding, bias=bias).result
    return xp.Conv2DOp(result, x, weight, stride, padding, groups, bias=bias).result


@register_rule(aten._native_batch_norm_legit_no_training.default, aten.batch_norm.default)
def batch_norm(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """batch_norm in evaluation mode → xplat.batch_norm, which `xplat-fold-batch-norm` folds into weights."""
    a = context.arguments(node)
    shape = context.shape(a["input"])
    if len(shape) not in (2, 4):
        context.reject(f"expected an input of rank 2 or 4 but got {shape}")
    if a["running_mean"] is None or a["running_var"] is None:
        context.reject("no running statistics: make the layer with track_running_stats=True")
    if a.get("training"):
        context.reject("training-mode statistics are not supported")
    x = context.value(a["input"])
    mean = context.parameter(a["running_mean"], what="running mean")
    variance = context.parameter(a["running_var"], what="running variance")
    prefix = mean.removesuffix("running_mean")
    gamma, beta = (
        context.constant(f"{prefix}{name}", torch.full((shape[1],), default))
        if argument is None
        else context.parameter(argument, what=name)
        for name, argument, default in (("weight", a["weight"], 1.0), ("bias", a["bias"], 0.0))
    )
    return xp.BatchNormOp(
        context.result_type(node), x, _symbol(gamma), _symbol(beta), _symbol(mean), _symbol(variance), float(a["eps"])
    ).result
