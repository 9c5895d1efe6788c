# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The clock that each kernel reaches, at three sizes, beside what it reached before: `make bench-timing`.

Each module, element-wise nodes, and a network that fills most of a small device, are placed and routed by themselves
for an ECP5 (Yosys, nextpnr), without ports of a chip around them, and timed for 7-series before routing (Yosys, delays
of cells and no wires). Between Yosys and nextpnr, registers move into the multipliers and block RAMs beside them, which
Yosys does not do for this family (pack.py). A routed clock of one family is a signal for others, no promise. Figures
are kept in build/timing by the content of the sources, so a second run is quick.

Placement is a search that a seed begins, and its clocks scatter by 10 %: `--seed 1-8` prints the mean of eight, the
slowest and the fastest, and beside the ratio of the means the least ratio of a seed.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

from common import BUILD, ROOT, print_table, write_json

from xplat.support.paths import families_dir

from .cases import CASES, Case
from .designs import DEVICES, ELEMENTWISE, Elementwise, WholeDevice
from .measure import DEVICE, TARGET_MHZ, Timing, measure, tools

BEFORE = Path(__file__).parent / "before.csv"
COLUMNS = ("mhz", "levels", "fan_out", "xc7_ns")
SHARE = 0.6
"""Of the period of a device: what cells alone may take, so that wires have the rest."""


Placements = Mapping[int, Timing]
"""The figures of a case, by the seed of its placement."""


def read_before() -> dict[str, dict[int, dict[str, float]]]:
    """Figures of the stored state, by case and by seed."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    with BEFORE.open() as file:
        for row in csv.DictReader(file):
            found.setdefault(row["case"], {})[int(row["seed"])] = {name: float(row[name]) for name in COLUMNS}
    return found


def write_before(file: Path, found: Mapping[str, Placements]) -> None:
    with file.open("w", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["case", "seed", *COLUMNS])
        for name, placements in found.items():
            for seed, timing in placements.items():
                writer.writerow([name, seed, *(asdict(timing)[column] for column in COLUMNS)])


def promises(family: str) -> dict[str, float]:
    """The devices of a family whose files promise a clock, and that clock in MHz."""
    text = "\n".join(file.read_text() for file in sorted(families_dir().parent.glob("*.mlir")))
    clocks = re.findall(rf"xplat\.device @(\w+) .*family @{family}\s+clock_mhz ([\d.]+)\s+promised", text)
    return {name: float(clock) for name, clock in clocks}


def verdicts(found: Mapping[str, Placements]) -> list[str]:
    """Whether every 7-series path leaves its share of the period that the fastest device promises to wires; whether a
    whole device reaches what its file promises; the longest way from `ready` to `ready`. Seeds have no part in the
    first and the last."""
    device, clock = max(promises("series7").items(), key=lambda entry: entry[1])
    limit = SHARE * 1000 / clock
    longest = {name: slowest(placements).xc7_ns for name, placements in found.items()}
    over = [f"{name} ({delay:.2f} ns)" for name, delay in longest.items() if delay > limit]
    said = f"over it: {', '.join(over)}" if over else f"all of {len(found)} within it"
    lines = [f"7-series: limit {limit:.2f} ns, {SHARE:.0%} of the period of {device} ({clock:g} MHz); {said}"]
    for whole in DEVICES:
        if placements := found.get(whole.name):
            reached, promised = slowest(placements).mhz, promises("ecp5")[whole.device]
            said = "kept" if reached >= promised else "NOT kept"
            lines.append(f"{whole.device}: {promised:g} MHz promised, {reached:.1f} MHz routed at least: {said}")
    ways = {name: slowest(placements).ready_cells for name, placements in found.items()}
    through = [f"{name} ({cells} cells)" for name, cells in ways.items() if cells is not None]
    said = ", ".join(through) if through else f"none in all of {len(found)}"
    return [*lines, f"ways from a `ready` to another without a register: {said}"]


def slowest(placements: Placements) -> Timing:
    return min(placements.values(), key=lambda timing: timing.mhz)


def table(found: Mapping[str, Placements], before: Mapping[str, Mapping[int, Mapping[str, float]]]) -> list[list[str]]:
    """Clocks are means over the seeds; the paths are those of the slowest placement."""
    rows = [["case", "MHz", "from", "to", "before", "ratio", "least", "levels", "path", "fan-out", "before", "net"]]
    rows[0] += ["7-series ns", "before", "ends at"]
    for name, placements in found.items():
        clocks = {seed: timing.mhz for seed, timing in placements.items()}
        stored = before.get(name, {})
        # Means of the same seeds, or none.
        old = {seed: stored[seed] for seed in clocks if seed in stored} if set(clocks) <= set(stored) else {}
        old_clock = fmean(timing["mhz"] for timing in old.values()) if old else 0.0
        first = next(iter(old.values()), {})
        now = slowest(placements)
        rows.append(
            [
                name,
                f"{fmean(clocks.values()):.1f}",
                f"{min(clocks.values()):.1f}",
                f"{max(clocks.values()):.1f}",
                f"{old_clock:.1f}" if old else "–",
                f"{fmean(clocks.values()) / old_clock:.2f}" if old else "–",
                f"{min(clock / old[seed]['mhz'] for seed, clock in clocks.items()):.2f}" if old else "–",
                str(now.levels),
                f"{now.path_from} → {now.path_to}",
                str(now.fan_out),
                f"{first['fan_out']:.0f}" if old else "–",
                now.fan_out_net,
                f"{now.xc7_ns:.2f}",
                f"{first['xc7_ns']:.2f}" if old else "–",
                f"{now.xc7_from} → {now.xc7_to}",
            ]
        )
    return rows


def seeds(text: str) -> list[int]:
    """`3` or `1-8`."""
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise argparse.ArgumentTypeError(f"expected a number or a range such as 1-8, but got '{text}'")
    return list(range(int(match[1]), int(match[2] or match[1]) + 1))


def chosen(words: list[str], *, own_kernels: bool = False) -> list[Case | Elementwise | WholeDevice]:
    """Cases whose names begin with one of the words; all without words. Designs are made of the kernels of xplat, so
    there are none with `own_kernels`."""
    known: list[Case | Elementwise | WholeDevice] = [*CASES]
    if not own_kernels:
        known += [*ELEMENTWISE, *DEVICES]
    cases = [case for case in known if not words or any(case.name.startswith(word) for word in words)]
    if not cases:
        raise SystemExit(f"no case begins with {' or '.join(words)}; there are: {', '.join(c.name for c in known)}")
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-timing", description=__doc__)
    parser.add_argument("--case", action="append", default=[], help="only cases whose names begin so (repeatable)")
    parser.add_argument("--seed", type=seeds, default=[1], help="seed of placement, or several as 1-8 (default: 1)")
    parser.add_argument(
        "--kernels",
        type=Path,
        help="folder of kernels, as hw_kernels; designs, which have those of xplat, are left out",
    )
    parser.add_argument("--path", action="store_true", help="also print the longest routed path of each case")
    parser.add_argument("--write", type=Path, help="also write the figures to this file, as before.csv")
    arguments = parser.parse_args()

    found: dict[str, dict[int, Timing]] = {}
    cases = chosen(arguments.case, own_kernels=arguments.kernels is not None)
    kernels = (arguments.kernels or ROOT / "hw_kernels").resolve()
    for index, case in enumerate(cases, 1):
        start = time.monotonic()
        print(f"[{index}/{len(cases)}] {case.name} …", end=" ", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            sources = case.sources(kernels, Path(scratch))
            found[case.name], known = measure(sources, arguments.seed)
        took = "known" if known else f"{time.monotonic() - start:.0f} s"
        clocks = " ".join(f"{timing.mhz:.1f}" for timing in found[case.name].values())
        print(f"{clocks} MHz ({took})", file=sys.stderr, flush=True)
        if arguments.write:
            write_before(arguments.write, found)
    print_table(table(found, read_before() if BEFORE.exists() else {}))
    if arguments.path:
        for name, placements in found.items():
            path = slowest(placements).path
            print("\n".join(["", f"{name}: arrival, delay and wire before the cell in ns", *path]))
        print()
    print("\n".join(verdicts(found)))
    print(
        f"conditions: {tools()}; {DEVICE}, out of context, target {TARGET_MHZ} MHz, seeds "
        f"{', '.join(map(str, arguments.seed))}; 7-series: synth_xilinx -abc9, delays of cells without wires"
    )
    figures = {
        name: {seed: asdict(timing) for seed, timing in placements.items()} for name, placements in found.items()
    }
    print(write_json(BUILD / "timing.json", {"tools": tools(), "device": DEVICE, "cases": figures}))


if __name__ == "__main__":
    main()
