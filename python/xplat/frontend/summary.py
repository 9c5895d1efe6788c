"""What an imported graph amounts to: nodes by kind, parameters, work, size of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.frontend.graph import Graph


@dataclass(frozen=True)
class Summary:
    """Figures of a graph for one sample. `nodes`: how many of each kind, the most frequent first."""

    nodes: Mapping[str, int]
    parameters: int
    """Elements of the model's parameters; a tied weight counts once, buffers do not."""
    multiply_accumulates: int
    """What the nodes' interface says; see docs/Spec.md."""
    ir_bytes: int
    """Of the text with locations."""

    @property
    def gflops(self) -> float:
        """Operations in 10^9, two for each multiply-accumulate."""
        return 2 * self.multiply_accumulates / 1e9


def summarize(graph: Graph) -> Summary:
    """Counts what a graph holds; asks the nodes for their work."""
    kinds: Counter[str] = Counter()
    work = 0
    for op in nodes_of(graph.module):
        kinds[kind_of(op)] += 1
        work += xp.multiply_accumulates(op)
    return Summary(
        nodes=dict(kinds.most_common()),
        parameters=sum(
            _elements(entry.shape) for entry in graph.state if entry.kind == "parameter" and entry.alias_of is None
        ),
        multiply_accumulates=work,
        ir_bytes=len(graph.module.operation.get_asm(enable_debug_info=True).encode()),
    )


def nodes_of(module: ir.Module) -> list[Any]:
    """The nodes of the module's graph, in order."""
    from xplat.interpreter.program import entry_of

    return [op for op in entry_of(module).entry_block.operations if not isinstance(op, func.ReturnOp)]


def kind_of(op: Any) -> str:
    """What a node is, in one name: its op, or the PyTorch operation that a fallback node stands for."""
    name: str = op.operation.name
    return f"{name} {op.target.value}" if isinstance(op, xp.AtenOp) else name


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count
