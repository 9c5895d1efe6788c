# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Stream


def case(a: tuple[int, int], b: tuple[int, int], into: tuple[int, int], lanes: int, count: int = 24) -> Case:
    """Two operands of `count` elements; of each stream the width and the fractional bits."""
    shape = (1, count)
    inputs = {"a": Stream(shape, *a, lanes), "b": Stream(shape, *b, lanes)}
    return Case("xplat.add %a, %b", inputs, Stream(shape, *into, lanes), unroll=(1, lanes))


def cases() -> list[Case]:
    """Equal and unequal formats of the operands, narrow and wide results, one lane and several."""
    return [
        case((8, 4), (8, 4), (8, 4), 4),
        case((8, 4), (8, 6), (8, 3), 2),
        case((8, -1), (4, 9), (16, 4), 1),
        case((16, 8), (3, 0), (2, 0), 6),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    lanes = generator.choice([1, 2, 3, 5])
    a, b, into = [(generator.randint(2, 12), generator.randint(-2, 8)) for _ in range(3)]
    return case(a, b, into, lanes, lanes * generator.randint(1, 9))
