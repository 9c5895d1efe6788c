# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where kernels come from: the folders that ship with xplat and the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from xplat.mlir.passes import pass_text
from xplat.support.errors import KernelError
from xplat.support.paths import kernels_dir
from xplat.support.versions import FileKind

CONTRACT = "kernel.mlir"
FRAGMENTS = "common/fragments.mlir"
"""Beside the built-in kernels: what contracts include."""
CONTRACT_FILE = FileKind(
    "kernel", version=4, unstated=4, error=KernelError, remedy="write the contract anew: see docs/HowTo/add-a-kernel.md"
)


def contract_files(folder: str | Path) -> list[Path]:
    """Contracts in `folder`: its own, or those of the folders below it.

    Raises `KernelError` when there is none, and for one of a version that this xplat does not read.
    """
    own = Path(folder) / CONTRACT
    found = [own] if own.is_file() else sorted(Path(folder).glob(f"*/{CONTRACT}"))
    if not found:
        raise KernelError(
            f"'{folder}' holds no kernel: expected {CONTRACT} in it or in a folder below it",
            hint="a kernel folder has kernel.mlir beside its rtl/; see docs/HowTo/add-a-kernel.md",
        )
    for file in found:
        CONTRACT_FILE.check_text(file)
    return found


def kernel_files(extra: Sequence[str | Path] = ()) -> list[Path]:
    """Contracts of all kernels: those in the folders `extra`, then the built-in ones with the fragments."""
    own = [file for folder in extra for file in contract_files(folder)]
    return [*own, *contract_files(kernels_dir()), fragments_file()]


def fragments_file() -> Path:
    """The fragments that every contract may include."""
    return kernels_dir() / FRAGMENTS


def link_pass(files: Sequence[Path]) -> str:
    """The pass that puts the symbols of these files beside a network."""
    return pass_text("xplat-link-library", files=files)


def cell_sources(texts: Iterable[str], present: Sequence[Path]) -> list[Path]:
    """Files of xplat's cells that `texts`, SystemVerilog, name and `present` lacks, with what those need in turn.

    So the contract of a user's kernel lists the user's own files alone. A file is called like its module.
    """
    cells = {file.stem: file for file in sorted(kernels_dir().glob("*/rtl/*")) if file.suffix in (".sv", ".svh")}
    have = {file.stem for file in present}
    found: list[Path] = []
    queue = list(texts)
    while queue:
        for name in sorted(set(re.findall(r"\bxplat_\w+", queue.pop())) & cells.keys() - have):
            have.add(name)
            found.append(cells[name])
            queue.append(cells[name].read_text())
    return found
