# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that change a tensor's shape or the order of its dimensions and nothing else.

One reading of them, for values (`rules_shape`) and for parameters (`weights`).
"""

from __future__ import annotations

import operator
from dataclasses import dataclass

import torch
import torch.fx

from xplat.frontend.rules.registry import arguments_of, is_random, shape_of, tensor_of

aten = torch.ops.aten


@dataclass(frozen=True)
class Layout:
    """`source` with its dimensions in the order `permutation` and then, row-major, in `shape`."""

    source: torch.fx.Node
    permutation: tuple[int, ...]
    shape: tuple[int, ...]


RESHAPES = (
    aten.view.default,
    aten._unsafe_view.default,
    aten.reshape.default,
    aten.flatten.using_ints,
    aten.unflatten.int,
    aten.squeeze.default,
    aten.squeeze.dim,
    aten.squeeze.dims,
    aten.unsqueeze.default,
    aten.view_as.default,
    aten.reshape_as.default,
    aten.atleast_1d.default,
    aten.atleast_2d.default,
    aten.atleast_3d.default,
)

TRANSPOSES = (
    aten.t.default,
    aten.transpose.int,
    aten.swapaxes.default,
    aten.swapdims.default,
    aten.permute.default,
    aten.movedim.int,
    aten.movedim.intlist,
    aten.numpy_T.default,
    aten.mT.default,
)

IDENTITIES = (
    aten.clone.default,
    aten.contiguous.default,
    aten.alias.default,
    aten.detach.default,
    aten.detach_.default,
    aten.lift_fresh_copy.default,
    aten.lift_fresh.default,
    aten.resolve_conj.default,
    aten.resolve_neg.default,
    aten.positive.default,
    aten.dropout.default,
    aten.feature_dropout.default,
    aten.alpha_dropout.default,
)

CONVERSIONS = (
    aten._to_copy.default,
    aten.to.dtype,
    aten.to.dtype_layout,
    aten.to.device,
    aten.to.other,
    aten.type_as.default,
)


def layout_of(node: torch.fx.Node) -> Layout | None:
    """How the node rearranges the elements of its operand, or None when it does anything else."""
    if node.op != "call_function" or not node.args or not isinstance(node.args[0], torch.fx.Node):
        return None
    source = node.args[0]
    if node.target is operator.getitem or not all(isinstance(n.meta.get("val"), torch.Tensor) for n in (node, source)):
        return None
    shape, straight = tuple(shape_of(node)), tuple(range(len(shape_of(source))))
    if node.target in RESHAPES:
        return Layout(source, straight, shape)
    if node.target in TRANSPOSES:
        return Layout(source, _permutation(node, len(straight)), shape)
    if node.target in IDENTITIES and not is_random(arguments_of(node)):
        return Layout(source, straight, shape)
    if node.target in CONVERSIONS:
        before, after = tensor_of(source).dtype, tensor_of(node).dtype
        # Every floating-point type is f32 in the IR.
        if before == after or (before.is_floating_point and after.is_floating_point):
            return Layout(source, straight, shape)
    return None


def narrows(node: torch.fx.Node) -> bool:
    """Whether the node rounds to a floating-point type narrower than f32, which the IR does not follow."""
    if node.target not in CONVERSIONS or not isinstance(node.args[0], torch.fx.Node):
        return False
    before, after = tensor_of(node.args[0]).dtype, tensor_of(node).dtype
    floating = before.is_floating_point and after.is_floating_point
    return floating and after.itemsize < min(before.itemsize, 4)


def detaches(node: torch.fx.Node) -> bool:
    """Whether the node stops the gradient, which the IR does not follow."""
    return node.target in (aten.detach.default, aten.detach_.default)


def _permutation(node: torch.fx.Node, rank: int) -> tuple[int, ...]:
    """Which dimension of the operand each dimension of the result is: read off a small tensor that is permuted."""
    # Extents that are all different, on no storage.
    probe = torch.empty([index + 2 for index in range(rank)], device="meta")
    result = node.target(probe, *node.args[1:], **node.kwargs)  # type: ignore[operator]
    return tuple(int(extent) - 2 for extent in result.shape)
