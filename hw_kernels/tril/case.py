# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream


def case(
    shape: tuple[int, ...],
    diagonal: int = 0,
    *,
    fill: float = 0.0,
    lanes: int = 1,
    width: int = 8,
    fraction: int = 3,
    unsigned: bool = False,
) -> Case:
    """Matrices in the last two dimensions."""
    x = Stream(shape, width, fraction, lanes, unsigned)
    return Case(f"xplat.tril %x diagonal {diagonal} fill {fill:.17e}", {"x": x}, x, unroll=(1, lanes))


def cases() -> list[Case]:
    """Square and not, diagonals of either sign and beyond the matrix, constants that saturate or are rounded."""
    return [
        case((1, 4, 4)),
        case((2, 5, 6), fill=-(2.0**100), lanes=3),
        case((1, 3, 8), 2, fill=0.3, lanes=4, width=6),
        case((1, 6, 4), -3, fill=1e9, lanes=2),
        case((4, 4), 40, lanes=4),
        case((3, 4), -40, fill=1.0, lanes=2, width=16),
        case((1, 2, 1), lanes=1),
        case((4, 8), fill=-(2.0**100), lanes=2, unsigned=True),
        case((4, 8), fill=1e9, lanes=4, unsigned=True),
    ]


def random_case(generator: Random) -> Case:
    """Any shape, diagonal and format."""
    lanes = generator.choice([1, 2, 3])
    outer = tuple(generator.randint(1, 3) for _ in range(generator.choice([0, 1])))
    shape = (*outer, generator.randint(1, 6), lanes * generator.randint(1, 4))
    fill = generator.choice([0.0, -(2.0**100), generator.uniform(-3.0, 3.0)])
    diagonal, width, fraction = generator.randint(-4, 6), generator.randint(2, 16), generator.randint(-2, 6)
    unsigned = generator.random() < 0.4
    return case(shape, diagonal, fill=fill, lanes=lanes, width=width, fraction=fraction, unsigned=unsigned)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    fill = p.get("Fill", 0) / 8
    return case((p["Rows"], p["Columns"]), p.get("Diagonal", 0), fill=fill, lanes=p["Lanes"], width=p["ElemWidth"])
