"""A picture of a design: the graph of nodes and streams, coloured by device.

Layers run left to right in stream order; inside a layer nodes keep near their neighbours. Forks, FIFOs,
width converters and links are drawn small, links with a dashed border.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xplat.dialects import xplat as xp
from xplat.errors import OutputDirError, ToolMissing
from xplat.report import instance_name, nodes_of

if TYPE_CHECKING:
    from xplat.design import Design

COLOURS = ("#7eb6e8", "#f4b860", "#9bd08b", "#e59aa7", "#b9a3e3", "#8fd3cf", "#d9c58b", "#c0c0c0")


@dataclass(frozen=True)
class _Box:
    """One op: `text` inside, `device` for its colour, `sources` by index, `small` for structure ops."""

    text: str
    device: str
    sources: tuple[int, ...]
    small: bool
    is_link: bool


def _boxes(design: Design) -> list[_Box]:
    ops = nodes_of(design.module)
    producer = {result: index for index, op in enumerate(ops) for result in op.operation.results}
    boxes = []
    for op in ops:
        sources = tuple(producer[operand] for operand in op.operation.operands if operand in producer)
        kind = op.operation.name.removeprefix("xplat.")
        structure = isinstance(op, (xp.ForkOp, xp.FifoOp, xp.RewidthOp, xp.LinkOp))
        if isinstance(op, xp.FifoOp):
            text = f"fifo {op.depth.value}"
        elif structure:
            text = kind
        else:
            cycles = f"\n{op.rate.cycles:,} cycles" if op.rate is not None else ""
            text = f"{xp.node_name(op)}\n{kind}{cycles}"
        boxes.append(_Box(text, instance_name(op.place), sources, structure, isinstance(op, xp.LinkOp)))
    return boxes


def _positions(boxes: list[_Box]) -> list[tuple[float, float]]:
    """Layer by longest path from the inputs, place in the layer by the mean of the predecessors."""
    layer: list[int] = []
    for box in boxes:  # ops stand in stream order: sources come first
        layer.append(max((layer[source] + 1 for source in box.sources), default=0))
    y = [0.0] * len(boxes)
    for depth in range(max(layer, default=0) + 1):
        members = [index for index, value in enumerate(layer) if value == depth]
        wanted = {
            index: sum(y[source] for source in boxes[index].sources) / max(len(boxes[index].sources), 1)
            for index in members
        }
        members.sort(key=lambda index: (wanted[index], index))
        centre = sum(wanted.values()) / len(members)
        for rank, index in enumerate(members):
            y[index] = centre + rank - (len(members) - 1) / 2
    return [(float(depth), height) for depth, height in zip(layer, y, strict=True)]


def plot_design(design: Design, file: Path) -> Path:
    """Draws `design` into `file` (.svg, .png or .pdf). Raises `ToolMissing` without matplotlib."""
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
        from matplotlib.patches import FancyBboxPatch, Patch
    except ImportError:
        raise ToolMissing("drawing needs matplotlib", hint="pip install 'xplat[plot]'") from None

    boxes = _boxes(design)
    # Wrap the long left-to-right chain into rows so that the picture fits a screen.
    positions = _positions(boxes)
    per_row = 8
    heights = [y for _, y in positions]
    row_height = max(heights) - min(heights) + 2.2
    places = [(x % per_row, -(x // per_row) * row_height - y) for x, y in positions]
    devices = sorted({box.device for box in boxes})
    colour = {device: COLOURS[index % len(COLOURS)] for index, device in enumerate(devices)}

    rows = int(max(x for x, _ in positions) // per_row) + 1
    figure, axes = pyplot.subplots(figsize=(2.0 * per_row, 1.25 * rows * row_height + 1.0))
    for index, box in enumerate(boxes):
        x, y = places[index]
        width, height = (0.5, 0.36) if box.small else (0.84, 0.72)
        axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - height / 2),
                width,
                height,
                boxstyle="round,pad=0.02",
                facecolor=colour[box.device],
                edgecolor="#333333",
                linestyle="--" if box.is_link else "-",
                linewidth=1.5 if box.is_link else 0.8,
                zorder=2,
            )
        )
        axes.text(x, y, box.text, ha="center", va="center", fontsize=6.5 if box.small else 7, zorder=3)
        for source in box.sources:
            crossing = boxes[source].device != box.device
            axes.annotate(
                "",
                xy=(x - width / 2, y),
                xytext=(places[source][0] + (0.25 if boxes[source].small else 0.42), places[source][1]),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": "#c03030" if crossing else "#555555",
                    "linewidth": 1.4 if crossing else 0.9,
                    "connectionstyle": "arc3,rad=0.0",
                },
                zorder=1,
            )
    report = design.report()
    axes.legend(
        handles=[Patch(facecolor=colour[device], edgecolor="#333333", label=device) for device in devices],
        loc="upper right",
        bbox_to_anchor=(1.0, 1.06),
        ncols=len(devices),
        frameon=False,
    )
    axes.set_title(
        f"{report.system}: {report.samples_per_second:,.0f} samples/s at {report.clock_mhz:g} MHz, "
        f"bound {report.bound_samples_per_second:,.0f} ({report.bound_reason})",
        loc="left",
        fontsize=9,
    )
    axes.set_xlim(-0.7, per_row - 0.3)
    axes.set_ylim(min(y for _, y in places) - 0.8, max(y for _, y in places) + 0.8)
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
