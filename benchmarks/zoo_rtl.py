# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The models of the zoo as hardware: `make bench-zoo-rtl`.

Each model at reduced size, with random weights, is compiled for one board and for two, and simulated. A sample may take
2,048 cycles: at full speed there are so many multipliers that building the simulator takes most of the time. The table
says the cycles per sample, predicted and simulated, how many elements of the samples differ from the reference, and the
signal to quantization noise against the float model. Exits with 1 when a value or a cycle count differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict, dataclass

import torch
from common import BUILD, conditions, print_conditions, print_table, sqnr, write_json

import xplat

SYSTEMS = ("u250", "2xu250")


@dataclass(frozen=True)
class Row:
    """What became of a model on a system. `elements` were compared; `sqnr_db` is against the float model."""

    model: str
    system: str
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


def measure(name: str, system: str, quantize: str, cycles: int, samples: int) -> Row:
    """Compiles and simulates one model."""
    spec = xplat.models.get(name)
    torch.manual_seed(0)
    model = spec.build_small().eval()
    start = time.monotonic()
    try:
        design = xplat.compile(
            model,
            system,
            example_inputs=spec.small_inputs(),
            calibration=spec.small_inputs(batch=16, seed=1),
            quantize=quantize,
            target_cycles=cycles,
            progress=lambda _: None,
        )
    except xplat.XplatError as error:
        return Row(name, system, quantize, refused=str(error).splitlines()[0])
    (x,) = spec.small_inputs(batch=samples, seed=2)
    simulation = design.simulate(x)
    result, expected = simulation.outputs, design.reference(x)
    report = design.report()
    with torch.no_grad():
        exact = model(x)
    return Row(
        name,
        system,
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
    parser.add_argument("--system", action="append", default=[], help=f"systems (default: {' and '.join(SYSTEMS)})")
    parser.add_argument("--quantize", default="int8", help="number format (default: %(default)s)")
    parser.add_argument("--cycles", type=int, default=2048, help="most cycles of a sample (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=4, help="samples of each simulation (default: %(default)s)")
    arguments = parser.parse_args()

    names = [name for name in xplat.models.names() if not arguments.model or name.startswith(tuple(arguments.model))]
    rows: list[Row] = []
    for name in names:
        for system in arguments.system or SYSTEMS:
            print(f"{name} on {system} …", end=" ", file=sys.stderr, flush=True)
            rows.append(measure(name, system, arguments.quantize, arguments.cycles, arguments.samples))
            print(f"{rows[-1].seconds:.0f} s", file=sys.stderr, flush=True)

    table: list[list[object]] = [
        ["model", "system", "kernels", "cycles", "simulated", "elements", "differing", "SQNR dB", "seconds", "refused"]
    ]
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
        table.append([row.model, row.system, *(["–"] * len(found) if row.refused else found), row.refused])
    print_table(table)
    good = sum(row.good for row in rows)
    print(f"{good} of {len(rows)} equal in every element, with the cycles that were predicted; {arguments.quantize}")
    figures = conditions()
    print_conditions(figures)
    print(write_json(BUILD / "zoo_rtl.json", {"conditions": figures, "rows": [asdict(row) for row in rows]}))
    if good != len(rows):
        raise SystemExit("a model is refused, or a value or a cycle count differs")


if __name__ == "__main__":
    main()
