# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network trained a minute ago, as hardware on two boards: `make demo`.

Trains a small residual CNN on handwritten digits, quantizes it to int8, maps it to two Zynq Z7020 boards,
simulates test images in RTL, and compares every output element with the integer reference.
"""

from __future__ import annotations

import argparse
import sys
import time

import torch
from common import BUILD, conditions, print_conditions, print_table, write_json
from digits import accuracy, load_digits, train

import xplat
from xplat.support.errors import XplatError
from xplat.support.progress import to_stderr

SYSTEM = "2xz7020"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=120, help="test images to simulate (120)")
    options = parser.parse_args()
    if not 8 <= options.images <= 360:
        parser.error("--images: expected 8 to 360")
    output = BUILD / "demo"
    start = time.perf_counter()

    to_stderr("training …")
    digits = load_digits()
    model = train(digits)
    with torch.no_grad():
        float_logits = model(digits.test_images)
    to_stderr(f"training: {time.perf_counter() - start:.1f} s")

    design = xplat.compile(
        model,
        SYSTEM,
        example_inputs=digits.train_images[:1],
        calibration=digits.train_images[:512],
        quantize="int8",
        progress=to_stderr,
    )
    hardware = design.emit(output / "hardware")
    picture = design.plot(output / "graph.png")
    int8_logits = design.reference(digits.test_images)

    images, labels = digits.test_images[: options.images], digits.test_labels[: options.images]
    simulation = design.simulate(images, progress=to_stderr)
    mismatches = int((simulation.outputs != design.reference(images)).sum())

    report = design.report()
    simulated = sorted(set(simulation.cycles_per_sample))
    exact = simulated == [report.cycles_per_sample]
    seconds = time.perf_counter() - start
    figures = {
        "system": SYSTEM,
        "accuracy": {
            "float": accuracy(float_logits, digits.test_labels),
            "int8": accuracy(int8_logits, digits.test_labels),
            "rtl": accuracy(simulation.outputs, labels),
            "float_images": len(digits.test_labels),
            "rtl_images": len(labels),
        },
        "mismatches": mismatches,
        "compared_elements": simulation.outputs.numel(),
        "predicted_cycles_per_sample": report.cycles_per_sample,
        "simulated_cycles_per_sample": simulated,
        "compile_seconds": dict(design.seconds),
        "seconds": seconds,
        "report": report.to_dict(),
        "files": {"hardware": str(hardware), "picture": str(picture)},
        "conditions": conditions(),
    }
    json_file = write_json(output / "report.json", figures)

    print()
    print(report)
    print()
    rtl_accuracy, int8_accuracy = figures["accuracy"]["rtl"], accuracy(int8_logits[: len(labels)], labels)
    print_table(
        [
            ["accuracy", "images", "correct"],
            ["float (PyTorch)", len(digits.test_labels), f"{figures['accuracy']['float']:.2%}"],
            ["int8 (reference)", len(digits.test_labels), f"{figures['accuracy']['int8']:.2%}"],
            ["int8 (reference)", len(labels), f"{int8_accuracy:.2%}"],
            ["RTL (simulated)", len(labels), f"{rtl_accuracy:.2%}"],
        ]
    )
    print()
    print(f"RTL against integer reference: {mismatches} mismatches in {simulation.outputs.numel():,} elements")
    print(
        f"cycles per sample: predicted {report.cycles_per_sample:,}, simulated "
        f"{', '.join(f'{cycles:,}' for cycles in simulated)} ({'equal' if exact else 'NOT equal'})"
    )
    print(
        f"throughput at {report.clock_mhz:g} MHz: predicted {report.samples_per_second:,.0f}, simulated "
        f"{report.clock_mhz * 1e6 / max(simulated):,.0f} samples/s; upper bound "
        f"{report.bound_samples_per_second:,.0f}, set by {report.bound_kind}: {report.bound_reason}"
    )
    print(f"hardware: {hardware}\npicture:  {picture}\nfigures:  {json_file}")
    print_conditions(figures["conditions"])
    print(f"finished in {seconds:.0f} s")
    return 0 if mismatches == 0 and exact else 3


if __name__ == "__main__":
    try:
        sys.exit(main())
    except XplatError as error:
        sys.exit(f"demo: {error}")
