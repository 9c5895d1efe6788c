# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`make bench-accuracy`: the accuracy of number formats on real weights and data, before and after fine-tuning.

Measures each task in each format as quantized and after fine-tuning; ends with status 1 when fine-tuning wins back
less than half of what int4 loses. A run that broke off goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict

import torch
from common import BUILD, conditions, print_conditions, print_table, write_json

from accuracy.cells import code_digest
from accuracy.digits import ResNetOnMnist, VitOnMnist
from accuracy.photographs import MobileNetOnPhotographs
from accuracy.report import note_on_code, plot, table, verdicts
from accuracy.run import run_task
from accuracy.sentences import MiniLmOnSentences
from accuracy.task import FORMATS, Task
from xplat.support.errors import XplatError
from xplat.support.progress import to_stderr

TASKS: dict[str, type[Task]] = {
    task.name: task for task in (ResNetOnMnist, VitOnMnist, MobileNetOnPhotographs, MiniLmOnSentences)
}


def arguments() -> argparse.Namespace:
    """What the user asks for."""
    parser = argparse.ArgumentParser(prog="make bench-accuracy", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--task", action="append", choices=TASKS, help="only this task; may be repeated")
    parser.add_argument("--format", action="append", metavar="NAME", help="only this number format; may be repeated")
    parser.add_argument("--force", action="store_true", help="measure again what was measured before")
    parser.add_argument("--quick", action="store_true", help="int8 and int4, four steps of fine-tuning, no check")
    parser.add_argument("--threads", type=int, help="threads of PyTorch (its own choice)")
    options = parser.parse_args()
    if options.threads is not None and options.threads < 1:
        parser.error("--threads: expected at least 1")
    return options


def main() -> int:
    from xplat.formats import parse

    options = arguments()
    if options.threads:
        torch.set_num_threads(options.threads)
    names = options.format or (["int8", "int4"] if options.quick else list(FORMATS))
    names = list(dict.fromkeys(parse(name).name for name in names))
    folder = BUILD / "bench" / "accuracy"
    start = time.perf_counter()
    measured = []
    for name in options.task or TASKS:
        task = TASKS[name](quick=options.quick)
        measured.append((task, run_task(task, names, folder, force=options.force, progress=to_stderr)))

    results = []
    for task, cells in measured:
        print(f"\n{task.title}\n  measured: {task.measured}\n  other formats: {task.policy}\n")
        print_table(table(task, cells))
        results += [] if options.quick else verdicts(task, cells)
    print()
    for verdict in results:
        print(verdict)
    cells = [cell for _, found in measured for cell in found]
    if note := note_on_code(cells, code_digest()):
        print(note)
    seconds = time.perf_counter() - start
    found_conditions = {**conditions(), "threads": torch.get_num_threads()}
    figures = {
        "tasks": {
            task.name: {
                "title": task.title,
                "measured": task.measured,
                "other_formats": task.policy,
                "settings": task.settings(),
                "cells": [asdict(cell) for cell in cells],
            }
            for task, cells in measured
        },
        "checks": [{**asdict(verdict), "share": verdict.share, "holds": verdict.holds} for verdict in results],
        "code": code_digest(),
        "seconds": seconds,
        "conditions": found_conditions,
    }
    # A part of the table does not replace the whole one.
    chosen = [*(options.task or ()), *(names if options.format else ())]
    suffix = "".join(f"-{part}" for part in (*chosen, *(["quick"] if options.quick else [])))
    json_file = write_json(folder / f"accuracy{suffix}.json", figures)
    picture = plot(measured, folder / f"accuracy{suffix}.png")
    print(f"picture: {picture}\nfigures: {json_file}")
    print_conditions(found_conditions)
    measuring = sum(cell.seconds for cell in cells)
    print(f"finished in {seconds:.0f} s; all cells together took {measuring:.0f} s to measure")
    return 0 if all(verdict.holds for verdict in results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except XplatError as error:
        sys.exit(f"accuracy: {error}")
