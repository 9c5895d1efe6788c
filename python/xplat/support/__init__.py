# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Errors, text, files and progress, used by all other packages. Knows nothing of models or hardware."""
