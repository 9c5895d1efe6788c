# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules of MLIR as the bindings have them, and pipelines of passes on them."""

from xplat.mlir.modules import (
    Boundary,
    MLIRError,
    copy_of,
    entry_of,
    extents,
    functions_of,
    nodes_of,
    origins_of,
    text_of,
)

__all__ = [
    "Boundary",
    "MLIRError",
    "copy_of",
    "entry_of",
    "extents",
    "functions_of",
    "nodes_of",
    "origins_of",
    "text_of",
]
