# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The support for each operation of a graph: kernel, HLS or host, and the reasons."""

from xplat.frontend.check.operations import Support, check_graph, table

__all__ = ["Support", "check_graph", "table"]
