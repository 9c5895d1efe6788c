# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a design as a folder of SystemVerilog, memories, test bench and tool scripts."""

from xplat.hardware.emit.elaboration import check_elaboration
from xplat.hardware.emit.folder import emit

__all__ = ["check_elaboration", "emit"]
