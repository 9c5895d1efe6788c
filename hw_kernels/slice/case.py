# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping, Sequence
from random import Random

from xplat.kernels import Case, Stream


def case(shape: tuple[int, ...], part: Mapping[int, tuple[int, ...]], *, lanes: int = 1, width: int = 8) -> Case:
    """Of an operand of `shape` for some dimensions (start, extent) or (start, extent, step), of others all."""
    chosen = [(*part.get(dim, (0, extent)), 1)[:3] for dim, extent in enumerate(shape)]
    starts, extents, steps = ([choice[i] for choice in chosen] for i in range(3))
    x, y = Stream(shape, width, 3, lanes), Stream(tuple(extents), width, 3, lanes)
    return Case(f"xplat.slice %x starts {starts} steps {steps}", {"x": x}, y, unroll=(1, lanes))


def cases() -> list[Case]:
    """Channels, pixels and rows of images, tokens; with steps; from the beginning, the end, and between."""
    return [
        case((1, 8, 2, 3), {1: (0, 4)}, lanes=4),
        case((1, 8, 2, 3), {1: (4, 4)}, lanes=2),
        case((1, 6, 3, 3), {1: (1, 3, 2)}),
        case((1, 4, 4, 5), {2: (1, 2), 3: (1, 2, 2)}, lanes=2, width=12),
        case((1, 4, 5, 2), {2: (0, 3, 2)}, lanes=4),
        case((1, 6, 8), {1: (5, 1)}, lanes=4),
        case((1, 2, 3, 4, 5), {1: (1, 1), 2: (0, 2, 2), 3: (1, 3), 4: (2, 2)}),
        case((1, 8), {}, lanes=2),
    ]


def random_case(generator: Random) -> Case:
    """Any shape, format and part."""
    lanes = generator.choice([1, 1, 2, 3])
    rank = generator.choice([2, 3, 4, 5])
    innermost = 1 if rank == 4 else rank - 1
    shape = [1, *(generator.randint(1, 6) for _ in range(rank - 1))]
    part = {dim: _range(generator, shape[dim], dim == innermost and lanes > 1) for dim in range(1, rank)}
    if lanes > 1:
        shape[innermost] *= lanes
        part[innermost] = (part[innermost][0] * lanes, part[innermost][1] * lanes, 1)
    made = case(tuple(shape), part, lanes=lanes, width=generator.randint(2, 16))
    return made.with_signs(generator.random() < 0.6)


def _range(generator: Random, extent: int, dense: bool) -> tuple[int, int, int]:
    start, step = generator.randrange(extent), 1 if dense else generator.randint(1, 3)
    return start, generator.randint(1, (extent - 1 - start) // step + 1), step


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas: channels of an image, or rows and pixels."""
    lanes, row = p["DataWidth"] // 8, p.get("Stride1", 0)
    if not row:
        channels: Sequence[int] = (p["Offset"] * lanes, p["Count0"] * lanes)
        return case((1, p["Window"] * lanes, 4, 4), {1: tuple(channels)}, lanes=lanes)
    first = (p["Offset"] // row, p["Count1"]), (p["Offset"] % row, p["Count0"])
    return case((1, lanes, p["Window"] // row, row), {2: first[0], 3: first[1]}, lanes=lanes)
