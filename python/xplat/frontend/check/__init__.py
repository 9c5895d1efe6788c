"""What becomes of each operation of a graph, and why there is no kernel for it."""

from xplat.frontend.check.operations import Support, check_graph, table

__all__ = ["Support", "check_graph", "table"]
