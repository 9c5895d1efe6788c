# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.abs %x", {"x": (8, 4)}, (8, 5), 2),
        elementwise("xplat.abs %x", {"x": (8, 4)}, (9, 4), 1),
        elementwise("xplat.abs %x", {"x": (3, 1)}, (4, 0), 8),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.abs %x", ["x"])
