# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream

Widths = tuple[int, int, int, int]
"""Bits of the operands and the result, and the bits by which a sum is rounded."""


def case(
    shape: tuple[int, int, int, int],
    *,
    transposed: bool = False,
    ol: int = 1,
    sl: int = 1,
    widths: Widths = (8, 8, 8, 6),
    unsigned: tuple[bool, bool, bool] = (False, False, False),
) -> Case:
    """`shape`: matrices, rows, terms and outputs; `ol` outputs and `sl` terms in a cycle. `unsigned`: whether the left
    operand, the right one and the result have no sign."""
    b, m, k, n = shape
    left, right, result, shift = widths
    inputs = {
        "a": Stream((b, m, k), left, shift // 2, sl, unsigned[0]),
        "b": Stream((b, n, k) if transposed else (b, k, n), right, 0, sl if transposed else ol, unsigned[1]),
    }
    op = "xplat.matmul %a, %b" + (" transposed" if transposed else "")
    y = Stream((b, m, n), result, shift // 2 - shift, ol, unsigned[2])
    return Case(op, inputs, y, unroll=(1, 1, ol, sl))


def cases() -> list[Case]:
    """Corners: one element, one row, all lanes, right operands that arrive slower than they are used, formats."""
    return [
        case((1, 1, 1, 1)),
        case((3, 1, 1, 1), transposed=True),
        case((1, 4, 6, 5)),
        case((2, 3, 4, 6), ol=3),
        case((3, 5, 4, 4), ol=4, widths=(4, 8, 16, -2)),
        case((2, 3, 8, 6), sl=4, ol=2),
        case((2, 4, 6, 4), sl=6, ol=4),
        case((1, 4, 6, 5), transposed=True),
        case((2, 3, 8, 6), transposed=True, sl=2, ol=3),
        case((3, 2, 8, 8), transposed=True, sl=8, ol=8, widths=(6, 5, 12, 3)),
        case((4, 1, 6, 4), transposed=True, sl=3, ol=4),
        case((2, 9, 2, 2), transposed=True, sl=2, ol=1, widths=(2, 2, 4, 0)),
        case((5, 1, 2, 6), ol=2),
        case((2, 3, 8, 6), sl=4, ol=2, unsigned=(True, False, False)),
        case((2, 3, 8, 6), transposed=True, sl=2, ol=3, unsigned=(True, True, True)),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    transposed = generator.random() < 0.5
    ol, sl = generator.choice([1, 2, 3]), generator.choice([1, 2, 3])
    shape = (
        generator.randint(1, 3),
        generator.randint(1, 5),
        sl * generator.randint(1, 4),
        ol * generator.randint(1, 4),
    )
    operands = generator.choice([2, 4, 8, 12]), generator.choice([2, 4, 8, 12])
    widths = (*operands, generator.choice([2, 8, 16]), generator.randint(-3, 12))
    unsigned = generator.random() < 0.4, generator.random() < 0.4, generator.random() < 0.4
    return case(shape, transposed=transposed, ol=ol, sl=sl, widths=widths, unsigned=unsigned)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    return case(
        (p.get("Batches", 1), p["Rows"], p["Sum"], p["Out"]),
        transposed=bool(p.get("Transposed", 0)),
        ol=p.get("OutLanes", 1),
        sl=p.get("SumLanes", 1),
        widths=(p.get("LeftWidth", 8), p.get("RightWidth", 8), p.get("OutWidth", 8), p.get("Shift", 0)),
    )
