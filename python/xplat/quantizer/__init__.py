# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantization in PyTorch's own flow (PT2E of torchao), for xplat's formats: `XplatQuantizer`.

Needs torchao: `pip install 'xplat[pt2e]'`. Importing it here keeps its messages about GPU libraries off the screen.
"""

from __future__ import annotations

from xplat.support.errors import ToolMissingError
from xplat.support.quiet import quiet

try:
    with quiet():
        import torchao.quantization.pt2e.quantizer  # noqa: F401
except ImportError:
    raise ToolMissingError(
        "the PT2E quantizer needs torchao, which is not installed", hint="pip install 'xplat[pt2e]'"
    ) from None

from xplat.quantizer.quantizer import XplatQuantizer

__all__ = ["XplatQuantizer"]
