# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: tensors that the model's code makes, and their filling."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.registry import RuleContext, register_rule, tensor_of

aten = torch.ops.aten

_ZEROS = (aten.zeros.default, aten.zeros_like.default, aten.new_zeros.default, aten.zero.default)
# Memory that nothing was written to yet holds any values, so also zeros.
_EMPTY = (aten.empty.memory_format, aten.empty_like.default, aten.new_empty.default)
_ONES = (aten.ones.default, aten.ones_like.default, aten.new_ones.default)
_FULL = (
    aten.full.default,
    aten.full_like.default,
    aten.new_full.default,
    aten.scalar_tensor.default,
    aten.fill.Scalar,
)


def _filled(context: RuleContext, node: torch.fx.Node, value: Any) -> ir.Value:
    if isinstance(value, complex):
        context.reject("complex numbers are not supported")
    if not math.isfinite(value) or (int(value) != value and not context.is_float(node)) or abs(value) > 1 << 53:
        if not context.is_float(node) or not math.isfinite(value):
            context.reject(f"a tensor of {value} is not supported")
    truth = tensor_of(node).dtype == torch.bool
    return xp.SplatOp(context.result_type(node), float(bool(value) if truth else value)).result


@register_rule(*_ZEROS, *_EMPTY)
def zeros(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """zeros → xplat.splat."""
    return _filled(context, node, 0.0)


@register_rule(*_ONES)
def ones(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """ones → xplat.splat."""
    return _filled(context, node, 1.0)


@register_rule(*_FULL)
def full(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """full → xplat.splat."""
    a = context.arguments(node)
    return _filled(context, node, a.get("fill_value", a.get("s", a.get("value"))))


@register_rule(aten.arange.default, aten.arange.start, aten.arange.start_step, aten.linspace.default, aten.eye.default)
def table(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """A table that the model's code writes down → xplat.constant."""
    options = {name: option for name, option in node.kwargs.items() if name == "dtype"}
    value = node.target(*node.args, **options, device="cpu")  # type: ignore[operator]
    with ir.Location.name(node.name):
        symbol = ir.FlatSymbolRefAttr.get(context.constant(f"{node.name}:value", value))
    return xp.ConstantOp(context.result_type(node), symbol).result


@register_rule(aten.copy.default, aten.fill.Tensor)
def copy(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """A tensor overwritten by another, repeated where it is smaller → xplat.broadcast."""
    a = context.arguments(node)
    source = a["src" if "src" in a else "value"]
    if context.result_type(source).element_type != context.result_type(node).element_type:
        context.reject("the operands are of different types")
    return context.broadcasted(context.value(source), context.shape(node))
