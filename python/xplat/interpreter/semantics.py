# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of semantics: one function per op, from exact operands to the exact result.

A function sees tensors of the shapes that the IR says, without any batch dimension of its own, and is plain
differentiable torch that works under `torch.func.vmap`: out of place, and without looking at values. Rounding into
the result's format is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, overload

import torch

from xplat import ir
from xplat.formats import BlockFormat, fixed_point, format_of, sum_blocks
from xplat.mlir import extents
from xplat.support.errors import XplatError


@dataclass(frozen=True)
class Scope:
    """The queries that the semantics of an op may make."""

    parameters: Mapping[str, torch.Tensor]
    """Values by symbol, in `dtype` where they are floating point."""
    dtype: torch.dtype
    """The type in which numbers are computed."""
    device: torch.device

    @overload
    def parameter(self, symbol: None) -> None: ...

    @overload
    def parameter(self, symbol: ir.FlatSymbolRefAttr) -> torch.Tensor: ...

    def parameter(self, symbol: ir.FlatSymbolRefAttr | None) -> torch.Tensor | None:
        """Values of a parameter; None for none."""
        return None if symbol is None else self.parameters[symbol.value]


Semantics = Callable[[Scope, Any, list[torch.Tensor]], torch.Tensor]
_SEMANTICS: dict[str, Semantics] = {}


def semantics(*classes: type) -> Callable[[Semantics], Semantics]:
    """Decorator: the function computes the exact result of these ops from exact operands."""

    def add(function: Semantics) -> Semantics:
        for cls in classes:
            _SEMANTICS[cls.OPERATION_NAME] = function  # type: ignore[attr-defined]
        return function

    return add


def semantics_of(name: str) -> Semantics:
    """The semantics of the op of that name; raises `XplatError` when there are none."""
    found = _SEMANTICS.get(name)
    if found is None:
        raise XplatError(f"'{name}' has no reference semantics", hint="the reference runs node ops on tensors")
    return found


def known_ops() -> list[str]:
    """Names of the ops that have semantics, sorted."""
    return sorted(_SEMANTICS)


_INTEGERS = {1: torch.bool, 8: torch.int8, 16: torch.int16, 32: torch.int32}


def integer_dtype(element: ir.Type) -> torch.dtype | None:
    """How torch holds elements that are integers (indices, truth values); None for all other numbers."""
    return _INTEGERS.get(element.width, torch.int64) if isinstance(element, ir.IntegerType) else None


def shape_of(op: Any) -> list[int]:
    """Shape of the op's result, as the IR has it."""
    return extents(op.results[0])


def accumulated(
    op: Any,
    left: torch.Tensor,
    right: torch.Tensor,
    *,
    product: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    """The sums of products of blocks of an op with an accumulator; see `xplat.formats.sum_blocks`."""
    form, accumulator = format_of(op.operands[0].type), fixed_point(op.accumulator.value)
    assert isinstance(form, BlockFormat) and accumulator is not None
    return sum_blocks(left, right, form.block, accumulator, product=product)
