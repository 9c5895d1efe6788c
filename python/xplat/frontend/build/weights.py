# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parameters as rules see them: the model's own, or one masked, transposed and reshaped, which gets a derivation.

Invariant: a derived parameter holds no values of its own, so a weight that is used in two orders stays one weight.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
import torch.fx

from xplat.frontend.rules.layout import layout_of
from xplat.graph.state import has_values


@dataclass(frozen=True)
class Step:
    """One change of a parameter: `permutation` of its dimensions, or its elements, row-major, in another shape.

    With `mask`, the symbol of a parameter, zero where that is.
    """

    shape: tuple[int, ...]
    permutation: tuple[int, ...] = ()
    mask: str = ""

    @property
    def label(self) -> str:
        """The suffix of the new symbol after the source's."""
        if self.mask:
            return "masked"
        if not self.permutation:
            return "reshaped_" + "x".join(map(str, self.shape))
        return "transposed" + ("" if len(self.permutation) == 2 else "_" + "_".join(map(str, self.permutation)))


@dataclass(frozen=True)
class Weight:
    """A parameter of the model, `symbol`, and what is done to it, in order; `shape` is what comes of it."""

    symbol: str
    own_shape: tuple[int, ...]
    steps: tuple[Step, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape after all steps."""
        return self.steps[-1].shape if self.steps else self.own_shape

    def reshaped(self, shape: Sequence[int]) -> Weight:
        """The same elements in another shape."""
        last = self.steps[-1] if self.steps else None
        steps = self.steps[:-1] if last is not None and not last.permutation and not last.mask else self.steps
        base = replace(self, steps=steps)
        return base if base.shape == tuple(shape) else replace(base, steps=(*steps, Step(tuple(shape))))

    def transposed(self, permutation: Sequence[int]) -> Weight:
        """With dimension `permutation[i]` as dimension i."""
        steps, order = self.steps, tuple(permutation)
        if steps and steps[-1].permutation:
            order = tuple(steps[-1].permutation[dim] for dim in permutation)
            steps = steps[:-1]
        base = replace(self, steps=steps)
        if order == tuple(range(len(order))):
            return base
        return replace(base, steps=(*steps, Step(tuple(base.shape[dim] for dim in order), order)))


def _masked(
    node: torch.fx.Node,
    symbols: Mapping[torch.fx.Node, str],
    tensors: Mapping[str, torch.Tensor],
    parameters: Container[str],
) -> Weight | None:
    """A weight times a mask, as `torch.nn.utils.prune` writes it: a buffer of zeros and ones."""
    if node.target is not torch.ops.aten.mul.Tensor or len(node.args) != 2:
        return None
    factors = [
        find_weight(arg, symbols, tensors, parameters) if isinstance(arg, torch.fx.Node) else None for arg in node.args
    ]
    for weight, mask in (factors, factors[::-1]):
        if weight is None or mask is None or mask.steps or weight.shape != mask.shape:
            continue
        if mask.symbol in parameters or not tensors[weight.symbol].dtype.is_floating_point:
            continue
        value = tensors[mask.symbol]
        if has_values(value) and bool(((value == 0) | (value == 1)).all()) and not bool(value.all()):
            return replace(weight, steps=(*weight.steps, Step(weight.shape, mask=mask.symbol)))
    return None


def find_weight(
    node: torch.fx.Node,
    symbols: Mapping[torch.fx.Node, str],
    tensors: Mapping[str, torch.Tensor],
    parameters: Container[str],
) -> Weight | None:
    """The parameter that an FX node stands for, through changes of layout; None when it is computed otherwise.

    `parameters`: the symbols that are no buffers; training may change them, so that they are no masks.
    """
    chain = []
    while node not in symbols:
        layout = layout_of(node)
        if layout is None:
            break
        chain.append(layout)
        node = layout.source
    if node in symbols:
        weight: Weight | None = Weight(symbols[node], tuple(tensors[symbols[node]].shape))
    else:
        weight = _masked(node, symbols, tensors, parameters)
    if weight is None:
        return None
    for layout in reversed(chain):
        weight = weight.transposed(layout.permutation).reshaped(layout.shape)
    return weight
