# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A picture of a design: the graph of nodes and streams, coloured by device.

Streams run from top to bottom, one layer of the graph a row; inside a row nodes keep near their neighbours.
Forks, FIFOs, width converters and links are drawn small, links with a dashed border, crossings in red. The legend
says this in words, and names every device of the system, those without a node too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of, origins_of
from xplat.support.errors import OutputDirError, ToolMissingError
from xplat.support.text import printable, shortened
from xplat.views.report import Report

LONGEST_NAME = 60
"""Characters of a name in a picture."""

COLOURS = ("#7eb6e8", "#f4b860", "#9bd08b", "#e59aa7", "#b9a3e3", "#8fd3cf", "#d9c58b", "#c0c0c0")


@dataclass(frozen=True)
class _Box:
    """One op: `text` inside, `device` for its colour, `sources` by index, `small` for structure ops."""

    text: str
    device: str
    sources: tuple[int, ...]
    small: bool
    is_link: bool


def _boxes(module: ir.Module) -> list[_Box]:
    ops = nodes_of(module)
    producer = {result: index for index, op in enumerate(ops) for result in op.operation.results}
    origins = origins_of(module)
    boxes = []
    for op in ops:
        read = (origins.get(operand, operand) for operand in op.operation.operands)
        sources = tuple(producer[value] for value in read if value in producer)
        kind = op.operation.name.removeprefix("xplat.")
        structure = isinstance(op, (xp.ForkOp, xp.FifoOp, xp.ConvertStreamOp, xp.LinkOp, xp.CdcOp))
        if isinstance(op, xp.FifoOp):
            text = f"fifo {op.depth.value}"
        elif structure:
            text = f"{kind}\nswitch" if isinstance(op, xp.LinkOp) and op.arrival is not None else kind
        else:
            cycles = f"\n{_counted(op.rate.cycles, 'cycle')}" if op.rate is not None else ""
            text = f"{_label(xp.node_name(op))}\n{kind}{cycles}"
        boxes.append(_Box(text, xp.instance_name(op) or "-", sources, structure, isinstance(op, xp.LinkOp)))
    return boxes


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _label(name: str) -> str:
    """A name of the user's as the picture shows it."""
    return shortened(printable(name), LONGEST_NAME)


def _positions(boxes: list[_Box]) -> list[tuple[float, float]]:
    """Row by the longest path from the inputs, place in the row by the mean of the predecessors'."""
    row: list[int] = []
    for box in boxes:  # ops stand in stream order: sources come first
        row.append(max((row[source] + 1 for source in box.sources), default=0))
    x = [0.0] * len(boxes)
    for depth in range(max(row, default=0) + 1):
        members = [index for index, value in enumerate(row) if value == depth]
        wanted = {
            index: sum(x[source] for source in boxes[index].sources) / max(len(boxes[index].sources), 1)
            for index in members
        }
        # A box that feeds a row further down stands aside, so that its stream passes the boxes between.
        passes = {index: any(index in other.sources and row[other_index] > depth + 1
                             for other_index, other in enumerate(boxes)) for index in members}  # fmt: skip
        members.sort(key=lambda index: (wanted[index], passes[index], index))
        centre = sum(wanted.values()) / len(members)
        for rank, index in enumerate(members):
            x[index] = centre + rank - (len(members) - 1) / 2
            if len(members) == 1 and depth and not passes[index]:
                x[index] = min((x[source] for source in boxes[index].sources), key=abs)
    return [(place, -float(depth)) for place, depth in zip(x, row, strict=True)]


def _legend(boxes: list[_Box], devices: list[str]) -> dict[str, tuple[bool, str]]:
    """For each device of the system whether boxes have its colour, and what that stands for in words."""
    entries = {}
    for device in devices:
        own = [box for box in boxes if box.device == device]
        nodes = sum(not box.small for box in own)
        text = _counted(nodes, "node") if nodes else "no node"
        entries[device] = bool(own), f"{_label(device)}: {text}{', streams pass through' if own and not nodes else ''}"
    return entries


def plot_module(module: ir.Module, report: Report, file: Path) -> Path:
    """Draws a mapped module and figures of its report into `file` (.svg, .png or .pdf).

    Raises `ToolMissingError` without matplotlib.
    """
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
        from matplotlib.lines import Line2D
        from matplotlib.patches import FancyBboxPatch, Patch
    except ImportError:
        raise ToolMissingError("drawing needs matplotlib", hint="pip install 'xplat[plot]'") from None

    boxes = _boxes(module)
    places = _positions(boxes)
    devices = [device.name for device in report.devices]
    colour = {device: COLOURS[index % len(COLOURS)] for index, device in enumerate(devices)}
    left, right = min(x for x, _ in places) - 0.7, max(x for x, _ in places) + 0.7
    rows = 1 - min(y for _, y in places)

    figure, axes = pyplot.subplots(figsize=(max(2.6 * (right - left), 8.0), 0.62 * rows + 1.0))
    sizes = [(0.46, 0.42) if box.small else (0.86, 0.72) for box in boxes]
    for index, box in enumerate(boxes):
        x, y = places[index]
        width, height = sizes[index]
        axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle="round,pad=0.01",
                facecolor=colour[box.device],
                edgecolor="#333333",
                linestyle="--" if box.is_link else "-",
                linewidth=1.5 if box.is_link else 0.8,
                zorder=2,
            )
        )
        axes.text(x, y, box.text, ha="center", va="center", fontsize=6.5, linespacing=1.1, zorder=3, parse_math=False)
        for source in box.sources:
            crossing = boxes[source].device != box.device
            from_x, from_y = places[source]
            # A stream that passes other rows goes straight down first and enters from the side.
            aside = from_y - y > 1 and abs(from_x - x) > width / 2
            side = width / 2 if from_x > x else -width / 2
            axes.annotate(
                "",
                xy=(x + side, y) if aside else (x, y + height / 2),
                xytext=(from_x, from_y - sizes[source][1] / 2),
                arrowprops={
                    "arrowstyle": "-|>",
                    "connectionstyle": "angle,angleA=-90,angleB=0" if aside else "arc3",
                    "color": "#c03030" if crossing else "#555555",
                    "linewidth": 1.6 if crossing else 0.9,
                    "shrinkA": 0,
                    "shrinkB": 0,
                },
                zorder=4,
            )
    reason = shortened(printable(report.bound_reason), 2 * LONGEST_NAME)
    legend = _legend(boxes, devices)
    # matplotlib leaves out labels that begin with an underscore: the names are put in afterwards.
    handles: list[Patch | Line2D] = [
        Patch(facecolor=colour[device] if used else "none", edgecolor="#333333", label="device")
        for device, (used, _) in legend.items()
    ]
    if any(box.is_link for box in boxes):
        handles.append(Patch(facecolor="none", edgecolor="#333333", linestyle="--", label="link, on its sender"))
        handles.append(Line2D([], [], color="#c03030", linewidth=1.6, label="stream to another device"))
    entries = figure.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.1),
        ncols=min(len(handles), 4),
        fontsize=8,
        frameon=False,
    )
    for entry, (_, text) in zip(entries.get_texts(), legend.values(), strict=False):
        entry.set_parse_math(False)
        entry.set_text(text)
    axes.set_title(
        f"{_label(report.system)}: {report.samples_per_second:,.0f} samples/s at {report.clock_mhz:g} MHz\n"
        f"upper bound {report.bound_samples_per_second:,.0f} ({reason})",
        fontsize=9,
        parse_math=False,
    )
    axes.set_xlim(left, right)
    axes.set_ylim(0.6 - rows - 0.1, 0.6)
    axes.axis("off")
    try:
        figure.savefig(file, bbox_inches="tight", dpi=150)
    except OSError as error:
        raise OutputDirError(f"cannot write '{file}': {error.strerror}", hint="choose another file") from None
    except ValueError as error:
        raise OutputDirError(f"cannot draw '{file}': {error}", hint="end the name in .svg, .png or .pdf") from None
    finally:
        pyplot.close(figure)
    return file
