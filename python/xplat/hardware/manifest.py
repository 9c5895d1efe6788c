# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The description in an emitted folder: written by `emit`, read by `sim`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xplat.hardware.layout import Layout
from xplat.support.errors import SimulationError
from xplat.support.versions import FileKind

MANIFEST = "design.json"
SOURCES = "sources.f"
"""List of an emitted design's sources, without a top module."""


def _of_release_0_1(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest in which each input and each result of the model has a port of its own, in the standard layout."""

    def renewed(port: dict[str, Any]) -> dict[str, Any]:
        layout = Layout.standard(port["shape"], port["lanes"])
        kept = {key: value for key, value in port.items() if key != "lanes"}
        return {**kept, "order": list(layout.order), "beat": list(layout.beat)}

    ports = {kind: [renewed(port) for port in manifest[kind]] for kind in ("inputs", "outputs")}
    model = {
        names: [{"name": str(index), "port": port["name"]} for index, port in enumerate(ports[kind])]
        for names, kind in (("inputs", "inputs"), ("results", "outputs"))
    }
    return {"model": model, **manifest, **ports}


EMITTED = FileKind(
    "hardware",
    version=1,
    error=SimulationError,
    remedy="write it again: design.emit(DIR) or xplat emit",
    upgrades={0: _of_release_0_1},
)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The emitted folder's own description, also that of release 0.1.0.

    Raises `SimulationError` when the folder is none, or one of another version.
    """
    if not (folder / MANIFEST).is_file():
        raise SimulationError(f"'{folder}' holds no emitted design", hint="write one: design.emit(DIR)")
    return EMITTED.read(folder / MANIFEST)
