# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a user's request for number formats into the graph, where `xplat-quantize` and calibration read it.

Before the software passes nodes get what globs say of them (`assign_formats`): globs match the model's own modules,
and a request keeps a node from being merged with others. Then softmax and norms may be decomposed, which requests
formats for the values between the new nodes; globs may match these, too. After the software passes every node gets the
rest (`complete_formats`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import BlockFormat, FixedPoint, Formats, Integer, NumberFormat, Quantization, mlir_type
from xplat.graph.graph import Graph
from xplat.mlir import nodes_of
from xplat.mlir.passes import pass_text, run_pipeline


def assign_formats(
    graph: Graph,
    quantization: str | Path | Mapping[str, Any] | Quantization,
    *,
    decompose: bool = False,
    keep: Sequence[str] = (),
) -> Graph:
    """A copy of the graph whose nodes carry `#xplat.quantization`, the formats requested for result and weight.

    `decompose`: attention, transposed convolutions, softmax and norms of fixed point become simpler nodes
    (`xplat-decompose`, `xplat-decompose-normalizations`), but for ops named in `keep`. Globs that match a new node, and
    not the original one, are about the value between.

    `quantization`: whatever `Quantization.parse` takes. Only nodes that a glob matches are written to. The result of a
    convolution or linear layer in front of a batch normalisation, which will be folded into it, is not rounded: what is
    said of it holds for the normalisation, unless that has a format of its own. Raises `FormatError` when a glob
    matches no node.
    """
    request = Quantization.parse(quantization)
    result = graph.copy()
    nodes = nodes_of(result.module)
    names = {xp.node_name(op) for op in nodes}
    with result.module.context:
        for op in nodes if request.modules else []:
            formats = request.requested_formats_of(xp.node_name(op))
            if (source := _folds_into(op)) is not None:
                formats = formats.over(Formats(value=request.requested_formats_of(xp.node_name(source)).value))
            elif any(_folds_into(use.owner) is not None for use in op.results[0].uses):
                formats = replace(formats, value=None)
            if formats != Formats() and xp.has_number_format(op):
                attribute = xp.QuantizationAttr.get(_type(formats.value), _type(formats.weight), formats.per_channel)
                xp.request_formats(op, attribute)
    if decompose:
        result, parts = _decomposed(result, request, names, keep)
        names |= parts
    request.check(names)
    return result


def _decomposed(graph: Graph, request: Quantization, names: Set[str], keep: Sequence[str]) -> tuple[Graph, set[str]]:
    """The graph with composite nodes decomposed, and the names of the new nodes."""
    default = between(request)
    bits = default.width if isinstance(default, Integer | FixedPoint) else 0
    passes = [pass_text("xplat-decompose-normalizations", bits=bits, keep=list(keep) or None)]
    if bits:
        # Attention is found first, since its softmax is then one over matrices.
        composites = pass_text("xplat-decompose", keep=list(keep) or None)
        passes = ["xplat-fuse-attention", composites, *passes]
    result = graph.with_module(run_pipeline(graph.module, ",".join(passes), where="software passes"))
    parts = {name: op for op in nodes_of(result.module) if (name := xp.node_name(op)) not in names}
    with result.module.context:
        for name, op in parts.items():
            formats = request.requested_formats_of(name, part_of=name.rpartition(".")[0])
            if formats.value is not None and xp.has_number_format(op):
                xp.request_formats(op, xp.QuantizationAttr.get(_type(formats.value), None, None))
    return result, set(parts)


BETWEEN = Integer(12)
"""Of the values between products in a block format: the widest that a table of results takes."""


def between(quantization: Quantization) -> NumberFormat:
    """The number format of the values between products: the default, unless that is a block format."""
    default = quantization.default.value
    assert default is not None
    return BETWEEN if isinstance(default, BlockFormat) else default


def cast_blocks(graph: Graph, quantization: str | Path | Mapping[str, Any] | Quantization) -> Graph:
    """A copy of the graph in which block formats are requested for the factors of products alone, which casts bring
    into them, and fixed point for all values between (`xplat-cast-blocks`)."""
    values = between(Quantization.parse(quantization))
    bits = values.width if isinstance(values, Integer | FixedPoint) else BETWEEN.width
    return graph.with_module(run_pipeline(graph.module, pass_text("xplat-cast-blocks", bits=bits), where="formats"))


def complete_formats(
    graph: Graph, quantization: str | Path | Mapping[str, Any] | Quantization, *, signed: Sequence[str] = ()
) -> Graph:
    """A copy of the graph in which every node carries the formats requested for its result and its weight.

    What a node carries already stays; the rest is the default of `quantization`. A node whose result consists of
    elements of its operand (relu, maximum pooling, movement) gets no default: its result has the operand's format.
    `signed`: ops whose kernels take fixed point with a sign alone; what they read and give then has one by default.
    """
    default = Quantization.parse(quantization).default
    result = graph.copy()
    with result.module.context:
        value, weight = _type(default.value), _type(default.weight)
        nodes = nodes_of(result.module)
        with_signs = _around(nodes, set(signed)) if isinstance(default.value, Integer) else set()
        assert default.value is not None
        signed_value = _type(Integer(default.value.width, True)) if isinstance(default.value, Integer) else value
        for op in nodes:
            if not xp.has_number_format(op):
                continue
            own = op.quantization
            usual = signed_value if op.operation in with_signs else value
            form = (own and own.value) or (None if xp.keeps_format(op) else usual)
            if xp.is_weighted(op):
                per_channel = default.per_channel if own is None or own.per_channel is None else own.per_channel
                request = xp.QuantizationAttr.get(form, (own and own.weight) or weight, per_channel)
            else:
                request = xp.QuantizationAttr.get(form, own and own.weight, own and own.per_channel) if form else own
            if request is not None:
                xp.request_formats(op, request)
    return result


def _around(nodes: Sequence[Any], ops: Set[str]) -> set[ir.Operation]:
    """Nodes of these ops, and those whose results they read, themselves or through nodes that keep formats."""
    found: set[ir.Operation] = set()
    for op in nodes:
        if op.operation.name not in ops:
            continue
        waiting = [op, *(value.owner for value in op.operands)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ir.Block):
                continue
            found.add(node.operation)
            if xp.keeps_format(node.operation.opview):
                waiting += [value.owner for value in node.operands]
    return found


def _folds_into(op: Any) -> Any:
    """The node with weights that a batch normalisation will be folded into; None for other nodes."""
    if not isinstance(op, xp.BatchNormOp):
        return None
    source = op.input.owner
    foldable = isinstance(source, xp.LinearOp | xp.Conv2DOp | xp.DepthwiseConv2DOp)
    return source if foldable and len(list(op.input.uses)) == 1 else None


def _type(form: NumberFormat | None) -> ir.Type | None:
    return None if form is None else ir.Type.parse(mlir_type(form))
