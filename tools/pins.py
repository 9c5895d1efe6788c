#!/usr/bin/env python3
"""Prints the pinned packages of pyproject.toml, one a line, for pip.

Needs nothing but Python 3.11. With `--digest`, prints a digest of them instead:
the Makefile installs again when it changes. The group `bench` is not among them
(its packages are data, downloaded by `make bench-accuracy` alone); `--bench`
prints that group.
"""

import argparse
import hashlib
import tomllib
from pathlib import Path


def pins(pyproject: Path, *, bench: bool = False) -> list[str]:
    """Every pin: build, run time, optional tools, tests; torch first. Or those of the group `bench`."""
    config = tomllib.loads(pyproject.read_text())
    groups = dict(config["dependency-groups"])
    data = groups.pop("bench")
    if bench:
        found = list(data)
    else:
        found = list(config["project"]["dependencies"])
        for group in config["project"]["optional-dependencies"].values():
            found += group
        found += config["build-system"]["requires"]
        for group in groups.values():
            found += group
    loose = [pin for pin in found if "==" not in pin]
    if loose:
        raise SystemExit(f"pyproject.toml: expected exact pins but got {', '.join(loose)}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digest", action="store_true", help="print a digest of the pins")
    parser.add_argument("--bench", action="store_true", help="the group `bench` instead of all others")
    arguments = parser.parse_args()
    lines = pins(Path(__file__).resolve().parent.parent / "pyproject.toml", bench=arguments.bench)
    if arguments.digest:
        print(hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16])
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
