# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, of_two_operands, random_elementwise


def cases() -> list[Case]:
    """Chosen formats."""
    return of_two_operands("xplat.minimum %a, %b")


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    return random_elementwise(generator, "xplat.minimum %a, %b", ["a", "b"], widest=12)
