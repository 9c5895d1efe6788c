# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of these kernels, and the configurations whose area is measured."""

from collections.abc import Mapping, Sequence
from random import Random

from xplat.kernels import Case, Stream


def transpose(
    shape: tuple[int, ...],
    permutation: Sequence[int],
    *,
    lanes: int = 1,
    width: int = 8,
    kernel: str = "reorder_transpose",
) -> Case:
    """Dimensions in another order."""
    x = Stream(shape, width, 3, lanes)
    y = Stream(tuple(shape[dim] for dim in permutation), width, 3, lanes)
    op = f"xplat.transpose %x permutation {list(permutation)}"
    return Case(op, {"x": x}, y, unroll=(1, lanes), kernel=kernel)


def reshape(before: tuple[int, ...], after: tuple[int, ...], *, lanes: int = 1, order: str = "") -> Case:
    """The same elements, row-major unless `order` says otherwise, in another shape."""
    x, y = Stream(before, 8, 3, lanes), Stream(after, 8, 3, lanes)
    return Case(f"xplat.reshape %x{order}", {"x": x}, y, unroll=(1, lanes), kernel="reorder_reshape")


def cases() -> list[Case]:
    """Whole samples and smaller windows; channels together and apart; no movement at all."""
    return [
        transpose((1, 3, 4), (0, 2, 1)),
        transpose((1, 4, 2, 3), (0, 1, 3, 2), lanes=4),
        transpose((1, 4, 2, 3), (0, 3, 1, 2)),
        transpose((2, 3, 2, 5), (0, 2, 1, 3), width=12),
        transpose((1, 5, 2, 3, 4), (0, 1, 3, 2, 4), lanes=2),
        transpose((1, 2, 3, 2, 3, 2), (0, 5, 2, 3, 4, 1), width=3),
        transpose((1, 3, 1, 4), (0, 1, 3, 2), kernel="transpose"),
        reshape((1, 4, 2, 3), (1, 24)),
        reshape((1, 6, 4), (1, 2, 3, 4)),
        reshape((1, 4, 2, 3), (1, 4, 6)),
    ]


def random_case(generator: Random) -> Case:
    """Any shape and order, with several lanes where the innermost dimension stays so."""
    width = generator.randint(2, 16)
    rank = generator.choice([2, 3, 4, 5])
    shape = [generator.randint(2, 4) for _ in range(rank)]
    order = list(range(rank))
    innermost = 1 if rank == 4 else rank - 1
    while order == sorted(order):
        generator.shuffle(order)
    lanes = generator.choice([1, 2]) if order[innermost] == innermost else 1
    shape[innermost] *= lanes
    return transpose(tuple(shape), order, lanes=lanes, width=width).with_signs(generator.random() < 0.6)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas: a matrix of beats, transposed."""
    lanes = p["DataWidth"] // 8
    return transpose((1, 1, p["Count1"], p["Count2"], lanes), (0, 1, 3, 2, 4), lanes=lanes)
