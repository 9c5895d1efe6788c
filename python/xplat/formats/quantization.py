"""What a user asks to be quantized how."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xplat.errors import FormatError
from xplat.formats.fixed import MAX_WIDTH, MIN_WIDTH


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
