# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`torch.ops.xplat.round`: rounding into a format by name, as an operation that torch.export keeps.

`convert_pt2e` leaves it in the graph where a tensor has a format that no quantize/dequantize pair can say. The
gradient passes straight through, as in `fake_round`.
"""

from __future__ import annotations

from typing import Any

import torch

from xplat.formats.names import parse


@torch.library.custom_op("xplat::round", mutates_args=())
def round_operator(values: torch.Tensor, form: str, axis: int) -> torch.Tensor:
    """`parse(form).round(values, axis)`; float32 or float64, any shape. `axis`: negative, along which blocks run."""
    rounded = parse(form).round(values, axis)
    return rounded.clone() if rounded is values else rounded


@round_operator.register_fake
def _(values: torch.Tensor, form: str, axis: int) -> torch.Tensor:
    return torch.empty_like(values)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    values, form, _ = inputs
    mask = parse(form).representable(values)
    ctx.everywhere = mask is None
    if mask is not None:
        ctx.save_for_backward(mask)


def _backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None]:
    return (gradient if ctx.everywhere else gradient.masked_fill(~ctx.saved_tensors[0], 0)), None, None


round_operator.register_autograd(_backward, setup_context=_setup)
