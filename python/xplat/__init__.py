# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat: maps PyTorch models to systems of FPGAs and writes the hardware that runs them.

design = xplat.compile(model, "2xz7020", example_inputs=x, calibration=data)
print(design.report())
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xplat import models
    from xplat.api.compiler import compile
    from xplat.api.design import Design
    from xplat.frontend import import_model
    from xplat.graph.graph import Graph
    from xplat.software import Pruning, prune, quantize
    from xplat.support.errors import (
        CalibrationError,
        DesignFileError,
        EmitError,
        FormatError,
        InputError,
        KernelError,
        MappingError,
        ModelImportError,
        OutputDirError,
        PassError,
        PruningError,
        SimulationError,
        SystemDescriptionError,
        ToolMissingError,
        XplatError,
    )
    from xplat.target.system import System

__all__ = [
    "CalibrationError",
    "Design",
    "DesignFileError",
    "EmitError",
    "FormatError",
    "Graph",
    "InputError",
    "KernelError",
    "MappingError",
    "ModelImportError",
    "OutputDirError",
    "PassError",
    "Pruning",
    "PruningError",
    "SimulationError",
    "System",
    "SystemDescriptionError",
    "ToolMissingError",
    "XplatError",
    "compile",
    "import_model",
    "models",
    "prune",
    "quantize",
]

# Loaded on first use: `import xplat` takes milliseconds, torch takes seconds.
_HOMES = {
    "compile": "xplat.api.compiler",
    "Design": "xplat.api.design",
    "Graph": "xplat.graph.graph",
    "Pruning": "xplat.software",
    "System": "xplat.target.system",
    "import_model": "xplat.frontend",
    "prune": "xplat.software",
    "quantize": "xplat.software",
}
_ERRORS = "xplat.support.errors"


def __getattr__(name: str) -> Any:
    if name == "models":
        return importlib.import_module("xplat.models")
    home = _HOMES.get(name) or (_ERRORS if name in __all__ else None)
    if name == "QuantizedModel":
        from xplat.support.deprecated import warn

        warn("xplat.QuantizedModel", "xplat.Graph: a network in every state")
        return __getattr__("Graph")
    if home is None:
        raise AttributeError(f"module 'xplat' has no attribute '{name}'")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value
