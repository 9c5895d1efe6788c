# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Output folders: written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xplat.support.errors import OutputDirError


@contextmanager
def output_directory(directory: str | Path) -> Iterator[Path]:
    """Gives a temporary folder beside `directory` and, when the block succeeds, moves it there.

    Files of an earlier output are replaced; files of others in the folder stay. Raises `OutputDirError`.
    """
    target = Path(directory)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_dir():
            raise OutputDirError(f"'{target}' is a file", hint="choose another output folder")
        staging = Path(tempfile.mkdtemp(prefix=".xplat-", dir=target.parent))
    except OSError as error:
        raise OutputDirError(
            f"cannot write to '{target}': {error.strerror}", hint="choose a folder that you may write to"
        ) from None
    try:
        yield staging
        target.mkdir(exist_ok=True)
        for item in staging.iterdir():
            destination = target / item.name
            if destination.is_dir():
                shutil.rmtree(destination)
            item.replace(destination)
    except OSError as error:
        raise OutputDirError(
            f"cannot write to '{target}': {error.strerror}", hint="choose a folder that you may write to"
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
