# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Minifloats: sign, `exponent` bits, `mantissa` bits, with subnormal numbers.

Two families share the arithmetic and differ in their largest value alone:
- `Minifloat(e, m)`: every code is a finite number, bias 2^(e-1) - 1 (the minifloat of MASE, Cheng et al. 2023).
- The encodings of the OCP 8-bit Floating Point Specification (rev. 1.0, 2023) and of OCP Microscaling Formats (MX)
  v1.0: E4M3, whose last code of each sign is NaN (largest 448); E5M2, whose last exponent is infinity and NaN as in
  IEEE 754 (largest 57344); E3M2, E2M3 and E2M1, where every code is finite. Rounding never gives the codes of
  infinity and NaN: it saturates.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from xplat.formats.base import Codes, NumberFormat, check_codable, check_floating, floor_log2, power_of_two
from xplat.support.errors import FormatError

MAX_EXPONENT, MAX_MANTISSA = 7, 10
"""Widest fields: every value is then a normal float32."""
_SPECIAL = {(4, 3): 1, (5, 2): 4}
"""Codes of each sign that are not finite in the OCP encodings that have some, by exponent and mantissa."""


@dataclass(frozen=True)
class Minifloat(NumberFormat):
    """Floating point of 1 + `exponent` + `mantissa` bits; the last `special` codes of each sign are not finite.

    `special` is 0 or that of an OCP encoding.
    """

    exponent: int
    mantissa: int
    special: int = 0

    def __post_init__(self) -> None:
        for what, bits, least, most in (
            ("exponent", self.exponent, 1, MAX_EXPONENT),
            ("mantissa", self.mantissa, 1, MAX_MANTISSA),
        ):
            if not least <= bits <= most:
                raise FormatError(
                    f"e{self.exponent}m{self.mantissa} has {bits} bits of {what}, expected {least} to {most}"
                )
        known = _SPECIAL.get((self.exponent, self.mantissa), 0)
        if self.special not in (0, known):
            expected = f"0, or {known} as in the OCP specification" if known else "0"
            raise FormatError(f"e{self.exponent}m{self.mantissa} with special={self.special}, expected {expected}")

    @property
    def name(self) -> str:
        fields = f"e{self.exponent}m{self.mantissa}"
        return fields if OCP.get(fields) == self else f"minifloat-{fields}"

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return 1 + self.exponent + self.mantissa

    @property
    def bits_per_element(self) -> float:
        return float(self.bits)

    @property
    def bias(self) -> int:
        """The number that is subtracted from a biased exponent."""
        return (1 << (self.exponent - 1)) - 1

    @property
    def min_exponent(self) -> int:
        """Exponent of the smallest normal number, and of the subnormal ones."""
        return 1 - self.bias

    @property
    def max_exponent(self) -> int:
        """Exponent of the largest number."""
        return max(self._last_code >> self.mantissa, 1) - self.bias

    @property
    def _last_code(self) -> int:
        return (1 << (self.exponent + self.mantissa)) - 1 - self.special

    @property
    def maximum(self) -> float:
        """The largest number."""
        return float(self._decode_magnitude(torch.tensor(self._last_code)))

    def round(self, values: torch.Tensor, axis: int | None = None) -> torch.Tensor:
        check_floating(values)
        limit = self.maximum
        saturated = values.clamp(-limit, limit)
        exponents = floor_log2(torch.nan_to_num(saturated.abs())).clamp_(min=self.min_exponent)
        # At the exponent of zero (-1) zero rounds to itself as well.
        step = power_of_two(exponents - self.mantissa, values.dtype)
        return torch.round(saturated / step).mul_(step).clamp_(-limit, limit)

    def encode(self, values: torch.Tensor, axis: int | None = None) -> Codes:
        """Sign, biased exponent, mantissa from the top. -0 has a code of its own."""
        check_codable(values)
        return Codes(self.pattern(self.round(values)))

    def pattern(self, rounded: torch.Tensor) -> torch.Tensor:
        """Bit patterns (int64) of values of the format."""
        magnitude = rounded.to(torch.float64).abs()
        exponents = torch.where(magnitude == 0, self.min_exponent, floor_log2(magnitude)).clamp_(min=self.min_exponent)
        # The leading one of a normal number counts as one in the exponent field.
        steps = (magnitude / power_of_two(exponents - self.mantissa, torch.float64)).to(torch.int64)
        code = steps + ((exponents - self.min_exponent).to(torch.int64) << self.mantissa)
        return code + (torch.signbit(rounded).to(torch.int64) << (self.bits - 1))

    def decode(self, codes: Codes, axis: int | None = None) -> torch.Tensor:
        """Codes of infinity and NaN decode to NaN; rounding never gives them."""
        sign = codes.elements >> (self.bits - 1)
        code = codes.elements & ((1 << (self.bits - 1)) - 1)
        magnitude = self._decode_magnitude(code)
        magnitude = torch.where(code > self._last_code, torch.nan, magnitude)
        return torch.where(sign == 1, -magnitude, magnitude)

    def _decode_magnitude(self, code: torch.Tensor) -> torch.Tensor:
        field, rest = code >> self.mantissa, code & ((1 << self.mantissa) - 1)
        mantissa = torch.where(field > 0, rest + (1 << self.mantissa), rest).to(torch.float64)
        return mantissa * power_of_two(field.clamp(min=1) - self.bias - self.mantissa, torch.float64)

    def representable(self, values: torch.Tensor) -> torch.Tensor:
        """Within the largest number of either sign, itself included; not what rounds down to it from beyond."""
        return values.abs() <= self.maximum


OCP = {
    "e4m3": Minifloat(4, 3, special=1),
    "e5m2": Minifloat(5, 2, special=4),
    "e3m2": Minifloat(3, 2),
    "e2m3": Minifloat(2, 3),
    "e2m1": Minifloat(2, 1),
}
"""The encodings of the OCP specifications."""
