# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from xplat.kernels import BlockProducts, Case, Parameter, Stream, Window


def case(
    ic: int, oc: int, window: Window, formats: BlockProducts, *, groups: int = 1, ol: int = 1, il: int = 1
) -> Case:
    """`ic` and `oc` channels of all groups; `il` and `ol` lanes."""
    x = Stream((1, ic, window.h, window.w), lanes=il)
    y = Stream((1, oc, *window.result), lanes=ol)
    weight = Parameter((oc, ic // groups, *window.k))
    more = f" {window.text} groups {groups}"
    return formats.case("xplat.conv2d", x, weight, y, (1, 1, ol, *window.unroll, il), more=more)


def cases() -> list[Case]:
    """Every family of formats; whole blocks, parts of one and several in a cycle; channels that end inside a block;
    padding, strides, groups, dilation; positions of a window one by one and all at once; sums that saturate."""
    named = BlockProducts.named
    return [
        case(16, 4, Window(4, 5, pad=(1, 1)), named("msfp4"), il=16, ol=2),
        case(8, 2, Window(4, 4, pad=(1, 1), unroll=(3, 3)), named("msfp4b4", "msfp3b4"), il=4, ol=2),
        case(16, 2, Window(5, 5, stride=(2, 2), pad=(1, 1), unroll=(1, 3)), named("msfp8b8", bias=False), il=4, ol=1),
        case(24, 2, Window(4, 5, (2, 2), pad=(1, 0, 0, 1)), named("mxint8", accumulator=31, fraction=16), il=4, ol=1),
        case(3, 2, Window(4, 5, pad=(2, 2), unroll=(3, 3)), named("msfp6b4", y=4), il=1, ol=2),
        case(16, 4, Window(4, 4, pad=(1, 1)), named("mxfp8b8", accumulator=31), groups=2, il=8, ol=1),
        case(8, 4, Window(6, 7, dilation=(2, 3), pad=(2, 3)), named("mxfp6b4", "mxfp4b4", unsigned=True), il=8, ol=2),
        case(16, 2, Window(3, 3, (1, 1)), named("mxfp4b8", fraction=3, y=8), il=16, ol=2),
        case(4, 2, Window(3, 4, (3, 3), pad=(1, 1), unroll=(3, 1)), named("mxint8b2", accumulator=12, shift=-3), il=4),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small: with many positions at once, blocks are small, too."""
    window = replace(Window.random(generator), pixels=1)
    positions = window.unroll[0] * window.unroll[1]
    block = generator.choice([2, 4, 8, 16] if positions == 1 else [2, 4] if positions <= 9 else [2])
    il = block * generator.choice([1, 2]) // generator.choice([1, 2])
    groups, ol = generator.choice([1, 1, 2]), generator.choice([1, 2] if positions <= 9 else [1])
    channels = il * generator.randint(1, 3) if groups == 1 else max(il, block)
    ic, oc = groups * max(channels, 2), groups * ol * generator.randint(1, 2)
    return case(ic, oc, window, BlockProducts.random(generator, block=block), groups=groups, ol=ol, il=il)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    formats = BlockProducts.measured(p, left=("InWidth", "InExponent"), right=("WeightWidth", "WeightExponent"))
    lanes = {"ol": p.get("OutLanes", 1), "il": p.get("InLanes", 1)}
    return case(p["InChannels"], p["OutChannels"], Window.measured(p), formats, groups=p.get("Groups", 1), **lanes)
