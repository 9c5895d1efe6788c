"""Which channels of a graph's values go together: removing one of a class means removing all of it.

Read from the nodes' own `ChannelOpInterface` and kept as a union-find over (value, channel).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.interpreter.program import entry_of


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
