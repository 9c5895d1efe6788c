# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.cast %x", {"x": (8, 4)}, (8, 3), 2),
        elementwise("xplat.cast %x", {"x": (8, 3)}, (8, 6), 8),
        elementwise("xplat.cast %x", {"x": (16, 10)}, (4, 2), 6),
        elementwise("xplat.cast %x", {"x": (8, 12)}, (8, 0), 1),
        elementwise("xplat.cast %x", {"x": (3, 0)}, (12, 5), 24),
        elementwise("xplat.cast %x", {"x": (8, -2)}, (8, 2), 12),
        elementwise("xplat.cast %x", {"x": (8, 4, True)}, (8, 4), 2),
        elementwise("xplat.cast %x", {"x": (8, 4)}, (8, 4, True), 2),
        elementwise("xplat.cast %x", {"x": (4, 1, True)}, (9, 3, True), 2),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.cast %x", ["x"])
