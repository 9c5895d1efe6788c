# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations that no graph can represent, with any rules, and remedies for them."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import Any

import torch
import torch.fx

from xplat.frontend.rules.registry import arguments_of, is_random

aten = torch.ops.aten

_RANDOM = "the result is random; take it out of the model, or give it as an input"
_DATA = "shapes or control flow depend on values of the data; hardware does the same for every sample"
_MEMORY = "the result depends on how the operand lies in memory; use view, reshape, transpose or slices instead"
_READS_MEMORY = (aten.as_strided.default, aten.view.dtype, aten.as_strided_scatter.default, aten.set_.default)


def why_refused(node: torch.fx.Node) -> str | None:
    """Why a call can be imported in no way, with the remedy; None when nothing speaks against it."""
    target: Any = node.target
    if target is operator.getitem:
        return None
    if not isinstance(target, torch._ops.OpOverload):
        name = getattr(target, "__name__", str(target))
        if name == "cond" or name.startswith("while") or isinstance(node.meta.get("val"), _SYMBOLIC):
            return _DATA
        return f"'{name}' is not an operation on tensors; write it with plain PyTorch operations"
    tags = target.tags
    if torch.Tag.nondeterministic_seeded in tags and not _switched_off(node):
        return _RANDOM
    if torch.Tag.data_dependent_output in tags:
        return _DATA
    if target in _READS_MEMORY:
        return _MEMORY
    if target._schema.is_mutable:
        return "it works in place on something that is not followed; use the operation without the underscore"
    results = list(_tensors(node.meta.get("val")))
    if not results:
        return _DATA if isinstance(node.meta.get("val"), _SYMBOLIC) else "its result is not a tensor"
    for tensor in [
        *results,
        *(tensor for source in node.all_input_nodes for tensor in _tensors(source.meta.get("val"))),
    ]:
        if tensor.dtype.is_complex:
            return "complex numbers are not supported; use pairs of real ones"
        if any(not isinstance(extent, int) for extent in tensor.shape):
            return _DATA
    return None


def beyond_f32(node: torch.fx.Node) -> float | None:
    """A number that the call computes with and that float32 does not have, if there is one."""
    if not any(tensor.dtype.is_floating_point for tensor in _tensors(node.meta.get("val"))):
        return None
    numbers: list[Any] = []
    for argument in (*node.args, *node.kwargs.values()):
        numbers += argument if isinstance(argument, (tuple, list)) else [argument]
    largest = torch.finfo(torch.float32).max
    return next((n for n in numbers if isinstance(n, float) and math.isfinite(n) and abs(n) > largest), None)


_SYMBOLIC = (torch.SymInt, torch.SymFloat, torch.SymBool)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _tensors(item)


def _switched_off(node: torch.fx.Node) -> bool:
    """Whether this call of a possibly random operation is not random: dropout in evaluation mode, or with p = 0."""
    arguments = arguments_of(node)
    if "train" in arguments or "training" in arguments:
        return not is_random(arguments)
    return "dropout_p" in arguments and not arguments["dropout_p"]
