# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long `xplat.compile` takes on the demo network, by stage: `make bench-compile`."""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from common import BUILD, conditions, print_conditions, print_table, write_json
from digits import load_digits

import xplat
from xplat.testing.networks import ResidualCnn, settle_batch_norm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs after one warm-up (5)")
    parser.add_argument("--system", default="2xz7020")
    options = parser.parse_args()
    images = load_digits().train_images
    model = settle_batch_norm(ResidualCnn(), images[:256])

    runs: list[dict[str, float]] = []
    for index in range(options.runs + 1):
        start = time.perf_counter()
        design = xplat.compile(model, options.system, example_inputs=images[:1], calibration=images[:512])
        seconds = {**design.seconds, "total": time.perf_counter() - start}
        if index:  # the first run also loads torch.export and warms caches
            runs.append(seconds)
        else:
            first = seconds
    rows: list[list[object]] = [["stage", "median s", "min s", "max s", "first run s", "share"]]
    medians = {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}
    for stage, median in medians.items():
        values = [run[stage] for run in runs]
        rows.append([stage, f"{median:.3f}", f"{min(values):.3f}", f"{max(values):.3f}", f"{first[stage]:.3f}",
                     f"{median / medians['total']:.0%}"])  # fmt: skip
    print_table(rows)
    figures = {
        "system": options.system,
        "network": "ResidualCnn",
        "runs": options.runs,
        "median_seconds": medians,
        "first_run_seconds": first,
        "all_runs": runs,
        "conditions": conditions(),
    }
    print_conditions(figures["conditions"])
    print(f"figures: {write_json(BUILD / 'bench' / 'compile.json', figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
