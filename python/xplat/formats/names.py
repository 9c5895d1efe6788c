# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of number formats, as users write them: `parse` and the list that its error shows."""

from __future__ import annotations

import re
from collections.abc import Callable

from xplat.formats.base import Float32, NumberFormat
from xplat.formats.block import Msfp, Mx, MxInteger
from xplat.formats.fixed import MAX_FRACTIONAL_BITS, FixedPoint, Integer
from xplat.formats.minifloat import OCP, Minifloat
from xplat.formats.signs import NAMES, FixedSigns, Signs
from xplat.support.errors import FormatError

KNOWN_NAMES = (
    "fp32 (not quantized)",
    "int2 … int16 (fixed point, scale from calibration, without a sign where values cannot be negative)",
    "sint8, uint8 (the same of 8 bits, with a sign in any case, or without)",
    "fixed8.4, ufixed8.4 (fixed point of 8 bits, 4 of them fractional; without a sign)",
    "binary, ternary (weights that are a scale or its negative, or zero as well; binary.4: the scale is 2^-4)",
    "msfp2 … msfp16 (sign and magnitude bits, one exponent for 16 elements; msfp4b32 for 32; MSFP12 is msfp4)",
    "mxint8, mxfp8 (= mxfp8e4m3), mxfp8e5m2, mxfp6 (= mxfp6e2m3), mxfp6e3m2, mxfp4 (OCP MX, one scale for 32 elements; "
    "mxfp4b16 for 16)",
    "e4m3 (= fp8), e5m2, e2m3 (= fp6), e3m2, e2m1 (= fp4) (OCP)",
    "minifloat-e5m4 (any exponent of 1 to 7 and mantissa of 1 to 10 bits, every code finite)",
)

_ALIASES = {"float32": "fp32", "f32": "fp32", "none": "fp32", "fp8": "e4m3", "fp6": "e2m3", "fp4": "e2m1"}
_MX = {"8": "e4m3", "8e4m3": "e4m3", "8e5m2": "e5m2", "6": "e2m3", "6e2m3": "e2m3", "6e3m2": "e3m2"}
_MX |= {"4": "e2m1", "4e2m1": "e2m1"}


def _fixed(match: re.Match[str]) -> NumberFormat:
    width, fraction = int(match["width"]), int(match["fraction"])
    Integer(width)  # the limits of the width
    if abs(fraction) > MAX_FRACTIONAL_BITS:
        raise FormatError(f"{fraction} fractional bits, expected at most {MAX_FRACTIONAL_BITS}")
    return FixedPoint(width, (fraction,), unsigned=bool(match["unsigned"]))


def _signs(match: re.Match[str]) -> NumberFormat:
    (width,) = (width for width, name in NAMES.items() if name == match["name"])
    if match["fraction"] is None:
        return Signs(width)
    fraction = int(match["fraction"])
    if abs(fraction) > MAX_FRACTIONAL_BITS:
        raise FormatError(f"{fraction} fractional bits, expected at most {MAX_FRACTIONAL_BITS}")
    return FixedSigns(width, (fraction,))


_SIGNED = {"": None, "s": True, "u": False}


_PATTERNS: list[tuple[str, Callable[[re.Match[str]], NumberFormat]]] = [
    (r"fp32", lambda match: Float32()),
    (r"(?P<sign>[su]?)int(?P<width>\d+)", lambda match: Integer(int(match["width"]), _SIGNED[match["sign"]])),
    (r"(?P<unsigned>u?)fixed(?P<width>\d+)\.(?P<fraction>-?\d+)", _fixed),
    (rf"(?P<name>{'|'.join(NAMES.values())})(?:\.(?P<fraction>-?\d+))?", _signs),
    (r"msfp(?P<bits>\d+)(?:b(?P<block>\d+))?", lambda match: Msfp(int(match["bits"]), int(match["block"] or 16))),
    (r"mxint8(?:b(?P<block>\d+))?", lambda match: MxInteger(int(match["block"] or 32))),
    (
        rf"mxfp(?P<element>{'|'.join(_MX)})(?:b(?P<block>\d+))?",
        lambda match: Mx(OCP[_MX[match["element"]]], int(match["block"] or 32)),
    ),
    (rf"(?P<name>{'|'.join(OCP)})", lambda match: OCP[match["name"]]),
    (
        r"minifloat-e(?P<exponent>\d+)m(?P<mantissa>\d+)",
        lambda match: Minifloat(int(match["exponent"]), int(match["mantissa"])),
    ),
]


def parse(text: str | NumberFormat) -> NumberFormat:
    """The number format of that name, e.g. `"int8"`, `"msfp4"`, `"mxfp6e3m2"`, `"e4m3"`, `"fp32"`.

    Raises `FormatError` that lists the names.
    """
    if isinstance(text, NumberFormat):
        return text
    if not isinstance(text, str):
        raise FormatError(f"expected the name of a number format but got {text!r}", hint=_hint())
    name = text.strip().lower()
    name = _ALIASES.get(name, name)
    for pattern, make in _PATTERNS:
        if match := re.fullmatch(pattern, name):
            try:
                return make(match)
            except FormatError as error:
                raise FormatError(f"'{text}': {error.message}", hint=error.hint) from None
    raise FormatError(f"unknown number format '{text}'", hint=_hint())


def _hint() -> str:
    return "names: " + "; ".join(KNOWN_NAMES)
