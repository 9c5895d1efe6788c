# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of products of activations, attention, tables, softmax and normalisation over the last dimensions."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import Scope, accumulated, semantics


@semantics(xp.MatmulOp)
def _matmul(_: Scope, op: xp.MatmulOp, operands: list[torch.Tensor]) -> torch.Tensor:
    lhs, rhs = operands
    rows = rhs if op.transposed else rhs.transpose(-1, -2)
    if op.accumulator is None:
        return _times(lhs, rows)
    return accumulated(op, lhs, rows, product=_times)


def _times(lhs: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """[…, m, k] times [k, n], which is given as its rows, [n, k]."""
    return torch.matmul(lhs, rows.transpose(-1, -2))


@semantics(xp.AttentionOp)
def _attention(_: Scope, op: xp.AttentionOp, operands: list[torch.Tensor]) -> torch.Tensor:
    query, key, value = operands[:3]
    heads, groups = query.shape[1], key.shape[1]
    if heads != groups:
        key, value = (_repeat_heads(tensor, heads // groups) for tensor in (key, value))
    scores = torch.matmul(query, key.transpose(-1, -2)) * op.scale.value
    masks = iter(operands[3:])
    if op.mask is not None:
        scores = scores + next(masks)
    if op.hidden is not None:
        scores = scores.masked_fill(next(masks) > 0, -math.inf)
    if op.causal:
        scores = _hide_later(scores)
    weights = _blind_softmax(scores, -1) if op.blind_zero else F.softmax(scores, -1)
    return torch.matmul(weights, value)


def _blind_softmax(scores: torch.Tensor, dim: int) -> torch.Tensor:
    """Softmax that gives zeros where all scores are minus infinity."""
    blind = (scores == -math.inf).all(dim, keepdim=True)
    return torch.where(blind, 0.0, F.softmax(torch.where(blind, 0.0, scores), dim))


def _hide_later(scores: torch.Tensor) -> torch.Tensor:
    """Row i of the last two dimensions sees columns 0 … i."""
    visible = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    return torch.where(visible, scores, -math.inf)


def _repeat_heads(tensor: torch.Tensor, count: int) -> torch.Tensor:
    """[batch, heads, …] to [batch, heads · count, …], each head `count` times in a row."""
    batch, heads, length, depth = tensor.shape
    return tensor.unsqueeze(2).expand(batch, heads, count, length, depth).reshape(batch, heads * count, length, depth)


@semantics(xp.EmbeddingOp)
def _embedding(scope: Scope, op: xp.EmbeddingOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (indices,), table = operands, scope.parameter(op.table)
    assert table is not None
    return F.embedding(indices if indices.dtype in (torch.int32, torch.int64) else indices.long(), table)


@semantics(xp.SoftmaxOp)
def _softmax(_: Scope, op: xp.SoftmaxOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (scores,) = operands
    if op.causal:
        scores = _hide_later(scores)
    return _blind_softmax(scores, op.dim.value) if op.blind_zero else F.softmax(scores, op.dim.value)


@semantics(xp.LayerNormOp)
def _layer_norm(scope: Scope, op: xp.LayerNormOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    normalised = list(x.shape[x.dim() - op.axes.value :])
    return F.layer_norm(x, normalised, scope.parameter(op.gamma), scope.parameter(op.beta), op.epsilon.value)


@semantics(xp.GroupNormOp)
def _group_norm(scope: Scope, op: xp.GroupNormOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    return F.group_norm(x, op.groups.value, scope.parameter(op.gamma), scope.parameter(op.beta), op.epsilon.value)


@semantics(xp.RmsNormOp)
def _rms_norm(scope: Scope, op: xp.RmsNormOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), gamma = operands, scope.parameter(op.gamma)
    square = x.square().mean(tuple(range(-op.axes.value, 0)), keepdim=True)
    result = x * torch.rsqrt(square + op.epsilon.value)
    return result if gamma is None else result * gamma
