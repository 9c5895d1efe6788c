# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The clock that each kernel reaches, at three sizes, beside what it reached before: `make bench-timing`.

Each module is placed and routed by itself for an ECP5 (Yosys, nextpnr), without ports of a chip around it, and timed
for 7-series before routing (Yosys, delays of cells and no wires). Between Yosys and nextpnr, registers move into the
multipliers and block RAMs beside them, which Yosys does not do for this family (pack.py). A routed clock of one family
is a signal for others, no promise. Figures are kept in build/timing by the content of the sources, so a second run is
quick.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from dataclasses import asdict
from pathlib import Path

from common import BUILD, ROOT, print_table, write_json

from xplat.support.paths import families_dir

from .cases import CASES, Case
from .measure import DEVICE, TARGET_MHZ, Timing, measure, tools

BEFORE = Path(__file__).parent / "before.csv"
COLUMNS = ("mhz", "levels", "fan_out", "xc7_ns")
SHARE = 0.6
"""Of the period of a device: what cells alone may take, so that wires have the rest."""


def read_before() -> dict[str, dict[str, float]]:
    """Figures of the stored state, by case."""
    with BEFORE.open() as file:
        return {row["case"]: {name: float(row[name]) for name in COLUMNS} for row in csv.DictReader(file)}


def write_before(file: Path, found: dict[str, Timing]) -> None:
    with file.open("w", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["case", *COLUMNS])
        writer.writerows([name, *(asdict(timing)[column] for column in COLUMNS)] for name, timing in found.items())


def promise() -> tuple[str, float]:
    """The 7-series device that promises the fastest clock, and that clock in MHz."""
    text = "\n".join(file.read_text() for file in sorted(families_dir().parent.glob("*.mlir")))
    clocks = re.findall(r"xplat\.device @(\w+) .*family @series7 clock_mhz ([\d.]+)", text)
    return max(((name, float(clock)) for name, clock in clocks), key=lambda device: device[1])


def verdict(found: dict[str, Timing]) -> str:
    """Whether every 7-series path leaves its share of the promised period to wires."""
    device, clock = promise()
    limit = SHARE * 1000 / clock
    over = [f"{name} ({timing.xc7_ns:.2f} ns)" for name, timing in found.items() if timing.xc7_ns > limit]
    said = f"over it: {', '.join(over)}" if over else f"all of {len(found)} within it"
    return f"7-series: limit {limit:.2f} ns, {SHARE:.0%} of the period of {device} ({clock:g} MHz); {said}"


def table(found: dict[str, Timing], before: dict[str, dict[str, float]]) -> list[list[str]]:
    rows = [["case", "MHz", "before", "ratio", "levels", "path", "fan-out", "before", "net", "7-series ns", "before"]]
    rows[0] += ["ends at"]
    for name, now in found.items():
        old = before.get(name)
        rows.append(
            [
                name,
                f"{now.mhz:.1f}",
                f"{old['mhz']:.1f}" if old else "–",
                f"{now.mhz / old['mhz']:.2f}" if old else "–",
                str(now.levels),
                f"{now.path_from} → {now.path_to}",
                str(now.fan_out),
                f"{old['fan_out']:.0f}" if old else "–",
                now.fan_out_net,
                f"{now.xc7_ns:.2f}",
                f"{old['xc7_ns']:.2f}" if old else "–",
                f"{now.xc7_from} → {now.xc7_to}",
            ]
        )
    return rows


def chosen(words: list[str]) -> list[Case]:
    """Cases whose names begin with one of the words; all without words."""
    cases = [case for case in CASES if not words or any(case.name.startswith(word) for word in words)]
    if not cases:
        raise SystemExit(f"no case begins with {' or '.join(words)}; there are: {', '.join(c.name for c in CASES)}")
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-timing", description=__doc__)
    parser.add_argument("--case", action="append", default=[], help="only cases whose names begin so (repeatable)")
    parser.add_argument("--seed", type=int, default=1, help="seed of placement (default: %(default)s)")
    parser.add_argument("--kernels", type=Path, default=ROOT / "hw_kernels", help="folder of kernels, as hw_kernels")
    parser.add_argument("--path", action="store_true", help="also print the longest routed path of each case")
    parser.add_argument("--write", type=Path, help="also write the figures to this file, as before.csv")
    arguments = parser.parse_args()

    found: dict[str, Timing] = {}
    cases = chosen(arguments.case)
    for index, case in enumerate(cases, 1):
        start = time.monotonic()
        print(f"[{index}/{len(cases)}] {case.name} …", end=" ", file=sys.stderr, flush=True)
        found[case.name], known = measure(case, arguments.kernels.resolve(), arguments.seed)
        took = "known" if known else f"{time.monotonic() - start:.0f} s"
        print(f"{found[case.name].mhz:.1f} MHz ({took})", file=sys.stderr, flush=True)
        if arguments.write:
            write_before(arguments.write, found)
    print_table(table(found, read_before() if BEFORE.exists() else {}))
    if arguments.path:
        for name, timing in found.items():
            print("\n".join(["", f"{name}: arrival, delay and wire before the cell in ns", *timing.path]))
        print()
    print(verdict(found))
    print(
        f"conditions: {tools()}; {DEVICE}, out of context, target {TARGET_MHZ} MHz, seed {arguments.seed}; 7-series: "
        "synth_xilinx -abc9, delays of cells without wires"
    )
    figures = {name: asdict(timing) for name, timing in found.items()}
    print(write_json(BUILD / "timing.json", {"tools": tools(), "device": DEVICE, "cases": figures}))


if __name__ == "__main__":
    main()
