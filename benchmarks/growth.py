# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the time of every stage grows with the graph: `make bench-growth`.

Chains, residual chains and parallel branches of linear layers are compiled in several sizes, each four times the one
before. Where time grows with the graph, each size takes four times as long as the one before it; the benchmark fails
where a stage takes more than six times as long. Times are of the processor (all threads), so that other work on the
machine counts little. What `torch.export` and CIRCT take is shown, but not judged: they are not ours.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from common import BUILD, conditions, print_conditions, print_table, write_json

import xplat
from xplat.hardware.emit import folder as emission

LIMIT = 6.0
"""Most times as long as a graph of a quarter of the size takes."""
LEAST_SECONDS = 0.1
"""A stage is judged where the larger graph takes at least that: below, constant costs and noise say more."""
LEAST_RUNS, MOST_RUNS = 2, 6
"""A shape is measured again where a ratio is above the limit: in all sizes, and the least time of each counts."""
FEATURES = 8
FOREIGN = ("torch.export", "CIRCT")
"""What is not judged."""
MEMORY = Path("/dev/shm")
"""Hardware is written there where the machine has it: on a disk, creating a file took 0.15 to 0.8 ms at random."""


class Residual(torch.nn.Module):
    """`layers` linear layers, each with an activation and a connection around it."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(FEATURES, FEATURES) for _ in range(layers))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            # A share of each, so that values stay as large however deep the graph is.
            x = x + torch.relu(layer(x)) * (1 / len(self.layers))
        return x


class Parallel(torch.nn.Module):
    """`layers` linear layers that all read the input; their results are added in pairs."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(FEATURES, FEATURES) for _ in range(layers))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values = [layer(x) for layer in self.layers]
        while len(values) > 1:
            pairs = [a + b for a, b in zip(values[::2], values[1::2], strict=False)]
            values = pairs + values[2 * len(pairs) :]
        return values[0]


def chain(layers: int) -> torch.nn.Module:
    """`layers` linear layers one behind the other."""
    return torch.nn.Sequential(*(torch.nn.Linear(FEATURES, FEATURES) for _ in range(layers)))


SHAPES: dict[str, Callable[[int], torch.nn.Module]] = {"chain": chain, "residual": Residual, "parallel": Parallel}


class Clock:
    """Seconds of the processor by stage; the stages of `xplat.compile` from what it tells about its progress."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun: dict[str, float] = {}

    def progress(self, message: str) -> None:
        """Called by `xplat.compile` when a stage begins ("map …") and ends ("map: 0.12 s")."""
        name = message.removesuffix(" …")
        if name != message:
            self._begun[name] = time.process_time()
        elif (name := message.partition(":")[0]) in self._begun:
            self.seconds[name] = time.process_time() - self._begun.pop(name)

    def timed(self, name: str, function: Callable[..., Any], *, clock: Callable[[], float] = time.process_time) -> Any:
        """`function`, whose time is added to the stage `name`."""

        def call(*arguments: Any, **options: Any) -> Any:
            begun = clock()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + clock() - begun

        return call


def measure(build: Callable[[int], torch.nn.Module], layers: int, system: str, *, emit: bool) -> dict[str, float]:
    """Seconds by stage of one graph."""
    torch.manual_seed(0)
    model, samples = build(layers).eval(), torch.randn(4, FEATURES)
    clock = Clock()
    stages: Any = emission
    export, lower, circt = torch.export.export, stages._lower, stages.export_verilog
    torch.export.export = clock.timed("torch.export", export)
    stages._lower = clock.timed("lower", lower)
    # CIRCT runs in a process of its own.
    stages.export_verilog = clock.timed("CIRCT", circt, clock=time.perf_counter)
    try:
        design = xplat.compile(
            model, system, example_inputs=samples[:1], calibration=samples, target_cycles=64, progress=clock.progress
        )
        if emit:
            with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as directory:
                clock.timed("emit", design.emit)(Path(directory) / "hw")
            clock.seconds["emit"] -= clock.seconds["lower"]
    finally:
        torch.export.export, stages._lower, stages.export_verilog = export, lower, circt
    clock.seconds["import"] -= clock.seconds["torch.export"]
    order = ("torch.export", "import", "software passes", "calibrate", "quantize", "map", "dataflow", "lower", "emit")
    return {stage: clock.seconds[stage] for stage in (*order, "CIRCT") if stage in clock.seconds}


def least(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Seconds by stage, the least of both: what else the machine does only adds to them."""
    return {stage: min(seconds, before.get(stage, seconds)) for stage, seconds in after.items()}


def judge(sizes: list[int], runs: dict[int, dict[str, float]]) -> tuple[list[list[object]], list[str]]:
    """A row for each stage, with the ratios from size to size, and what grows too fast."""
    rows: list[list[object]] = []
    faults: list[str] = []
    for stage in runs[sizes[0]]:
        row: list[object] = [stage]
        row.append(f"{runs[sizes[0]][stage]:.2f}")
        for before, size in itertools.pairwise(sizes):
            seconds = runs[size][stage]
            row.append(f"{seconds:.2f}")
            ratio = seconds / max(runs[before][stage], 1e-9)
            judged = stage not in FOREIGN and seconds >= LEAST_SECONDS
            row.append(f"{ratio:.1f}" if judged else f"({ratio:.1f})")
            # A size may be more than four times the one before it.
            if judged and ratio > LIMIT ** math.log(size / before, 4):
                faults.append(f"{stage}: {size} layers take {ratio:.1f} times as long as {before}")
        rows.append(row)
    return rows, faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="25,100,400,1600", help="layers, ascending (25,100,400,1600)")
    parser.add_argument("--shapes", default=",".join(SHAPES), help=f"of {', '.join(SHAPES)}")
    parser.add_argument("--system", default="u250")
    parser.add_argument("--no-emit", action="store_true", help="stop at the design: no hardware is written")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    measure(chain, 4, options.system, emit=not options.no_emit)  # loads what is loaded once
    gc.collect()
    gc.freeze()  # modules of PyTorch are a million objects; whoever is next pays for looking at them
    figures: dict[str, Any] = {"system": options.system, "limit": LIMIT, "shapes": {}}
    faults: list[str] = []
    for shape in options.shapes.split(","):
        runs: dict[int, dict[str, float]] = {size: {} for size in sizes}
        rows: list[list[object]] = []
        found: list[str] = []
        count = 0
        while count < LEAST_RUNS or (found and count < MOST_RUNS):
            for size in sizes:
                seconds = measure(SHAPES[shape], size, options.system, emit=not options.no_emit)
                runs[size] = least(runs[size], seconds)
            count += 1
            rows, found = judge(sizes, runs)
        columns: list[object] = [str(sizes[0])]
        for size in sizes[1:]:
            columns += [str(size), "ratio"]
        print(f"{shape} of linear layers, seconds by number of layers, the least of {count} runs")
        print_table([["stage", *columns], *rows])
        print(flush=True)
        faults += [f"{shape}: {fault}" for fault in found]
        figures["shapes"][shape] = {str(size): seconds for size, seconds in runs.items()}
    figures["conditions"] = conditions()
    print(f"in brackets: not ours, or less than {LEAST_SECONDS} s, and not judged")
    print_conditions(figures["conditions"])
    print(f"figures: {write_json(BUILD / 'bench' / 'growth.json', figures)}")
    for fault in faults:
        print(f"too fast a growth (more than {LIMIT:g}): {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
