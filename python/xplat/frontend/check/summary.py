# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Statistics of an imported graph: nodes by kind, parameters, work, size of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xplat.dialects import xplat as xp
from xplat.graph.graph import Graph
from xplat.mlir import nodes_of, text_of


@dataclass(frozen=True)
class Summary:
    """Figures of a graph for one sample. `nodes`: how many of each kind, the most frequent first."""

    nodes: Mapping[str, int]
    parameters: int
    """Elements of the model's parameters; a tied weight counts once, buffers do not."""
    multiply_accumulates: int
    """As the nodes' interface counts them; see docs/Spec.md."""
    further_operations: Mapping[str, int]
    """Arithmetic beside the multiply-accumulates, by kind of node, as the nodes' interface says."""
    ir_bytes: int
    """Of the text with locations."""

    @property
    def gflops(self) -> float:
        """Operations in 10^9, two for each multiply-accumulate."""
        return self.gflops_with(())

    def gflops_with(self, kinds: Iterable[str]) -> float:
        """`gflops` and the further operations of nodes of these kinds, in 10^9; kinds that are not there add none."""
        further = sum(self.further_operations.get(kind, 0) for kind in kinds)
        return (2 * self.multiply_accumulates + further) / 1e9


def summarize(graph: Graph) -> Summary:
    """Counts what a graph holds; asks the nodes for their work."""
    kinds: Counter[str] = Counter()
    further: Counter[str] = Counter()
    work = 0
    for op in nodes_of(graph.module):
        kind = kind_of(op)
        kinds[kind] += 1
        work += xp.multiply_accumulates(op)
        further[kind] += xp.further_operations(op)
    return Summary(
        nodes=dict(kinds.most_common()),
        parameters=sum(
            _elements(entry.shape) for entry in graph.state if entry.kind == "parameter" and entry.alias_of is None
        ),
        multiply_accumulates=work,
        further_operations=+further,
        ir_bytes=len(text_of(graph.module).encode()),
    )


def kind_of(op: Any) -> str:
    """The kind of a node in one name: its op, or the PyTorch operation that a fallback node stands for."""
    name: str = op.operation.name
    return f"{name} {op.target.value}" if isinstance(op, xp.AtenOp) else name


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count
