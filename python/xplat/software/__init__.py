# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Work on a model's numbers before there is hardware: parameters evaluated, ranges calibrated."""

from __future__ import annotations

from typing import Any

from xplat.graph.graph import Graph
from xplat.interpreter.parameters import evaluate_parameters
from xplat.software.assign import assign_formats, complete_formats
from xplat.software.calibration import calibrate
from xplat.software.masks import annotate_sparsity, prune
from xplat.software.pruning import PruneRule, Pruning
from xplat.software.quantized import quantize
from xplat.support.deprecated import warn

__all__ = [
    "PruneRule",
    "Pruning",
    "annotate_sparsity",
    "assign_formats",
    "calibrate",
    "complete_formats",
    "evaluate_parameters",
    "prune",
    "quantize",
]


def __getattr__(name: str) -> Any:
    if name != "QuantizedModel":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    warn("QuantizedModel", "Graph: a network in every state")
    return Graph
