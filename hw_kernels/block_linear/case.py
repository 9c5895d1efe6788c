# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import BlockProducts, Case, Parameter, Stream


def case(n: int, k: int, formats: BlockProducts, *, rows: int = 1, ol: int = 1, il: int = 1) -> Case:
    """`rows` vectors of `k` by a weight of `n` x `k`; `il` and `ol` lanes."""
    x, y = Stream((1, rows, k), lanes=il), Stream((1, rows, n), lanes=ol)
    return formats.case("xplat.linear", x, Parameter((n, k)), y, (1, ol, il))


def cases() -> list[Case]:
    """Every family of formats; whole blocks, parts of one and several in a cycle; rows that end inside a block; sums
    that saturate."""
    named = BlockProducts.named
    return [
        case(4, 32, named("msfp4"), rows=2, il=16, ol=2),
        case(6, 64, named("msfp4"), rows=3, il=32, ol=3),
        case(4, 64, named("msfp4", "msfp3"), rows=2, il=4, ol=1),
        case(3, 24, named("msfp8", "msfp4", bias=False), rows=2, il=8, ol=3),
        case(2, 6, named("msfp2b2", y=4), rows=4, il=1, ol=1),
        case(8, 64, named("mxint8", accumulator=31, fraction=16), rows=2, il=8, ol=4),
        case(4, 8, named("mxint8b4", accumulator=12, y=16, shift=-3), rows=2, il=8, ol=2),
        case(4, 16, named("mxfp8b8", accumulator=31), rows=2, il=8, ol=2),
        case(4, 16, named("mxfp6b8", "mxfp4b8"), rows=2, il=4, ol=4),
        case(4, 16, named("mxfp6e3m2b4", "msfp4b4", unsigned=True), rows=2, il=8, ol=2),
        case(5, 40, named("mxfp4", fraction=3, y=8), rows=2, il=8, ol=5),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    block = generator.choice([2, 4, 8, 16])
    il = block // generator.choice([1, 2]) if generator.random() < 0.7 else block * generator.choice([1, 2])
    ol = generator.choice([1, 2, 4])
    n, k = ol * generator.randint(1, 3), il * generator.randint(1, 4)
    formats = BlockProducts.random(generator, block=block)
    return case(n, k, formats, rows=generator.randint(1, 3), ol=ol, il=il)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    formats = BlockProducts.measured(p, left=("InWidth", "InExponent"), right=("WeightWidth", "WeightExponent"))
    lanes = {"ol": p.get("OutLanes", 1), "il": p.get("InLanes", 1)}
    return case(p["Out"], p["In"], formats, rows=p.get("Rows", 1), **lanes)
