# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lines of the user's own code in stack traces."""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path

import torch

from xplat.support.paths import PACKAGE

# Names of files may hold quotes and newlines.
_FRAME = re.compile(r'File "(?P<file>(?:(?!", line \d).)+)", line (?P<line>\d+), in ', re.DOTALL)
_TORCH = str(Path(torch.__file__).parent) + os.sep
_XPLAT = str(PACKAGE) + os.sep
# Models that come with xplat count as the user's.
_AS_USERS = tuple(str(PACKAGE / folder) + os.sep for folder in ("models", "testing"))


def user_frames(text: str) -> list[tuple[str, int]]:
    """File and line of the frames in a stack trace, or in a message of torch's, that are not torch's own."""
    return [(match["file"], int(match["line"])) for match in _FRAME.finditer(text) if _is_users(match["file"])]


def line_of(error: BaseException) -> str | None:
    """`file:line` of the innermost of the user's frames that an error passed, or that its text names; None for none."""
    passed = [
        f"{frame.filename}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_users(frame.filename)
    ]
    passed = passed or [f"{file}:{line}" for file, line in user_frames(str(error))]
    return passed[-1] if passed else None


def _is_users(file: str) -> bool:
    """Whether a file is the user's or a library's, but not torch's or xplat's own."""
    return file.startswith(_AS_USERS) or not file.startswith((_TORCH, _XPLAT, "<"))
