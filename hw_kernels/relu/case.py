# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Stream


def case(width: int, fraction: int, into: tuple[int, int], lanes: int, count: int = 24) -> Case:
    """One operand of `count` elements; `into`: width and fractional bits of the result."""
    shape = (1, count)
    x, y = Stream(shape, width, fraction, lanes), Stream(shape, *into, lanes)
    return Case("xplat.relu %x", {"x": x}, y, unroll=(1, lanes))


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        case(8, 4, (8, 4), 4),
        case(8, 4, (4, 1), 1),
        case(6, 7, (8, -1), 3),
        case(5, 0, (12, 3), 24),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    lanes = generator.choice([1, 2, 3, 5])
    into = (generator.randint(2, 16), generator.randint(-2, 9))
    return case(generator.randint(2, 16), generator.randint(-2, 9), into, lanes, lanes * generator.randint(1, 9))
