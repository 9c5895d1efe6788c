# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the benchmarks share: conditions, tables, and where the figures go."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from torch import Tensor

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"


def conditions() -> dict[str, Any]:
    """The machine and the versions that a figure was taken with."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "torch": version("torch"),
        "circt": f"pycde {version('pycde')}",
    }


def print_conditions(figures: dict[str, Any]) -> None:
    """One line under a table."""
    print("conditions: " + ", ".join(f"{key} {value}" for key, value in figures.items()))


def print_table(rows: Sequence[Sequence[object]]) -> None:
    """A header row and the rest, columns aligned."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for index, row in enumerate(cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if index == 0:
            print("  ".join("-" * width for width in widths))


def write_json(file: Path, figures: dict[str, Any]) -> Path:
    """The same figures for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=2) + "\n")
    return file


def sqnr(reference: Tensor, values: Tensor) -> float | None:
    """Signal-to-quantization-noise ratio in dB: power of the reference over that of the difference; None if equal."""
    noise = (values.double() - reference.double()).square().sum()
    if not noise:
        return None
    return float(10 * (reference.double().square().sum() / noise).log10())
