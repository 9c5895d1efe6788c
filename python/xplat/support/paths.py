# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where the files that come with xplat lie: the same in the build tree and in an installed package."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def _existing(path: Path) -> Path:
    if not path.exists():
        raise FileNotFoundError(f"expected {path} but it does not exist; run 'make build' or install xplat again")
    return path


def kernels_dir() -> Path:
    """Folder with one folder per kernel."""
    return _existing(PACKAGE / "share" / "hw_kernels")


def devices_dir() -> Path:
    """Folder with one `.mlir` file per device."""
    return _existing(PACKAGE / "share" / "devices")


def families_dir() -> Path:
    """Folder with one `.mlir` file per device family."""
    return devices_dir() / "families"


@contextmanager
def plain_path(folder: Path) -> Iterator[Path]:
    """`folder` by a path that needs no quoting, for tools that take a comma in a path for the end of it."""
    if "," not in str(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="xplat-") as scratch:
        link = Path(scratch) / "folder"
        link.symlink_to(folder.absolute(), target_is_directory=True)
        yield link


def xplat_opt() -> Path:
    """The `xplat-opt` program."""
    return _existing(PACKAGE / "bin" / "xplat-opt")


def run_xplat_opt() -> None:
    """Becomes `xplat-opt`, with this process's arguments."""
    program = str(xplat_opt())
    os.execv(program, [program, *sys.argv[1:]])
