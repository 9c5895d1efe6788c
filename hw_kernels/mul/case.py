# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, of_two_operands, random_elementwise


def cases() -> list[Case]:
    """Chosen formats; factors that are wider than a multiplier, one and both."""
    return [
        *of_two_operands("xplat.mul %a, %b"),
        elementwise("xplat.mul %a, %b", {"a": (24, 10), "b": (20, 8)}, (32, 5), 2),
        elementwise("xplat.mul %a, %b", {"a": (8, 4), "b": (25, 9, True)}, (16, 1), 1),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.mul %a, %b", ["a", "b"], widest=12)
