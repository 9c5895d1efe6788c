# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From an exported program to a graph of nodes."""
