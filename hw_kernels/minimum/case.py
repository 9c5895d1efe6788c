# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise

OP = "xplat.minimum %a, %b"


def cases() -> list[Case]:
    """Equal and unequal formats of the operands, narrow and wide results, one lane and several."""
    return [
        elementwise(OP, {"a": (8, 4), "b": (8, 4)}, (8, 4), 4),
        elementwise(OP, {"a": (8, 4), "b": (8, 6)}, (8, 3), 2),
        elementwise(OP, {"a": (8, -1), "b": (4, 9)}, (16, 4), 1),
        elementwise(OP, {"a": (16, 8), "b": (3, 0)}, (2, 0), 6),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, OP, ["a", "b"], widest=12)
