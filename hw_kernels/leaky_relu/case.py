# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.leaky_relu %x slope 0.125", {"x": (8, 4)}, (8, 4), 3),
        elementwise("xplat.leaky_relu %x slope 0.25", {"x": (8, 4)}, (12, 8), 1),
        elementwise("xplat.leaky_relu %x slope 0.5", {"x": (6, 2)}, (4, 1), 2),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    op = generator.choice(
        ["xplat.leaky_relu %x slope 0.5", "xplat.leaky_relu %x slope 0.25", "xplat.leaky_relu %x slope 0.125"]
    )
    return random_elementwise(generator, op, ["x"])
