# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command `xplat`."""

from xplat.cli.program import main

__all__ = ["main"]
