# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The models of the zoo as hardware: `make bench-zoo-rtl`.

Each model at reduced size, with random weights, in int8 and the transformers in block formats, too, is compiled for one
board and for two, of which neither has room for
the whole, and simulated. A sample may take 2,048 cycles: at full speed there are so many multipliers that building the
simulator takes most of the time. The table says the cycles per sample, predicted and simulated, how many elements of
the samples differ from the reference, and the signal to quantization noise against the float model. Exits with 1 when a
value or a cycle count differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import torch
from common import BUILD, conditions, print_conditions, print_table, sqnr, write_json

import xplat

BOARD = "u250"
BLOCK_FORMATS = ("msfp4", "mxint8")
SHARES = (0.65, 0.8, 0.95)
"""Of what a model takes of one board, what each of two may give it: the first with which it maps."""


@dataclass(frozen=True)
class Row:
    """What became of a model on a system. `elements` were compared; `sqnr_db` is against the float model."""

    model: str
    boards: int
    quantize: str
    kernels: int = 0
    cycles: int = 0
    simulated: int = 0
    elements: int = 0
    differing: int = 0
    sqnr_db: float | None = None
    seconds: float = 0.0
    refused: str = ""

    @property
    def good(self) -> bool:
        """Whether it was simulated, with equal values and the cycles that were predicted."""
        return not self.refused and self.differing == 0 and self.cycles == self.simulated


def formats_of(name: str) -> tuple[str, ...]:
    """The number formats in which a model is measured."""
    is_transformer = xplat.models.get(name).takes_tokens or name.startswith("vit")
    return ("int8", *BLOCK_FORMATS) if is_transformer else ("int8",)


def compiled(name: str, quantize: str, cycles: int, **options: Any) -> xplat.Design:
    """The design of a small model with random weights."""
    spec = xplat.models.get(name)
    torch.manual_seed(0)
    return xplat.compile(
        spec.build_small().eval(),
        example_inputs=spec.small_inputs(),
        calibration=spec.small_inputs(batch=16, seed=1),
        quantize=quantize,
        target_cycles=cycles,
        progress=lambda _: None,
        **options,
    )


def on_two(name: str, quantize: str, cycles: int) -> xplat.Design:
    """The design for two boards, each of which may give less than the whole model takes of one."""
    (board,) = compiled(name, quantize, cycles, system=BOARD).report().devices
    taken = max(board.used[resource] / amount for resource, amount in board.budget.items() if amount)
    refused: list[xplat.XplatError] = []
    for share in SHARES:
        try:
            return compiled(name, quantize, cycles, system=f"2x{BOARD}", max_utilization=share * taken)
        except xplat.XplatError as error:
            refused.append(error)
    raise refused[-1]


def measure(name: str, boards: int, quantize: str, cycles: int, samples: int) -> Row:
    """Compiles and simulates one model."""
    spec = xplat.models.get(name)
    start = time.monotonic()
    try:
        design = on_two(name, quantize, cycles) if boards == 2 else compiled(name, quantize, cycles, system=BOARD)
    except xplat.XplatError as error:
        return Row(name, boards, quantize, refused=str(error).splitlines()[0])
    report = design.report()
    if len({node.device for node in report.nodes if node.device}) != boards:
        return Row(name, boards, quantize, refused="all of it is on one board")
    (x,) = spec.small_inputs(batch=samples, seed=2)
    simulation = design.simulate(x)
    result, expected = simulation.outputs, design.reference(x)
    torch.manual_seed(0)
    with torch.no_grad():
        exact = spec.build_small().eval()(x)
    return Row(
        name,
        boards,
        quantize,
        kernels=len(report.nodes),
        cycles=report.cycles_per_sample,
        simulated=simulation.cycles_per_sample[-1],
        elements=result.numel(),
        differing=int((result != expected).sum()),
        sqnr_db=sqnr(exact, result),
        seconds=round(time.monotonic() - start, 1),
    )


def _decibels(ratio: float | None) -> str:
    return "exact" if ratio is None else f"{ratio:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-zoo-rtl", description=__doc__)
    parser.add_argument("--model", action="append", default=[], help="only models whose names begin so (repeatable)")
    parser.add_argument("--boards", type=int, choices=(1, 2), help="one board or two (default: first one, then two)")
    formats = "number format (repeatable; default: int8, and block formats for transformers)"
    parser.add_argument("--quantize", action="append", help=formats)
    parser.add_argument("--cycles", type=int, default=2048, help="most cycles of a sample (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=4, help="samples of each simulation (default: %(default)s)")
    arguments = parser.parse_args()

    names = [name for name in xplat.models.names() if not arguments.model or name.startswith(tuple(arguments.model))]
    rows: list[Row] = []
    for name in names:
        for quantize in arguments.quantize or formats_of(name):
            for boards in (arguments.boards,) if arguments.boards else (1, 2):
                print(f"{name} in {quantize} on {boards} x {BOARD} …", end=" ", file=sys.stderr, flush=True)
                rows.append(measure(name, boards, quantize, arguments.cycles, arguments.samples))
                print(f"{rows[-1].seconds:.0f} s", file=sys.stderr, flush=True)

    heads = ["model", "formats", "boards", "kernels", "cycles", "simulated", "elements", "differing", "SQNR dB"]
    table: list[list[object]] = [[*heads, "seconds", "refused"]]
    for row in rows:
        found = [
            row.kernels,
            row.cycles,
            row.simulated,
            row.elements,
            row.differing,
            _decibels(row.sqnr_db),
            row.seconds,
        ]
        shown = ["–"] * len(found) if row.refused else found
        table.append([row.model, row.quantize, row.boards, *shown, row.refused])
    print_table(table)
    good = sum(row.good for row in rows)
    print(f"{good} of {len(rows)} equal in every element, with the cycles that were predicted")
    figures = conditions()
    print_conditions(figures)
    print(write_json(BUILD / "zoo_rtl.json", {"conditions": figures, "rows": [asdict(row) for row in rows]}))
    if good != len(rows):
        raise SystemExit("a model is refused, or a value or a cycle count differs")


if __name__ == "__main__":
    main()
