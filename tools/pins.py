#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the pinned packages of requirements.lock, one a line, for pip.

Needs nothing but Python 3.11. With `--digest`, prints a digest of them instead:
the Makefile installs again when it changes. The group `bench` of pyproject.toml
is not among them (its packages are data, downloaded by `make bench-accuracy`
alone); `--bench` prints that group.

pyproject.toml and the lock must name the same packages.
"""

import argparse
import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def name_of(requirement: str) -> str:
    """The package that a requirement is about, as registries compare names."""
    return re.split(r"[=<>~! ;\[]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def requirements(pyproject: Path) -> tuple[list[str], list[str]]:
    """What pyproject.toml asks for: to build, run, test and check; and the group `bench`."""
    config = tomllib.loads(pyproject.read_text())
    groups = dict(config["dependency-groups"])
    bench = groups.pop("bench")
    found = [*config["build-system"]["requires"], *config["project"]["dependencies"]]
    for group in (*config["project"]["optional-dependencies"].values(), *groups.values()):
        found += group
    return found, bench


def read_lock(lock: Path) -> dict[str, str]:
    """Pins by name, in the order of the file."""
    lines = [line.split("#")[0].strip() for line in lock.read_text().splitlines()]
    pins = [line for line in lines if line]
    loose = [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+]+", pin)]
    if loose:
        raise SystemExit(f"{lock.name}: expected NAME==VERSION but got {', '.join(loose)}")
    names = [name_of(pin) for pin in pins]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SystemExit(f"{lock.name}: expected one version of each package but got several of {', '.join(twice)}")
    return dict(zip(names, pins, strict=True))


def pins(root: Path = ROOT, *, bench: bool = False) -> list[str]:
    """The pins of the group `bench`, or all others."""
    lock = read_lock(root / "requirements.lock")
    wanted, data = ({name_of(item) for item in group} for group in requirements(root / "pyproject.toml"))
    if missing := sorted((wanted | data) - set(lock)):
        raise SystemExit(f"requirements.lock: no version of {', '.join(missing)}, which pyproject.toml names")
    if extra := sorted(set(lock) - wanted - data):
        raise SystemExit(f"pyproject.toml: does not name {', '.join(extra)}, which requirements.lock pins")
    return [pin for name, pin in lock.items() if (name in data) == bench]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digest", action="store_true", help="print a digest of the pins")
    parser.add_argument("--bench", action="store_true", help="the group `bench` instead of all others")
    arguments = parser.parse_args()
    lines = pins(bench=arguments.bench)
    if arguments.digest:
        print(hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16])
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
