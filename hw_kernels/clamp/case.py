# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise


def cases() -> list[Case]:
    """The same format, narrower and wider ones; one lane and several."""
    return [
        elementwise("xplat.clamp %x to -1.5, 2.25", {"x": (8, 4)}, (8, 5), 4),
        elementwise("xplat.clamp %x to 0.0, 6.0", {"x": (8, 2)}, (6, 1), 1),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    op = generator.choice(["xplat.clamp %x to 0.0, 6.0", "xplat.clamp %x to -1.5, 2.25", "xplat.clamp %x to -1.0, 1.0"])
    return random_elementwise(generator, op, ["x"])
