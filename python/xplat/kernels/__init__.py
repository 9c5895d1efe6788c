# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernel folders: the cases that a folder brings, the check that it passes, and a skeleton to begin with."""

from xplat.kernels.case import Case, Inputs, Parameter, Stream

__all__ = ["Case", "Inputs", "Parameter", "Stream"]
