# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: operations that are products with a matrix of their own, and sums of products in index notation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.borders import bordered
from xplat.frontend.rules.elementwise import operand
from xplat.frontend.rules.matrix import symbol
from xplat.frontend.rules.registry import RuleContext, register_rule, with_shape
from xplat.mlir import extents

aten = torch.ops.aten


def along(
    context: RuleContext, node: torch.fx.Node, value: ir.Value, dim: int, matrix: torch.Tensor, part: str = ""
) -> ir.Value:
    """Every vector along a dimension times a matrix [results, elements]."""
    shape = extents(value)
    last = len(shape) - 1
    order = [*range(dim), last, *range(dim + 1, last), dim] if dim != last else list(range(last + 1))
    turned = context.transposed(value, order)
    # One vector after another travels so; a tensor of rank 4 has its second dimension innermost.
    rows = context.reshaped(turned, [math.prod(shape) // shape[dim], shape[dim]])
    weight = symbol(context.constant(f"{node.name}:{part or 'matrix'}", matrix))
    kind = with_shape(value.type, [extents(rows)[0], len(matrix)])
    with context.part(part) if part else nullcontext():
        product = xp.LinearOp(kind, rows, weight).result
    result = [len(matrix) if source == dim else shape[source] for source in order]
    return context.transposed(context.reshaped(product, result), order)


@register_rule(aten.cumsum.default)
def cumsum(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """cumsum → xplat.linear with ones in the lower triangle of the weight."""
    value, shape = operand(context, node), context.shape(node)
    if not shape:
        return value
    dim = int(context.argument(node, "dim")) % len(shape)
    return along(context, node, value, dim, torch.ones(shape[dim], shape[dim]).tril())


# ---- interpolation


@register_rule(
    aten.upsample_linear1d.vec,
    aten.upsample_linear1d.default,
    aten.upsample_bilinear2d.vec,
    aten.upsample_bilinear2d.default,
    aten.upsample_bicubic2d.vec,
    aten.upsample_bicubic2d.default,
)
def interpolate(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """Linear and cubic interpolation → a transposed convolution for linear ones by whole factors; else products with
    the matrices of the rows and of the columns."""
    a = context.arguments(node)
    name = "input" if "input" in a else "self"
    value, kind = operand(context, node, name), context.result_type(node)
    shape, result = extents(value), list(kind.shape)
    matrices = [_matrix(node, name, shape, dim) for dim in range(2, len(shape))]
    factors = [_factor(matrix) for matrix in matrices] if len(shape) == 4 and shape[0] == 1 else [None]
    if None not in factors:
        return _magnified(context, node, value, [factor for factor in factors if factor is not None])
    for dim, matrix in enumerate(matrices, 2):
        value = along(context, node, value, dim, matrix, f"dim{dim}") if result[dim] != shape[dim] else value
    return context.reshaped(value, result)


def _matrix(node: torch.fx.Node, name: str, shape: list[int], dim: int) -> torch.Tensor:
    """What an interpolation multiplies the elements along a dimension by, read off what it makes of each alone."""
    size = shape[dim]
    single = torch.eye(size).reshape([1, size, *(size if d == dim else 1 for d in range(2, len(shape)))])
    probe = single.expand([1, size, *shape[2:]])
    first = next(iter(node.all_input_nodes))
    args = torch.fx.map_arg(node.args, lambda source: probe if source is first else source)
    made = node.target(*args, **node.kwargs)  # type: ignore[operator]
    for other in reversed([d for d in range(2, len(shape)) if d != dim]):
        made = made.select(other, 0)
    return made[0].T.contiguous()


def _weights(factor: int) -> torch.Tensor:
    """What one element has in its results, for linear interpolation by a whole factor."""
    size = 2 * factor - factor % 2
    return 1 - (torch.arange(size) - (size - 1) / 2).abs() / factor


def _factor(matrix: torch.Tensor) -> int | None:
    """The whole factor by which a matrix interpolates linearly, with the first and last element repeated beyond the
    borders; None for other matrices."""
    results, elements = matrix.shape
    if results % elements:
        return None
    factor = results // elements
    kernel, first = _weights(factor), factor + factor // 2 if factor > 1 else 0
    border = 1 if factor > 1 else 0
    wide = torch.zeros((elements + 2 * border) * factor + len(kernel), elements)
    for position in range(elements + 2 * border):
        source = min(max(position - border, 0), elements - 1)
        wide[position * factor : position * factor + len(kernel), source] += kernel
    return factor if torch.allclose(wide[first : first + results], matrix, atol=1e-6) else None


def _magnified(context: RuleContext, node: torch.fx.Node, value: ir.Value, factors: Sequence[int]) -> ir.Value:
    kind, channels = context.result_type(node), extents(value)[1]
    border = [1 if factor > 1 else 0 for factor in factors]
    wide = bordered(context, value, [border[1], border[1], border[0], border[0]], "replicate")
    rows, columns = (_weights(factor) for factor in factors)
    weight = (rows[:, None] * columns[None, :]).expand(channels, 1, -1, -1).contiguous()
    name = symbol(context.constant(f"{node.name}:weight", weight))
    padding = [factor + factor // 2 if factor > 1 else 0 for factor in factors]
    return xp.ConvTranspose2DOp(kind, wide, name, list(factors), padding, channels).result


# ---- index notation


@register_rule(aten.einsum.default)
def einsum(context: RuleContext, node: torch.fx.Node) -> ir.Value:
    """einsum → transpositions and xplat.matmul, or xplat.linear with a parameter; of more than two, one by one."""
    equation, tensors = context.argument(node, "equation"), list(context.argument(node, "tensors"))
    sources, _, result = str(equation).replace(" ", "").partition("->")
    letters = sources.split(",")
    if "." in sources or any(len(set(own)) < len(own) for own in letters):
        context.reject(f"'{equation}' has an ellipsis, or a dimension twice in one operand")
    if "->" not in str(equation):
        every = "".join(letters)
        result = "".join(sorted(letter for letter in set(every) if every.count(letter) == 1))
    if not context.is_float(node, *tensors):
        context.reject("the ops of xplat compute with floating point, not with integers")
    # A dimension of extent one goes with any other extent.
    sizes: dict[str, int] = {}
    for names, tensor in zip(letters, tensors, strict=True):
        for letter, extent in zip(names, context.shape(tensor), strict=True):
            sizes[letter] = max(sizes.get(letter, 1), extent)
    value, own = _lifted(context, tensors[0], letters[0], sizes), letters[0]
    for index, tensor in enumerate(tensors[1:], 1):
        kept = set(result).union(*letters[index + 1 :])
        value, own = _contracted(context, (value, own), tensor, letters[index], kept, sizes)
    value, own = _summed(context, value, own, set(result))
    return context.reshaped(context.transposed(value, [own.index(letter) for letter in result]), context.shape(node))


def _lifted(context: RuleContext, tensor: Any, names: str, sizes: dict[str, int]) -> ir.Value:
    return context.broadcasted(context.value(tensor), [sizes[letter] for letter in names])


def _summed(context: RuleContext, value: ir.Value, own: str, kept: set[str]) -> tuple[ir.Value, str]:
    """The sum over the dimensions that nothing else names."""
    dims = [dim for dim, letter in enumerate(own) if letter not in kept]
    if not dims:
        return value, own
    shape = [extent for dim, extent in enumerate(extents(value)) if dim not in dims]
    with context.part("sum"):
        how = xp.ReduceKindAttr.get(int(xp.ReduceKind.sum))
        result = xp.ReduceOp(with_shape(value.type, shape), value, how, dims).result
    return result, "".join(letter for letter in own if letter in kept)


def _contracted(
    context: RuleContext, left: tuple[ir.Value, str], tensor: Any, right: str, kept: set[str], sizes: dict[str, int]
) -> tuple[ir.Value, str]:
    """The product of a value and an FX node, summed over what both have and nothing else names."""
    value, own = _summed(context, *left, kept | set(right))
    shared = [letter for letter in own if letter in right and letter in kept]
    summed = [letter for letter in own if letter in right and letter not in kept]
    free = [letter for letter in own if letter not in right]

    def count(some: Sequence[str]) -> int:
        return math.prod(sizes[letter] for letter in some)

    def matrices(what: ir.Value, names: str, rows: Sequence[str]) -> ir.Value:
        order = [names.index(letter) for letter in [*shared, *rows, *summed]]
        return context.reshaped(context.transposed(what, order), [count(shared), count(rows), count(summed)])

    whole = context.shape(tensor) == [sizes[letter] for letter in right] and set(right) <= kept | set(summed)
    if whole and not shared and context.has_parameter(tensor):
        columns = [letter for letter in right if letter not in summed]
        order = [right.index(letter) for letter in [*columns, *summed]]
        weight = context.parameter(tensor, what="weight", permutation=order, shape=[count(columns), count(summed)])
        turned = context.transposed(value, [own.index(letter) for letter in [*free, *summed]])
        rows = context.reshaped(turned, [count(free), count(summed)])
        with context.part("product"):
            kind = with_shape(value.type, [count(free), count(columns)])
            product = xp.LinearOp(kind, rows, symbol(weight)).result
    else:
        other, right = _summed(context, _lifted(context, tensor, right, sizes), right, kept | set(own))
        columns = [letter for letter in right if letter not in own]
        lhs, rhs = matrices(value, own, free), matrices(other, right, columns)
        with context.part("product"):
            kind = with_shape(value.type, [count(shared), count(free), count(columns)])
            product = xp.MatmulOp(kind, lhs, rhs, transposed=True).result
    names = [*shared, *free, *columns]
    return context.reshaped(product, [sizes[letter] for letter in names]), "".join(names)
