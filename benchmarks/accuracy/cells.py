"""Cells of the table: what was measured is kept in a file of its own, so that a run that broke off goes on.

A cell's file is named after its task, format and stage and a digest of all settings that decide it: with other
settings it is measured again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Stage = Literal["float", "post-training", "fine-tuned"]


@dataclass(frozen=True)
class Cell:
    """Figures of one task in one format. `seconds`: fine-tuning, if any, and evaluation."""

    task: str
    number_format: str
    stage: Stage
    figures: dict[str, float | None]
    seconds: float


@dataclass(frozen=True)
class Store:
    """Finished cells in a folder."""

    folder: Path

    def file(self, task: str, number_format: str, stage: Stage, settings: dict[str, Any]) -> Path:
        """Where the cell with these settings is kept."""
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
        return self.folder / f"{task}-{number_format}-{stage}-{digest}.json"

    def load(self, file: Path) -> Cell | None:
        """The cell, or None when it was not finished."""
        try:
            return Cell(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, file: Path, cell: Cell) -> None:
        """Keeps the cell; whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(asdict(cell), indent=2) + "\n")
        part.replace(file)
