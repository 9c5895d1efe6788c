# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.relu %x", {"x": (8, 4)}, (8, 4), 4),
        elementwise("xplat.relu %x", {"x": (8, 4)}, (4, 1), 1),
        elementwise("xplat.relu %x", {"x": (6, 7)}, (8, -1), 3),
        elementwise("xplat.relu %x", {"x": (5, 0)}, (12, 3), 24),
        elementwise("xplat.relu %x", {"x": (8, 4)}, (8, 5, True), 2),
        elementwise("xplat.relu %x", {"x": (8, 4, True)}, (8, 4, True), 2),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.relu %x", ["x"])
