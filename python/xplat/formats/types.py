"""Number formats and the types of the IR: `format_of` reads a type, `mlir_type` writes one."""

from __future__ import annotations

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.errors import FormatError
from xplat.formats.fixed import FixedPoint


def fixed_point(data_type: ir.Type) -> FixedPoint | None:
    """The fixed-point format of a tensor's or stream's elements, or of an element type; None for f32.

    Raises `FormatError` for formats that are not fixed point.
    """
    element = data_type.element_type if isinstance(data_type, ir.RankedTensorType | xp.StreamType) else data_type
    if isinstance(element, ir.F32Type):
        return None
    if not xp.is_number_format(element) or not xp.format_is_fixed_point(element):
        raise FormatError(
            f"'{element}' is not fixed point: expected a signed power-of-two '!quant.uniform' with zero point 0"
        )
    per_channel = xp.format_is_per_channel(element)
    channels = data_type.shape[0] if per_channel and isinstance(data_type, ir.RankedTensorType) else 1
    return FixedPoint(
        width=xp.format_bits(element),
        fractional_bits=tuple(xp.format_fractional_bits(element, channel) for channel in range(channels)),
        per_channel=per_channel,
    )
