# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, of_two_operands, random_elementwise


def cases() -> list[Case]:
    """Chosen formats."""
    return of_two_operands("xplat.masked_fill %a mask %b fill -3.0")


def random_case(generator: Random) -> Case:
    """Any formats and lanes, and fills within and beyond their ranges."""
    fill = generator.choice(("0.0", "0.75", "-1.0e30", "1.0e9"))
    return random_elementwise(generator, f"xplat.masked_fill %a mask %b fill {fill}", ["a", "b"], widest=12)
