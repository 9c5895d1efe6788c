"""The description in an emitted folder: written by `emit`, read by `sim`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xplat.support.errors import SimulationError

MANIFEST = "design.json"
SOURCES = "sources.f"
"""List of an emitted design's sources, without a top module."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The emitted folder's own description. Raises `SimulationError` when the folder is none."""
    file = folder / MANIFEST
    try:
        return json.loads(file.read_text())
    except (OSError, json.JSONDecodeError):
        raise SimulationError(f"'{folder}' holds no emitted design", hint="write one: design.emit(DIR)") from None
