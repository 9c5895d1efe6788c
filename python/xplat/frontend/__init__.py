# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From PyTorch to a graph of xplat nodes.

`import_model` is the way in; `register_rule` teaches it another operation, and `fused` writes a function of one element
in such a rule; `build_without_weights` makes models that are too large for the machine's memory.
"""

from __future__ import annotations

from xplat.frontend.build.importer import import_model
from xplat.frontend.capture.weightless import WeightlessModel, build_without_weights, without_weights
from xplat.frontend.rules.functions import Scalar, fused
from xplat.frontend.rules.registry import RuleContext, Unsupported, known_operations, register_rule
from xplat.graph.graph import Graph
from xplat.graph.state import StateEntry

__all__ = [
    "Graph",
    "RuleContext",
    "Scalar",
    "StateEntry",
    "Unsupported",
    "WeightlessModel",
    "build_without_weights",
    "fused",
    "import_model",
    "known_operations",
    "register_rule",
    "without_weights",
]
