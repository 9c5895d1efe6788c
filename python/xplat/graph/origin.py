# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where a node of a graph comes from: module path, file and line of the user's own code."""

from __future__ import annotations

from dataclasses import dataclass

from xplat import ir


@dataclass(frozen=True)
class Origin:
    """A node's place in the model: `path` in the module tree, `file` and `line` of the call (0: unknown)."""

    path: str
    operation: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f" ({self.file}:{self.line})" if self.line else ""
        return f"{self.path or '<the model itself>'}{where}: {self.operation}"

    def location(self, name: str) -> ir.Location:
        """`name` with the user's file and line behind it."""
        return ir.Location.name(name, ir.Location.file(self.file, self.line, 0) if self.line else None)
