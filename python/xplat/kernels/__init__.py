# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernel folders: the cases that a folder brings, the check that it passes, and a skeleton to begin with."""

from xplat.kernels.blocks import BlockProducts, block_format, block_format_of, blocks
from xplat.kernels.case import Case, Inputs, Parameter, Stream
from xplat.kernels.families import (
    EIGHT_BITS,
    Format,
    Products,
    Window,
    elementwise,
    of_two_operands,
    random_elementwise,
    stream,
)

__all__ = [
    "EIGHT_BITS",
    "BlockProducts",
    "Case",
    "Format",
    "Inputs",
    "Parameter",
    "Products",
    "Stream",
    "Window",
    "block_format",
    "block_format_of",
    "blocks",
    "elementwise",
    "of_two_operands",
    "random_elementwise",
    "stream",
]
