# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Imports all models of the zoo, without their weights: time, peak memory, size of the IR, work, round trip.

    make bench-import

Every model has a process of its own, one after another, so that its peak memory is its own. Ends with status 1
when an import fails, when text and back is not identical, or when a limit is exceeded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common import BUILD, conditions, print_conditions, print_table, write_json

SECONDS = 20.0
"""Limit for one import, with loading packages and building the model."""
MEBIBYTES = {"opt-1.3b": 2048.0}
"""Limits of peak memory of the process."""
IR_BYTES = {"bert-large": 2_000_000}
"""Limits of the text of the IR with locations."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one model."""

    name: str
    seconds: float
    cpu_seconds: float
    """Of all threads; less than `seconds` when other programs run."""
    peak_mib: float
    nodes: int
    fallbacks: int
    """Nodes that hold an operation of PyTorch that xplat has no op of its own for."""
    ir_bytes: int
    parameters: int
    gflops: float
    """2 x multiply-accumulates."""
    counted_gflops: float
    """Counted as the published figure is; `gflops` where there is none."""
    published_gflops: float | None
    published_parameters_m: float | None
    counting: str | None
    """What the published count of operations includes."""
    identical: bool


def measure(name: str) -> Figures:
    """Imports one model in this process."""
    import resource

    start, start_cpu = time.monotonic(), time.process_time()
    from xplat import ir, models
    from xplat.dialects import xplat as xp
    from xplat.frontend import import_model
    from xplat.frontend.check.summary import summarize
    from xplat.mlir import nodes_of, text_of

    spec = models.get(name)
    graph = import_model(spec)
    seconds, cpu_seconds = time.monotonic() - start, time.process_time() - start_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    summary = summarize(graph)
    text = text_of(graph.module)
    again = text_of(ir.Module.parse(text, graph.module.context))
    published = spec.published
    counted_nodes = published.counted_nodes if published else ()
    return Figures(
        name=name,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        peak_mib=peak,
        nodes=sum(summary.nodes.values()),
        fallbacks=sum(isinstance(op, xp.AtenOp) for op in nodes_of(graph.module)),
        ir_bytes=summary.ir_bytes,
        parameters=summary.parameters,
        gflops=summary.gflops,
        counted_gflops=summary.gflops_with(counted_nodes),
        published_gflops=published.gflops if published else None,
        published_parameters_m=published.parameters_m if published else None,
        counting=published.counting if published else None,
        identical=text == again,
    )


def broken_limits(figures: Figures) -> list[str]:
    """What is worse than it may be."""
    found = []
    if figures.seconds > SECONDS:
        found.append(f"{figures.name}: {figures.seconds:.1f} s ({figures.cpu_seconds:.1f} of CPU), limit {SECONDS:g} s")
    if figures.peak_mib > MEBIBYTES.get(figures.name, float("inf")):
        found.append(f"{figures.name}: {figures.peak_mib:.0f} MiB, limit {MEBIBYTES[figures.name]:g} MiB")
    if figures.ir_bytes > IR_BYTES.get(figures.name, float("inf")):
        found.append(f"{figures.name}: IR of {figures.ir_bytes} bytes, limit {IR_BYTES[figures.name]}")
    if not figures.identical:
        found.append(f"{figures.name}: the graph is another one after text and back")
    return found


def run_all(names: list[str]) -> tuple[list[Figures], list[str]]:
    """Figures of every model that could be imported, and what went wrong."""
    measured, problems = [], []
    for name in names:
        print(f"import {name}", file=sys.stderr)
        command = [sys.executable, __file__, "--one", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            problems.append(f"{name}: import failed with status {done.returncode}:\n{done.stderr.rstrip()}")
            continue
        figures = Figures(**json.loads(done.stdout.splitlines()[-1]))
        measured.append(figures)
        problems += broken_limits(figures)
    return measured, problems


def show(measured: list[Figures]) -> None:
    """The table."""
    head = (
        "model",
        "s",
        "CPU s",
        "peak MiB",
        "nodes",
        "fallback",
        "IR kB",
        "params M",
        "paper",
        "GFLOPs",
        "counted",
        "paper",
        "ratio",
    )
    rows: list[tuple[object, ...]] = [head]
    for f in measured:
        paper = f.published_gflops
        rows.append(
            (
                f.name,
                f"{f.seconds:.1f}",
                f"{f.cpu_seconds:.1f}",
                f"{f.peak_mib:.0f}",
                f.nodes,
                f.fallbacks,
                f"{f.ir_bytes / 1e3:.0f}",
                f"{f.parameters / 1e6:.2f}",
                "" if f.published_parameters_m is None else f"{f.published_parameters_m:g}",
                f"{f.gflops:.4g}",
                "" if paper is None else f"{f.counted_gflops:.4g}",
                "" if paper is None else f"{paper:g}",
                "" if paper is None else f"{f.counted_gflops / paper:.3f}",
            )
        )
    print_table(rows)


def plot(measured: list[Figures], file: Path) -> Path:
    """Time, peak memory and size of the IR of each model."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    series: list[tuple[str, list[float], float | None]] = [
        ("seconds", [f.seconds for f in measured], SECONDS),
        ("peak memory, MiB", [f.peak_mib for f in measured], None),
        ("IR, kB of text", [f.ir_bytes / 1e3 for f in measured], None),
    ]
    figure, axes = pyplot.subplots(1, len(series), figsize=(12, 0.3 * len(measured) + 1.2), sharey=True)
    for axis, (label, values, limit) in zip(axes, series, strict=True):
        bars = axis.barh([f.name for f in measured], values, color="#4878a8")
        axis.bar_label(bars, fmt="%.3g", padding=2, fontsize=8)
        axis.set_xlabel(label)
        axis.set_xlim(0, 1.15 * max([*values, limit or 0]))
        if limit is not None:
            axis.axvline(limit, color="#b03030", linestyle="--", linewidth=1)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].invert_yaxis()
    figure.suptitle("Import without weights, each model in a process of its own")
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120)
    return file


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", help="names of models; all when none is given")
    parser.add_argument("--one", metavar="NAME", help="measure one model in this process and print JSON")
    options = parser.parse_args()
    if options.one:
        from xplat.support.errors import XplatError

        try:
            print(json.dumps(asdict(measure(options.one))))
        except XplatError as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    from xplat import models

    names = [models.get(name).name for name in options.models] or list(models.names())
    measured, problems = run_all(names)
    figures: dict[str, Any] = {"models": [asdict(item) for item in measured], "conditions": conditions()}
    if measured:
        show(measured)
        print_conditions(figures["conditions"])
        print("GFLOPs: 2 x multiply-accumulates of one sample; params: elements; paper: MASE, Table V")
        print("counted: GFLOPs as the paper seems to count, which does not say; its figures come out with")
        for counting in dict.fromkeys(f.counting for f in measured if f.counting):
            print(f"  {', '.join(f.name for f in measured if f.counting == counting)}: {counting}")
        # A part of the table does not replace the whole one.
        stem = "-".join(["import", *(names if options.models else ())])
        print(f"figures in {write_json(BUILD / 'bench' / f'{stem}.json', figures)}")
        print(f"plot in {plot(measured, BUILD / 'bench' / f'{stem}.png')}")
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
