# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long mapping and FIFO depths take beside the import of the same model: `make bench-dataflow`.

The convolutional models of the zoo, with random weights, are mapped at full speed and for a sixteenth of it. For each:
seconds of import, map and dataflow, what share of the import they are, and the bits of all FIFOs. Times are of the
processor (all threads), so that other work on the machine counts little. A model that the library has no kernels for
gets a line that says which are missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

import torch
from common import BUILD, conditions, print_conditions, print_table, write_json
from growth import Clock

import xplat
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of

MODELS = {
    "resnet18": "2xu250",
    "resnet50": "4xu250",
    "mobilenetv2": "u250",
    "mobilenetv3_small": "u250",
    "mobilenetv3_large": "u250",
}
"""Each with a system whose memories hold its weights."""
SHARES = (1, 16)
"""How many times as long as at full speed a sample may take."""


def fifo_bits(design: xplat.Design) -> tuple[int, int]:
    """How many FIFOs the design has, and the bits of all of them."""
    fifos = [op for op in nodes_of(design.mapped) if isinstance(op, xp.FifoOp)]
    return len(fifos), sum(op.depth.value * xp.StreamType(op.result.type).beat_bits for op in fifos)


def measure(name: str, system: str) -> list[dict[str, Any]]:
    """Figures of one model for each share. Raises `XplatError` when it cannot be mapped."""
    spec = xplat.models.get(name)
    torch.manual_seed(0)
    model, inputs = spec.build().eval(), spec.example_inputs()
    clock = Clock()
    graph = xplat.quantize(model, example_inputs=inputs, calibration=inputs, progress=clock.progress)
    imported = clock.seconds["import"]
    found: list[dict[str, Any]] = []
    for share in SHARES:
        clock = Clock()
        target = None if share == 1 else share * found[0]["cycles"]
        design = xplat.compile(graph, system, target_cycles=target, progress=clock.progress)
        fifos, bits = fifo_bits(design)
        found.append(
            {
                "share": share,
                "cycles": design.report().cycles_per_sample,
                "import": imported,
                "map": clock.seconds["map"],
                "dataflow": clock.seconds["dataflow"],
                "fifos": fifos,
                "fifo_bits": bits,
            }
        )
    return found


def row(name: str, system: str, figures: Mapping[str, Any]) -> list[object]:
    seconds = [figures[stage] for stage in ("import", "map", "dataflow")]
    speed = "full" if figures["share"] == 1 else f"1/{figures['share']}"
    ratios = [f"{part / seconds[0]:.2f}" for part in seconds[1:]]
    return [name, system, speed, figures["cycles"], *(f"{part:.2f}" for part in seconds), *ratios, figures["fifos"],
            figures["fifo_bits"]]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-dataflow", description=__doc__)
    parser.add_argument("--models", default=",".join(MODELS), help="of %(default)s")
    names = parser.parse_args().models.split(",")
    if unknown := [name for name in names if name not in MODELS]:
        raise SystemExit(f"no system is given for {', '.join(unknown)}; there are: {', '.join(MODELS)}")
    xplat.import_model(xplat.models.get("mobilenetv2"))  # loads what is loaded once
    rows: list[list[object]] = [
        ["model", "system", "speed", "cycles", "import s", "map s", "dataflow s", "map / import", "dataflow / import",
         "FIFOs", "FIFO bits"]
    ]  # fmt: skip
    refused: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            found[name] = measure(name, MODELS[name])
        except xplat.XplatError as error:
            refused[name] = error.message
            continue
        rows += [row(name, MODELS[name], figures) for figures in found[name]]
    print_table(rows)
    for name, message in refused.items():
        print(f"{name} cannot be mapped: {message.strip().splitlines()[0]}")
    figures = {"models": found, "refused": refused, "conditions": conditions()}
    print_conditions(figures["conditions"])
    print(f"figures: {write_json(BUILD / 'bench' / 'dataflow.json', figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
