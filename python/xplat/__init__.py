"""xplat: maps PyTorch models to systems of FPGAs and writes the hardware that runs them.

design = xplat.compile(model, "2xz7020", example_inputs=x, calibration=data)
print(design.report())
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xplat import models
    from xplat.compiler import compile
    from xplat.design import Design
    from xplat.errors import XplatError
    from xplat.frontend import import_model
    from xplat.software import Pruning, QuantizedModel, prune, quantize
    from xplat.system import System

__all__ = [
    "Design",
    "Pruning",
    "QuantizedModel",
    "System",
    "XplatError",
    "compile",
    "import_model",
    "models",
    "prune",
    "quantize",
]

# Loaded on first use: `import xplat` takes milliseconds, torch takes seconds.
_HOMES = {
    "compile": "xplat.compiler",
    "Design": "xplat.design",
    "Pruning": "xplat.software",
    "QuantizedModel": "xplat.software",
    "System": "xplat.system",
    "XplatError": "xplat.errors",
    "import_model": "xplat.frontend",
    "prune": "xplat.software",
    "quantize": "xplat.software",
}


def __getattr__(name: str) -> Any:
    if name == "models":
        return importlib.import_module("xplat.models")
    if name not in _HOMES:
        raise AttributeError(f"module 'xplat' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
