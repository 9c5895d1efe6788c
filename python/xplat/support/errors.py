# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors for users: every one says what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import Any

from xplat.support.deprecated import warn
from xplat.support.text import printable


class XplatError(Exception):
    """An error for users: the problem (`message`), its place (`location`, e.g. `file:line`) and the remedy (`hint`)."""

    def __init__(self, message: str, *, hint: str | None = None, location: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}" if self.location else self.message
        # A name of the user's must not steer the terminal.
        return printable(f"{text}\n  {self.hint}" if self.hint else text, keep="\n\t")


class ModelImportError(XplatError):
    """The model cannot become a graph of xplat."""


class SystemDescriptionError(XplatError):
    """A system is unknown, or its file is malformed."""


class CalibrationError(XplatError):
    """Number formats cannot be found from the data given."""


class FormatError(XplatError):
    """A number format, or the name of one, that xplat does not know."""


class PruningError(XplatError):
    """A request to prune that makes no sense, or that does not fit the model."""


class MappingError(XplatError):
    """A request for the mapping that makes no sense, or that no node can have."""


class InputError(XplatError):
    """Samples whose shape, type or values the network cannot take."""


class PassError(XplatError):
    """A compiler pass refused the module; carries its diagnostic and the command that reproduces it."""


class KernelError(XplatError):
    """A kernel folder is incomplete, or its contract and its RTL disagree."""


class ToolMissingError(XplatError):
    """A program that this step needs is not installed."""


class OutputDirError(XplatError):
    """An output folder or file cannot be written."""


class DesignFileError(XplatError):
    """A folder that should hold a saved design, graph or quantized graph does not, or holds a broken one."""


class SimulationError(XplatError):
    """The simulator failed to build or run, or the simulated hardware came to a standstill."""


class EmitError(XplatError):
    """The hardware cannot be written: the back end refused it."""


_RENAMED = {"ImportFailure": "ModelImportError", "PassFailure": "PassError", "ToolMissing": "ToolMissingError"}
"""Names of release 0.1.0 and the present ones."""


def __getattr__(name: str) -> Any:
    if name not in _RENAMED:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    warn(name, _RENAMED[name])
    return globals()[_RENAMED[name]]
