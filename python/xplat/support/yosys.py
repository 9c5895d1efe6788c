# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs Yosys."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from xplat.support.errors import ToolMissingError

_PROGRAM = "import sys, pyosys.libyosys as ys\nd = ys.Design()\nfor line in sys.argv[1:]: ys.run_pass(line, d)\n"


def run_yosys(commands: Sequence[str], folder: Path) -> str | None:
    """Runs commands in `folder`, one after another in one design, in a process of its own.

    The end of what Yosys says when a command fails, `None` when all went well. Raises `ToolMissingError` without Yosys.
    """
    if find_spec("pyosys") is None:
        raise ToolMissingError("reading netlists needs Yosys", hint="pip install 'xplat[synth]'")
    done = subprocess.run([sys.executable, "-c", _PROGRAM, *commands], cwd=folder, capture_output=True, text=True)
    return None if done.returncode == 0 else (done.stdout + done.stderr)[-3000:]
