# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights that are signs: binary, a scale or its negative in one bit, and ternary, which has zero as well, in two.

Scales are powers of two. `FixedSigns` has them; `Signs` is a request for the scales of least squared error. (With a
scale given, rounding to the nearest number has the least error too: of ternary numbers those below half a scale are
zero.) Binary weights with scales of least error: Rastegari et al., XNOR-Net, 2016; ternary ones: Li et al., Ternary
weight networks, 2016. Both take any scale, and ternary ones a threshold that is not half of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from xplat.formats.base import Codes, NumberFormat, check_codable, check_floating
from xplat.formats.fixed import MAX_FRACTIONAL_BITS, FixedPoint
from xplat.support.errors import FormatError

NAMES = {1: "binary", 2: "ternary"}
"""By bits of a weight."""

SMALLER = 8
"""By how many bits the scale of a slice of zeros is below the others: binary weights have no zero."""


@dataclass(frozen=True)
class FixedSigns(FixedPoint):
    """Integers -1 and 1 (`width` 1) or -1, 0 and 1 (`width` 2) that mean integer · 2^-F, as of fixed point.

    The code of a binary weight is 1 where it is negative. Zero, which is in the middle, is rounded to the scale.
    """

    def __post_init__(self) -> None:
        if self.width not in NAMES or self.unsigned:
            raise FormatError(f"signs have one bit (binary) or two (ternary), not {self.width}")
        super().__post_init__()

    @property
    def name(self) -> str:
        least, most = min(self.fractional_bits), max(self.fractional_bits)
        return f"{NAMES[self.width]}.{least}" + (f"to{most}" if most > least else "")

    @property
    def minimum(self) -> int:
        return -1

    @property
    def maximum(self) -> int:
        return 1

    def to_integers(self, values: torch.Tensor) -> torch.Tensor:
        if self.width > 1:
            return super().to_integers(values)
        return torch.where(values < 0, -1, 1)

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        if self.width > 1:
            return super().round(values, axis)
        check_floating(values)
        scale = self.scale(values.dim()).to(values.device, values.dtype)
        return torch.where(values.isnan(), values, torch.where(values < 0, -scale, scale))

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        if self.width > 1:
            return super().encode(values, axis)
        check_codable(values)
        return Codes((self.to_integers(values) < 0).to(torch.int64))

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        return self.to_values(1 - 2 * codes.elements) if self.width == 1 else super().decode(codes, axis)

    def representable(self, values: torch.Tensor) -> torch.Tensor:
        """Everywhere: a scale of least error lies amid the magnitudes, and numbers beyond it have no other sign."""
        return torch.ones_like(values, dtype=torch.bool)


@dataclass(frozen=True)
class Signs(NumberFormat):
    """Signs of `width` 1 (binary) or 2 (ternary) whose power-of-two scale follows from the weights.

    Codes are those of `fit(values)`, and cannot be decoded without it.
    """

    width: int

    def __post_init__(self) -> None:
        if self.width not in NAMES:
            raise FormatError(f"signs have one bit (binary) or two (ternary), not {self.width}")

    @property
    def name(self) -> str:
        return NAMES[self.width]

    @property
    def bits_per_element(self) -> float:
        return float(self.width)

    def fit(self, values: torch.Tensor, *, per_channel: bool = False) -> FixedSigns:
        """The format of least squared error; per channel: one scale per slice along dimension 0.

        Infinities and NaN are left out. A slice of zeros takes the scale of the whole tensor, in a binary format one
        that is 2^8 times smaller; without any value the scale is one.
        """
        values = torch.nan_to_num(values.detach().to(torch.float64), posinf=0.0, neginf=0.0)
        several = per_channel and values.dim() > 1 and len(values) > 0
        whole = self._fractional_bits(values.reshape(1, -1)) if values.any() else torch.zeros(1, dtype=torch.int64)
        if not several:
            return FixedSigns(self.width, tuple(whole.tolist()))
        slices = values.reshape(len(values), -1)
        empty = ~slices.any(1)
        bits = self._fractional_bits(torch.where(empty[:, None], 1.0, slices))
        bits = torch.where(empty, (whole + SMALLER * (self.width == 1)).clamp(max=MAX_FRACTIONAL_BITS), bits)
        return FixedSigns(self.width, tuple(bits.tolist()), per_channel=len(slices) > 1)

    def _fractional_bits(self, slices: torch.Tensor) -> torch.Tensor:
        """Of least squared error for each row, none of which is zero."""
        magnitudes = slices.abs()
        # The best of all scales is a mean of magnitudes, of all or of the largest ones.
        least = torch.frexp(magnitudes.mean(1)).exponent - 1
        most = torch.frexp(magnitudes.amax(1)).exponent
        best, error = least, torch.full((len(slices),), torch.inf, dtype=torch.float64)
        for step in range(int((most - least).max()) + 1 if self.width > 1 else 2):
            scale = torch.ldexp(torch.ones_like(error), least + step)[:, None]
            rounded = scale if self.width == 1 else torch.round(magnitudes / scale).clamp(max=1) * scale
            found = (magnitudes - rounded).square().sum(1)
            best, error = torch.where(found < error, least + step, best), torch.minimum(found, error)
        return (-best.to(torch.int64)).clamp(-MAX_FRACTIONAL_BITS, MAX_FRACTIONAL_BITS)

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        check_floating(values)
        return self.fit(values).round(values)

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        check_codable(values)
        return self.fit(values).encode(values)

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        raise FormatError(f"{self.name} has no scale of its own", hint="decode with the format that `fit` gave")
