# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The SystemVerilog of kernels: which files a design needs, from where, in which order.

A contract lists the files of its kernel relative to its own folder. Cells that the RTL of a kernel or the lowering
itself instantiates (memories, cables) are found among the kernels that ship with xplat (`cell_sources`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.support.errors import KernelError
from xplat.support.text import file_name


def contract_folder(kernel: xp.KernelOp) -> Path:
    """Folder of the file that a contract was read from. Raises `KernelError` when it is unknown."""
    location = kernel.location
    while not location.is_a_file():
        if location.is_a_name():
            location = location.child_loc
        elif location.is_a_fused() and location.locations:
            location = location.locations[0]
        else:
            raise KernelError(
                f"the file that kernel '{kernel.sym_name.value}' was read from is unknown",
                hint="read contracts with xplat-link-library, and keep locations when the IR is written out",
            )
    return Path(location.filename).parent


def kernel_sources(kernels: Iterable[xp.KernelOp]) -> list[Path]:
    """RTL files of the kernels. Raises `KernelError` for a folder or a file that is not there."""
    found: dict[Path, None] = {}
    for kernel in kernels:
        if kernel.files is None:
            continue
        folder = contract_folder(kernel)
        if not folder.is_dir():
            raise KernelError(
                f"kernel folder '{folder}' of '{kernel.sym_name.value}' is gone",
                hint="put it back, or compile the model again with the kernels where they are now",
            )
        for name in kernel.files:
            file = (folder / ir.StringAttr(name).value).resolve()
            if not file.is_file():
                raise KernelError(
                    f"kernel folder '{folder}' lacks '{ir.StringAttr(name).value}', which the contract of "
                    f"'{kernel.sym_name.value}' lists",
                    hint="correct 'files' in its kernel.mlir or add the file",
                )
            found[file] = None
    return list(found)


def copy_sources(files: Sequence[Path], directory: Path) -> list[Path]:
    """Copies the files into one folder; returns the copies in an order in which tools can read them.

    Names that lists of files would have to quote, or that differ only in case, become others. Raises `KernelError`
    when two different files have one name, or a header a name of that kind, by which other files include it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    origin: dict[str, Path] = {}
    copies: list[Path] = []
    for file in files:
        other = origin.setdefault(file.name, file)
        if other != file and other.read_bytes() != file.read_bytes():
            raise KernelError(
                f"'{other}' and '{file}' differ but have one name, so a design cannot use both",
                hint="rename the module and the file of your own kernel",
            )
        if other == file:
            name = file_name(file.name, (copy.name for copy in copies))
            if name != file.name and file.suffix == ".svh":
                raise KernelError(
                    f"header '{file}' has characters that file lists do not allow, or a name that differs from another "
                    "header's only in case",
                    hint="use letters, digits, '_', '-' and '.' in it, and rename it where it is included",
                )
            copies.append(directory / name)
            shutil.copyfile(file, copies[-1])
    # Packages before what imports them; headers are found by `include.
    return sorted(copies, key=lambda file: (not _is_package(file), file.name))


def _is_package(file: Path) -> bool:
    return re.search(r"^\s*package\s+\w+", file.read_text(), re.MULTILINE) is not None
