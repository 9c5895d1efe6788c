# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules as MLIR's Python bindings have them: their text, their graph, and what the bindings' stubs leave out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.support.errors import XplatError

MLIRError: Any = ir.MLIRError  # type: ignore[attr-defined]
"""The error of the bindings: `error_diagnostics` has the diagnostics, the text the first of them."""


def text_of(module: ir.Module) -> str:
    """The module as text, with locations; `ir.Module.parse` reads an equal module from it."""
    return str(module.operation.get_asm(enable_debug_info=True))


def copy_of(module: ir.Module) -> ir.Module:
    """A module in the same context that holds copies of all operations, and has the same attributes."""
    copy = ir.Module.create(module.operation.location)
    attributes = module.operation.attributes
    for name in attributes:
        copy.operation.attributes[name] = attributes[name]
    with ir.InsertionPoint(copy.body):
        for op in module.body.operations:
            op.operation.clone()
    return copy


def extents(value: ir.Value) -> list[int]:
    """Shape of a value, which is a tensor."""
    return list(ir.RankedTensorType(value.type).shape)


PLACE = "xplat.place"
"""Attribute of the function of a device, in the dataflow form."""


def entry_of(module: ir.Module) -> Any:
    """The function that is the graph: the one that computes no parameter and is of no device. Raises `XplatError`
    without such."""
    evaluated = {
        op.derivation.function.value
        for op in module.body.operations
        if isinstance(op, xp.ParamOp) and op.derivation is not None and op.derivation.function is not None
    }
    functions = [
        op
        for op in module.body.operations
        if isinstance(op, func.FuncOp) and op.sym_name.value not in evaluated and PLACE not in op.attributes
    ]
    if len(functions) != 1:
        raise XplatError(f"the module has {len(functions)} functions, expected one graph")
    return functions[0]


def functions_of(module: ir.Module) -> Mapping[str, Any]:
    """All functions of the module by name."""
    return {op.sym_name.value: op for op in module.body.operations if isinstance(op, func.FuncOp)}


def nodes_of(module: ir.Module) -> list[Any]:
    """The node and structure ops of the module's graph, those in the functions of its devices too.

    A node comes after those that it reads. Where the graph's function receives what a device sends, the nodes of the
    device up to there come first. What stands behind a link to copy or change its stream follows the link.
    """
    devices = [
        deque(op.entry_block.operations)
        for op in module.body.operations
        if isinstance(op, func.FuncOp) and PLACE in op.attributes
    ]
    homes = {_end(op): ops for ops in devices for op in ops if _end(op)}
    nodes = []
    for op in entry_of(module).entry_block.operations:
        match _end(op):
            case "receive", name:
                ops = homes["send", name]
                while _end(taken := ops.popleft()) != ("send", name):
                    nodes.append(taken)
            case "send", name if _end((ops := homes["receive", name])[0]) == ("receive", name):
                nodes.append(ops.popleft())
                while isinstance(ops[0], xp.CdcOp | xp.ConvertStreamOp | xp.ForkOp):
                    nodes.append(ops.popleft())
        nodes.append(op)
    nodes += chain.from_iterable(devices)
    return [op for op in nodes if xp.is_node(op)]


def _end(op: Any) -> tuple[str, str] | None:
    """What an op that ends a stream between functions does, and with which stream."""
    if isinstance(op, xp.SendOp):
        return "send", op.stream_name.value
    return ("receive", op.stream_name.value) if isinstance(op, xp.ReceiveOp) else None


def origins_of(module: ir.Module) -> Mapping[ir.Value, ir.Value]:
    """Of each stream that a function receives, the result of the node that gives it, in whichever function."""
    ops = [op for function in functions_of(module).values() for block in function.body for op in block.operations]
    sent = {op.stream_name.value: op.input for op in ops if isinstance(op, xp.SendOp)}
    origins = {op.result: sent[op.stream_name.value] for op in ops if isinstance(op, xp.ReceiveOp)}

    def origin(value: ir.Value) -> ir.Value:
        return origin(origins[value]) if value in origins else value

    return {received: origin(received) for received in origins}


@dataclass(frozen=True)
class Boundary:
    """Where samples enter and leave a graph, and which inputs and results of the model these are.

    A result that the model gives twice, or that passes have found equal to another, leaves the graph once: the host
    hands it out as often as it is wanted.
    """

    inputs: tuple[Any, ...]
    """The ops at which samples enter, in order."""
    outputs: tuple[Any, ...]
    """The ops at which results leave, in order."""
    arguments: tuple[int, ...]
    """For each of `inputs`, which of the model's inputs enters there. One that nothing depends on enters nowhere."""
    results: tuple[int, ...]
    """For each of the model's results, at which of `outputs` it leaves."""

    @staticmethod
    def of(graph: Any) -> Boundary:
        """Of a function that is a graph, on tensors or on streams. Raises `XplatError` for one without boundaries."""
        block = graph.entry_block
        ops = [op for op in block.operations if xp.is_node(op) and xp.is_host_boundary(op)]
        inputs = [op for op in ops if xp.is_host_input(op)]
        outputs = [op for op in ops if not xp.is_host_input(op)]
        number = {op.operation.results[0]: index for index, op in enumerate(outputs)}
        returned = list(block.operations)[-1].operands
        if not all(value in number for value in returned):
            raise XplatError("expected every result of the graph to come from an 'xplat.host_output'")
        return Boundary(
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            arguments=tuple(ir.BlockArgument(op.operands[0]).arg_number for op in inputs),
            results=tuple(number[value] for value in returned),
        )
