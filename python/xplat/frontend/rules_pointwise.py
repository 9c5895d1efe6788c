"""Import rules: element-wise operations, changes of shape, and operations that do nothing."""

from __future__ import annotations

import operator

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.registry import RuleContext, register_rule

aten = torch.ops.aten


@register_rule(aten.relu.default, aten.relu_.default)
def relu(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """relu → xplat.relu."""
    return xp.ReluOp(context.result_type(node), context.value(context.argument(node, "self"))).result


@register_rule(aten.clamp.default, aten.clamp_min.default)
def clamp(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """clamp from below at zero → xplat.relu."""
    a = context.arguments(node)
    if a["min"] != 0 or a.get("max") is not None:
        context.reject(f"clamp to [{a['min']}, {a.get('max')}] is not supported, only from below at 0")
    return relu(context, node)


@register_rule(aten.add.Tensor, aten.add_.Tensor)
def add(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """add of two tensors of one shape → xplat.add."""
    a = context.arguments(node)
    if a["alpha"] != 1:
        context.reject(f"alpha={a['alpha']} is not supported, only 1")
    lhs, rhs = context.value(a["self"]), context.value(a["other"])
    shapes = context.shape(a["self"]), context.shape(a["other"])
    if shapes[0] != shapes[1]:
        context.reject(f"operands of different shapes {shapes[0]} and {shapes[1]}: broadcasting is not supported")
    return xp.AddOp(context.result_type(node), lhs, rhs).result


@register_rule(
    aten.view.default,
    aten._unsafe_view.default,
    aten.reshape.default,
    aten.flatten.using_ints,
    aten.squeeze.default,
    aten.squeeze.dim,
    aten.squeeze.dims,
    aten.unsqueeze.default,
)
def reshape(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Every change of shape that keeps the elements in row-major order → xplat.reshape."""
    x = context.argument(node, "self") if node.target is not aten.flatten.using_ints else node.args[0]
    value = context.value(x)
    if context.shape(x) == context.shape(node):
        return value
    return xp.ReshapeOp(context.result_type(node), value).result


@register_rule(
    aten.clone.default,
    aten.contiguous.default,
    aten.alias.default,
    aten.detach.default,
    aten.lift_fresh_copy.default,
)
def nothing(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Operations that hand their operand on."""
    return context.value(node.args[0])


@register_rule(aten._to_copy.default, aten.to.dtype, aten.dropout.default)
def nothing_if_same(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Conversions that convert nothing, and dropout in evaluation mode."""
    if node.target is aten.dropout.default and context.argument(node, "train"):
        context.reject("dropout in training mode is not supported")
    source, result = node.args[0].meta["val"].dtype, node.meta["val"].dtype  # type: ignore[union-attr]
    if source != result:
        context.reject(f"conversion from {source} to {result} is not supported")
    return context.value(node.args[0])


@register_rule(operator.getitem)
def getitem(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """The first result of an operation that has several in PyTorch and one in xplat."""
    source, index = node.args
    if index != 0:
        context.reject(f"result number {index} of '{source.target}' is not available")  # type: ignore[union-attr]
    return context.value(source)
