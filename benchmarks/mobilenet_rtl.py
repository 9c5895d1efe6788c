# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MobileNetV2 as hardware, with its real weights: `make bench-mobilenet-rtl`.

The network with ImageNet weights is compiled for fewer cycles per sample than an image has pixels, so that several
pixels are computed in a cycle, and labelled photographs go through the simulated hardware. The table says the cycles,
how many elements of the logits differ from the reference, and the top-1 of hardware, reference and float model. Exits
with 1 when a value or a cycle count differs.
"""

from __future__ import annotations

import argparse
import sys
import time

import torch
from accuracy import datasets
from common import BUILD, conditions, print_conditions, print_table, sqnr, write_json

import xplat
from xplat.models.mobilenet import mobilenetv2

CALIBRATED = 8
"""Photographs that scales are chosen on."""


def top1(logits: torch.Tensor, labels: torch.Tensor) -> int:
    """How many photographs have their label's logit as the largest."""
    return int((logits.argmax(1) == labels).sum())


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-mobilenet-rtl", description=__doc__)
    parser.add_argument("--system", default="2xu250", help="boards (default: %(default)s)")
    parser.add_argument("--cycles", type=int, default=25088, help="most cycles of a sample (default: %(default)s)")
    parser.add_argument("--quantize", default="int8", help="number format (default: %(default)s)")
    parser.add_argument("--photographs", type=int, default=20, help="how many to simulate (default: all %(default)s)")
    arguments = parser.parse_args()

    photographs = datasets.photographs()
    images, labels = photographs.images[: arguments.photographs], photographs.labels[: arguments.photographs]
    model = mobilenetv2().eval()
    model.load_state_dict(datasets.mobilenetv2_weights())
    seconds: dict[str, float] = {}
    start = time.monotonic()

    def lap(what: str) -> None:
        nonlocal start
        seconds[what] = round(time.monotonic() - start, 1)
        start = time.monotonic()
        print(f"{what}: {seconds[what]:.0f} s", file=sys.stderr, flush=True)

    design = xplat.compile(
        model,
        arguments.system,
        example_inputs=images[:1],
        calibration=photographs.images[:CALIBRATED],
        quantize=arguments.quantize,
        target_cycles=arguments.cycles,
    )
    lap("compile")
    report = design.report()
    simulation = design.simulate(images, progress=lambda text: print(text, file=sys.stderr, flush=True))
    lap("build the simulator and simulate")
    reference = design.reference(images)
    with torch.no_grad():
        exact = model(images)
    lap("reference and float model")

    result, pixels = simulation.outputs, images[0, 0].numel()
    simulated = simulation.cycles_per_sample[-1]
    differing = int((result != reference).sum())
    count = len(images)
    table = [
        ["", "value"],
        ["boards", arguments.system],
        ["cycles per sample, predicted", report.cycles_per_sample],
        ["cycles per sample, simulated", simulated],
        ["pixels of the image per cycle", f"{pixels / simulated:.2f}"],
        ["logits that differ from the reference", f"{differing} of {result.numel()}"],
        ["top-1, simulated", f"{top1(result, labels)} of {count}"],
        ["top-1, reference", f"{top1(reference, labels)} of {count}"],
        ["top-1, float", f"{top1(exact, labels)} of {count}"],
        ["SQNR against float, dB", f"{sqnr(exact, result):.1f}"],
    ]
    for device in report.devices:
        used = ", ".join(f"{name} {device.used[name]:,}" for name in device.used if device.used[name])
        table.append([f"use of {device.name} (estimated)", used])
    print_table(table)
    figures = conditions()
    print_conditions(figures)
    print(
        write_json(
            BUILD / "mobilenet_rtl.json",
            {
                "conditions": figures,
                "system": arguments.system,
                "quantize": arguments.quantize,
                "cycles": report.cycles_per_sample,
                "simulated": simulated,
                "differing": differing,
                "elements": result.numel(),
                "top1": {"simulated": top1(result, labels), "float": top1(exact, labels)},
                "photographs": count,
                "seconds": seconds,
            },
        )
    )
    if differing or simulated != report.cycles_per_sample:
        raise SystemExit("a logit or the cycle count differs")


if __name__ == "__main__":
    main()
