# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.neg %x", {"x": (8, 4)}, (8, 4), 4),
        elementwise("xplat.neg %x", {"x": (4, 0)}, (6, 2), 1),
        elementwise("xplat.neg %x", {"x": (12, 6)}, (5, 1), 3),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.neg %x", ["x"])
