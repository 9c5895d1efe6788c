# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the cells say: tables, the benchmark's own check, and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accuracy.cells import Cell, Stage
from accuracy.task import CHECKED_FORMAT, CHECKED_SHARE, Task

Rows = list[list[object]]


def find(cells: Sequence[Cell], number_format: str, stage: Stage) -> Cell | None:
    """The cell of that format and stage, if it was measured."""
    return next((cell for cell in cells if (cell.number_format, cell.stage) == (number_format, stage)), None)


def share_won_back(whole: float, lost: float, tuned: float) -> float | None:
    """Share of the loss `whole - lost` that `tuned` makes good; None when nothing was lost."""
    return (tuned - lost) / (whole - lost) if whole > lost else None


def table(task: Task, cells: Sequence[Cell]) -> Rows:
    """One row a format: bits an element, and each metric as quantized and after fine-tuning."""
    from xplat.formats import parse

    head: list[object] = ["format", "bits"]
    for metric in task.metrics:
        head += [metric.label, "tuned"]
    rows: Rows = [head]
    for name in dict.fromkeys(cell.number_format for cell in cells):
        first = find(cells, name, "float") or find(cells, name, "post-training")
        tuned = find(cells, name, "fine-tuned")
        bits = parse(name).bits_per_element
        row: list[object] = [name, f"{bits:g}" if bits == round(bits, 1) else f"{bits:.2f}"]
        for metric in task.metrics:
            row += [metric.text(cell.figures) if cell is not None else "" for cell in (first, tuned)]
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Verdict:
    """Whether fine-tuning made good enough of what a format loses, in one metric of one task."""

    task: str
    metric: str
    whole: float
    lost: float
    tuned: float

    @property
    def share(self) -> float | None:
        """Share of the loss that was won back; None when nothing was lost."""
        return share_won_back(self.whole, self.lost, self.tuned)

    @property
    def holds(self) -> bool:
        """Whether the share is large enough; where nothing was lost, whether nothing is lost now either."""
        return self.tuned >= self.whole if self.share is None else self.share >= CHECKED_SHARE - 1e-9

    def __str__(self) -> str:
        share = "nothing was lost" if self.share is None else f"{self.share:.0%} of the loss won back"
        outcome = "ok" if self.holds else f"FAILED, expected at least {CHECKED_SHARE:.0%}"
        return (
            f"{self.task} {CHECKED_FORMAT}, {self.metric}: fp32 {self.whole:.3f}, quantized {self.lost:.3f}, "
            f"fine-tuned {self.tuned:.3f}: {share}: {outcome}"
        )


def verdicts(task: Task, cells: Sequence[Cell]) -> list[Verdict]:
    """One for each metric that fine-tuning is held to, when the checked format was measured."""
    whole = find(cells, "fp32", "float")
    lost, tuned = (find(cells, CHECKED_FORMAT, stage) for stage in ("post-training", "fine-tuned"))
    if whole is None or lost is None or tuned is None:
        return []
    return [
        Verdict(task.name, metric.label, *(cell.figures[metric.name] or 0.0 for cell in (whole, lost, tuned)))
        for metric in task.metrics
        if metric.checked
    ]


def note_on_code(cells: Sequence[Cell], code: str) -> str:
    """Says how many cells another state of the code than `code` has measured; empty for none."""
    others = sum(cell.code != code for cell in cells)
    if not others:
        return ""
    return f"{others} of {len(cells)} cells were measured with another state of the code: --force measures them again"


def plot(tasks: Sequence[tuple[Task, Sequence[Cell]]], file: Path) -> Path:
    """A picture with one panel a metric: bars as quantized and after fine-tuning, a line for float."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = [(task, cells, metric) for task, cells in tasks for metric in task.metrics]
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(5.2 * columns, 3.2 * rows), squeeze=False)
    for axis in axes.flat[len(panels) :]:
        axis.set_visible(False)
    for axis, (task, cells, metric) in zip(axes.flat, panels, strict=False):
        names = list(dict.fromkeys(cell.number_format for cell in cells if cell.stage != "float"))
        for offset, stage, colour in ((-0.2, "post-training", "#b8c4d6"), (0.2, "fine-tuned", "#2f6db3")):
            found = [find(cells, name, stage) for name in names]  # type: ignore[arg-type]
            places = [index + offset for index, cell in enumerate(found) if cell is not None]
            heights = [cell.figures[metric.name] or 0.0 for cell in found if cell is not None]
            axis.bar(places, heights, 0.4, color=colour, label=stage)
        whole = find(cells, "fp32", "float")
        limit = whole.figures[metric.name] if whole is not None else None
        if limit is not None:
            axis.axhline(limit, color="#c0392b", linewidth=1, label="fp32")
        axis.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=8)
        axis.set_title(f"{task.title}: {metric.label}", fontsize=9)
        axis.tick_params(axis="y", labelsize=8)
        axis.grid(axis="y", linewidth=0.3)
        axis.set_axisbelow(True)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.4 / figure.get_figheight()))
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="upper center", ncols=3, fontsize=9)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=130)
    pyplot.close(figure)
    return file
