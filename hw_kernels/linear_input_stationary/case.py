# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream


def case(n: int, k: int, *, rows: int = 1, il: int = 1, formats: Products = EIGHT_BITS) -> Case:
    """`rows` vectors of `k`, `il` elements a beat, by a weight of `n` x `k`."""
    x, y = Stream((rows, k), lanes=il), Stream((rows, n), lanes=n)
    return formats.case("xplat.linear", x, Parameter((n, k)), y, (1, n, il))


def cases() -> list[Case]:
    """Two beats and many, one output and several, no bias, left and right shifts, narrow and wide formats."""
    return [
        case(1, 2, rows=3, formats=Products(shift=0)),
        case(10, 16, il=4),
        case(4, 8, rows=4, il=4, formats=Products(per_channel=True)),
        case(6, 20, rows=2, formats=Products(6, 4, 12, 3, bias=False)),
        case(8, 6, rows=3, il=3, formats=Products(4, 8, 16, -4, per_channel=True)),
        case(3, 140, rows=2, il=70, formats=Products(4, 2, shift=35)),
        case(2, 8, formats=Products(shift=29, per_channel=True)),
        case(4, 8, rows=2, il=2, formats=Products(2, 2, shift=-29, per_channel=True)),
        case(6, 8, rows=2, il=4, formats=Products(shift=9, unsigned=(True, True))),
        case(5, 12, rows=2, il=4, formats=Products(weight=1, per_channel=True, signs=True)),
        case(3, 6, rows=2, il=2, formats=Products(weight=2, signs=True)),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    il, n = generator.choice([1, 2, 3, 5]), generator.randint(1, 8)
    k = il * generator.randint(2, 7)
    return case(n, k, rows=generator.randint(1, 3), il=il, formats=Products.random(generator, signs=True))


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    return case(p["Out"], p["In"], il=p.get("InLanes", 1), formats=Products.measured(p))
