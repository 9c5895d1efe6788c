# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Parameter, Stream


def case(shape: tuple[int, ...], lanes: int, width: int = 8, fraction: int = 1) -> Case:
    """A table of this shape as a stream."""
    table, y = Parameter(shape, width, fraction), Stream(shape, width, fraction, lanes)
    return Case("xplat.constant @table", {}, y, unroll=(1, lanes), parameters={"table": table})


def cases() -> list[Case]:
    """One beat, several, and a table of rank 4, whose channels travel first."""
    return [case((1, 6, 2, 3), 3), case((1, 5, 8), 4), case((1, 7), 1), case((1, 8), 8, 4), case((1, 64), 1, 16, 3)]


def random_case(generator: Random) -> Case:
    """Any shape and format."""
    lanes = generator.choice([1, 2, 3])
    channels, width = lanes * generator.randint(1, 4), generator.randint(2, 16)
    image = (1, channels, generator.randint(1, 4), generator.randint(1, 4))
    return case(generator.choice([image, (1, channels)]), lanes, width, generator.randint(-2, 6))
