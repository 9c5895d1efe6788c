# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What element-wise nodes take, by Yosys and by their contracts: `python test/kernels/elementwise_area.py` measures
`elementwise.csv` again and prints both.

A row is a design of one node, two elements a beat, on a device of a family. The reset tree of the device and the gates
at its ports are in what Yosys counts: three flip-flops and a LUT for each stream.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from area import FAMILIES, count_cells
from torch import Tensor

import xplat
from xplat.testing.networks import Function

FILE = Path(__file__).with_name("elementwise.csv")
DEVICES = {"ecp5": "ulx3s", "series7": "z7020"}
FUNCTIONS: dict[str, tuple[int, Callable[..., Tensor]]] = {
    "x+y": (2, lambda x, y: x + y),
    "relu(x+y)": (2, lambda x, y: torch.relu(x + y)),
    "max(x,y)": (2, torch.maximum),
    "x*y": (2, lambda x, y: x * y),
    "relu(x)*y+x": (2, lambda x, y: torch.relu(x) * y + x),
    "x*x*y+relu(x-y)": (2, lambda x, y: x * x * y + torch.relu(x - y)),
    "min(|x|-y,z)*z": (3, lambda x, y, z: torch.minimum(x.abs() - y, z) * z),
}
"""By name: the number of operands, and the function."""
FORMATS = ("int8", "int16")
RESOURCES = ("lut", "ff", "multipliers")
MULTIPLIERS = {"ecp5": "mult18", "series7": "dsp"}


@dataclass(frozen=True)
class Node:
    """A row of the table, or one to be."""

    family: str
    function: str
    formats: str

    def __str__(self) -> str:
        return f"{self.family} {self.function} {self.formats}"

    @cached_property
    def design(self) -> xplat.Design:
        torch.manual_seed(0)
        operands, function = FUNCTIONS[self.function]
        samples = tuple(torch.randn(64, 2) for _ in range(operands))
        return xplat.compile(
            Function(function).eval(),
            DEVICES[self.family],
            example_inputs=tuple(sample[:1] for sample in samples),
            calibration=samples,
            quantize=self.formats,
        )

    def _columns(self, counts: dict[str, int]) -> dict[str, int]:
        return {
            "lut": counts["lut"],
            "ff": counts["ff"],
            "multipliers": counts.get(MULTIPLIERS[self.family], 0),
        }

    def predicted(self) -> dict[str, int]:
        (node,) = (node for node in self.design.report().nodes if node.op not in ("host_input", "host_output"))
        return self._columns(dict(node.area))

    def measure(self) -> dict[str, int]:
        with tempfile.TemporaryDirectory() as scratch:
            emitted = self.design.emit(Path(scratch) / "hardware")
            (top,) = self.design.report().devices
            generated = sorted((emitted / "rtl").glob("*.sv"))
            synthesis = FAMILIES[self.family]
            counts, _ = count_cells(top.name, {}, synthesis, command=synthesis.command, more=generated)
        return self._columns(counts)


def nodes() -> Iterator[Node]:
    for family in DEVICES:
        for function in FUNCTIONS:
            for formats in FORMATS:
                yield Node(family, function, formats)


def table() -> list[tuple[Node, dict[str, int]]]:
    """The rows, with what was measured."""
    with FILE.open() as file:
        return [
            (Node(row["family"], row["function"], row["formats"]), {name: int(row[name]) for name in RESOURCES})
            for row in csv.DictReader(file)
        ]


def main() -> None:
    rows = []
    for node in nodes():
        measured, predicted = node.measure(), node.predicted()
        rows.append([node.family, node.function, node.formats, *measured.values()])
        print(node, *(f"{name} {measured[name]} (stated {predicted[name]})" for name in RESOURCES), flush=True)
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "function", "formats", *RESOURCES])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
