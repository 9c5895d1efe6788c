# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of these kernels, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream


def broadcast(before: tuple[int, ...], after: tuple[int, ...], lanes: int = 1, width: int = 8) -> Case:
    """Dimensions of extent one, and new outer ones, repeated."""
    innermost = -3 if len(before) == 4 else -1
    return Case(
        "xplat.broadcast %x",
        {"x": Stream(before, width, 4, lanes if before[innermost] > 1 else 1)},
        Stream(after, width, 4, lanes),
        unroll=(1, lanes),
        kernel="broadcast",
    )


def upsample(c: int, h: int, w: int, factors: tuple[int, int], lanes: int = 1, width: int = 8) -> Case:
    """Every pixel repeated in a rectangle."""
    y = Stream((1, c, h * factors[0], w * factors[1]), width, 4, lanes)
    x = Stream((1, c, h, w), width, 4, lanes if c > 1 else 1)
    return Case("xplat.upsample %x", {"x": x}, y, unroll=(1, lanes), kernel="upsample")


def cases() -> list[Case]:
    """The gate of squeeze-and-excitation, rows, columns, heads that share keys, and images."""
    return [
        broadcast((1, 8, 1, 1), (1, 8, 3, 3), lanes=2),
        broadcast((1, 4, 1, 1), (1, 4, 2, 5), lanes=4),
        broadcast((3, 1), (3, 8), lanes=4),
        broadcast((1, 5, 1), (1, 5, 6), lanes=6),
        broadcast((1, 1, 3, 1), (1, 4, 3, 2), lanes=2),
        broadcast((1, 1, 1, 3), (1, 4, 2, 3), lanes=2, width=12),
        broadcast((1, 2, 1, 3, 4), (1, 2, 3, 3, 4), lanes=2),
        broadcast((2, 1, 3, 1), (2, 5, 3, 1)),
        broadcast((6,), (4, 6), lanes=3, width=5),
        upsample(4, 2, 3, (2, 2), lanes=2),
        upsample(3, 3, 2, (1, 3)),
        upsample(6, 2, 2, (3, 1), lanes=6, width=4),
        upsample(1, 3, 4, (2, 3)),
    ]


def random_case(generator: Random) -> Case:
    """Any dimensions repeated, or any factors."""
    lanes, width = generator.choice([1, 2, 3]), generator.randint(2, 16)
    c, h, w = lanes * generator.randint(1, 3), generator.randint(1, 4), generator.randint(1, 4)
    if generator.random() < 0.3:
        factors = generator.randint(1, 3), generator.randint(1, 3)
        return upsample(c, h, w, factors, lanes, width).with_signs(generator.random() < 0.6)
    after = generator.choice([(1, c, h, w), (h, c), (h, w, c), (1, h, w, generator.randint(1, 3), c)])
    before = tuple(extent if generator.random() < 0.5 else 1 for extent in after)
    # A result whose travel order is another one than that of the operand is no sequence of repetitions, and rank 4
    # travels in an order of its own.
    if len(after) not in (4, 5) and generator.random() < 0.3:
        before = before[1:]
    return broadcast(before, after, lanes, width).with_signs(generator.random() < 0.6)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    lanes, in_lanes, width = p["OutLanes"], p["InLanes"], p["ElemWidth"]
    if in_lanes == lanes:
        c, w, h = p["Run"] * lanes, p["Block"] // p["Run"], 2
        if p["Replays"] > 1:
            return upsample(c, h, w, (p["Replays"], p["Repeats"]), lanes, width)
        return broadcast((h, 1, c), (h, p["Repeats"], c), lanes, width)
    return broadcast((4, 1), (4, p["Repeats"] * lanes), lanes, width)
