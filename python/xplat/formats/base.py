# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The operations of every number format: rounding, encoding into bit patterns, decoding.

One rounding rule for all formats: the nearest value, a tie to the even code, and beyond the largest value the
largest value. Infinities therefore saturate, and in a block they set the scale; a NaN stays NaN where it stands and
has no influence on its block; it has no code. Results are the same for float32 and float64 inputs of the same value.

Formats with a shared exponent need to know where their blocks run: along the innermost dimension in which a
tensor travels through hardware, `travel_axis`. Axes are counted from the end, so that they are right with any
number of batch dimensions in front.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache

import torch

from xplat.dialects import xplat as xp
from xplat.support.errors import FormatError


@cache
def travel_axis(rank: int) -> int:
    """The dimension that travels innermost when nobody chooses another order, counted from the end."""
    return int(xp.default_order(rank)[-1]) - rank


@dataclass(frozen=True)
class Codes:
    """A tensor as bit patterns."""

    elements: torch.Tensor
    """int64, one pattern per element, not negative, in the shape of the tensor."""
    exponents: torch.Tensor | None = None
    """int64, one pattern per block: the tensor's shape with the number of blocks along the block axis."""


class NumberFormat(ABC):
    """A set of numbers with a bit pattern for each. Instances are immutable and compare by value."""

    @property
    @abstractmethod
    def name(self) -> str:
        """As users write it; `parse` reads it back, but for what it does not say.

        That is the axis of blocks, and scales per channel: equal ones have the name of one scale (`fixed8.4`), others
        one that `parse` does not know (`fixed8.1to2`).
        """

    @property
    @abstractmethod
    def bits_per_element(self) -> float:
        """Bits of storage per element, its share of the block's exponent included."""

    @abstractmethod
    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        """The values of the format nearest to `values`, in the dtype of `values` (float32 or float64).

        `axis`: along which blocks run; by default `travel_axis` of the tensor's rank. Not differentiable: see
        `xplat.formats.fake_round`.
        """

    @abstractmethod
    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        """Bit patterns of the values rounded into the format. Raises `FormatError` on NaN."""

    @abstractmethod
    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        """The float64 values that bit patterns mean, exactly."""

    def block_axis(self, rank: int, axis: int | None = None) -> int:
        """The dimension along which blocks of a tensor of `rank` run, counted from the end.

        `axis`: what the caller says, from either end; None: nothing.
        """
        if axis is None:
            return travel_axis(rank)
        return axis - rank if axis >= 0 else axis

    def representable(self, values: torch.Tensor) -> torch.Tensor | None:
        """Where `values` lie inside the range of the format (bool), so that rounding passes their gradient.

        None for everywhere: the range follows from the values. How far it reaches at its limits the formats say.
        """
        return None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Float32(NumberFormat):
    """IEEE 754 binary32: not quantized. The one format that leaves a float64 between its values as it is."""

    @property
    def name(self) -> str:
        return "fp32"

    @property
    def bits_per_element(self) -> float:
        return 32.0

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        check_floating(values)
        return values

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        check_codable(values)
        return Codes(values.to(torch.float32).contiguous().view(torch.int32).to(torch.int64) & 0xFFFFFFFF)

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        signed = torch.where(codes.elements >= 1 << 31, codes.elements - (1 << 32), codes.elements)
        return signed.to(torch.int32).view(torch.float32).to(torch.float64)


def check_floating(values: torch.Tensor) -> None:
    """Raises `FormatError` unless the tensor is float32 or float64, whose arithmetic here is exact."""
    if values.dtype not in (torch.float32, torch.float64):
        raise FormatError(f"expected float32 or float64 values but got {values.dtype}", hint="convert them: x.float()")


def check_codable(values: torch.Tensor) -> None:
    """Raises `FormatError` when a value has no code."""
    check_floating(values)
    if bool(torch.isnan(values).any()):
        raise FormatError(f"{int(torch.isnan(values).sum())} of {values.numel()} values are NaN, which has no code")


def floor_log2(magnitudes: torch.Tensor) -> torch.Tensor:
    """Exponents (int32) of finite magnitudes; 0 gives -1. Exact, subnormal numbers included."""
    return torch.frexp(magnitudes).exponent - 1


def power_of_two(exponents: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """2 to integer exponents, exactly. For float32 exponents are -149 to 127, subnormal results included."""
    # The bits of a float64: torch.ldexp and torch.exp2 go through functions that need not be exact.
    return ((exponents.to(torch.int64) + 1023) << 52).view(torch.float64).to(dtype)
