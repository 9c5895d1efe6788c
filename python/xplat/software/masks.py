# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat.prune`: masks on weights, so that they stay zero through training, and what is known of the zeros.

A pruned parameter `@w` becomes `mask(@w, @"w:mask")`: training through `to_torch` reaches the weights that are kept
and no others. Criteria are magnitudes (Han et al. 2015; n:m: Mishra et al. 2021; channels: Li et al. 2017).

Channels go together with everything that depends on them alone: normalisation, depthwise filters, the other operand
of an addition. `xplat-remove-channels` then removes them; this file only makes them zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend import import_model
from xplat.graph.channels import ChannelClass, channel_classes
from xplat.graph.graph import Graph
from xplat.graph.samples import Array
from xplat.graph.sparsity import summed_dimension, with_sparsity
from xplat.interpreter.parameters import Parameters
from xplat.mlir import entry_of, functions_of
from xplat.software.pruning import PruneRule, Pruning
from xplat.support.errors import PruningError
from xplat.support.names import unique

Masks = dict[str, torch.Tensor]

Rules = dict[str, tuple[PruneRule, str]]
"""By weight: its rule, and the node to which a glob gives it, or nothing where it is the default."""


def prune(
    model: Graph | torch.nn.Module | torch.export.ExportedProgram | str,
    pruning: str | float | Path | Mapping[str, Any] | PruneRule | Pruning,
    *,
    example_inputs: Array | Sequence[Array] | None = None,
    example_kwargs: Mapping[str, Array] | None = None,
    state_dict: Mapping[str, torch.Tensor] | None = None,
) -> Graph:
    """A copy of the graph with the smallest weights masked; see `xplat.software.pruning` for what can be asked.

    `model`: an imported graph, or what `import_model` takes, then with `example_inputs` and `example_kwargs`.
    `state_dict`: weights to use instead of the model's, or the graph's, own.

    A weight whose summed dimension `m` does not divide is left alone by a default `n:m`, and an error when a glob
    names it. A weight that several nodes share has the rule of the glob that names one of them. Channels that reach
    an output, or a node that mixes them otherwise, stay.

    Raises `PruningError` when a glob matches nothing, a rule does not fit, or nodes that share a weight are named
    with different rules.
    """
    request = Pruning.parse(pruning)
    if isinstance(model, Graph) and model.quantized:
        raise PruningError("the graph is quantized already", hint="prune first: xplat.quantize(…, pruning=…)")
    if isinstance(model, Graph):
        graph = model if state_dict is None else model.with_state_dict(state_dict)
    else:
        graph = import_model(model, example_inputs, example_kwargs=example_kwargs, state_dict=state_dict)
    graph.require_values("pruning")
    result = graph.copy()
    nodes = [op for op in _operations(result.module) if xp.is_weighted(op)]
    request.check(xp.node_name(op) for op in nodes)
    values = Parameters(result.module, result.parameters, dtype=torch.float64)
    rules = _rules_by_weight(nodes, request)
    masks: Masks = {}
    with torch.no_grad():
        for op in nodes:
            _mask_elements(op, rules, values, masks)
        _mask_channels(result, rules, values, masks)
    _check_groups(nodes, rules, values)
    names = _write_masks(result.module, masks, {*result.parameters, *(entry.key for entry in result.state)})
    return annotate_sparsity(result.with_constants({names[symbol]: mask for symbol, mask in masks.items()}))


def _operations(module: ir.Module) -> list[Any]:
    return list(entry_of(module).entry_block.operations)


def _rules_by_weight(nodes: Iterable[Any], request: Pruning) -> Rules:
    rules: Rules = {}
    for op in nodes:
        path, symbol = xp.node_name(op), xp.weight(op).value
        rule, named = request.rule_of(path), request.names(path)
        known, other = rules.get(symbol, (rule, ""))
        if named and other and known != rule:
            raise PruningError(
                f"'{other}' and '{path}' share the weight '{symbol}', but have the rules '{known}' and '{rule}'",
                hint="give both the same rule",
            )
        if named or symbol not in rules:
            rules[symbol] = rule, path if named else ""
    return rules


# ---- which elements


def _mask_elements(op: Any, rules: Rules, values: Parameters, masks: Masks) -> None:
    symbol = xp.weight(op).value
    rule, path = rules[symbol]
    if rule.method in ("none", "channel") or symbol in masks:
        return
    weight = values[symbol]
    if rule.method == "existing":
        mask = weight != 0
    elif rule.method == "unstructured":
        mask = _largest(weight.abs().flatten(), weight.numel() - math.floor(rule.fraction * weight.numel()))
        mask = mask.reshape(weight.shape)
    else:
        dim, extent = summed_dimension(op, weight)
        if extent % rule.m:
            if path:
                raise PruningError(
                    f"'{path}' sums over {extent} weights, which {rule.m} does not divide",
                    hint=f"leave it out with '{path}: none'",
                )
            return
        groups = weight.movedim(dim, -1).unflatten(-1, (-1, rule.m)).abs()
        mask = _largest(groups, rule.n).flatten(-2).movedim(-1, dim)
    if not bool(mask.all()):
        masks[symbol] = mask


def _check_groups(nodes: Iterable[Any], rules: Rules, values: Parameters) -> None:
    """Raises `PruningError` when a rule in groups fits none of the weights that it is for."""
    fits: dict[PruneRule, bool] = {}
    for op in nodes:
        symbol = xp.weight(op).value
        rule = rules[symbol][0]
        if rule.method == "n:m":
            fits[rule] = fits.get(rule, False) or summed_dimension(op, values[symbol])[1] % rule.m == 0
    if useless := [rule for rule, fit in fits.items() if not fit]:
        raise PruningError(
            f"'{useless[0]}' prunes nothing: {useless[0].m} divides what none of the weights sums over",
            hint="choose a group that divides the layers' inputs, as 2:4 mostly does",
        )


def _largest(magnitudes: torch.Tensor, count: int) -> torch.Tensor:
    """Whether an element is among the `count` largest of the last dimension; of equals the first stay."""
    order = torch.sort(magnitudes, dim=-1, descending=True, stable=True).indices
    return torch.zeros_like(magnitudes, dtype=torch.bool).scatter(-1, order[..., :count], True)


# ---- which channels


def _mask_channels(graph: Graph, by_weight: Rules, values: Parameters, masks: Masks) -> None:
    """Masks the smallest channels of each set of weights that have to agree on them."""
    rules: dict[ir.Operation, PruneRule] = {}
    for op in _operations(graph.module):
        if xp.is_weighted(op) and (rule := by_weight[xp.weight(op).value][0]).method == "channel":
            rules[op.operation] = rule
    if not rules:
        return
    sets: dict[tuple[Any, ...], list[ChannelClass]] = {}
    for channels in channel_classes(graph.module):
        makers = tuple(dict.fromkeys(op for op, _ in channels.makers))
        if makers and channels.removable and all(op in rules for op in makers):
            sets.setdefault(makers, []).append(channels)
    for makers, classes in sets.items():
        fraction = min(rules[op].fraction for op in makers)
        norms = {op: _channel_norms(op, rules[op], values) for op in makers}
        scores = [sum(norms[op][channel] for op, channel in channels.makers) for channels in classes]
        # One channel stays, so that there is a network.
        count = min(math.floor(fraction * len(classes) + 1e-9), len(classes) - 1)
        for index in sorted(range(len(classes)), key=scores.__getitem__)[:count]:
            for symbol, channel in classes[index].parameters:
                masks.setdefault(symbol, torch.ones(values[symbol].shape, dtype=torch.bool))[channel] = False


def _channel_norms(op: ir.Operation, rule: PruneRule, values: Parameters) -> list[float]:
    """The norm of each output channel of a weight, relative to their mean, so that no weight outweighs others."""
    weight = values[xp.weight(op.opview).value]
    rows = weight.reshape(len(weight), -1)
    norms = rows.abs().mean(1) if rule.norm == "l1" else rows.square().mean(1).sqrt()
    return (norms / norms.mean().clamp(min=torch.finfo(norms.dtype).tiny)).tolist()


# ---- into the IR


def _write_masks(module: ir.Module, masks: Masks, taken: set[str]) -> dict[str, str]:
    """Parameters for masks and masked weights, and every node on the masked ones.

    `taken`: names besides those of the module that new parameters must not have; grows. Returns the symbols of masks
    by those of the weights.
    """
    params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
    taken |= {*params, *functions_of(module)}
    names = {symbol: unique(f"{symbol}:mask", taken) for symbol in masks}
    masked = {symbol: unique(f"{symbol}:masked", taken) for symbol in masks}
    with module.context, ir.Location.unknown():
        for symbol in masks:
            origin = params[symbol]
            kind = ir.RankedTensorType(origin.type_.value)
            mask_kind = ir.RankedTensorType.get(kind.shape, ir.IntegerType.get_signless(1))
            sources = [ir.FlatSymbolRefAttr.get(name) for name in (symbol, names[symbol])]
            with ir.InsertionPoint.after(origin.operation), origin.location:
                xp.ParamOp(names[symbol], ir.TypeAttr.get(mask_kind))
                derivation = xp.DerivationAttr.get(int(xp.DerivationKind.mask), sources)
                xp.ParamOp(masked[symbol], ir.TypeAttr.get(kind), derivation=derivation)
        for op in _operations(module):
            if xp.is_weighted(op) or xp.zeroing_parameters(op):
                for name, value in [(name, op.attributes[name]) for name in op.attributes]:
                    if isinstance(value, ir.FlatSymbolRefAttr) and value.value in masks:
                        op.attributes[name] = ir.FlatSymbolRefAttr.get(masked[value.value])
    return names


def annotate_sparsity(graph: Graph) -> Graph:
    """A copy of the graph whose weights say what is known of their zeros; see `xplat.graph.sparsity`.

    A graph without values is left as it is.
    """
    return graph.with_module(with_sparsity(graph.module, graph.parameters)) if graph.has_values else graph
