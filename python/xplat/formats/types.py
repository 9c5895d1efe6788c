# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Number formats and the types of the IR: `format_of` reads a type, `mlir_type` writes one."""

from __future__ import annotations

from dataclasses import replace

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats.base import Float32, NumberFormat
from xplat.formats.block import BlockFormat, Msfp, Mx, MxInteger
from xplat.formats.fixed import FixedPoint, Integer
from xplat.formats.minifloat import OCP, Minifloat
from xplat.formats.names import parse
from xplat.formats.signs import NAMES, FixedSigns, Signs
from xplat.support.errors import FormatError


def fixed_point(data_type: ir.Type) -> FixedPoint | None:
    """The fixed-point format of a tensor's or stream's elements, or of an element type; None for f32.

    Integers (indices) are fixed point without fractional bits. Raises `FormatError` for formats that are not fixed
    point.
    """
    element = data_type.element_type if isinstance(data_type, ir.RankedTensorType | xp.StreamType) else data_type
    if isinstance(element, ir.F32Type):
        return None
    if isinstance(element, ir.IntegerType):
        return FixedPoint(width=element.width, fractional_bits=(0,))
    if not xp.is_number_format(element) or not xp.format_is_fixed_point(element):
        raise FormatError(
            f"'{element}' is not fixed point: expected a power-of-two '!quant.uniform' of full range with zero point 0"
        )
    if xp.format_holds_signs(element):
        scales = tuple(xp.format_fractional_bits(element))
        return FixedSigns(xp.format_bits(element), scales, per_channel=len(scales) > 1)
    return FixedPoint(
        width=xp.format_bits(element),
        fractional_bits=tuple(xp.format_fractional_bits(element)),
        per_channel=xp.format_is_per_channel(element),
        unsigned=xp.format_is_unsigned(element),
    )


def format_of(data_type: ir.Type) -> NumberFormat | None:
    """The number format of a tensor's or stream's elements, or of an element type.

    None for what is not rounded: f32, and integers that are indices or masks. Blocks run where the type says.
    """
    element = data_type.element_type if isinstance(data_type, ir.RankedTensorType | xp.StreamType) else data_type
    if isinstance(element, ir.F32Type | ir.IntegerType):
        return None
    if not xp.is_number_format(element):
        raise FormatError(f"'{element}' is not a number format")
    if xp.format_is_fixed_point(element):
        return fixed_point(data_type)
    form = parse(xp.format_name(element))
    if not isinstance(form, BlockFormat):
        return form
    return replace(form, axis=xp.format_block_axis(element))  # type: ignore[type-var]


def mlir_type(form: NumberFormat) -> str:
    """The element type of a format as MLIR text; `Integer` gives `iN`, `siN` or `uiN`, for a scale yet to be found, and
    `Signs` the type without scales.

    Raises `FormatError` for blocks along a dimension that a type cannot say: it counts from the front, or is -1, the
    last. Blocks along the dimension of travel have the type of the last until they are put in their place.
    """
    if isinstance(form, Float32):
        return "f32"
    if isinstance(form, Integer):
        return f"{'' if form.signed is None else 's' if form.signed else 'u'}i{form.width}"
    if isinstance(form, Signs):
        return f"!xplat.{NAMES[form.width]}"
    if isinstance(form, FixedSigns):
        return f"!xplat.{NAMES[form.width]}<{', '.join(map(str, form.fractional_bits))}>"
    if isinstance(form, FixedPoint):
        if form.per_channel:
            scales = ", ".join(f"{2.0**-bits:.17e}" for bits in form.fractional_bits)
            return f"!quant.uniform<i{form.width}:f32:0, {{{scales}}}>"
        return (
            f"!quant.uniform<{'u' if form.unsigned else 'i'}{form.width}:f32, {2.0 ** -form.fractional_bits[0]:.17e}>"
        )
    if isinstance(form, Minifloat):
        return f"f{form.bits}{_FLOATS[form]}" if form.special else f"!xplat.minifloat<{form.exponent}, {form.mantissa}>"
    if isinstance(form, Msfp):
        return f"!xplat.msfp<{form.bits}, {_blocks(form)}>"
    if isinstance(form, Mx):
        return f"!xplat.mx<f{form.element.bits}{_FLOATS[form.element]}, {_blocks(form)}>"
    if isinstance(form, MxInteger):
        return f"!xplat.mx<i8, {_blocks(form)}>"
    raise FormatError(f"{form} has no type in the IR")


def signs_of(request: ir.Type | None) -> Signs | None:
    """The binary or ternary format that a requested type stands for, whose scales are yet to be found; else None."""
    if request is None:
        return None
    kinds = (Signs(width) for width in NAMES)
    return next((form for form in kinds if request == ir.Type.parse(mlir_type(form), request.context)), None)


def _blocks(form: BlockFormat) -> str:
    if form.axis is not None and form.axis < -1:
        raise FormatError(
            f"blocks of {form} along dimension {form.axis} have no type in the IR",
            hint="count from the front, or -1 for the last dimension",
        )
    return f"{form.block}" if form.axis is None or form.axis == -1 else f"{form.block}, axis = {form.axis}"


_FLOATS = {form: name.upper() + ("" if name == "e5m2" else "FN") for name, form in OCP.items()}
