# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import of models that PT2E has converted: quantize/dequantize pairs and `xplat::round`.

Nothing is rounded here. The graph stays f32. Its nodes carry the formats that the program requests (`quantization`),
and `xplat-quantize` applies them later. So software passes work as on any graph, and weights stay trainable.

- A pair around a value requests its format for the node that computes the value. Operations that only select elements
  get no request of their own: they commute with rounding, and keep their operand's format. Where the value is also read
  unrounded, an `xplat.cast` carries the request.
- A pair around a parameter requests a format for the weight of the node that reads it. The parameter is the model's
  own, even when conversion has folded the pair into an integer constant. The pair of a bias is dropped, because xplat
  rounds biases in the same way. A bias that was clipped to its 32 bits is an error.
- In a program with such pairs, f32 is requested for every value and parameter without one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

# Importing it registers the operations.
from torch.ao.quantization.fx import _decomposed  # noqa: F401

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, NumberFormat, mlir_type, parse
from xplat.formats.fixed import STORAGE_WIDTH
from xplat.formats.operator import round_operator
from xplat.frontend.capture.locations import origin_of
from xplat.frontend.rules.registry import Refused, RuleContext, arguments_of, register_rule
from xplat.support.errors import FormatError
from xplat.support.names import unique

aten = torch.ops.aten
decomposed = torch.ops.quantized_decomposed

QUANTIZE = {decomposed.quantize_per_tensor.default, decomposed.quantize_per_channel.default}
DEQUANTIZE = {decomposed.dequantize_per_tensor.default, decomposed.dequantize_per_channel.default}
ROUND = round_operator._opoverload

SELECTING = {
    aten.relu.default, aten.relu_.default, aten.max_pool2d.default, aten.view.default, aten.reshape.default,
    aten._unsafe_view.default, aten.flatten.using_ints, aten.squeeze.default, aten.squeeze.dim, aten.squeeze.dims,
    aten.unsqueeze.default, aten.permute.default, aten.transpose.int, aten.t.default, aten.expand.default,
    aten.slice.Tensor, aten.select.int, aten.clone.default, aten.contiguous.default, aten.alias.default,
    aten.detach.default, aten.dropout.default, aten.dropout_.default,
}  # fmt: skip
"""Operations whose result elements are elements of their operand, or zero."""

CARRYING = SELECTING | {
    aten.split.Tensor, aten.split_with_sizes.default, aten.chunk.default, aten.unbind.int, operator.getitem,
}  # fmt: skip
"""The same with operations of several results: what they give of a rounded value is rounded."""


@dataclass(frozen=True)
class Marks:
    """Formats that a program states: for the weight of each FX node that has one, and for constants that are values."""

    weights: Mapping[torch.fx.Node, NumberFormat]
    constants: Mapping[torch.fx.Node, NumberFormat]
    any: bool
    """Whether it says anything."""


def read_marks(graph: torch.fx.Graph, symbols: dict[torch.fx.Node, str], tensors: dict[str, torch.Tensor]) -> Marks:
    """Finds the formats of weights. Nodes that stand for a rounded weight or bias are added to `symbols`."""
    weights: dict[torch.fx.Node, NumberFormat] = {}
    constants: dict[torch.fx.Node, NumberFormat] = {}
    found = False
    for node in graph.nodes:
        if node.target not in DEQUANTIZE and node.target is not ROUND:
            continue
        found = True
        source = _first(node)
        if pair := source.target in QUANTIZE:
            source = _first(source)
        if source not in symbols or not node.users:
            continue
        folded = node.target in DEQUANTIZE and not pair
        uses = {_argument_name(user, node) for user in node.users}
        if not folded and not uses <= {"weight", "bias"}:
            continue  # a parameter that is a value: the rule of the node rounds it
        try:
            form = _format_of(node, symbols, tensors)
            _check_bias(node, form, tensors[symbols[source]])
            symbol = _own_parameter(node, form, symbols[source], tensors)
        except Refused:
            continue  # the rule of the node says why
        symbols[node] = symbol
        if pair:
            symbols[_first(node)] = symbol
        weights |= {user: form for user in node.users if _argument_name(user, node) == "weight"}
        if not uses <= {"weight", "bias"}:
            constants[node] = form
    return Marks(weights, constants, found)


def apply_marks(context: Any, marks: Marks) -> None:
    """After import: requests the formats of weights, and f32 for values that the program does not round."""
    if not marks.any:
        return
    for node, form in marks.weights.items():
        if node in context.values and not context.has_failed(node):
            op = _upwards(context.value(node), until=xp.is_weighted)
            if op is not None:
                _request(op, weight=ir.Type.parse(mlir_type(form)))
    for node, form in marks.constants.items():
        if node in context.values and not context.has_failed(node):
            op = _upwards(context.value(node), until=xp.has_number_format)
            if op is not None:
                _request(op, value=ir.Type.parse(mlir_type(form)))
    none = ir.F32Type.get()
    for op in context.function.entry_block.operations:
        if xp.is_node(op) and xp.has_number_format(op) and _is_computed(op):
            request = op.quantization
            missing_value = request is None or request.value is None
            # A batch normalisation that nothing could be folded into becomes a convolution with a weight.
            weighted = xp.is_weighted(op) or isinstance(op, xp.BatchNormOp)
            missing_weight = weighted and (request is None or request.weight is None)
            _request(op, value=none if missing_value else None, weight=none if missing_weight else None)


@register_rule(*QUANTIZE, ROUND)
def rounded(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """A value rounded into a format: requests that format for the node that computes it."""
    form = _format_of(node, context.symbols, context.tensors)  # type: ignore[attr-defined]
    kind = ir.Type.parse(mlir_type(form))
    source = node.args[0]
    assert isinstance(source, torch.fx.Node)
    value = context.value(source)
    known = _upwards(value, until=lambda op: not xp.keeps_format(op), shared=True)
    if known is not None and known.quantization is not None and known.quantization.value == kind:
        return value  # selected from what is rounded so already
    if all(_same_rounding(user, node) for user in source.users):
        head = source
        while head.target in SELECTING and len(_first(head).users) == 1:
            head = _first(head)
        op = _upwards(context.value(head), until=lambda op: not xp.keeps_format(op))
        if op is not None and (op.quantization is None or op.quantization.value is None):
            _request(op, value=kind)
            return value
    cast = xp.CastOp(value.type, value)
    _request(cast, value=kind)
    return cast.result


@register_rule(*DEQUANTIZE)
def dequantized(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Nothing: the value has its meaning already."""
    source = node.args[0]
    pair = isinstance(source, torch.fx.Node) and source.target in QUANTIZE
    stored = _first(source) if pair else source  # type: ignore[arg-type]
    if stored in context.symbols:  # type: ignore[attr-defined]
        form = _format_of(node, context.symbols, context.tensors)  # type: ignore[attr-defined]
        _check_bias(node, form, context.tensors[context.symbols[stored]])  # type: ignore[attr-defined]
    if not pair:
        return context.refuse("a dequantize without its quantize, or of a weight in a format that xplat does not have")
    return context.value(source)


@register_rule(
    decomposed.choose_qparams.tensor,
    decomposed.choose_qparams_symmetric.tensor,
    decomposed.quantize_per_tensor.tensor,
    decomposed.dequantize_per_tensor.tensor,
)
def dynamic(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Scales that are computed for every sample."""
    return context.refuse("dynamic quantization is not supported; quantize with xplat.quantizer.XplatQuantizer")


# ---- formats


def _format_of(
    node: torch.fx.Node, symbols: Mapping[torch.fx.Node, str], tensors: Mapping[str, torch.Tensor]
) -> NumberFormat:
    """The format that a quantize, dequantize or round node says; raises `Refused` for what xplat does not have."""
    arguments = arguments_of(node)
    if node.target is ROUND:
        try:
            return parse(arguments["form"])
        except FormatError as error:
            raise Refused(error.message) from None
    remedy = "; quantize with xplat.quantizer.XplatQuantizer"
    per_channel = "axis" in arguments
    scales = _numbers(arguments["scales" if per_channel else "scale"], symbols, tensors)
    zeros = _numbers(arguments["zero_points" if per_channel else "zero_point"], symbols, tensors)
    if any(zeros):
        raise Refused(f"a zero point is {next(zero for zero in zeros if zero):g}, expected 0{remedy}")
    if odd := [scale for scale in scales if math.frexp(scale)[0] != 0.5]:
        raise Refused(f"a scale is {odd[0]:g}, expected a power of two{remedy}")
    if per_channel and arguments["axis"] != 0:
        raise Refused(f"there is a scale for each slice along dimension {arguments['axis']}, expected 0{remedy}")
    low, high = int(arguments["quant_min"]), int(arguments["quant_max"])
    unsigned = low == 0
    width = high.bit_length() + (not unsigned)
    try:
        form = FixedPoint(width, tuple(1 - math.frexp(scale)[1] for scale in scales), per_channel, unsigned)
    except FormatError as error:
        raise Refused(f"{error.message}{remedy}") from None
    if (low, high) != (form.minimum, form.maximum):
        raise Refused(f"integers are {low} to {high}, expected the full range of so many bits{remedy}")
    return form


def _numbers(value: Any, symbols: Mapping[torch.fx.Node, str], tensors: Mapping[str, torch.Tensor]) -> list[float]:
    if isinstance(value, torch.fx.Node):
        if value not in symbols:
            raise Refused("the scale is computed by the model, expected a constant")
        return [float(number) for number in tensors[symbols[value]].reshape(-1).tolist()]
    return [float(value)]


def _check_bias(node: torch.fx.Node, form: NumberFormat, stored: torch.Tensor) -> None:
    """Raises `Refused` for a bias that its 32 bits do not hold: conversion has cut it off, or the sign has changed."""
    if not isinstance(form, FixedPoint) or form.width < STORAGE_WIDTH:
        return  # fewer bits of a bias are not kept
    users = [user for user in node.users if _argument_name(user, node) == "bias"]
    if not users:
        return
    scale = form.scale(1).expand(len(stored)) if stored.dim() else form.scale(0)
    steps = stored.double() / scale if stored.dtype.is_floating_point else stored.double()
    # What has been cut off lies at a limit; which of them depends on the machine that has converted the model.
    steps = steps.reshape(-1).abs()
    beyond = steps > form.maximum if stored.dtype.is_floating_point else steps >= form.maximum
    if not bool(beyond.any()):
        return
    channel = int(beyond.to(torch.int8).argmax())
    step = float(scale.reshape(-1)[channel])
    value = f"{float(stored.reshape(-1)[channel]):g}" if stored.dtype.is_floating_point else "cut off there"
    raise Refused(
        f"the bias of '{origin_of(users[0]).path or users[0].name}' does not fit: in channel {channel}, "
        f"{form.width} bits at the scale of the products ({step:g}) hold at most {form.maximum * step:g}, but it is "
        f"{value}; prepare and convert the model anew with this version's xplat.quantizer.XplatQuantizer, which "
        "chooses scales of weights that leave room for biases"
    )


def _own_parameter(node: torch.fx.Node, form: NumberFormat, symbol: str, tensors: dict[str, torch.Tensor]) -> str:
    """The parameter that a weight was rounded from: the source itself, or what a folded constant came from."""
    stored = tensors[symbol]
    if stored.dtype.is_floating_point or not isinstance(form, FixedPoint):
        return symbol
    user = next(iter(node.users))
    path, name = origin_of(user).path, _argument_name(user, node)
    prefix = f"{path}." if path else ""
    for key, tensor in tensors.items():
        if key.startswith(prefix) and tensor.dtype.is_floating_point and tensor.shape == stored.shape:
            if torch.equal(form.to_integers(tensor), stored.to(torch.int64)):
                return key
    symbol = unique(f"{prefix}{name or 'constant'}:dequantized", set(tensors))
    tensors[symbol] = form.to_values(stored).to(torch.float32)
    return symbol


# ---- nodes


def _argument_name(user: torch.fx.Node, node: torch.fx.Node) -> str:
    """As what an FX node reads another; empty for anything but one whole argument."""
    if getattr(user.target, "_schema", None) is None:
        return ""
    names = [name for name, value in arguments_of(user).items() if value is node]
    return names[0] if len(names) == 1 else ""


def _first(node: torch.fx.Node) -> torch.fx.Node:
    source = node.args[0]
    assert isinstance(source, torch.fx.Node)
    return source


def _same_rounding(user: torch.fx.Node, node: torch.fx.Node) -> bool:
    return user.target is node.target and user.args == node.args and user.kwargs == node.kwargs


def _upwards(value: ir.Value, *, until: Any, shared: bool = False) -> Any:
    """The op that gives a value, or one before it, until one fits; None when a value in between is read by others.

    `shared`: that does not matter.
    """
    while True:
        op = value.owner.opview if isinstance(value.owner, ir.Operation) else value.owner
        if not isinstance(op, ir.OpView) or not xp.is_node(op):
            return None
        if until(op):
            return op if xp.has_number_format(op) else None
        if not len(op.operands) or not (shared or len(list(op.operands[0].uses)) == 1):
            return None
        value = op.operands[0]


def _is_computed(op: Any) -> bool:
    """Whether a node's result is new numbers: neither integers nor elements of its operand."""
    return isinstance(op.results[0].type.element_type, ir.F32Type) and not xp.keeps_format(op)


def _request(op: Any, *, value: ir.Type | None = None, weight: ir.Type | None = None) -> None:
    """Adds to the formats that are requested for the node already."""
    known = op.quantization
    if known is not None:
        value, weight = value or known.value, weight or known.weight
    if value is not None or weight is not None:
        xp.request_formats(op, xp.QuantizationAttr.get(value, weight, None))
