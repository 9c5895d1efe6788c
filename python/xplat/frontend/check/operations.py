# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How each operation of a graph would be supported: by a kernel, through HLS, or on the host.

The graph is quantized as if every value lay between -1 and 1, and kernels are bound by the pass that binds them. A
node that none fits is given to torch-mlir, one of each kind and shape, as the reference computes it: what it lowers
to upstream linalg can become hardware through HLS. The rest stays on the host, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.check.hls import NotLowerable, Signature, lower_to_linalg
from xplat.frontend.check.summary import kind_of
from xplat.frontend.check.unsupported import Binding, place_of, places
from xplat.graph.graph import Graph
from xplat.mlir import nodes_of
from xplat.mlir.passes import pass_text, run_pipeline
from xplat.support.errors import XplatError
from xplat.support.quiet import quiet
from xplat.support.text import printable
from xplat.target.kernel_check import implemented_ops
from xplat.target.library import kernel_files, link_pass

How = Literal["kernel", "HLS", "host"]


@dataclass(frozen=True)
class Support:
    """One kind of operation: how it would be supported, by which kernel or why not, and its places in the model."""

    kind: str
    how: How
    detail: str
    places: tuple[str, ...]
    """`module path (file:line)` of every node."""
    multiply_accumulates: int
    """Of all these nodes, per sample."""
    remedy: str = ""
    """The advice to the user where no kernel fits."""


def check_graph(graph: Graph, *, kernels: Sequence[str | Path] = ()) -> tuple[Support, ...]:
    """How each kind of node would be supported in int8, in the order of first use.

    The software passes run before, with composite nodes decomposed: what they fold away needs no support.
    `kernels`: folders with kernels of the user's own. A kind appears twice when it depends on the shape. Constants that
    only nodes without a kernel read are part of these.
    """
    linked = run_pipeline(
        _quantized(graph, implemented_ops(kernels)), link_pass(kernel_files(kernels)), where="link kernels"
    )
    binding = Binding.of(linked, graph)
    bound = binding.module
    contracts = {op.sym_name.value: _in_words(op) for op in bound.body.operations if isinstance(op, xp.KernelOp)}
    types = {op.sym_name.value: op.type_.value for op in bound.body.operations if isinstance(op, xp.ParamOp)}
    tried: dict[str, tuple[How, str]] = {}
    groups: dict[tuple[str, How, str, str], list[Any]] = {}
    for op in nodes_of(bound):
        how: How = "kernel"
        remedy = ""
        if (kernel := xp.kernel_name(op)) is not None:
            detail = contracts[kernel]
        elif (unsupported := binding.unsupported.get(xp.node_name(op))) is None:
            continue
        else:
            if xp.is_host_boundary(op):
                how, detail = "host", "the host's own data"
            else:
                key = _signature_text(op, types)
                if key not in tried:
                    tried[key] = _try_hls(op, types)
                (how, detail), remedy = tried[key], unsupported.remedy
            detail = "; ".join([detail, *unsupported.reasons])
        groups.setdefault((kind_of(op), how, detail, remedy), []).append(op)
    return tuple(
        Support(
            kind=kind,
            how=how,
            detail=detail,
            places=tuple(place_of(op, graph) for op in ops),
            multiply_accumulates=sum(xp.multiply_accumulates(op) for op in ops),
            remedy=remedy,
        )
        for (kind, how, detail, remedy), ops in groups.items()
    )


def table(supports: Sequence[Support]) -> str:
    """The result of `check_graph` for people."""
    work = sum(support.multiply_accumulates for support in supports)
    rows = [("operation", "nodes", "work", "how", "by")]
    for s in supports:
        share = f"{s.multiply_accumulates / work:.1%}" if s.multiply_accumulates else "-"
        rows.append((s.kind, str(len(s.places)), share, s.how, printable(s.detail)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[4]]) for row in rows]
    result = [lines[0]]
    for line, support in zip(lines[1:], supports, strict=True):
        result.append(line)
        result += [f"    {printable(place)}" for place in places(support.places)]
        if support.remedy:
            result.append(f"    remedy: {support.remedy}")
    head = "after the software passes, in int8; work: share of the multiply-accumulates"
    return "\n".join([head, *result, "", *_shares(supports)])


def _shares(supports: Sequence[Support]) -> list[str]:
    """How much of the model goes each way."""
    nodes = sum(len(support.places) for support in supports)
    work = sum(support.multiply_accumulates for support in supports)
    lines = []
    for how in get_args(How):
        part = [support for support in supports if support.how == how]
        count, done = sum(len(s.places) for s in part), sum(s.multiply_accumulates for s in part)
        share = f", {done / work:.1%} of the multiply-accumulates" if work else ""
        lines.append(f"{how.ljust(6)}  {count} of {nodes} nodes{share}")
    return lines


# ---- kernels


def _quantized(graph: Graph, keep: Sequence[str]) -> ir.Module:
    """The graph after the software passes, with formats as if every value lay between -1 and 1. Softmax and norms are
    decomposed, as for hardware, but for ops named in `keep`."""
    decompose = pass_text("xplat-decompose-normalizations", keep=list(keep) or None)
    module = run_pipeline(graph.module, f"{decompose},xplat-software", where="software passes")
    with module.context, ir.Location.unknown():
        for op in nodes_of(module):
            if hasattr(op, "absmax"):
                op.absmax = ir.FloatAttr.get(ir.F64Type.get(), 1.0)
        for op in module.body.operations:
            if isinstance(op, xp.ParamOp):
                shape = list(op.type_.value.shape)
                op.absmax = ir.DenseF64ArrayAttr.get([1.0] * (shape[0] if shape else 1))
    return run_pipeline(module, "xplat-quantize", where="quantize")


def _in_words(kernel: xp.KernelOp) -> str:
    made = f"RTL {kernel.rtl_module.value}" if kernel.rtl_module is not None else str(xp.Backend(kernel.backend.value))
    return f"@{kernel.sym_name.value} ({made})"


# ---- HLS


def _try_hls(op: Any, types: Mapping[str, ir.Type]) -> tuple[How, str]:
    try:
        function, signature = _as_function(op, types)
        lower_to_linalg(function, signature)
    except NotLowerable as error:
        return "host", str(error)
    return "HLS", "torch-mlir lowers it to linalg"


def _as_function(op: Any, types: Mapping[str, ir.Type]) -> tuple[Callable[..., torch.Tensor], Signature]:
    """A node as a function of its operands and parameters, as the reference computes it."""
    from xplat.interpreter import Scope
    from xplat.interpreter.semantics import semantics_of

    try:
        compute = semantics_of(op.operation.name)
    except XplatError as error:
        raise NotLowerable(error.message) from None
    operands = [_shape_and_dtype(operand.type) for operand in op.operands]

    def run(tensors: Sequence[torch.Tensor], parameters: Mapping[str, torch.Tensor]) -> torch.Tensor:
        return compute(Scope(parameters, torch.float32, torch.device("cpu")), op, list(tensors))

    # Once to see which parameters it reads.
    reads = _Reads(types)
    try:
        with quiet(), FakeTensorMode(allow_non_fake_inputs=True):
            run([torch.empty(shape, dtype=dtype) for shape, dtype in operands], reads)
    except Exception as error:
        raise NotLowerable(f"it cannot be traced: {error}".splitlines()[0]) from None

    def function(*tensors: torch.Tensor) -> torch.Tensor:
        return run(tensors[: len(operands)], dict(zip(reads.symbols, tensors[len(operands) :], strict=True)))

    return function, [*operands, *(_shape_and_dtype(types[symbol]) for symbol in reads.symbols)]


class _Reads(Mapping[str, torch.Tensor]):
    """Parameters that note who is asked for, in order."""

    def __init__(self, types: Mapping[str, ir.Type]) -> None:
        self.types = types
        self.symbols: list[str] = []

    def __getitem__(self, symbol: str) -> torch.Tensor:
        if symbol not in self.symbols:
            self.symbols.append(symbol)
        shape, dtype = _shape_and_dtype(self.types[symbol])
        return torch.empty(shape, dtype=dtype)

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)


def _signature_text(op: Any, types: Mapping[str, ir.Type]) -> str:
    """The same text for nodes that compute the same on the same shapes: the types of parameters, not their names."""
    parts = [op.operation.name, *(str(value.type) for value in (*op.operands, *op.results))]
    for name in sorted(op.attributes):
        attribute = op.attributes[name]
        if isinstance(attribute, ir.FlatSymbolRefAttr) and attribute.value in types:
            attribute = types[attribute.value]
        parts.append(f"{name} = {attribute}")
    return "; ".join(parts)


def _shape_and_dtype(type_: ir.Type) -> tuple[tuple[int, ...], torch.dtype]:
    tensor = ir.RankedTensorType(type_)
    element = tensor.element_type
    if not isinstance(element, ir.IntegerType):
        return tuple(tensor.shape), torch.float32
    return tuple(tensor.shape), _INTEGERS.get(element.width, torch.int64)


_INTEGERS = {1: torch.bool, 8: torch.int8, 16: torch.int16, 32: torch.int32}
