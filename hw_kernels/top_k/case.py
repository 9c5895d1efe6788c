# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream


def case(
    shape: tuple[int, ...],
    kept: int,
    *,
    smallest: bool = False,
    positions: bool = False,
    width: int = 8,
    unsigned: bool = False,
) -> Case:
    """The first `kept` elements of rows along the last dimension, or their positions."""
    row = shape[-1]
    after = (*shape[:-1], kept)
    result = Stream(after, width, 3, kept, unsigned)
    if positions:
        result = Stream(after, max(2, (row - 1).bit_length() + 1), lanes=kept, rows=row)
    words = ("smallest " if smallest else "") + ("positions" if positions else "")
    return Case(f"xplat.top_k %x {words}", {"x": Stream(shape, width, 3, 1, unsigned)}, result, unroll=(1, kept, 1))


def cases() -> list[Case]:
    """The first of a row, some, and all; narrow elements, of which many are equal; rows of one element."""
    return [
        case((1, 3, 10), 1),
        case((1, 3, 10), 4),
        case((1, 3, 10), 4, positions=True),
        case((1, 4, 12), 3, smallest=True, width=4),
        case((1, 4, 12), 3, smallest=True, positions=True, width=3),
        case((1, 5, 7), 7, width=2),
        case((1, 5, 7), 7, positions=True, width=2),
        case((1, 16), 16, smallest=True, positions=True, unsigned=True),
        case((1, 2, 9), 5, unsigned=True, width=3),
        case((1, 6, 1), 1, positions=True),
        case((4, 3), 2, width=16),
    ]


def random_case(generator: Random) -> Case:
    """Any rows and formats."""
    row = generator.randint(1, 20)
    outer = generator.choice([(1,), (generator.randint(1, 4),), (1, generator.randint(1, 5))])
    return case(
        (*outer, row),
        generator.randint(1, row),
        smallest=generator.random() < 0.5,
        positions=generator.random() < 0.5,
        width=generator.choice([2, 3, 8, 12]),
        unsigned=generator.random() < 0.4,
    )


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    return case(
        (1, p["Elements"]),
        p.get("Kept", 1),
        smallest=bool(p.get("Smallest", 0)),
        positions=bool(p.get("Positions", 0)),
        width=p.get("InWidth", 8),
    )
