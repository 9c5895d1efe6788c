#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Changes `.mlir` files at random and runs xplat-opt on them: `make fuzz`, or `python tools/fuzz --count 20000`.

The inputs are the compiler tests, the devices and the kernel contracts. Each is
changed in one to four places (`mutate.py`) and run with the options of its own
test or of another one. Changed inputs that share their options run in one process; when it crashes
or hangs, halves of them run again until the guilty one is found (`campaign.py`).
It is made smaller (`minimise.py`) and kept in `build/fuzz`, with the stack
beside it. Equal crashes are kept once.

Crashes whose stack has no frame of xplat are upstream's. They are listed, and
the known ones are named. Status 1 when there is a crash of ours.

The same seed, count and batch give the same inputs. What was found and mended is
kept as a test in `test/lit/Found`, where its first line runs it.
"""

import argparse
import sys
from pathlib import Path

from campaign import Campaign, Finding
from inputs import ROOT, read_inputs
from minimise import minimise
from runner import Runner

SANITIZE = ROOT / "build-sanitize" / "bin" / "xplat-opt"


def keep(folder: Path, finding: Finding, small: str) -> Path:
    """Writes a finding as a lit test, with what the process said beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{finding.outcome.owner}-{finding.outcome.digest}.mlir"
    options = " ".join(f'"{option}"' if set(option) & set(" ,;<>") else option for option in finding.options)
    options = options.replace(str(ROOT / "test" / "lit"), "%S/..")
    path.write_text(f"// RUN: not xplat-opt {options} %s 2>&1 | FileCheck %s\n// CHECK: error:\n\n{small}")
    path.with_suffix(".full.mlir").write_text(finding.text)
    path.with_suffix(".txt").write_text(finding.outcome.output)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, metavar="N", help="inputs to try (default: 2000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="start of the random numbers (default: 0)")
    parser.add_argument("--batch", type=int, default=50, metavar="N", help="inputs in one process (default: 50)")
    parser.add_argument("--seconds", type=float, default=20, metavar="S", help="limit for a process (default: 20)")
    parser.add_argument("--opt", type=Path, metavar="FILE", help="xplat-opt to run (default: that of build)")
    parser.add_argument("--sanitize", action="store_true", help="run the one with sanitizers (`make fuzz` builds it)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only inputs whose path has this text in it")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "fuzz", metavar="DIR", help="where findings go")
    arguments = parser.parse_args()
    if arguments.count < 1 or arguments.batch < 1 or arguments.seconds <= 0:
        parser.error("--count, --batch and --seconds must be positive")
    program = arguments.opt or (SANITIZE if arguments.sanitize else ROOT / "build" / "bin" / "xplat-opt")
    if not program.is_file():
        parser.error(f"no xplat-opt at '{program}'; build it with make")
    inputs = [item for item in read_inputs() if arguments.only in str(item.path)]
    if not inputs:
        parser.error(f"no input has '{arguments.only}' in its path")

    runner = Runner(program, seconds=arguments.seconds)
    campaign = Campaign(inputs, runner, seed=arguments.seed, batch=arguments.batch)
    print(f"{len(inputs)} inputs, {len(campaign.groups)} sets of options, {arguments.count} changed inputs", flush=True)
    ours = 0
    theirs = 0
    for finding in campaign.run(arguments.count):
        small = minimise(finding.text, finding.options, finding.outcome, runner)
        path = keep(arguments.out, finding, small)
        ours += finding.outcome.owner == "xplat"
        theirs += finding.outcome.owner != "xplat"
        print(f"{finding.outcome}: from {finding.path}; kept in {path}", flush=True)
    print(f"{campaign.done} inputs, {campaign.crashes} crashes: {ours} different ones of xplat, {theirs} of upstream")
    sys.exit(1 if ours else 0)


if __name__ == "__main__":
    main()
