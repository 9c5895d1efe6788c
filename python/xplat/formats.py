"""Number formats on the Python side: what a type means, and exact rounding into it.

A value of a fixed-point format is an integer times a power of two, so float64 holds it exactly, and so do the
sums of products that the networks here form (below 2^53 steps of the smallest unit). Rounding is half to even,
once, and saturates: the one rule of `docs/Architecture.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.errors import FormatError

MIN_WIDTH, MAX_WIDTH = 2, 16


@dataclass(frozen=True)
class Quantization:
    """Widths, in bits, of values and weights, and whether weights have a scale for each output channel."""

    width: int = 8
    weight_width: int = 8
    per_channel: bool = True

    def __post_init__(self) -> None:
        for name, width in (("width", self.width), ("weight_width", self.weight_width)):
            if not MIN_WIDTH <= width <= MAX_WIDTH:
                raise FormatError(f"{name} is {width} bits, expected {MIN_WIDTH} to {MAX_WIDTH}")

    @staticmethod
    def parse(text: str | Quantization) -> Quantization:
        """`"int8"` (values and weights of 8 bits), `"w4a8"` (weights of 4, values of 8), or a `Quantization`.

        `-per-tensor` behind either gives weights one scale each. Raises `FormatError`.
        """
        if isinstance(text, Quantization):
            return text
        match = re.fullmatch(r"(?:int(?P<both>\d+)|w(?P<weight>\d+)a(?P<value>\d+))(?P<tensor>-per-tensor)?", text)
        if match is None:
            raise FormatError(
                f"'{text}' is no number format that xplat knows",
                hint="write int8 (2 to 16 bits), w4a8 (weights of 4, values of 8 bits), or add -per-tensor to either",
            )
        width, weight = int(match["both"] or match["value"]), int(match["both"] or match["weight"])
        try:
            return Quantization(width=width, weight_width=weight, per_channel=match["tensor"] is None)
        except FormatError as error:
            raise FormatError(f"'{text}': {error.message}") from None

    def pass_text(self) -> str:
        """The pass that quantizes so, as pipeline text."""
        per_channel = "true" if self.per_channel else "false"
        return f"xplat-quantize{{width={self.width} weight-width={self.weight_width} per-channel={per_channel}}}"

    def __str__(self) -> str:
        name = f"int{self.width}" if self.width == self.weight_width else f"w{self.weight_width}a{self.width}"
        return name if self.per_channel else f"{name}-per-tensor"


@dataclass(frozen=True)
class FixedPoint:
    """Signed integers of `width` bits that mean integer · 2^-F; one F, or one per slice along dimension 0."""

    width: int
    fractional_bits: tuple[int, ...]
    per_channel: bool = False

    @property
    def minimum(self) -> int:
        """Smallest stored integer."""
        return -(1 << (self.width - 1))

    @property
    def maximum(self) -> int:
        """Largest stored integer."""
        return (1 << (self.width - 1)) - 1

    def scale(self, rank: int) -> torch.Tensor:
        """Step between neighbouring values as float64: a scalar, or one per slice for a tensor of `rank`."""
        steps = torch.tensor([2.0**-bits for bits in self.fractional_bits], dtype=torch.float64)
        return steps.reshape([-1] + [1] * (rank - 1)) if self.per_channel else steps[0]

    def to_integers(self, values: torch.Tensor) -> torch.Tensor:
        """Stored integers (int64) of the values: rounded half to even, saturated."""
        steps = values.to(torch.float64) / self.scale(values.dim())
        return torch.round(steps).clamp_(self.minimum, self.maximum).to(torch.int64)

    def to_values(self, integers: torch.Tensor) -> torch.Tensor:
        """What stored integers mean, as float64, exactly."""
        return integers.to(torch.float64) * self.scale(integers.dim())

    def round(self, values: torch.Tensor) -> torch.Tensor:
        """The values (float64) rounded into the format, as float64."""
        scale = self.scale(values.dim())
        return torch.round(values.to(torch.float64) / scale).clamp_(self.minimum, self.maximum).mul_(scale)


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
