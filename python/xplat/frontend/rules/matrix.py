# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: products, attention, normalisation, softmax, embeddings.

A product with a parameter on the right is `xplat.linear`, so that it is mapped like a linear layer; the parameter
is transposed by a derivation, never copied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.layout import layout_of
from xplat.frontend.rules.masks import diagonal_of, inverted, stored, truth
from xplat.frontend.rules.registry import RuleContext, register_rule, tensor_of, with_shape
from xplat.mlir import extents

aten = torch.ops.aten


def symbol(name: str) -> ir.FlatSymbolRefAttr:
    """A reference to a parameter."""
    return ir.FlatSymbolRefAttr.get(name)


def plus_bias(
    context: RuleContext, value: ir.Value, bias: Any, factor: float = 1.0, *, channel_dim: int = -1
) -> ir.Value:
    """value + factor · bias, where `bias` is an FX node that broadcasts (with `channel_dim`: one number a channel)."""
    shape = extents(value)
    lifted = context.value(bias)
    if channel_dim >= 0:
        lifted = context.reshaped(lifted, [extent if dim == channel_dim else 1 for dim, extent in enumerate(shape)])
    lifted = context.broadcasted(lifted, shape)
    if factor != 1:
        with context.part("mul"):
            lifted = xp.MulOp(lifted.type, lifted, context.splat(factor, shape)).result
    with context.part("add"):
        return xp.AddOp(value.type, value, lifted).result


# ---- products


@register_rule(aten.linear.default)
def linear(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """linear → xplat.linear; with a weight that the model computes, xplat.matmul."""
    a = context.arguments(node)
    kind, x, bias = context.result_type(node), operand(context, node, "input"), a["bias"]
    if len(context.shape(a["weight"])) != 2:
        context.reject(f"expected a weight of rank 2 but got {context.shape(a['weight'])}")
    own = bias is None or (context.has_parameter(bias) and len(context.shape(bias)) == 1)
    if context.has_parameter(a["weight"]):
        weight = symbol(context.parameter(a["weight"], what="weight"))
        name = symbol(context.parameter(bias, what="bias")) if own and bias is not None else None
        x = context.in_rows(x, 1)
        result = xp.LinearOp(with_shape(kind, [*extents(x)[:-1], kind.shape[-1]]), x, weight, bias=name).result
        result = context.reshaped(result, kind.shape)
        return result if own else plus_bias(context, result, bias)
    rows = math.prod(kind.shape[:-1])
    flat = context.reshaped(x, [rows, extents(x)[-1]])
    product = xp.MatmulOp(
        with_shape(kind, [rows, kind.shape[-1]]), flat, context.value(a["weight"]), transposed=True
    ).result
    result = context.reshaped(product, kind.shape)
    return result if bias is None else plus_bias(context, result, bias)


@register_rule(aten.matmul.default, aten.mm.default, aten.bmm.default, aten.mv.default, aten.dot.default)
def matmul(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """matmul → xplat.linear when the right operand is a matrix of parameters, else xplat.matmul."""
    lhs, rhs = node.args[:2]
    return product(context, node, lhs, rhs)


def product(context: RuleContext, node: torch.fx.Node, lhs: Any, rhs: Any, bias: str | None = None) -> ir.Value:
    """lhs · rhs in the node's shape; `bias` is for a right operand of parameters alone."""
    if not context.is_float(node, lhs, rhs):
        context.reject("the ops of xplat compute with floating point, not with integers")
    kind, left, right = context.result_type(node), context.shape(lhs), context.shape(rhs)
    if not left or not right:
        context.reject("an operand of rank 0")
    if is_weight(context, lhs, rhs):
        weight = symbol(context.parameter(rhs, what="weight", permutation=[1, 0]))
        x = context.in_rows(context.value(lhs), 1)
        flat = with_shape(kind, [*extents(x)[:-1], kind.shape[-1]]) if len(kind.shape) > 3 else kind
        result = xp.LinearOp(flat, x, weight, bias=None if bias is None else symbol(bias)).result
        return context.reshaped(result, kind.shape)
    # Rows of a right operand that is transposed here are columns of the product.
    how = layout_of(rhs) if isinstance(rhs, torch.fx.Node) and not context.has_parameter(rhs) else None
    last = len(right) - 1
    transposed = how is not None and last > 0 and list(how.permutation) == [*range(last - 1), last, last - 1]
    transposed = transposed and how is not None and context.shape(how.source)[-2:] == [right[-1], right[-2]]
    a, b = context.value(lhs), context.value(how.source if transposed and how is not None else rhs)
    a = context.reshaped(a, [1, *left]) if len(left) == 1 else a
    b = context.reshaped(b, [*right, 1]) if len(right) == 1 else b
    outer = list(torch.broadcast_shapes(extents(a)[:-2], extents(b)[:-2]))
    rows, columns = extents(a)[-2], extents(b)[-2 if transposed else -1]
    a = context.in_rows(context.broadcasted(a, [*outer, *extents(a)[-2:]]), 2)
    b = context.in_rows(context.broadcasted(b, [*outer, *extents(b)[-2:]]), 2)
    flat = with_shape(kind, [*extents(a)[:-2], rows, columns])
    result = xp.MatmulOp(flat, a, b, transposed=transposed or None).result
    return context.reshaped(result, kind.shape)


def is_weight(context: RuleContext, lhs: Any, rhs: Any) -> bool:
    """Whether a product with `rhs` is a linear layer: a matrix of parameters, and no parameter on the left."""
    return len(context.shape(rhs)) == 2 and context.has_parameter(rhs) and not context.has_parameter(lhs)


@register_rule(aten.addmm.default, aten.baddbmm.default, aten.addmv.default, aten.addbmm.default)
def addmm(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """beta · bias + alpha · (a · b) → a product, scaled and added."""
    if node.target is aten.addbmm.default:
        context.reject("a sum over products")
    a = context.arguments(node)
    lhs, rhs = node.args[1:3]
    alpha, beta, bias = float(a["alpha"]), float(a["beta"]), a["self"]
    kind = context.result_type(node)
    plain = alpha == beta == 1 and context.has_parameter(bias) and context.shape(bias) == [kind.shape[-1]]
    if plain and is_weight(context, lhs, rhs):
        return product(context, node, lhs, rhs, bias=context.parameter(bias, what="bias"))
    result = product(context, node, lhs, rhs)
    if alpha != 1:
        with context.part("mul"):
            result = xp.MulOp(kind, result, context.splat(alpha, kind.shape)).result
    return result if beta == 0 else plus_bias(context, result, bias, beta)


# ---- attention


@register_rule(aten.scaled_dot_product_attention.default)
def attention(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """scaled_dot_product_attention → xplat.attention; operands of another rank than 4 are reshaped."""
    a = context.arguments(node)
    if a["dropout_p"]:
        context.refuse("attention with dropout is random; import the model in evaluation mode")
    if not context.is_float(node):
        context.reject("attention on integers")
    shapes = [context.shape(a[name]) for name in ("query", "key", "value")]
    query, key, value = shapes
    rank, kind = len(query), context.result_type(node)
    if rank < 2 or any(len(shape) != rank for shape in shapes):
        context.reject(f"operands of shapes {query}, {key} and {value}")
    grouped = bool(a["enable_gqa"])
    outer = [max(extents) for extents in zip(*(shape[:-2] for shape in shapes), strict=True)]
    if grouped:
        if rank != 4 or query[0] != key[0] or key[:2] != value[:2]:
            context.reject(f"grouped operands of shapes {query}, {key} and {value}")
        batch, heads, key_heads = query[0], query[1], key[1]
    else:
        batch, heads = (outer[0], math.prod(outer[1:])) if rank >= 4 else (1, math.prod(outer))
        key_heads = heads
    lifted = []
    for name, shape in zip(("query", "key", "value"), shapes, strict=True):
        x = context.value(a[name])
        x = x if grouped else context.broadcasted(x, [*outer, *shape[-2:]])
        lifted.append(context.reshaped(x, [batch, heads if name == "query" else key_heads, *shape[-2:]]))
    seen = _Seen.of(context, a["attn_mask"], [query[-2], key[-2]])

    def of_rank_4(mask: ir.Value | None) -> ir.Value | None:
        return None if mask is None else _shared(context, mask, outer, [batch, heads], [query[-2], key[-2]])

    scale = float(a["scale"]) if a["scale"] is not None else 1 / math.sqrt(query[-1])
    result = xp.AttentionOp(
        with_shape(kind, [batch, heads, query[-2], value[-1]]),
        *lifted,
        scale,
        mask=of_rank_4(seen.added),
        hidden=of_rank_4(seen.hidden),
        causal=True if a["is_causal"] or seen.causal else None,
        # A query that sees no key gives zeros, as in PyTorch.
        blind_zero=True if seen.may_hide_all else None,
    ).result
    return context.reshaped(result, kind.shape)


@dataclass(frozen=True)
class _Seen:
    """What the mask of attention says: numbers to add to scores, and 1 for scores that are hidden."""

    added: ir.Value | None = None
    hidden: ir.Value | None = None
    causal: bool = False
    may_hide_all: bool = False

    @staticmethod
    def of(context: RuleContext, mask: Any, lengths: list[int]) -> _Seen:
        if mask is None:
            return _Seen()
        known = context.known(mask)
        if known is None:
            if context.is_float(mask):
                return _Seen(added=context.value(mask), may_hide_all=_reads_sample(context, mask))
            return _Seen(hidden=inverted(context, truth(context, mask)), may_hide_all=True)
        is_float = known.dtype.is_floating_point
        hides = known <= xp.LEAST_HIDDEN if is_float else ~known.bool()
        added = None
        if is_float and bool((numbers := known.float().masked_fill(hides, 0.0)).any()):
            name = symbol(context.constant(f"{mask.name}:added", numbers))
            with context.part("mask"):
                added = xp.ConstantOp(ir.RankedTensorType.get(list(numbers.shape), ir.F32Type.get()), name).result
        if not bool(hides.any()):
            return _Seen(added)
        if list(hides.shape[-2:]) == lengths and diagonal_of(hides) == 0:
            return _Seen(added, causal=True)
        return _Seen(added, stored(context, mask, hides), may_hide_all=bool(hides.all(-1).any()))


def _reads_sample(context: RuleContext, node: torch.fx.Node) -> bool:
    """Whether a mask depends on more than parameters, which hold no infinities."""
    if context.has_parameter(node) or context.known(node) is not None:
        return False
    return not node.all_input_nodes or any(_reads_sample(context, source) for source in node.all_input_nodes)


def _shared(context: RuleContext, mask: ir.Value, outer: list[int], heads: list[int], lengths: list[int]) -> ir.Value:
    """A mask of rank 4, whose batches and heads may be shared."""
    shape = extents(mask)
    if len(outer) > 2 or len(shape) > 4:
        # Several dimensions have become one.
        return context.reshaped(context.broadcasted(mask, [*outer, *lengths]), [*heads, *lengths])
    # For operands of rank 3 the one outer dimension is that of the heads.
    first = [1] * (4 - len(shape)) + shape[:-2]
    mask = context.broadcasted(mask, [*shape[:-2], *lengths])
    return context.reshaped(mask, [*first[:2], *lengths])


# ---- normalisation


@register_rule(aten.softmax.int, aten._softmax.default)
def softmax(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """softmax → xplat.softmax."""
    x, kind, dim = operand(context, node), context.result_type(node), _dim(context, node)
    if dim < len(kind.shape) - 1:
        return xp.SoftmaxOp(kind, x, dim).result
    x = context.in_rows(x, 2)
    return context.reshaped(xp.SoftmaxOp(x.type, x, len(extents(x)) - 1).result, kind.shape)


def _dim(context: RuleContext, node: torch.fx.Node) -> int:
    rank = len(context.shape(node))
    if rank == 0:
        context.reject("an operand of rank 0")
    return int(context.argument(node, "dim")) % rank


@register_rule(aten.log_softmax.int, aten._log_softmax.default)
def log_softmax(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """log_softmax → x - max - log(sum(exp(x - max))), which neither overflows nor loses small numbers."""
    x, kind, dim = operand(context, node), context.result_type(node), _dim(context, node)
    shape = list(kind.shape)
    reduced = with_shape(kind, [1 if index == dim else extent for index, extent in enumerate(shape)])
    with context.part("max"):
        largest = xp.ReduceOp(reduced, x, xp.ReduceKindAttr.get(int(xp.ReduceKind.maximum)), [dim]).result
    largest = context.broadcasted(largest, shape)
    with context.part("sub"):
        shifted = xp.SubOp(kind, x, largest).result
    with context.part("exp"):
        exponential = xp.ExpOp(kind, shifted).result
    with context.part("sum"):
        total = xp.ReduceOp(reduced, exponential, xp.ReduceKindAttr.get(int(xp.ReduceKind.sum)), [dim]).result
    with context.part("log"):
        logarithm = xp.LogOp(reduced, total).result
    return xp.SubOp(kind, shifted, context.broadcasted(logarithm, shape)).result


@register_rule(aten.layer_norm.default, aten.rms_norm.default)
def norm(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """layer_norm, rms_norm → the op of that name; factors that the model computes are applied behind it."""
    a = context.arguments(node)
    x, kind = operand(context, node, "input"), context.result_type(node)
    axes = len(a["normalized_shape"])
    is_layer_norm = node.target is aten.layer_norm.default
    epsilon = torch.finfo(tensor_of(node).dtype).eps if a["eps"] is None else float(a["eps"])
    if epsilon <= 0:
        context.reject(f"epsilon {epsilon} is not positive")
    weight, bias = a["weight"], a.get("bias")
    own = all(part is None or context.has_parameter(part) for part in (weight, bias))
    gamma, beta = (
        symbol(context.parameter(part, what=what)) if own and part is not None else None
        for part, what in ((weight, "weight"), (bias, "bias"))
    )
    x = context.in_rows(x, axes) if axes < 3 else x
    if is_layer_norm:
        result = xp.LayerNormOp(x.type, x, axes, epsilon, gamma=gamma, beta=beta).result
    else:
        result = xp.RmsNormOp(x.type, x, axes, epsilon, gamma=gamma).result
    result = context.reshaped(result, kind.shape)
    if own:
        return result
    if weight is not None:
        factor = context.broadcasted(context.value(weight), kind.shape)
        with context.part("mul"):
            result = xp.MulOp(kind, result, factor).result
    return result if bias is None else plus_bias(context, result, bias)


@register_rule(aten.group_norm.default, aten.instance_norm.default)
def group_norm(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """group_norm, instance_norm → xplat.group_norm."""
    a = context.arguments(node)
    source = "input" if "input" in a else "self"
    x, kind = operand(context, node, source), context.result_type(node)
    if a.get("use_input_stats") is False:
        context.reject("the statistics are those of training")
    if len(kind.shape) < 3 or float(a["eps"]) <= 0:
        context.reject("a norm of single numbers, or with an epsilon that is not positive")
    own = all(part is None or context.has_parameter(part) for part in (a["weight"], a["bias"]))
    if not own:
        context.reject("a factor or a summand that the model computes")
    gamma, beta = (
        symbol(context.parameter(a[what], what=what)) if a[what] is not None else None for what in ("weight", "bias")
    )
    groups = int(a.get("num_groups", kind.shape[1]))
    return xp.GroupNormOp(kind, x, groups, float(a["eps"]), gamma=gamma, beta=beta).result


# ---- tables


@register_rule(aten.embedding.default)
def embedding(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """embedding → xplat.embedding; padding_idx says nothing about values."""
    a = context.arguments(node)
    if not context.has_parameter(a["weight"]):
        context.reject("the table is computed by the model")
    table = symbol(context.parameter(a["weight"], what="table"))
    indices, kind = context.value(a["indices"]), context.result_type(node)
    if len(kind.shape) > 3:
        indices = context.reshaped(indices, [math.prod(extents(indices))])
    result = xp.EmbeddingOp(with_shape(kind, [*extents(indices), kind.shape[-1]]), indices, table).result
    return context.reshaped(result, kind.shape)
