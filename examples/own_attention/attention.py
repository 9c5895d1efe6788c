# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention with an arithmetic of its own: the exponential of the softmax is a power of two, made by a shift.

`shift_exp2(x)` is 2^floor(x) · (1 + x - floor(x)): 2^x at integers, straight lines between. It is an operation of this
file alone: PyTorch learns it by `torch.library`, xplat by an import rule, the hardware by the kernel in `shift_exp2/`.
The softmax has base two, as in Stevens et al., "Softermax", 2021, and one division for each result instead of one for
each weight.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from xplat.frontend import RuleContext, Scalar, fused, register_rule

# ---- the operation, for PyTorch


@torch.library.custom_op("own_attention::shift_exp2", mutates_args=())
def shift_exp2(x: Tensor) -> Tensor:
    """2^x with straight lines between the integers."""
    whole = torch.floor(x)
    return (x - whole + 1) * torch.exp2(whole)


@shift_exp2.register_fake
def _shape(x: Tensor) -> Tensor:
    return torch.empty_like(x)


# ---- the operation, for xplat


@register_rule(torch.ops.own_attention.shift_exp2.default)
def import_shift_exp2(context: RuleContext, node: torch.fx.Node) -> Any:
    """One element-wise node, whose arithmetic is said in scalars."""

    def of_one_element(x: Scalar) -> Scalar:
        whole = x.apply("floor")
        return (x - whole + 1.0) * whole.apply("exp2")

    return fused(context.result_type(node), [context.value(context.argument(node, "x"))], of_one_element)


# ---- the model


class ShiftExp2(nn.Module):
    """The operation as a module, so that it has a name: formats and kernels are chosen by it."""

    def forward(self, x: Tensor) -> Tensor:
        """2^x of each element."""
        return shift_exp2(x)


class ShiftAttention(nn.Module):
    """One head of attention over a sequence of vectors of `width` numbers."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.power = ShiftExp2()
        self.scale = width**-0.5

    def forward(self, x: Tensor) -> Tensor:
        """[batch, length, width] to the same shape."""
        scores = (self.query(x) * self.scale) @ self.key(x).transpose(-1, -2)
        weights = self.power(scores - scores.amax(-1, keepdim=True))
        return (weights @ self.value(x)) / weights.sum(-1, keepdim=True)
