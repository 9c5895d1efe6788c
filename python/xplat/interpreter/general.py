# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of constants, and of operations that PyTorch itself computes."""

from __future__ import annotations

import torch

from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import Scope, integer_dtype, semantics, shape_of


@semantics(xp.ConstantOp)
def _constant(scope: Scope, op: xp.ConstantOp, operands: list[torch.Tensor]) -> torch.Tensor:
    value = scope.parameter(op.param)
    assert value is not None
    return value


@semantics(xp.SplatOp)
def _splat(scope: Scope, op: xp.SplatOp, operands: list[torch.Tensor]) -> torch.Tensor:
    dtype = integer_dtype(op.results[0].type.element_type) or scope.dtype
    value = op.value.value if dtype.is_floating_point else int(op.value.value)
    return torch.full(shape_of(op), value, dtype=dtype, device=scope.device)


@semantics(xp.AtenOp)
def _aten(scope: Scope, op: xp.AtenOp, operands: list[torch.Tensor]) -> torch.Tensor:
    # Late: the frontend needs all of torch.export, which a graph without such operations does not.
    from xplat.interpreter.aten import call_aten

    return call_aten(op, operands, dtype=scope.dtype)
