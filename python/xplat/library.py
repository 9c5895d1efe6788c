"""Where kernels come from: the folders that ship with xplat and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xplat.errors import KernelError
from xplat.paths import kernels_dir

CONTRACT = "kernel.mlir"


def kernel_files(extra: Sequence[str | Path] = ()) -> list[Path]:
    """Contracts of all kernels: those in `extra` (a kernel's folder, or a folder of such) and the built-in ones.

    Raises `KernelError` when a folder in `extra` holds no contract.
    """
    files: list[Path] = []
    for folder in map(Path, extra):
        found = [folder / CONTRACT] if (folder / CONTRACT).is_file() else sorted(folder.glob(f"*/{CONTRACT}"))
        if not found:
            raise KernelError(
                f"'{folder}' holds no kernel: expected {CONTRACT} in it or in a folder below it",
                hint="a kernel folder has kernel.mlir beside its rtl/; see hw_kernels/ for examples",
            )
        files += found
    return files + sorted(kernels_dir().glob(f"*/{CONTRACT}"))
