# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream


def case(
    shape: tuple[int, ...],
    amounts: Mapping[int, tuple[int, int]],
    *,
    value: float = 0.0,
    lanes: int = 1,
    width: int = 8,
) -> Case:
    """An operand of `shape` with so many elements below and above along some dimensions."""
    low = [amounts.get(dim, (0, 0))[0] for dim in range(len(shape))]
    high = [amounts.get(dim, (0, 0))[1] for dim in range(len(shape))]
    padded = tuple(sum(extents) for extents in zip(low, shape, high, strict=True))
    x, y = Stream(shape, width, 3, lanes), Stream(padded, width, 3, lanes)
    return Case(f"xplat.pad %x low {low} high {high} value {value:.17e}", {"x": x}, y, unroll=(1, lanes))


def cases() -> list[Case]:
    """Borders of images, channels, tokens; zero, a value between two steps of the format, one that saturates."""
    return [
        case((1, 4, 2, 3), {2: (1, 1), 3: (1, 1)}, lanes=4),
        case((1, 2, 3, 3), {2: (0, 1), 3: (2, 0)}, value=-1.5, lanes=2),
        case((1, 4, 2, 2), {1: (2, 4)}, value=0.1875, lanes=2, width=6),
        case((1, 3, 2, 2), {1: (0, 1)}, value=-1e9),
        case((1, 2, 6), {1: (3, 0)}, value=1e9, lanes=3),
        case((1, 2, 2, 2, 3), {1: (1, 0), 2: (0, 1), 3: (1, 1), 4: (0, 2)}, value=2.0, width=12),
        case((1, 8), {}, lanes=2),
        case((1, 3, 2, 2), {1: (1, 0)}, value=-1.0).with_signs(False),
        case((1, 3, 2, 2), {1: (0, 1)}, value=25.0).with_signs(False),
    ]


def random_case(generator: Random) -> Case:
    """Any shape, format and amounts."""
    lanes = generator.choice([1, 2, 3])
    rank = generator.choice([2, 3, 4, 5])
    innermost = 1 if rank == 4 else rank - 1
    shape = [1, *(generator.randint(1, 4) for _ in range(rank - 1))]
    shape[innermost] *= lanes
    amounts = {}
    for dim in range(1, rank):
        step = lanes if dim == innermost else 1
        amounts[dim] = (step * generator.randint(0, 2), step * generator.randint(0, 2))
    value = generator.choice([0.0, generator.uniform(-3.0, 3.0)])
    made = case(tuple(shape), amounts, value=value, lanes=lanes, width=generator.randint(2, 16))
    return made.with_signs(generator.random() < 0.6)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas: a border around an image."""
    lanes, row = p["Lanes"], p["Stride1"]
    top, left = divmod(p["Offset"], row)
    w, h = p["Count0"] // 1, p["Count1"]
    amounts = {2: (top, p["Window"] // row - h - top), 3: (left, row - w - left)}
    return case((1, lanes, h, w), amounts, value=p.get("Fill", 0) / 8, lanes=lanes, width=p["ElemWidth"])
