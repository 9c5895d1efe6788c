# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Number formats: names, values, bit patterns, exact rounding, and the formats that a user requests."""

from __future__ import annotations

from xplat.formats.base import Codes, Float32, NumberFormat, travel_axis
from xplat.formats.block import BlockFormat, Msfp, Mx, MxInteger
from xplat.formats.block_products import mantissa_fraction, multiply_blocks, sum_blocks
from xplat.formats.fixed import FixedPoint, Integer, fitting_fractional_bits
from xplat.formats.minifloat import OCP, Minifloat
from xplat.formats.names import KNOWN_NAMES, parse
from xplat.formats.quantization import Formats, Quantization
from xplat.formats.signs import FixedSigns, Signs
from xplat.formats.straight_through import fake_round
from xplat.formats.types import fixed_point, format_of, mlir_type, signs_of

__all__ = [
    "KNOWN_NAMES",
    "OCP",
    "BlockFormat",
    "Codes",
    "FixedPoint",
    "FixedSigns",
    "Float32",
    "Formats",
    "Integer",
    "Minifloat",
    "Msfp",
    "Mx",
    "MxInteger",
    "NumberFormat",
    "Quantization",
    "Signs",
    "fake_round",
    "fitting_fractional_bits",
    "fixed_point",
    "format_of",
    "mantissa_fraction",
    "mlir_type",
    "multiply_blocks",
    "parse",
    "signs_of",
    "sum_blocks",
    "travel_axis",
]
