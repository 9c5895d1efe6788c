#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the suites of xplat and ends with one line: `N passed, N failed, N skipped`.

Suites, in this order: `lit` (compiler), `pytest` (Python and kernels), `checks`
(style, types and rules). A suite that fails does not keep the others from running.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
BIN = Path(sys.executable).parent
LIT_OUTCOMES = {"PASS": "passed", "XFAIL": "passed", "UNSUPPORTED": "skipped", "EXCLUDED": "skipped"}
CPP = ("*.cpp", "*.h")
CORES = os.cpu_count() or 1


def run(command: list[str], **environment: str) -> int:
    """Runs a command in the repository; its output goes to the screen."""
    sys.stdout.flush()
    # The tests start about a hundred Python processes: each would compile our sources again.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=ROOT, env=inherited | environment, stdin=subprocess.DEVNULL).returncode


def count_status(status: int, counts: Counter[str]) -> Counter[str]:
    """`counts`, with a failure for a command that failed without a failed test."""
    if status and not counts["failed"]:
        counts["failed"] += 1
    return counts


def lit(long: bool) -> Counter[str]:
    """Compiler tests: test/lit."""
    report = BUILD / "lit.json"
    report.unlink(missing_ok=True)
    status = run([str(BIN / "lit"), "-q", f"-j{CORES}", "-o", str(report), "test/lit"])
    counts: Counter[str] = Counter()
    if report.exists():
        for test in json.loads(report.read_text())["tests"]:
            counts[LIT_OUTCOMES.get(test["code"], "failed")] += 1
    return count_status(status, counts)


def pytest(long: bool) -> Counter[str]:
    """Python tests: test/python and test/kernels."""
    report = BUILD / "pytest.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--durations=8", f"--junitxml={report}"]
    if not long:
        command += ["-m", "not long"]
    if CORES > 1:
        command += [f"-n{CORES}", "--dist=worksteal"]
    # One thread for each of the workers.
    status = run(command, OMP_NUM_THREADS="1")
    counts: Counter[str] = Counter()
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            counts += Counter(failed=failed, skipped=skipped, passed=int(suite.get("tests", 0)) - failed - skipped)
    return count_status(status, counts)


def checks(long: bool) -> Counter[str]:
    """Style and types of the sources, rules of the project."""
    sources = ["python", "test", "tools", "benchmarks", "hw_kernels", "examples"]
    cpp = subprocess.run(["git", "ls-files", *CPP], cwd=ROOT, capture_output=True, text=True, check=True)
    commands = [
        [str(BIN / "ruff"), "check", "--quiet", *sources],
        [str(BIN / "ruff"), "format", "--quiet", "--check", *sources],
        [str(BIN / "clang-format"), "--dry-run", "--Werror", *cpp.stdout.split()],
        [str(BIN / "mypy")],
        [sys.executable, str(ROOT / "tools" / "check_rules.py")],
    ]
    counts: Counter[str] = Counter()
    for command in commands:
        counts["failed" if run(command) else "passed"] += 1
    return counts


SUITES: dict[str, Callable[[bool], Counter[str]]] = {"lit": lit, "pytest": pytest, "checks": checks}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="run the long tests too")
    parser.add_argument("--only", choices=SUITES, help="run one suite")
    arguments = parser.parse_args()

    total: Counter[str] = Counter()
    for name in [arguments.only] if arguments.only else SUITES:
        print(f"== {name}", flush=True)
        start = time.monotonic()
        counts = SUITES[name](arguments.long)
        seconds = time.monotonic() - start
        print(f"== {name}: {counts['passed']} ok, {counts['failed']} wrong, {seconds:.0f} s", flush=True)
        total += counts
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    sys.exit(1 if total["failed"] or not total["passed"] else 0)


if __name__ == "__main__":
    main()
