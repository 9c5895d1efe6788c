# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run by upstream's bindings when they are loaded: every new context knows xplat's dialects and passes."""

from ._xplat import register_dialects, register_passes

register_passes()

__all__ = ["register_dialects"]
