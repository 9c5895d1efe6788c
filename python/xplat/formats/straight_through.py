# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rounding inside a computation that is differentiated: the straight-through estimator (Bengio et al. 2013).

Forward, `fake_round` is the bit-exact `NumberFormat.round`; backward, the gradient passes unchanged where
`NumberFormat.representable` says so, and is zero elsewhere. For fixed point it passes where the nearest integer is
one that can be stored, so up to half a step beyond the limits, as in torch's fake quantization; for minifloats up to
the largest number and no further; for formats whose range follows from the data everywhere.

Under `torch.func.vmap` the rule rounds the whole batch at once. Nothing about a sample changes by that: axes are
counted from the end, and no block or scale spans two samples. (`Integer`, whose scale follows from the tensor, is
the one format whose samples would influence each other; the rule then rounds them one by one.)
"""

from __future__ import annotations

from typing import Any

import torch

from xplat.formats.base import NumberFormat
from xplat.formats.fixed import FixedPoint, Integer


def fake_round(values: torch.Tensor, form: NumberFormat, *, axis: int | None = None) -> torch.Tensor:
    """`form.round(values)`, differentiable straight through. `axis`: as for `NumberFormat.round`."""
    return _StraightThrough.apply(values, form, form.block_axis(values.dim(), axis))


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(values: torch.Tensor, form: NumberFormat, axis: int) -> torch.Tensor:
        rounded = form.round(values, axis)
        return rounded.clone() if rounded is values else rounded

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        values, form, _ = inputs
        mask = form.representable(values)
        ctx.everywhere = mask is None
        if mask is not None:
            ctx.save_for_backward(mask)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[Any, ...]:
        (gradient,) = gradients
        if ctx.everywhere:
            return gradient, None, None
        (mask,) = ctx.saved_tensors
        return gradient.masked_fill(~mask, 0), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], values: torch.Tensor, form: NumberFormat, axis: int) -> Any:
        batched = values.movedim(in_dims[0], 0)
        if isinstance(form, Integer) or (isinstance(form, FixedPoint) and form.per_channel):
            return torch.stack([_StraightThrough.apply(sample, form, axis) for sample in batched]), 0
        return _StraightThrough.apply(batched, form, axis), 0
