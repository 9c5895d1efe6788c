# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures cells: a task in a format, as quantized and after fine-tuning, by `xplat.quantize` and `to_torch`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import nn

import xplat
from accuracy.cells import Cell, Stage, Store, code_digest
from accuracy.task import CALIBRATION, Task, fine_tune
from xplat.frontend import Graph
from xplat.support.progress import Progress, silent

FLOAT = "fp32"


def imported(task: Task) -> Graph:
    """The task's float model as a graph: the same for all formats."""
    return xplat.import_model(task.model, tuple(part[:1] for part in task.calibration))


def quantized(task: Task, graph: Graph, number_format: str, *, progress: Progress = silent) -> nn.Module:
    """The task's model in a number format, as a trainable module in evaluation mode."""
    model = xplat.quantize(
        graph,
        calibration=task.calibration if len(task.calibration) > 1 else task.calibration[0],
        quantize=task.request(number_format),
        calibration_method=CALIBRATION,
        progress=progress,
    )
    return model.to_torch().eval()


def run_task(
    task: Task,
    formats: Sequence[str],
    folder: Path,
    *,
    force: bool = False,
    progress: Progress = silent,
) -> list[Cell]:
    """All cells of a task: float first, then each other format as quantized and fine-tuned.

    Finished cells of earlier runs are taken from `folder` unless `force`; the rest are measured and kept there. The
    float model is the teacher of some tasks, so it is measured and never fine-tuned.
    """
    store = Store(folder / "cells")
    wanted: list[tuple[str, Stage]] = [(FLOAT, "float")]
    wanted += [(name, stage) for name in formats if name != FLOAT for stage in ("post-training", "fine-tuned")]
    cells: dict[tuple[str, Stage], Cell] = {}
    files = {}
    for name, stage in wanted:
        files[name, stage] = store.file(task.name, name, stage, _settings(task, name, stage))
        kept = None if force else store.load(files[name, stage])
        if kept is not None:
            cells[name, stage] = kept
    if len(cells) < len(wanted):
        task.prepare(folder / "weights", force=force, progress=progress)
    graph = None
    for name in dict.fromkeys(name for name, _ in wanted):
        missing = [stage for other, stage in wanted if other == name and (other, stage) not in cells]
        if not missing:
            continue
        if name == FLOAT:
            net = task.model
        else:
            graph = graph or imported(task)
            net = quantized(task, graph, name)
        for stage in missing:
            start = time.perf_counter()
            if stage == "fine-tuned":
                fine_tune(task, net, progress=progress)
            figures = task.evaluate(net)
            cell = Cell(task.name, name, stage, figures, time.perf_counter() - start, code_digest())
            store.save(files[name, stage], cell)
            cells[name, stage] = cell
            told = ", ".join(f"{metric.label} {metric.text(cell.figures)}" for metric in task.metrics)
            progress(f"{task.name} {name} {stage}: {told} ({cell.seconds:.0f} s)")
    return [cells[key] for key in wanted]


def _settings(task: Task, name: str, stage: Stage) -> dict[str, Any]:
    """All that decides a cell. Only fine-tuned cells depend on how they are fine-tuned."""
    settings = {**task.settings(), "format": name, "stage": stage}
    if stage != "fine-tuned":
        del settings["tuning"]
    return settings
