# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """Squares and cubes; the same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.pow %x to 2.0", {"x": (8, 4)}, (8, 4), 3),
        elementwise("xplat.pow %x to 2.0", {"x": (8, 4)}, (12, 8), 1),
        elementwise("xplat.pow %x to 2.0", {"x": (6, 2)}, (4, 1), 2),
        elementwise("xplat.pow %x to 3.0", {"x": (8, 5)}, (12, 6), 2),
        elementwise("xplat.pow %x to 3.0", {"x": (16, 12)}, (16, 8), 1),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, generator.choice(["xplat.pow %x to 2.0", "xplat.pow %x to 3.0"]), ["x"])
