"""From PyTorch to a graph of xplat nodes.

`import_model` is the way in; `register_rule` teaches it another operation.
"""

from __future__ import annotations

from xplat.frontend.graph import Graph
from xplat.frontend.importer import import_model
from xplat.frontend.registry import RuleContext, Unsupported, known_operations, register_rule

__all__ = ["Graph", "RuleContext", "Unsupported", "import_model", "known_operations", "register_rule"]
