# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import BlockProducts, Case, Stream


def case(shape: tuple[int, int, int, int], formats: BlockProducts, *, ol: int = 1, sl: int = 1) -> Case:
    """`shape`: matrices, rows, terms and outputs; `ol` outputs and `sl` terms in a cycle."""
    b, m, k, n = shape
    inputs = {
        "a": Stream((b, m, k), lanes=sl, blocks=formats.left),
        "b": Stream((b, n, k), lanes=sl, blocks=formats.right),
    }
    op = f"xplat.matmul %a, %b transposed{formats.accumulation}"
    return Case(op, inputs, formats.result(Stream((b, m, n), lanes=ol)), unroll=(1, 1, ol, sl))


def cases() -> list[Case]:
    """Every family of formats; whole blocks, parts of one and several in a cycle; rows that end inside a block."""
    named = BlockProducts.named
    return [
        case((2, 3, 32, 4), named("msfp4"), sl=16, ol=2),
        case((1, 4, 24, 3), named("msfp4", "msfp6"), sl=8),
        case((3, 1, 8, 4), named("msfp3b2"), sl=4, ol=2),
        case((2, 2, 8, 4), named("mxint8b4", accumulator=31, y=16), sl=4, ol=4),
        case((2, 3, 16, 2), named("mxfp4b8", fraction=3), sl=2, ol=2),
        case((2, 3, 16, 2), named("mxfp8b8", "mxfp6b8", unsigned=True), sl=8, ol=1),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    block = generator.choice([2, 4, 8])
    sl = block // generator.choice([1, 2]) if generator.random() < 0.7 else block * generator.choice([1, 2])
    ol = generator.choice([1, 2, 3])
    shape = (
        generator.randint(1, 3),
        generator.randint(1, 4),
        sl * generator.randint(1, 4),
        ol * generator.randint(1, 3),
    )
    return case(shape, BlockProducts.random(generator, block=block), ol=ol, sl=sl)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    formats = BlockProducts.measured(p, left=("LeftWidth", "LeftExponent"), right=("RightWidth", "RightExponent"))
    shape = (p.get("Batches", 1), p["Rows"], p["Sum"], p["Out"])
    return case(shape, formats, ol=p.get("OutLanes", 1), sl=p.get("SumLanes", 1))
