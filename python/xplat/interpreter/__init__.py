# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One interpreter for the reference, calibration and training: the semantics of every op, as differentiable torch."""

from __future__ import annotations

# The semantics register themselves.
import xplat.interpreter.elementwise
import xplat.interpreter.general
import xplat.interpreter.matrix
import xplat.interpreter.shape
import xplat.interpreter.weighted  # noqa: F401
from xplat.interpreter.inputs import InputSpec, check_inputs, split, stack_samples
from xplat.interpreter.interpreter import Interpreter
from xplat.interpreter.program import Program
from xplat.interpreter.semantics import Scope, known_ops, semantics

__all__ = [
    "InputSpec",
    "Interpreter",
    "Program",
    "Scope",
    "check_inputs",
    "known_ops",
    "semantics",
    "split",
    "stack_samples",
]
