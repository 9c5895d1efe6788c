# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Observers with power-of-two scales, and fake quantization for formats that torch does not have.

The scale of fixed point is the finest at which the largest magnitude seen fits, as in xplat's own calibration
(`fitting_fractional_bits`), so that a model converted here and one calibrated there agree. Weights leave room for
their bias too (`limits`). In training the magnitude of values is a moving average, that of weights the latest.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torchao.quantization.pt2e import (
    FakeQuantizeBase,
    MinMaxObserver,
    MovingAverageMinMaxObserver,
    MovingAveragePerChannelMinMaxObserver,
    PerChannelMinMaxObserver,
)

from xplat.formats import fake_round, fitting_fractional_bits, parse
from xplat.formats.operator import round_operator
from xplat.support.errors import CalibrationError


class Limits(Protocol):
    """Chooses the scale of a weight by more than its extremes: see `limits.WeightLimits`."""

    def scale(self, minimum: torch.Tensor, maximum: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Scales and zero points of the weight, for each slice whose extremes are given."""


def magnitudes(minimum: torch.Tensor, maximum: torch.Tensor) -> torch.Tensor:
    """The largest magnitude for each pair of extremes; raises `CalibrationError` where nothing finite was seen."""
    absmax = torch.maximum(minimum.abs(), maximum.abs()).reshape(-1)
    if not absmax.numel() or not bool(absmax.isfinite().all()):
        raise CalibrationError(
            "a tensor was never observed, or its values are NaN or infinite",
            hint="run the prepared model over calibration data before convert_pt2e",
        )
    return absmax


def power_of_two_scale(
    minimum: torch.Tensor, maximum: torch.Tensor, width: int, *, unsigned: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scales (float32) and zero points (zero, int64), one for each pair of extremes seen; [1] for a scalar.

    `unsigned`: the integers have no sign, so negative values count as zero.
    """
    absmax = magnitudes(minimum.clamp(min=0), maximum.clamp(min=0)) if unsigned else magnitudes(minimum, maximum)
    # A slice of zeros takes the scale of the whole tensor.
    bits = fitting_fractional_bits(torch.where(absmax == 0, absmax.max(), absmax), width, unsigned=unsigned)
    return torch.exp2(-bits.to(torch.float64)).to(torch.float32), torch.zeros_like(bits)


class PowerOfTwo:
    """Gives a min-max observer of torchao scales that are powers of two."""

    quant_min: int
    quant_max: int
    min_val: torch.Tensor
    max_val: torch.Tensor
    limits: Limits | None = None
    """Of a weight: what else bounds its scale."""

    def calculate_qparams(self) -> tuple[torch.Tensor, torch.Tensor]:
        unsigned = self.quant_min == 0
        width = self.quant_max.bit_length() + (not unsigned)
        if self.limits is not None:
            return self.limits.scale(self.min_val, self.max_val, width)
        return power_of_two_scale(self.min_val, self.max_val, width, unsigned=unsigned)


class PowerOfTwoObserver(PowerOfTwo, MinMaxObserver):  # type: ignore[misc]
    """One scale; the largest magnitude of all data."""


class PerChannelPowerOfTwoObserver(PowerOfTwo, PerChannelMinMaxObserver):  # type: ignore[misc]
    """One scale for each slice along `ch_axis`."""


class MovingPowerOfTwoObserver(PowerOfTwo, MovingAverageMinMaxObserver):  # type: ignore[misc]
    """One scale; the moving average of the largest magnitudes."""


class MovingPerChannelPowerOfTwoObserver(PowerOfTwo, MovingAveragePerChannelMinMaxObserver):  # type: ignore[misc]
    """One scale for each slice along `ch_axis`; the moving average of the largest magnitudes."""


class FormatFakeQuantize(FakeQuantizeBase):  # type: ignore[misc]
    """Rounds into a format that needs no calibration: block formats and minifloats.

    `enabled`: whether it rounds before conversion, as in training; after post-training preparation it does not, so
    that what else is observed is the float model.
    """

    def __init__(self, form: str, axis: int, enabled: bool, dtype: torch.dtype = torch.float32, **_: Any) -> None:
        super().__init__()
        self.form, self.axis, self.dtype = parse(form), axis, dtype
        self.enable_fake_quant(enabled)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return fake_round(x, self.form, axis=self.axis) if bool(self.fake_quant_enabled[0]) else x

    def calculate_qparams(self, **_: Any) -> Any:
        raise CalibrationError(f"{self.form} has no scale and zero point of its own")

    def convert(self, model: torch.fx.GraphModule, observer: torch.fx.Node) -> None:
        """Hook of `convert_pt2e`: puts `xplat::round` in the place of this module."""
        with model.graph.inserting_before(observer):
            rounded = model.graph.call_function(
                round_operator._opoverload, (observer.args[0], self.form.name, self.axis)
            )
        rounded.meta = dict(observer.meta)
        observer.replace_all_uses_with(rounded)
        model.graph.erase_node(observer)

    def extra_repr(self) -> str:
        return f"form={self.form}, axis={self.axis}"
