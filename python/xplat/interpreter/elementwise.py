# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of element-wise nodes, and of chains of them.

Where a function has a corner, its derivative there is PyTorch's for the operation that models use: zero at the
corners of relu and clamp.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from xplat import ir
from xplat.dialects import arith
from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import Scope, semantics
from xplat.support.errors import XplatError

Number = torch.Tensor | float


@semantics(xp.CastOp)
def _same(_: Scope, op: Any, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0]


# ---- of one operand


def _unary(cls: type, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
    semantics(cls)(lambda _, op, operands: function(operands[0]))


_unary(xp.ReluOp, F.relu)
_unary(xp.NegOp, torch.neg)
_unary(xp.AbsOp, torch.abs)
_unary(xp.ExpOp, torch.exp)
_unary(xp.LogOp, torch.log)
_unary(xp.SqrtOp, torch.sqrt)
_unary(xp.RsqrtOp, torch.rsqrt)
_unary(xp.ReciprocalOp, torch.reciprocal)
_unary(xp.ErfOp, torch.erf)
_unary(xp.SinOp, torch.sin)
_unary(xp.CosOp, torch.cos)
_unary(xp.TanhOp, torch.tanh)
_unary(xp.SigmoidOp, torch.sigmoid)
_unary(xp.SiluOp, F.silu)
_unary(xp.HardSigmoidOp, F.hardsigmoid)
_unary(xp.HardSwishOp, F.hardswish)


@semantics(xp.GeluOp)
def _gelu(_: Scope, op: xp.GeluOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return F.gelu(operands[0], approximate="tanh" if op.tanh_approximation else "none")


@semantics(xp.ClampOp)
def _clamp(_: Scope, op: xp.ClampOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,), low, high = operands, _single(op.min.value), _single(op.max.value)
    if not x.dtype.is_floating_point:
        return torch.clamp(x, None if math.isinf(low) else math.ceil(low), None if math.isinf(high) else int(high))
    if low < high and math.isfinite(low) and math.isfinite(high):
        return F.hardtanh(x, low, high)
    return _at_most(_at_least(x, low), high)


@semantics(xp.LeakyReluOp)
def _leaky_relu(_: Scope, op: xp.LeakyReluOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return F.leaky_relu(operands[0], _single(op.slope.value))


def _single(value: float) -> float:
    """The number of f32 that stands for `value` in the arithmetic of every node, whatever it is computed in."""
    return torch.tensor(value, dtype=torch.float32).item()


@semantics(xp.PowOp)
def _pow(_: Scope, op: xp.PowOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return torch.pow(operands[0], op.exponent.value)


# ---- of two operands


def _binary(cls: type, function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> None:
    semantics(cls)(lambda _, op, operands: function(operands[0], operands[1]))


_binary(xp.AddOp, torch.add)
_binary(xp.SubOp, torch.sub)
_binary(xp.MulOp, torch.mul)
_binary(xp.DivOp, torch.div)
_binary(xp.MaximumOp, torch.maximum)
_binary(xp.MinimumOp, torch.minimum)


@semantics(xp.MaskedFillOp)
def _masked_fill(_: Scope, op: xp.MaskedFillOp, operands: list[torch.Tensor]) -> torch.Tensor:
    x, mask = operands
    return x.masked_fill(mask > 0, _single(op.fill.value))


# ---- chains: the body's scalars on whole tensors


@semantics(xp.FusedOp)
def _fused(scope: Scope, op: xp.FusedOp, operands: list[torch.Tensor]) -> torch.Tensor:
    block = op.body.blocks[0]
    values: dict[ir.Value, Number] = dict(zip(block.arguments, operands, strict=True))
    for scalar in block.operations:
        if isinstance(scalar, xp.YieldOp):
            result = values[scalar.value]
            if isinstance(result, torch.Tensor) and result.dim():
                return result
            return torch.zeros_like(operands[0]) + result
        values[scalar.operation.results[0]] = _scalar(scope, scalar, [values[v] for v in scalar.operation.operands])
    raise XplatError(f"the body of '{xp.node_name(op)}' yields nothing")


def _scalar(scope: Scope, op: Any, operands: list[Number]) -> Number:
    """One operation of `arith` or `math`. Constants are Python floats as long as no tensor comes in."""
    name = op.operation.name
    if isinstance(op, arith.ConstantOp):
        return float(op.literal_value)
    if isinstance(op, arith.CmpFOp):
        return _compare(arith.CmpFPredicate(op.predicate.value), *_tensors(scope, operands))
    if function := _ARITHMETIC.get(name):
        return function(*operands)
    if tensor_function := _FUNCTIONS.get(name):
        return tensor_function(*_tensors(scope, operands))
    raise XplatError(f"'{name}' in the body of an 'xplat.fused' has no reference semantics")


def _tensors(scope: Scope, operands: list[Number]) -> list[torch.Tensor]:
    return [
        value if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=scope.dtype, device=scope.device)
        for value in operands
    ]


def _at_least(x: torch.Tensor, limit: float) -> torch.Tensor:
    return torch.where(x <= limit, limit, x)


def _at_most(x: torch.Tensor, limit: float) -> torch.Tensor:
    return torch.where(x >= limit, limit, x)


def _maximum(a: Number, b: Number) -> Number:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.maximum(a, b)
    if isinstance(a, torch.Tensor):
        return _at_least(a, float(b))
    return _at_least(b, a) if isinstance(b, torch.Tensor) else max(a, b)


def _minimum(a: Number, b: Number) -> Number:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.minimum(a, b)
    if isinstance(a, torch.Tensor):
        return _at_most(a, float(b))
    return _at_most(b, a) if isinstance(b, torch.Tensor) else min(a, b)


def _divide(a: Number, b: Number) -> Number:
    if isinstance(a, torch.Tensor) or isinstance(b, torch.Tensor) or b != 0:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def _compare(predicate: arith.CmpFPredicate, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    name = predicate.name
    if name in ("AlwaysFalse", "AlwaysTrue"):
        return torch.full_like(a == b, name == "AlwaysTrue")
    unordered = torch.isnan(a) | torch.isnan(b)
    if name in ("ORD", "UNO"):
        return unordered if name == "UNO" else ~unordered
    relation = _RELATIONS[name[1:]](a, b)
    return relation | unordered if name[0] == "U" else relation & ~unordered


_RELATIONS = {
    "EQ": torch.eq, "NE": torch.ne, "LT": torch.lt, "LE": torch.le, "GT": torch.gt, "GE": torch.ge,
}  # fmt: skip

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "arith.addf": operator.add,
    "arith.subf": operator.sub,
    "arith.mulf": operator.mul,
    "arith.divf": _divide,
    "arith.negf": operator.neg,
    "arith.maximumf": _maximum,
    "arith.minimumf": _minimum,
}

_FUNCTIONS: dict[str, Callable[..., torch.Tensor]] = {
    "arith.maxnumf": torch.fmax,
    "arith.minnumf": torch.fmin,
    "arith.remf": torch.fmod,
    "arith.select": torch.where,
    "arith.andi": torch.logical_and,
    "arith.ori": torch.logical_or,
    "arith.xori": torch.logical_xor,
    "math.absf": torch.abs,
    "math.acos": torch.acos,
    "math.acosh": torch.acosh,
    "math.asin": torch.asin,
    "math.asinh": torch.asinh,
    "math.atan": torch.atan,
    "math.atan2": torch.atan2,
    "math.atanh": torch.atanh,
    "math.ceil": torch.ceil,
    "math.copysign": torch.copysign,
    "math.cos": torch.cos,
    "math.cosh": torch.cosh,
    "math.erf": torch.erf,
    "math.erfc": torch.erfc,
    "math.exp": torch.exp,
    "math.exp2": torch.exp2,
    "math.expm1": torch.expm1,
    "math.floor": torch.floor,
    "math.fma": lambda a, b, c: a * b + c,
    "math.isnan": torch.isnan,
    "math.log": torch.log,
    "math.log10": torch.log10,
    "math.log1p": torch.log1p,
    "math.log2": torch.log2,
    "math.powf": torch.pow,
    "math.roundeven": torch.round,
    "math.rsqrt": torch.rsqrt,
    "math.sin": torch.sin,
    "math.sinh": torch.sinh,
    "math.sqrt": torch.sqrt,
    "math.tan": torch.tan,
    "math.tanh": torch.tanh,
    "math.trunc": torch.trunc,
}
