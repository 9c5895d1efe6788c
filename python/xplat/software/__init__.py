"""What is done to a model's numbers before there is hardware: parameters evaluated, ranges calibrated."""

from __future__ import annotations

from xplat.interpreter.parameters import evaluate_parameters
from xplat.software.assign import assign_formats
from xplat.software.calibration import calibrate
from xplat.software.masks import annotate_sparsity, prune
from xplat.software.pruning import PruneRule, Pruning
from xplat.software.quantized import QuantizedModel, quantize

__all__ = [
    "PruneRule",
    "Pruning",
    "QuantizedModel",
    "annotate_sparsity",
    "assign_formats",
    "calibrate",
    "evaluate_parameters",
    "prune",
    "quantize",
]
