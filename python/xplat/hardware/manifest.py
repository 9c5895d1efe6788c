# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The description in an emitted folder: written by `emit`, read by `sim`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xplat.support.errors import SimulationError
from xplat.support.versions import FileKind

MANIFEST = "design.json"
SOURCES = "sources.f"
"""List of an emitted design's sources, without a top module."""


def _with_names(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest of release 0.1.0, in which each input and each result of the model has a port of its own."""
    model = {
        names: [{"name": str(index), "port": port["name"]} for index, port in enumerate(manifest[ports])]
        for names, ports in (("inputs", "inputs"), ("results", "outputs"))
    }
    return {"model": model, **manifest}


EMITTED = FileKind(
    "hardware",
    version=1,
    error=SimulationError,
    remedy="write it again: design.emit(DIR) or xplat emit",
    upgrades={0: _with_names},
)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The emitted folder's own description, also that of release 0.1.0.

    Raises `SimulationError` when the folder is none, or one of another version.
    """
    if not (folder / MANIFEST).is_file():
        raise SimulationError(f"'{folder}' holds no emitted design", hint="write one: design.emit(DIR)")
    return EMITTED.read(folder / MANIFEST)
