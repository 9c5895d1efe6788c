# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream


def case(
    n: int,
    k: int,
    kept: tuple[int, int] = (2, 4),
    *,
    rows: int = 1,
    ol: int = 1,
    il: int = 1,
    formats: Products = EIGHT_BITS,
) -> Case:
    """`rows` vectors of `k` by a weight of `n` x `k`; `il` and `ol` lanes.

    `kept`: (a, b), at most a of b neighbouring weights of a row are not zero.
    """
    x, y = Stream((rows, k), lanes=il), Stream((rows, n), lanes=ol)
    return formats.case("xplat.linear", x, Parameter((n, k), kept=kept), y, (1, ol, il))


def cases() -> list[Case]:
    """Corners: beats narrower and wider than a group, groups that the kept weights do not divide, no bias, shifts."""
    return [
        case(1, 4, rows=3, formats=Products(shift=0)),
        case(10, 16, il=4, ol=5),
        case(6, 16, rows=2, il=8, ol=3, formats=Products(per_channel=True)),
        case(8, 24, (1, 4), rows=3, il=2, ol=2, formats=Products(6, 4, 12, 3, bias=False)),
        case(5, 24, (3, 8), rows=2, il=2),
        case(4, 24, (3, 8), rows=2, il=3, ol=4, formats=Products(4, 8, 16, -4, per_channel=True)),
        case(3, 32, (4, 8), rows=2, il=4, ol=3),
        case(3, 20, (7, 20), rows=3, il=5, formats=Products(4, 2, shift=2)),
        case(2, 20, (5, 20), rows=2, il=20, ol=2),
        case(4, 48, (2, 4), rows=4, il=48, ol=2),
        case(1, 64, (1, 2), rows=2),
        case(10, 16, il=4, ol=5, formats=Products(unsigned=(True, True))),
        case(4, 16, rows=2, il=4, ol=2, formats=Products(weight=2, per_channel=True, signs=True)),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    group = generator.choice([2, 4, 8])
    # A beat is a part of a group, or several whole ones.
    il, ol = generator.choice([1, 2, group, 2 * group]), generator.choice([1, 2, 4])
    n, k = ol * generator.randint(1, 4), max(il, group) * generator.randint(1, 4)
    kept = (generator.randint(1, group // 2), group)
    return case(n, k, kept, rows=generator.randint(1, 3), ol=ol, il=il, formats=Products.random(generator))


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    lanes = {"ol": p.get("OutLanes", 1), "il": p.get("InLanes", 1)}
    kept = (p["Kept"], p["Group"])
    return case(p["Out"], p["In"], kept, rows=p.get("Rows", 1), **lanes, formats=Products.measured(p))
