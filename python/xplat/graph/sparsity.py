# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts the zeros in a graph's weights and writes the result to their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.interpreter.parameters import Parameters
from xplat.mlir import copy_of, entry_of

MAX_GROUP = 64
"""Most neighbours among which a kept weight is looked for: hardware needs a multiplexer of that size."""


def summed_dimension(op: Any, weight: torch.Tensor) -> tuple[int, int]:
    """The dimension of a node's weight that a product sums over, and over how many of its neighbours."""
    if isinstance(op, xp.ConvTranspose2DOp):
        return 0, weight.shape[0] // op.groups.value
    return 1, weight.shape[1]


def with_sparsity(module: ir.Module, state: Mapping[str, torch.Tensor]) -> ir.Module:
    """A copy of the module whose weights say what is known of their zeros (`#xplat.sparsity`).

    `state`: the values of the model's own parameters by symbol, all of them.

    The group is the one among the divisors of the summed dimension for which fewest products are left, each weighed
    by the multiplexer that picks its operand. Zeros count wherever they come from; what the parameters of nodes said
    of earlier values is forgotten.
    """
    result = copy_of(module)
    params = {op.sym_name.value: op for op in result.body.operations if isinstance(op, xp.ParamOp)}
    nodes = [(op, symbols) for op in entry_of(result).entry_block.operations if (symbols := _annotated_parameters(op))]
    for symbol in {symbol for _, symbols in nodes for symbol in symbols}:
        params[symbol].sparsity = None
    done: set[str] = set()
    values = Parameters(result, state)
    with torch.no_grad(), result.context:
        for op, symbols in nodes:
            if set(symbols) <= done:
                continue
            done |= set(symbols)
            _annotate(op, params, {symbol: values[_before_rounding(symbol, params)] for symbol in symbols})
            values.forget()
    return result


def _before_rounding(symbol: str, params: Mapping[str, Any]) -> str:
    """The parameter that one was rounded from: what rounds to zero is none of the model's zeros."""
    derivation = params[symbol].derivation
    rounded = derivation is not None and xp.DerivationKind(derivation.kind) == xp.DerivationKind.quantize
    return str(derivation.sources[0].value) if rounded else symbol


def _annotated_parameters(op: Any) -> list[str]:
    """Symbols of a node's weight and of the parameters that make its channels zero."""
    symbols = [symbol.value for symbol in xp.zeroing_parameters(op)]
    return list(dict.fromkeys([xp.weight(op).value, *symbols])) if xp.is_weighted(op) else symbols


def _annotate(op: Any, params: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
    """Sparsity of the weight and, where whole channels are zero, of all parameters that make them so."""
    together = xp.zeroing_parameters(op)
    zero = [(_by_slice(tensors[symbol.value]) == 0).all(1) for symbol in together]
    slices = torch.stack(zero).all(0).nonzero().flatten().tolist() if zero else []
    for symbol, tensor in tensors.items():
        weight = xp.is_weighted(op) and symbol == xp.weight(op).value
        if not slices and not (weight and bool((tensor == 0).any())):
            continue
        # Groups are along dimension 1: they say nothing of a weight whose products sum over another.
        n, m = best_group(tensor) if weight and summed_dimension(op, tensor)[0] == 1 else (1, 1)
        nonzeros = int(torch.count_nonzero(tensor))
        params[symbol].sparsity = xp.SparsityAttr.get(n, m, nonzeros, zero_slices=slices)


def _by_slice(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.reshape(len(tensor), -1)


def best_group(weight: torch.Tensor) -> tuple[int, int]:
    """(n, m): at most n of m neighbours along dimension 1 are not zero; (1, 1) when no group leaves any out."""
    if weight.dim() < 2:
        return 1, 1
    counted = (weight != 0).movedim(1, -1)
    best, cost = (1, 1), 1.0
    for m in _divisors(weight.shape[1], MAX_GROUP):
        n = int(counted.unflatten(-1, (-1, m)).sum(-1).max())
        if (here := n / m * (1 + m / MAX_GROUP)) < cost:
            best, cost = (n, m), here
    return best


def _divisors(number: int, most: int) -> Iterable[int]:
    return (divisor for divisor in range(2, min(number, most) + 1) if number % divisor == 0)
