# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: convolutions and batch normalisation.

One-dimensional operations are the two-dimensional ones on images of height one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.matrix import plus_bias, symbol
from xplat.frontend.rules.registry import RuleContext, pair, register_rule, with_shape
from xplat.mlir import extents

aten = torch.ops.aten


def image(context: RuleContext, value: ir.Value, dims: int) -> ir.Value:
    """A value as an image [1, channels, height, width], from one of `dims` spatial dimensions, batched or not."""
    shape = extents(value)
    if len(shape) == dims + 1:
        shape = [1, *shape]
    if len(shape) != dims + 2:
        context.reject(f"expected an input of rank {dims + 2} (batch, channels, …) but got {extents(value)}")
    if shape[0] != 1:
        context.reject(f"expected a batch of one but got {shape[0]} in {shape}")
    return context.reshaped(value, flat_image(shape, dims))


def flat_image(shape: Any, dims: int) -> list[int]:
    """The shape of an image with a batch, from one of `dims` spatial dimensions."""
    shape = [1] * (dims + 2 - len(shape)) + list(shape)
    return [*shape[:2], *[1] * (2 - dims), *shape[2:]]


def two(values: Any, dims: int, default: int) -> list[int]:
    """An option of a window as (height, width); a one-dimensional one has `default` as height."""
    return pair(values) if dims == 2 else [default, pair(values)[-1]]


def window_extents(kernel: list[int], dilation: list[int]) -> list[int]:
    """Rows and columns from the first to the last of a window whose positions are `dilation` apart."""
    return [(size - 1) * step + 1 for size, step in zip(kernel, dilation, strict=True)]


def padding_of(before: list[int], after: list[int]) -> list[int]:
    """Rows and columns of padding above and left, below and right, as ops state them: twice the same numbers once."""
    return before if before == after else [*before, *after]


def around(padding: Any, extent: list[int], numbers: Callable[[Any], list[int]]) -> tuple[list[int], list[int]]:
    """Padding before and behind each dimension; `numbers` reads one that is stated. An odd number of "same" has one
    more behind."""
    if padding == "same":
        return [(size - 1) // 2 for size in extent], [size // 2 for size in extent]
    stated = [0] * len(extent) if padding == "valid" else numbers(padding)
    return stated, list(stated)


def _absorb_padding(
    x: ir.Value, before: list[int], after: list[int], extent: list[int], dims: int
) -> tuple[ir.Value, list[int], list[int]]:
    """The operand of a convolution and its padding above and left, below and right: zeros around the operand become
    padding, where a window of this extent allows so many."""
    op = x.owner.opview if isinstance(x.owner, ir.Operation) else x.owner
    if not isinstance(op, xp.PadOp) or op.value.value != 0:
        return x, before, after
    low, high = ([0] * (2 - dims) + list(amounts)[-dims:] for amounts in (op.low, op.high))
    more = [a + b for a, b in zip(before, low, strict=True)], [a + b for a, b in zip(after, high, strict=True)]
    others = [*list(op.low)[:-dims], *list(op.high)[:-dims]]
    if any(others) or any(p >= e for side in more for p, e in zip(side, extent, strict=True)):
        return x, before, after
    return op.input, *more


def bias_of(context: RuleContext, node: Any) -> ir.FlatSymbolRefAttr | None:
    """The bias as an attribute of the node, if it is a parameter."""
    own = node is not None and context.has_parameter(node)
    return symbol(context.parameter(node, what="bias")) if own else None


def finish(context: RuleContext, result: ir.Value, bias: Any, shape: Any) -> ir.Value:
    """The result in the node's own shape, plus a bias that the model computes."""
    if bias is not None and not context.has_parameter(bias):
        result = plus_bias(context, result, bias, channel_dim=1)
    return context.reshaped(result, shape)


@register_rule(aten.conv2d.default, aten.conv2d.padding, aten.conv1d.default, aten.conv1d.padding)
def conv(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """conv2d, conv1d → xplat.conv2d, or xplat.depthwise_conv2d when every channel has one filter of its own."""
    a = context.arguments(node)
    dims = 2 if node.target in (aten.conv2d.default, aten.conv2d.padding) else 1
    if not context.has_parameter(a["weight"]):
        context.reject("the weight is computed by the model; it has to be a parameter or buffer")
    weight_shape = flat_image(context.shape(a["weight"]), dims)
    dilation = two(a["dilation"], dims, 1)
    extent = window_extents(weight_shape[2:], dilation)
    before, after = around(a["padding"], extent, lambda stated: two(stated, dims, 0))
    if any(p >= e for p, e in zip(before, extent, strict=True)):
        context.reject(f"padding {before} is not smaller than the kernel {extent}")
    x, before, after = _absorb_padding(operand(context, node, "input"), before, after, extent, dims)
    x = image(context, x, dims)
    window = {"dilation": None if dilation == [1, 1] else dilation}
    weight = symbol(context.parameter(a["weight"], what="weight", shape=weight_shape))
    stride, padding, groups = two(a["stride"], dims, 1), padding_of(before, after), int(a["groups"])
    kind = context.result_type(node)
    result_kind = with_shape(kind, flat_image(kind.shape, dims))
    bias = bias_of(context, a["bias"])
    if groups > 1 and groups == extents(x)[1] == result_kind.shape[1]:
        result = xp.DepthwiseConv2DOp(result_kind, x, weight, stride, padding, bias=bias, **window).result
    else:
        result = xp.Conv2DOp(result_kind, x, weight, stride, padding, groups, bias=bias, **window).result
    return finish(context, result, a["bias"], kind.shape)


@register_rule(aten.conv_transpose2d.input, aten.conv_transpose1d.default)
def conv_transpose(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """conv_transpose2d, conv_transpose1d → xplat.conv_transpose2d."""
    a = context.arguments(node)
    dims = 2 if node.target is aten.conv_transpose2d.input else 1
    if any(step != 1 for step in pair(a["dilation"])):
        context.reject(f"dilation {a['dilation']} is not supported, only 1")
    if not context.has_parameter(a["weight"]):
        context.reject("the weight is computed by the model; it has to be a parameter or buffer")
    stride, padding = two(a["stride"], dims, 1), two(a["padding"], dims, 0)
    extra = two(a["output_padding"], dims, 0)
    if any(e >= s for e, s in zip(extra, stride, strict=True)):
        context.reject(f"output_padding {extra} is not smaller than the stride {stride}")
    x = image(context, operand(context, node, "input"), dims)
    weight_shape = flat_image(context.shape(a["weight"]), dims)
    weight = symbol(context.parameter(a["weight"], what="weight", shape=weight_shape))
    kind = context.result_type(node)
    result = xp.ConvTranspose2DOp(
        with_shape(kind, flat_image(kind.shape, dims)),
        x,
        weight,
        stride,
        padding,
        int(a["groups"]),
        bias=bias_of(context, a["bias"]),
    ).result
    return finish(context, result, a["bias"], kind.shape)


@register_rule(
    aten._native_batch_norm_legit_no_training.default,
    aten.batch_norm.default,
    aten._native_batch_norm_legit.no_stats,
    aten._native_batch_norm_legit.default,
)
def batch_norm(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """batch_norm in evaluation mode → xplat.batch_norm, which `xplat-fold-affine` folds into weights."""
    a = context.arguments(node)
    shape = context.shape(a["input"])
    if a.get("running_mean") is None or a["running_var"] is None:
        context.refuse(
            "no running statistics: the result for a sample depends on the others; track_running_stats=True keeps them"
        )
    if a.get("training"):
        context.refuse("batch normalisation in training mode depends on the other samples; use evaluation mode")
    if len(shape) not in (2, 3, 4, 5):
        context.reject(f"expected an input of rank 2 to 5 but got {shape}")
    if not all(a[name] is None or context.has_parameter(a[name]) for name in _STATISTICS):
        context.reject("statistics or factors are computed by the model")
    image = shape if len(shape) in (2, 4) else [*shape[:2], math.prod(shape[2:-1]), shape[-1]]
    x = context.reshaped(operand(context, node, "input"), image)
    mean = context.parameter(a["running_mean"], what="running mean")
    variance = context.parameter(a["running_var"], what="running variance")
    prefix = mean.removesuffix("running_mean")
    gamma, beta = (
        context.constant(f"{prefix}{name}", torch.full((shape[1],), default))
        if a[name] is None
        else context.parameter(a[name], what=name)
        for name, default in (("weight", 1.0), ("bias", 0.0))
    )
    if float(a["eps"]) <= 0:
        context.reject(f"epsilon {a['eps']} is not positive")
    symbols = (symbol(name) for name in (gamma, beta, mean, variance))
    result = xp.BatchNormOp(x.type, x, *symbols, float(a["eps"])).result
    return context.reshaped(result, shape)


_STATISTICS = ("weight", "bias", "running_mean", "running_var")
