# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Stream


def case(before: tuple[int, ...], after: tuple[int, ...], lanes: int, order: str = "") -> Case:
    """The same elements in another shape."""
    x, y = Stream(before, 8, 4, lanes), Stream(after, 8, 4, lanes)
    return Case(f"xplat.reshape %x{order}", {"x": x}, y, unroll=(1, lanes))


def cases() -> list[Case]:
    """A flatten of an image in the order in which it travels, and rows that are joined."""
    return [case((1, 4, 2, 3), (1, 24), 2, " order channels_last"), case((1, 3, 8), (1, 24), 4)]


def random_case(generator: Random) -> Case:
    """Any image."""
    lanes = generator.choice([1, 2, 3])
    c, h, w = lanes * generator.randint(1, 3), generator.randint(1, 4), generator.randint(1, 4)
    return case((1, c, h, w), (1, c * h * w), lanes, " order channels_last")
