# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nodes that no kernel fits: which operation, why, where in the model, and what to do about it.

Invariant: a failed `compile` and `xplat import --check` print these same explanations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, format_of
from xplat.frontend.build.context import NO_RULE
from xplat.graph.graph import Graph
from xplat.mlir import MLIRError, copy_of, nodes_of
from xplat.mlir.passes import file_line, source_line, source_text
from xplat.passmanager import PassManager
from xplat.support.errors import PassError

PLACES = 3
"""Most places that are printed for a kind of operation."""


@dataclass(frozen=True)
class Unsupported:
    """A node that no kernel fits: the reasons, and what to do about it."""

    op: Any
    reasons: tuple[str, ...]
    remedy: str


@dataclass(frozen=True)
class Binding:
    """A network with a kernel on every node that one fits."""

    module: ir.Module
    unsupported: Mapping[str, Unsupported]
    """By node. Constants that only such nodes read are none of them."""

    @staticmethod
    def of(linked: ir.Module, graph: Graph) -> Binding:
        """Binds the nodes of a copy of `linked`, a quantized network with kernels beside it. `graph`: where it is
        from."""
        module = copy_of(linked)
        rejections: dict[str, list[str]] = {}
        try:
            with module.context:
                PassManager.parse("builtin.module(xplat-round-operands,xplat-bind-kernels)").run(module.operation)
        except MLIRError as error:
            # The pass tells of all nodes without a kernel and leaves the others bound.
            for diagnostic in error.error_diagnostics:
                notes = [note.message for note in diagnostic.notes if note.message.startswith("kernel @")]
                rejections[_name(diagnostic.location)] = notes
        ops = [op for op in nodes_of(module) if xp.kernel_name(op) is None and xp.node_name(op) in rejections]
        found = {}
        for op in ops:
            name = xp.node_name(op)
            reasons = (*_why_not_ours(op, graph), *rejections[name])
            found[name] = Unsupported(op, reasons or ("the library has no kernel for this op",), _remedy(op))
        return Binding(module, found)


def explain_failure(linked: ir.Module, graph: Graph, failure: PassError) -> PassError:
    """The error for a failed mapping: if kernels are missing, every kind of operation without one, each once."""
    binding = Binding.of(linked, graph)
    groups: dict[tuple[str, tuple[str, ...], str], list[Any]] = {}
    for entry in binding.unsupported.values():
        groups.setdefault((_described(entry.op), entry.reasons, entry.remedy), []).append(entry.op)
    if not groups:
        return failure
    lines = []
    for (kind, reasons, remedy), ops in groups.items():
        lines.append(f"no kernel implements {kind}: {'; '.join(reasons)}")
        lines += [f"    at {line}" for line in places(place_of(op, graph) for op in ops)]
        if text := source_text(ops[0].location):
            lines.append(f"      {text}")
        lines.append(f"    {remedy}")
    hint = "`xplat import --check` says this of every operation of a model"
    return PassError("map: " + "\n  ".join(lines), hint=f"{hint}\n  {failure.hint}" if failure.hint else hint)


def places(all_of_them: Iterable[str], most: int = PLACES) -> list[str]:
    """The first places, and how many there are beside."""
    known = [place for place in all_of_them if place]
    return known[:most] + ([f"… and {len(known) - most} more"] if len(known) > most else [])


def place_of(op: Any, graph: Graph) -> str:
    """Where the model has a node: module path, and file and line, or the module's class where no line is known."""
    name = xp.node_name(op)
    if file_line(op.location):
        # What was fused has several names; the node's own is one of them.
        line = source_line(op.location)
        return line if op.location.is_a_name() else f"{name} ({line})"
    kind = dict(graph.structure.modules).get(name, "") if graph.structure is not None else ""
    return f"module '{name}', a {kind}" if kind else name


def _described(op: Any) -> str:
    return f"'{op.operation.name}'" + (f", here {op.target.value}" if isinstance(op, xp.AtenOp) else "")


def _why_not_ours(op: Any, graph: Graph) -> list[str]:
    """Why an operation of PyTorch has not become an op of xplat's own, or a function has no polynomials."""
    if not isinstance(op, xp.AtenOp):
        own = (op.operation.name, xp.node_name(op))
        return [note.reason for note in graph.notes if (note.operation, note.node) == own]
    notes = [note for note in graph.notes if note.operation == op.target.value]
    # Passes may have given the node another name.
    notes = [note for note in notes if note.node == xp.node_name(op)] or notes
    return list(dict.fromkeys("xplat has no op for it" if n.reason == NO_RULE else n.reason for n in notes))


def _name(location: ir.Location) -> str:
    """The name that the compiler has for a node of this location: the first in it."""
    if location.is_a_name():
        return str(location.name_str)
    if location.is_a_fused():
        return next((name for part in location.locations if (name := _name(part))), "")
    return ""


# ---- remedies


def _remedy(op: Any) -> str:
    """The remedy for a node without a kernel, by its place in the model."""
    if _is_decomposable(op):
        return "quantize the model with decompose=True: then it becomes nodes that have kernels"
    if isinstance(op, xp.AttentionOp | xp.SoftmaxOp) and op.blind_zero:
        return "a mask that is added may hold minus infinity; give the model a mask of truth values instead"
    if not xp.multiply_accumulates(op):
        if _all_light(op, _users):
            return "the model ends with it: let it return what goes in here, and leave this to the host"
        if _sources(op) and _all_light(op, _sources):
            return "the model begins with it: leave this to the host, and let the model take its result as input"
    if isinstance(op, xp.AtenOp):
        return "replace it in the model by operations that have a kernel"
    return "replace it in the model, or write a kernel for it: see docs/HowTo/add-a-kernel.md"


def _is_decomposable(op: Any) -> bool:
    """Whether `xplat-decompose-normalizations` would have replaced it: a graph may be quantized without that."""
    if not isinstance(op, xp.SoftmaxOp | xp.LayerNormOp | xp.RmsNormOp | xp.GroupNormOp):
        return False
    if isinstance(op, xp.SoftmaxOp) and op.blind_zero:
        return False
    return all(isinstance(format_of(value.type), FixedPoint) for value in (op.operands[0], op.results[0]))


def _all_light(op: Any, following: Callable[[Any], Sequence[Any]]) -> bool:
    """Whether no node that follows, up to the boundary, multiplies and adds: the host takes these on lightly."""
    stack, seen = list(following(op)), set()
    while stack:
        node = stack.pop()
        if node.operation in seen or not xp.is_node(node) or xp.is_host_boundary(node):
            continue
        seen.add(node.operation)
        if xp.multiply_accumulates(node):
            return False
        stack += following(node)
    return True


def _users(op: Any) -> list[Any]:
    return [use.owner.operation.opview for result in op.operation.results for use in result.uses]


def _sources(op: Any) -> list[Any]:
    owners = [operand.owner for operand in op.operation.operands]
    return [owner.operation.opview for owner in owners if not isinstance(owner, ir.Block)]
