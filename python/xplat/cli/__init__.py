"""The command `xplat`."""

from xplat.cli.program import main

__all__ = ["main"]
