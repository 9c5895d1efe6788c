# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of nodes with weights, of pooling, and of batch normalisation."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import Scope, accumulated, semantics, shape_of


@semantics(xp.LinearOp)
def _linear(scope: Scope, op: xp.LinearOp, operands: list[torch.Tensor]) -> torch.Tensor:
    weight, bias = scope.parameter(op.weight), scope.parameter(op.bias)
    if op.accumulator is None:
        return F.linear(operands[0], weight, bias)
    assert weight is not None
    sums = accumulated(op, operands[0], weight, product=F.linear)
    return sums if bias is None else sums + bias


def _padded(
    x: torch.Tensor, padding: list[int], fill: float = 0.0, *, most: tuple[int, int] | None = None
) -> tuple[torch.Tensor, list[int]]:
    """An image and the padding that is left to do.

    Four numbers (above, left, below, right) are done here, and two of which one is more than `most`.
    """
    if len(padding) == 2:
        if most is None or (padding[0] <= most[0] and padding[1] <= most[1]):
            return x, padding
        padding = padding * 2
    above, left, below, right = padding
    return F.pad(x, (left, right, above, below), value=fill), [0, 0]


def _dilation(op: xp.Conv2DOp | xp.DepthwiseConv2DOp | xp.MaxPool2DOp) -> list[int]:
    return [1, 1] if op.dilation is None else list(op.dilation)


@semantics(xp.Conv2DOp)
def _conv2d(scope: Scope, op: xp.Conv2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    weight, bias = scope.parameter(op.weight), scope.parameter(op.bias)
    assert weight is not None
    x, padding = _padded(operands[0], list(op.padding))
    if op.accumulator is None:
        return F.conv2d(x, weight, bias, list(op.stride), padding, _dilation(op), op.groups.value)
    groups, positions = op.groups.value, weight[0, 0].numel()
    # Blocks run along the channels of each position of the window.
    window, dilation, stride = (tuple(pair) for pair in (weight.shape[2:], _dilation(op), op.stride))
    windows = F.unfold(x, window, dilation, tuple(padding), stride)
    left = windows.reshape(len(x), groups, -1, positions, windows.shape[-1]).permute(0, 1, 3, 4, 2)
    right = weight.reshape(groups, -1, weight.shape[1], positions).permute(0, 3, 1, 2)
    sums = accumulated(op, left, right, product=lambda a, b: a @ b.transpose(-1, -2)).sum(2)
    result = sums.transpose(-1, -2).reshape(len(x), *shape_of(op)[1:])
    return result if bias is None else result + bias.reshape(-1, 1, 1)


@semantics(xp.DepthwiseConv2DOp)
def _depthwise_conv2d(scope: Scope, op: xp.DepthwiseConv2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    weight, bias = scope.parameter(op.weight), scope.parameter(op.bias)
    assert weight is not None
    x, padding = _padded(operands[0], list(op.padding))
    return F.conv2d(x, weight, bias, list(op.stride), padding, _dilation(op), len(weight))


@semantics(xp.ConvTranspose2DOp)
def _conv_transpose2d(scope: Scope, op: xp.ConvTranspose2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), weight, bias = operands, scope.parameter(op.weight), scope.parameter(op.bias)
    assert weight is not None
    stride, padding, wanted = list(op.stride), list(op.padding), shape_of(op)[2:]
    # The rows and columns that the stride of the forward convolution would not have reached.
    extra = [wanted[i] - ((x.shape[2 + i] - 1) * stride[i] - 2 * padding[i] + weight.shape[2 + i]) for i in range(2)]
    return F.conv_transpose2d(x, weight, bias, stride, padding, extra, groups=op.groups.value)


@semantics(xp.MaxPool2DOp)
def _max_pool2d(_: Scope, op: xp.MaxPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    height, width = list(op.kernel_size)
    # PyTorch pads by half of the window at most, whatever the dilation is.
    x, padding = _padded(operands[0], list(op.padding), -torch.inf, most=(height // 2, width // 2))
    return F.max_pool2d(x, list(op.kernel_size), list(op.stride), padding, _dilation(op))


@semantics(xp.AvgPool2DOp)
def _avg_pool2d(_: Scope, op: xp.AvgPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    height, width = list(op.kernel_size)
    # Sum exactly, divide once.
    x, padding = _padded(operands[0], list(op.padding))
    total = F.avg_pool2d(x, (height, width), list(op.stride), padding, divisor_override=1)
    return total / (height * width)


@semantics(xp.GlobalAvgPool2DOp)
def _global_avg_pool2d(_: Scope, op: xp.GlobalAvgPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    return (x.sum((2, 3)) / (x.shape[2] * x.shape[3])).reshape(shape_of(op))


@semantics(xp.ChannelAffineOp)
def _channel_affine(scope: Scope, op: xp.ChannelAffineOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), weight, bias = operands, scope.parameter(op.weight), scope.parameter(op.bias)
    assert weight is not None
    column = [-1 if dim == op.dim.value else 1 for dim in range(x.dim())]
    result = x * weight.reshape(column)
    return result if bias is None else result + bias.reshape(column)


@semantics(xp.BatchNormOp)
def _batch_norm(scope: Scope, op: xp.BatchNormOp, operands: list[torch.Tensor]) -> torch.Tensor:
    gamma, beta, mean, variance = (scope.parameter(symbol) for symbol in (op.gamma, op.beta, op.mean, op.var))
    return F.batch_norm(operands[0], mean, variance, gamma, beta, eps=op.epsilon.value)
