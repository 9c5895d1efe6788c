"""What is done to a model's numbers before there is hardware: parameters evaluated, ranges calibrated."""

from __future__ import annotations

from xplat.software.calibration import calibrate
from xplat.parameters import evaluate_parameters

__all__ = ["calibrate", "evaluate_parameters"]
