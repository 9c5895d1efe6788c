# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of nodes that move elements, of reductions, and of rows in order."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import Scope, semantics, shape_of


@semantics(xp.ReshapeOp)
def _reshape(_: Scope, op: xp.ReshapeOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), shape = operands, shape_of(op)
    order = op.order.value if op.order is not None else xp.ReshapeOrder.row_major
    if order == xp.ReshapeOrder.row_major:
        return x.reshape(shape)
    walked = xp.default_order(len(shape))
    x = x.permute(xp.default_order(x.dim())).reshape([shape[dim] for dim in walked])
    return x.permute([walked.index(dim) for dim in range(len(shape))])


@semantics(xp.HostInputOp, xp.HostOutputOp)
def _host(_: Scope, op: xp.HostInputOp | xp.HostOutputOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    if op.view is not None:
        x = x.reshape(list(op.view)).permute(list(op.permutation))
    return x.reshape(shape_of(op))


@semantics(xp.TransposeOp)
def _transpose(_: Scope, op: xp.TransposeOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0].permute(list(op.permutation))


@semantics(xp.BroadcastOp)
def _broadcast(_: Scope, op: xp.BroadcastOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0].expand(shape_of(op))


@semantics(xp.SliceOp)
def _slice(_: Scope, op: xp.SliceOp, operands: list[torch.Tensor]) -> torch.Tensor:
    taken = zip(op.starts, op.steps, shape_of(op), strict=True)
    return operands[0][tuple(slice(start, start + (extent - 1) * step + 1, step) for start, step, extent in taken)]


@semantics(xp.ConcatOp)
def _concat(_: Scope, op: xp.ConcatOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return torch.cat(operands, op.dim.value)


@semantics(xp.PadOp)
def _pad(_: Scope, op: xp.PadOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    # From the last dimension to the first.
    amounts = [amount for pair in zip(reversed(list(op.low)), reversed(list(op.high)), strict=True) for amount in pair]
    return F.pad(x, amounts, value=op.value.value if x.dtype.is_floating_point else int(op.value.value))


@semantics(xp.TrilOp)
def _tril(_: Scope, op: xp.TrilOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    kept = torch.ones(x.shape[-2:], dtype=torch.bool, device=x.device).tril(op.diagonal.value)
    return torch.where(kept, x, op.fill.value if x.dtype.is_floating_point else int(op.fill.value))


@semantics(xp.UpsampleOp)
def _upsample(_: Scope, op: xp.UpsampleOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), (batch, channels, height, width) = operands, shape_of(op)
    rows, columns = x.shape[2], x.shape[3]
    repeated = x.reshape(batch, channels, rows, 1, columns, 1)
    repeated = repeated.expand(batch, channels, rows, height // rows, columns, width // columns)
    return repeated.reshape(batch, channels, height, width)


@semantics(xp.ReduceOp)
def _reduce(_: Scope, op: xp.ReduceOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), dims = operands, list(op.dims)
    kind = xp.ReduceKind(op.kind.value)
    if kind == xp.ReduceKind.maximum:
        result = torch.amax(x, dims)
    elif kind == xp.ReduceKind.minimum:
        result = torch.amin(x, dims)
    elif kind == xp.ReduceKind.argmax:  # of equal elements torch takes the first
        result = torch.argmax(x, dims[0])
    elif kind == xp.ReduceKind.argmin:
        result = torch.argmin(x, dims[0])
    else:
        result = torch.sum(x, dims)
        if kind == xp.ReduceKind.mean:
            # Sum exactly, divide once.
            count = 1
            for dim in dims:
                count *= x.shape[dim]
            result = result / count
    return result.reshape(shape_of(op))


@semantics(xp.TopKOp)
def _top_k(_: Scope, op: xp.TopKOp, operands: list[torch.Tensor]) -> torch.Tensor:
    # torch.topk says nothing about the order of equal elements.
    values, places = torch.sort(operands[0], dim=-1, descending=not op.smallest, stable=True)
    return (places if op.positions else values)[..., : shape_of(op)[-1]]
