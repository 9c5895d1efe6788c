# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel: linear layers with their formats, lanes and unroll factors."""

from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream


def case(n: int, k: int, *, rows: int = 1, ol: int = 1, il: int = 1, formats: Products = EIGHT_BITS) -> Case:
    """`rows` vectors of `k` inputs by a weight of `n` x `k`; `il` inputs and `ol` outputs at a time."""
    x, y = Stream((rows, k), lanes=il), Stream((rows, n), lanes=ol)
    return formats.case("xplat.linear", x, Parameter((n, k)), y, (1, ol, il))


def cases() -> list[Case]:
    """One element, several lanes, weights of 2 and 16 bits, a scale for each channel, no bias, no sign."""
    return [
        case(1, 1, rows=3, formats=Products(shift=0)),
        case(6, 8, il=4, ol=3),
        case(2, 4, rows=2, il=2, formats=Products(8, 16, per_channel=True, unsigned=(True, True))),
        case(4, 4, rows=2, il=4, ol=2, formats=Products(4, 2, shift=-2, bias=False)),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes, small."""
    il, ol = generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 4])
    n, k = ol * generator.randint(1, 4), il * generator.randint(1, 6)
    return case(n, k, rows=generator.randint(1, 3), ol=ol, il=il, formats=Products.random(generator))
