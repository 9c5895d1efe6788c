# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The files that are synthesized."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sources:
    """What is synthesized: the command that reads it, with `top`; the text of all files; the folder where the command
    runs, any one if None; nextpnr's router."""

    command: str
    top: str
    content: bytes
    folder: Path | None = None
    router: str = "router1"


def files_of(module: str, kernels: Path) -> list[Path]:
    """The files of `module` and of all that it instantiates, the package first."""
    files = {file.stem: file for file in sorted(kernels.glob("*/rtl/*.sv"))}
    found: dict[str, Path] = {}
    wanted = ["xplat_pkg", module]
    while wanted:
        name = wanted.pop(0)
        if name in found or name not in files:
            continue
        found[name] = files[name]
        wanted += re.findall(r"\bxplat_\w+", files[name].read_text())
    return list(found.values())
