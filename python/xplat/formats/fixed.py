# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fixed point: an integer times a power of two.

`FixedPoint` has its scale; `Integer` is a width alone, whose scale follows from the data: calibration finds it for
values, the largest magnitude of the tensor (or of each slice along dimension 0) for parameters. Stored integers are
two's complement, or, in formats without a sign, 0 to 2^width - 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from xplat.formats.base import Codes, NumberFormat, check_codable, check_floating
from xplat.support.errors import FormatError

MIN_WIDTH, MAX_WIDTH = 2, 16
MAX_FRACTIONAL_BITS = 60
"""Keeps scales normal numbers of float32, whatever a degenerate model holds."""
STORAGE_WIDTH = 32
"""Most bits of a stored integer: those of a bias."""
STEP_FRACTIONAL_BITS = (-127, 149)
"""At which the step between neighbouring values is a number of float32, as the types of the IR want it."""


def fitting_fractional_bits(absmax: torch.Tensor | float, width: int, *, unsigned: bool = False) -> torch.Tensor:
    """The largest F (int64) at which each `absmax` fits: absmax <= (2^(width-1) - 1) · 2^-F. For zero: width - 1.

    `unsigned`: no bit is a sign, so one more is there for the magnitude.

    Raises `FormatError` when a magnitude is negative or not finite.
    """
    width += unsigned
    magnitudes = torch.as_tensor(absmax, dtype=torch.float64)
    if not bool(((magnitudes >= 0) & magnitudes.isfinite()).all()):
        raise FormatError("expected finite magnitudes that are not negative")
    # A magnitude is m · 2^e with m in [1/2, 1): it fits at F = width - 1 - e, or one bit less when m is near one.
    mantissas, exponents = torch.frexp(magnitudes)
    limit = 2.0 ** (width - 1) - 1
    bits = width - 1 - exponents.to(torch.int64) - (mantissas * 2.0 ** (width - 1) > limit).to(torch.int64)
    bits = torch.where(magnitudes == 0, width - 1, bits)
    return bits.clamp(-MAX_FRACTIONAL_BITS, MAX_FRACTIONAL_BITS)


@dataclass(frozen=True)
class FixedPoint(NumberFormat):
    """Integers of `width` bits that mean integer · 2^-F; one F, or one per slice along dimension 0.

    `unsigned`: they have no sign; then there is one F.
    """

    width: int
    fractional_bits: tuple[int, ...]
    per_channel: bool = False
    unsigned: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.width <= STORAGE_WIDTH:
            raise FormatError(f"fixed point has {self.width} bits, expected 1 to {STORAGE_WIDTH}")
        count = len(self.fractional_bits)
        if not count or (count > 1 and not self.per_channel):
            raise FormatError(f"fixed point has {count} scales, expected one" + " or more" * self.per_channel)
        if self.unsigned and self.per_channel:
            raise FormatError("fixed point without a sign has scales for several slices, expected one")
        least, most = STEP_FRACTIONAL_BITS
        if wrong := [bits for bits in self.fractional_bits if not least <= bits <= most]:
            raise FormatError(f"{wrong[0]} fractional bits, expected {least} to {most}")

    @property
    def name(self) -> str:
        if len(set(self.fractional_bits)) == 1:
            return f"{'u' * self.unsigned}fixed{self.width}.{self.fractional_bits[0]}"
        return f"fixed{self.width}.{min(self.fractional_bits)}to{max(self.fractional_bits)}"

    @property
    def bits_per_element(self) -> float:
        return float(self.width)

    @property
    def minimum(self) -> int:
        """Smallest stored integer."""
        return 0 if self.unsigned else -(1 << (self.width - 1))

    @property
    def maximum(self) -> int:
        """Largest stored integer."""
        return (1 << (self.width - (not self.unsigned))) - 1

    def scale(self, rank: int) -> torch.Tensor:
        """Step between neighbouring values as float64: a scalar, or one per slice for a tensor of `rank`."""
        steps = torch.tensor([2.0**-bits for bits in self.fractional_bits], dtype=torch.float64)
        return steps.reshape([-1] + [1] * (rank - 1)) if self.per_channel else steps[0]

    def to_integers(self, values: torch.Tensor) -> torch.Tensor:
        """Stored integers (int64) of the values: rounded half to even, saturated."""
        steps = values.to(torch.float64) / self.scale(values.dim()).to(values.device)
        return torch.round(steps).clamp_(self.minimum, self.maximum).to(torch.int64)

    def to_values(self, integers: torch.Tensor) -> torch.Tensor:
        """The values of stored integers, exactly, in float64."""
        return integers.to(torch.float64) * self.scale(integers.dim()).to(integers.device)

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        """See `NumberFormat.round`; integers wider than 24 bits are exact in float64 alone."""
        check_floating(values)
        # A quotient that overflows saturates and one that underflows rounds to zero, so float32 is exact as well.
        dtype = values.dtype if self.width <= 24 else torch.float64
        scale = self.scale(values.dim()).to(values.device, dtype)
        # Adding 0 turns -0, which has no code, into 0.
        return (
            torch.round(values.to(dtype) / scale)
            .clamp_(self.minimum, self.maximum)
            .add_(0)
            .mul_(scale)
            .to(values.dtype)
        )

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        """Two's complement, or the integer itself in a format without a sign."""
        check_codable(values)
        return Codes(self.to_integers(values) & ((1 << self.width) - 1))

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        return self.to_values(codes.elements if self.unsigned else sign_extend(codes.elements, self.width))

    def every_number(self) -> torch.Tensor:
        """All values, in float64, each at the index that the bits of its stored integer are."""
        return self.decode(Codes(torch.arange(1 << self.width)))

    def representable(self, values: torch.Tensor) -> torch.Tensor:
        """Where the nearest integer is one that can be stored: values up to half a step beyond the limits too."""
        steps = torch.round(values / self.scale(values.dim()).to(values.device, values.dtype))
        return (steps >= self.minimum) & (steps <= self.maximum)


@dataclass(frozen=True)
class Integer(NumberFormat):
    """Fixed point of `width` bits (2 to 16) whose power-of-two scale follows from the data.

    On its own it takes the finest scale at which the largest magnitude of the tensor fits; `fit` gives the format
    with that scale. Codes are therefore those of `fit(values)`, and cannot be decoded without it.

    `signed`: whether one of the bits is a sign. None leaves that to the compiler: there is none for values that cannot
    be negative, whatever the data; a tensor alone does not say that, and `fit` gives its format a sign.
    """

    width: int
    signed: bool | None = None

    def __post_init__(self) -> None:
        if not MIN_WIDTH <= self.width <= MAX_WIDTH:
            raise FormatError(f"{self.name} has {self.width} bits, expected {MIN_WIDTH} to {MAX_WIDTH}")

    @property
    def name(self) -> str:
        return f"{'' if self.signed is None else 's' if self.signed else 'u'}int{self.width}"

    @property
    def bits_per_element(self) -> float:
        return float(self.width)

    def fit(self, values: torch.Tensor, *, per_channel: bool = False) -> FixedPoint:
        """The finest format that holds all values; per channel: one scale per slice along dimension 0.

        Infinities and NaN are left out: infinities saturate at a scale that follows from the other values. A slice
        of zeros takes the scale of the whole tensor; without any value the scale is that of zero. Without a sign there
        is one scale, and negative values become zero.
        """
        unsigned = self.signed is False
        values = torch.nan_to_num(values.detach().to(torch.float64), posinf=0.0, neginf=0.0)
        values = values.clamp(min=0) if unsigned else values.abs()
        whole = values.max() if values.numel() else torch.zeros((), dtype=torch.float64)
        slices = whole.reshape(1)
        if per_channel and not unsigned and values.dim() > 1 and len(values):
            slices = values.flatten(1).amax(1) if values.numel() else whole.expand(len(values))
        bits = fitting_fractional_bits(torch.where(slices == 0, whole, slices), self.width, unsigned=unsigned)
        return FixedPoint(self.width, tuple(bits.tolist()), per_channel=len(slices) > 1, unsigned=unsigned)

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        check_floating(values)
        return self.fit(values).round(values)

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        check_codable(values)
        return self.fit(values).encode(values)

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        raise FormatError(f"{self.name} has no scale of its own", hint="decode with the format that `fit` gave")


def sign_extend(patterns: torch.Tensor, width: int) -> torch.Tensor:
    """Signed integers from two's complement patterns of `width` bits."""
    return torch.where(patterns >= 1 << (width - 1), patterns - (1 << width), patterns)
