#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Puts the line that names the licence at the head of every source file that lacks it. Run by `make format`.

C++, TableGen, SystemVerilog and Python have it, as the first line or below the line that says what the file is.
`check_rules.py` reports files without it.
"""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
COMMENTS = {".py": "#", ".cpp": "//", ".h": "//", ".td": "//", ".sv": "//", ".svh": "//"}
HEAD = 3
"""Lines of a file that are searched for it."""


def lacks(name: str, text: str) -> bool:
    """Whether a file should have the line and has not."""
    return Path(name).suffix in COMMENTS and bool(text.strip()) and LINE not in "\n".join(text.splitlines()[:HEAD])


def without(text: str) -> str:
    """The text without its licence line."""
    lines = text.splitlines(keepends=True)
    return "".join(line for index, line in enumerate(lines) if index >= HEAD or LINE not in line)


def added(name: str, text: str) -> str:
    """The text with the line: below an interpreter or an LLVM head of one line, above anything else."""
    lines = text.splitlines(keepends=True)
    below = lines[0].startswith(("#!", "//===")) and lines[0].rstrip().endswith(("===//", "python3", "python"))
    return "".join([*lines[:below], f"{COMMENTS[Path(name).suffix]} {LINE}\n", *lines[below:]])


def main() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in COMMENTS and path.is_file() and lacks(name, text := path.read_text()):
            path.write_text(added(name, text))


if __name__ == "__main__":
    main()
