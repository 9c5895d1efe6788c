# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which channels of a graph's values go together: removing one of a class means removing all of it.

Read from the nodes' own `ChannelOpInterface` and kept as a union-find over (value, channel). And whether channels
that have been removed may stay away when the weights change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.interpreter.parameters import Parameters
from xplat.mlir import entry_of
from xplat.support.errors import ModelImportError


@dataclass
class ChannelClass:
    """Channels that stay or go together.

    `makers`: weighted nodes that mix all channels of their operand into this one, with its number in their result.
    `parameters`: symbol and slice along dimension 0 of everything that has to be zero for the class to be zero.
    `removable`: whether no output and no node that needs the channel otherwise is in the way.
    """

    makers: list[tuple[ir.Operation, int]] = field(default_factory=list)
    parameters: list[tuple[str, int]] = field(default_factory=list)
    removable: bool = True


def channel_classes(module: ir.Module) -> list[ChannelClass]:
    """All classes of the module's graph."""
    block = entry_of(module).entry_block
    offsets: dict[ir.Value, int] = {}
    parents: list[int] = []

    def add(value: ir.Value) -> None:
        offsets[value] = len(parents)
        parents.extend(range(len(parents), len(parents) + xp.channel_extent(value.type)))

    def root(node: int) -> int:
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    ops = list(block.operations)
    for argument in block.arguments:
        add(argument)
    kept: list[ir.Value] = list(block.arguments)
    described: list[tuple[Any, list[list[int]]]] = []
    for op in ops:
        for result in op.results:
            add(result)
        sources = xp.operand_channels(op) if len(op.results) == 1 else None
        if sources is None:
            kept += [*op.operands, *op.results]
            continue
        described.append((op, sources))
        for operand, channels in zip(op.operands, sources, strict=True):
            for channel, source in enumerate(channels):
                if source >= 0:
                    a, b = root(offsets[op.results[0]] + channel), root(offsets[operand] + source)
                    parents[max(a, b)] = min(a, b)

    classes: dict[int, ChannelClass] = {}

    def of(value: ir.Value, channel: int) -> ChannelClass:
        return classes.setdefault(root(offsets[value] + channel), ChannelClass())

    for value in kept:
        for channel in range(xp.channel_extent(value.type)):
            of(value, channel).removable = False
    for op, sources in described:
        mixes = xp.is_weighted(op) and all(source < 0 for channels in sources for source in channels)
        symbols = [symbol.value for symbol in xp.zeroing_parameters(op)]
        for channel in range(xp.channel_extent(op.results[0].type)) if symbols else ():
            into = of(op.results[0], channel)
            if mixes:
                into.makers.append((op.operation, channel))
            into.parameters += [(symbol, channel) for symbol in symbols]
    return list(classes.values())


def check_removed_channels(module: ir.Module, parameters: Mapping[str, torch.Tensor]) -> None:
    """Raises `ModelImportError` when values are not zero in channels that were removed because they were zero.

    `parameters`: the values to be used from now on, by symbol. The error lists every parameter and its channels.
    """
    params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
    values = Parameters(module, parameters)
    problems = []
    for op in params.values():
        derivation = op.derivation
        if derivation is None or derivation.kind != xp.DerivationKind.select or derivation.axis.value != 0:
            continue
        symbol = derivation.sources[0].value
        sparsity = params[symbol].sparsity
        removed = sorted(set(sparsity.zero_slices) - set(derivation.shape)) if sparsity is not None else []
        if grown := [str(channel) for channel in removed if bool(values[symbol][channel].any())]:
            problems.append(f"  {symbol}: {', '.join(grown)}")
    if problems:
        raise ModelImportError(
            "channels that were removed because they were zero are not zero in the new values:\n" + "\n".join(problems),
            hint="quantize the model anew with these values: xplat.quantize(…)",
        )
