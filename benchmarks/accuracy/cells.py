# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cells of the table: what was measured is kept in a file of its own, so that a run that broke off goes on.

A cell's file is named after its task, format and stage and a digest of all settings that decide it: with other
settings it is measured again. With another state of xplat's own code it is not, but the report says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from common import ROOT

Stage = Literal["float", "post-training", "fine-tuned"]


def digest_of(settings: Mapping[str, Any]) -> str:
    """Tells settings apart."""
    return hashlib.sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()[:12]


@cache
def code_digest() -> str:
    """Tells states of the code apart: of the library, its passes and this benchmark."""
    digest = hashlib.sha256()
    for folder in ("python", "lib", "dialects", "benchmarks/accuracy"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".cpp", ".h", ".td"):
                digest.update(file.relative_to(ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Cell:
    """Figures of one task in one format. `seconds`: fine-tuning, if any, and evaluation; `code`: its digest then."""

    task: str
    number_format: str
    stage: Stage
    figures: dict[str, float | None]
    seconds: float
    code: str


@dataclass(frozen=True)
class Store:
    """Finished cells in a folder."""

    folder: Path

    def file(self, task: str, number_format: str, stage: Stage, settings: dict[str, Any]) -> Path:
        """Where the cell with these settings is kept."""
        return self.folder / f"{task}-{number_format}-{stage}-{digest_of(settings)}.json"

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
