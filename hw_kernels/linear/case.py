# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream


def case(
    n: int, k: int, *, rows: int = 1, rl: int = 1, ol: int = 1, il: int = 1, formats: Products = EIGHT_BITS
) -> Case:
    """`rows` vectors of `k` by a weight of `n` x `k`, `rl` of them at a time; `il` and `ol` lanes of each."""
    x, y = Stream((rows, k), lanes=rl * il), Stream((rows, n), lanes=rl * ol)
    return formats.case("xplat.linear", x, Parameter((n, k)), y, (rl, ol, il))


def cases() -> list[Case]:
    """Corners: one element, all lanes, no bias, left and right shifts, narrow and wide formats, with
    signs and without, several rows at a time, weights that are signs alone."""
    return [
        case(1, 1, rows=3, formats=Products(shift=0)),
        case(10, 16, il=4, ol=5),
        case(4, 4, rows=4, il=4, ol=4, formats=Products(per_channel=True)),
        case(6, 20, rows=2, il=20, formats=Products(6, 4, 12, 3, bias=False)),
        case(8, 6, rows=3, il=3, ol=2, formats=Products(4, 8, 16, -4, per_channel=True)),
        case(3, 70, rows=2, il=70, ol=3, formats=Products(4, 2, shift=35)),
        case(2, 8, ol=2, formats=Products(shift=29, per_channel=True)),
        case(4, 8, rows=2, il=2, formats=Products(2, 2, shift=-29, per_channel=True)),
        case(6, 8, rows=2, il=4, ol=3, formats=Products(shift=9, unsigned=(True, True))),
        case(4, 8, rows=2, il=2, formats=Products(16, 16, per_channel=True, unsigned=(False, True))),
        case(4, 8, rows=2, il=2, formats=Products(2, 2, shift=-29, per_channel=True, unsigned=(True, True))),
        case(3, 5, rows=6, rl=2, il=5, ol=3, formats=Products(per_channel=True)),
        case(2, 4, rows=4, rl=4, il=4, ol=2, formats=Products(bias=False)),
        case(6, 20, rows=2, il=5, ol=3, formats=Products(weight=1, signs=True)),
        case(4, 12, rows=2, il=4, ol=2, formats=Products(4, 1, per_channel=True, unsigned=(True, True), signs=True)),
        case(3, 16, rows=3, il=8, formats=Products(weight=2, per_channel=True, signs=True)),
        case(2, 9, rows=2, il=3, ol=2, formats=Products(weight=2, unsigned=(True, False))),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    il, ol = generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 4])
    n, k, rl = ol * generator.randint(1, 4), il * generator.randint(1, 6), generator.choice([1, 1, 1, 2, 3])
    if rl > 1:
        n, k = ol, il
    return case(
        n, k, rows=rl * generator.randint(1, 3), rl=rl, ol=ol, il=il, formats=Products.random(generator, signs=True)
    )


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    lanes = {"rl": p.get("RowLanes", 1), "ol": p.get("OutLanes", 1), "il": p.get("InLanes", 1)}
    return case(p["Out"], p["In"], rows=p.get("Rows", 1), **lanes, formats=Products.measured(p))
