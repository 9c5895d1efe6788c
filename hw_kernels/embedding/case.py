# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Parameter, Stream


def case(indices: tuple[int, ...], rows: int, row: int, lanes: int, width: int = 8, fraction: int = 1) -> Case:
    """Indices of this shape into a table [rows, row]."""
    x = Stream(indices, max(2, (rows - 1).bit_length() + 1), rows=rows)
    table, y = Parameter((rows, row), width, fraction), Stream((*indices, row), width, fraction, lanes)
    return Case("xplat.embedding %x table @table", {"x": x}, y, unroll=(1, lanes), parameters={"table": table})


def cases() -> list[Case]:
    """A row of one beat and of several, tables whose size is a power of two and others, one row."""
    return [
        case((1, 6), 10, 4, 4),
        case((1, 5), 16, 8, 2),
        case((1, 7), 100, 12, 4, 6, 3),
        case((6,), 5, 3, 1, 16),
        case((1, 3), 1, 6, 2, 4),
    ]


def random_case(generator: Random) -> Case:
    """Any table and format."""
    lanes = generator.choice([1, 2, 3])
    indices = generator.choice([(1, generator.randint(1, 6)), (generator.randint(1, 6),)])
    row, width = lanes * generator.randint(1, 5), generator.randint(2, 16)
    return case(indices, generator.randint(1, 70), row, lanes, width, generator.randint(-2, 6))


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    width = 8
    lanes = p["DataWidth"] // width
    return case((1, 16), p["Rows"], p["Folds"] * lanes, lanes, width)
