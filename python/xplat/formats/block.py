# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Block formats: elements that share an exponent of 8 bits.

- `Msfp(bits, block)`: Microsoft floating point (Darvish Rouhani et al., "Pushing the limits of narrow precision
  inferencing at cloud scale with Microsoft Floating Point", NeurIPS 2020). An element is a sign and `bits` - 1 bits
  of magnitude, without a hidden bit; the shared exponent is that of the block's largest magnitude, whose leading
  one is the top bit of its magnitude.
- `Mx(element, block)`: OCP Microscaling Formats (MX) v1.0. The scale is a power of two (E8M0): the exponent of the
  block's largest magnitude less the largest exponent of the element format. `MxInteger` is INT8, a fraction in
  two's complement with six fractional bits whose -2 is not used, as the specification allows: ±1 63/64 is the largest.

The shared exponent is biased by 127 and goes from -127 to 127; code 255 is not used. A block of zeros has the
code 0. Values beyond the range of float32 count as its largest value, so results are always values of float32.
The last block of a row may be short.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import torch

from xplat.formats.base import (
    Codes,
    NumberFormat,
    check_codable,
    check_floating,
    floor_log2,
    power_of_two,
    travel_axis,
)
from xplat.formats.fixed import sign_extend
from xplat.formats.minifloat import OCP, Minifloat
from xplat.support.errors import FormatError

EXPONENT_BITS, BIAS = 8, 127
LARGEST = float(torch.finfo(torch.float32).max)


class BlockFormat(NumberFormat):
    """Elements in blocks of `block` along one axis, each block with an exponent of its own."""

    block: int
    axis: int | None
    """Along which blocks run when the caller does not say; None: the dimension of travel."""

    def block_axis(self, rank: int, axis: int | None = None) -> int:
        """See `NumberFormat.block_axis`. Raises `FormatError` when there is no such dimension."""
        if not rank:
            raise FormatError("a block format needs a tensor with at least one dimension")
        axis = self.axis if axis is None else axis
        axis = travel_axis(rank) if axis is None else axis
        if not -rank <= axis < rank:
            raise FormatError(f"blocks of {self.name} run along dimension {axis}, but the tensor has {rank}")
        return axis - rank if axis >= 0 else axis

    @property
    @abstractmethod
    def element_bits(self) -> int:
        """Bits of an element."""

    @property
    @abstractmethod
    def headroom(self) -> int:
        """Exponent of the block's largest magnitude less the shared exponent."""

    @abstractmethod
    def round_elements(self, scaled: torch.Tensor) -> torch.Tensor:
        """Values of the element format nearest to magnitudes already divided by the scale; works in place."""

    @abstractmethod
    def encode_elements(self, rounded: torch.Tensor) -> torch.Tensor:
        """Bit patterns (int64) of element values (float64)."""

    @abstractmethod
    def decode_elements(self, patterns: torch.Tensor) -> torch.Tensor:
        """Element values (float64) of bit patterns."""

    @property
    def bits_per_element(self) -> float:
        return self.element_bits + EXPONENT_BITS / self.block

    def shared_exponents(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        """The exponent (int32) of each block: the tensor's shape with the number of blocks along the axis."""
        axis = self.block_axis(values.dim(), axis)
        blocks, _ = self._split(self._finite(values), axis)
        return self._exponents(blocks).squeeze(-1).movedim(-1, axis)

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        check_floating(values)
        axis = self.block_axis(values.dim(), axis)
        blocks, length = self._split(self._finite(values), axis)
        exponents = self._exponents(blocks)
        # Scales are normal in float64; in float32 the last few are subnormal, which is exact as well.
        rounded = self.round_elements(blocks * power_of_two(-exponents, values.dtype))
        result = self._join(rounded.mul_(power_of_two(exponents, values.dtype)), length, axis)
        return torch.where(torch.isnan(values), values, result)

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        check_codable(values)
        axis = self.block_axis(values.dim(), axis)
        blocks, length = self._split(self._finite(values).to(torch.float64), axis)
        exponents = self._exponents(blocks)
        elements = self.encode_elements(self.round_elements(blocks * power_of_two(-exponents, torch.float64)))
        biased = (exponents.to(torch.int64) + BIAS).squeeze(-1).movedim(-1, axis)
        return Codes(self._join(elements, length, axis), biased)

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        if codes.exponents is None:
            raise FormatError(f"{self.name} needs an exponent for each block, but the codes have none")
        axis = self.block_axis(codes.elements.dim(), axis)
        blocks, length = self._split(codes.elements, axis)
        scale = power_of_two(codes.exponents.movedim(axis, -1).unsqueeze(-1) - BIAS, torch.float64)
        return self._join(self.decode_elements(blocks) * scale, length, axis)

    @staticmethod
    def _finite(values: torch.Tensor) -> torch.Tensor:
        return torch.nan_to_num(values.detach(), nan=0.0).clamp(-LARGEST, LARGEST)

    def _split(self, values: torch.Tensor, axis: int) -> tuple[torch.Tensor, int]:
        """[…, blocks, block] with the axis last, the last block filled up with zeros; and the axis' length."""
        rows = values.movedim(axis, -1)
        length = rows.shape[-1]
        if length % self.block:
            rows = torch.nn.functional.pad(rows, (0, -length % self.block))
        return rows.reshape(*rows.shape[:-1], rows.shape[-1] // self.block, self.block), length

    @staticmethod
    def _join(blocks: torch.Tensor, length: int, axis: int) -> torch.Tensor:
        return blocks.flatten(-2)[..., :length].movedim(-1, axis)

    def _exponents(self, blocks: torch.Tensor) -> torch.Tensor:
        largest = blocks.abs().amax(-1, keepdim=True)
        exponents = (floor_log2(largest) - self.headroom).clamp_(-BIAS, BIAS)
        return torch.where(largest == 0, -BIAS, exponents)


@dataclass(frozen=True)
class Msfp(BlockFormat):
    """Sign and `bits` - 1 bits of magnitude, in blocks that share an exponent."""

    bits: int
    block: int = 16
    axis: int | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.bits <= 16:
            raise FormatError(f"msfp{self.bits} has {self.bits} bits, expected 2 to 16")
        _check_block(self.block)

    @property
    def name(self) -> str:
        return f"msfp{self.bits}" + (f"b{self.block}" if self.block != 16 else "")

    @property
    def element_bits(self) -> int:
        return self.bits

    @property
    def headroom(self) -> int:
        return 0

    @property
    def _steps(self) -> int:
        """Units of the last place in the shared exponent's power of two."""
        return 1 << (self.bits - 2)

    def round_elements(self, scaled: torch.Tensor) -> torch.Tensor:
        limit = 2 * self._steps - 1
        # Adding 0: there is one zero, without a sign.
        return scaled.mul_(self._steps).round_().clamp_(-limit, limit).add_(0).div_(self._steps)

    def encode_elements(self, rounded: torch.Tensor) -> torch.Tensor:
        """Sign above magnitude."""
        integers = (rounded * self._steps).to(torch.int64)
        return integers.abs() + ((integers < 0).to(torch.int64) << (self.bits - 1))

    def decode_elements(self, patterns: torch.Tensor) -> torch.Tensor:
        magnitude = patterns & ((1 << (self.bits - 1)) - 1)
        return torch.where(patterns >> (self.bits - 1) == 1, -magnitude, magnitude).to(torch.float64) / self._steps


@dataclass(frozen=True)
class Mx(BlockFormat):
    """OCP MX with floating-point elements."""

    element: Minifloat
    block: int = 32
    axis: int | None = None

    def __post_init__(self) -> None:
        if self.element not in OCP.values():
            raise FormatError(f"MX has no elements of {self.element}", hint="choose one of " + ", ".join(OCP))
        _check_block(self.block)

    @property
    def name(self) -> str:
        fields = self.element.name
        suffix = "" if _MX_SHORT[self.element.bits] == fields else fields
        return f"mxfp{self.element.bits}{suffix}" + (f"b{self.block}" if self.block != 32 else "")

    @property
    def element_bits(self) -> int:
        return self.element.bits

    @property
    def headroom(self) -> int:
        return self.element.max_exponent

    def round_elements(self, scaled: torch.Tensor) -> torch.Tensor:
        return self.element.round(scaled)

    def encode_elements(self, rounded: torch.Tensor) -> torch.Tensor:
        return self.element.pattern(rounded)

    def decode_elements(self, patterns: torch.Tensor) -> torch.Tensor:
        return self.element.decode(Codes(patterns))


_MX_SHORT = {8: "e4m3", 6: "e2m3", 4: "e2m1"}
"""The element formats of the plain names mxfp8, mxfp6 and mxfp4."""


@dataclass(frozen=True)
class MxInteger(BlockFormat):
    """OCP MX with INT8 elements: -127/64 to 127/64 in steps of 1/64."""

    block: int = 32
    axis: int | None = None

    def __post_init__(self) -> None:
        _check_block(self.block)

    @property
    def name(self) -> str:
        return "mxint8" + (f"b{self.block}" if self.block != 32 else "")

    @property
    def element_bits(self) -> int:
        return 8

    @property
    def headroom(self) -> int:
        return 0

    def round_elements(self, scaled: torch.Tensor) -> torch.Tensor:
        return scaled.mul_(64).round_().clamp_(-127, 127).add_(0).div_(64)

    def encode_elements(self, rounded: torch.Tensor) -> torch.Tensor:
        """Two's complement."""
        return (rounded * 64).to(torch.int64) & 0xFF

    def decode_elements(self, patterns: torch.Tensor) -> torch.Tensor:
        return sign_extend(patterns, 8).to(torch.float64) / 64


def _check_block(block: int) -> None:
    if not 1 <= block <= 1024:
        raise FormatError(f"a block has {block} elements, expected 1 to 1024")
