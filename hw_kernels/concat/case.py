# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping, Sequence
from random import Random

from xplat.kernels import Case, Stream


def case(shape: tuple[int, ...], dim: int, extents: Sequence[int], *, lanes: int = 1, width: int = 8) -> Case:
    """Operands of `shape`, but of the given extents along `dim`."""
    inputs = {f"x{i}": _stream(shape, dim, extent, width, lanes) for i, extent in enumerate(extents)}
    types = f"({', '.join(f'{{{name}}}' for name in inputs)}) -> {{result}}"
    result = _stream(shape, dim, sum(extents), width, lanes)
    values = ", ".join(f"%{name}" for name in inputs)
    return Case(f"xplat.concat {values} dim {dim}", inputs, result, unroll=(1, lanes), types=types)


def _stream(shape: tuple[int, ...], dim: int, extent: int, width: int, lanes: int) -> Stream:
    return Stream((*shape[:dim], extent, *shape[dim + 1 :]), width, 3, lanes)


def cases() -> list[Case]:
    """Channels of images, rows, pixels, tokens; two operands and eight; runs of one beat and of several."""
    return [
        case((1, 0, 2, 3), 1, (4, 8), lanes=4),
        case((1, 0, 3, 2), 1, (2, 1, 3)),
        case((1, 4, 0, 3), 2, (1, 2), lanes=2),
        case((1, 2, 2, 0), 3, (3, 1, 1), lanes=2, width=12),
        case((1, 0, 6), 1, (1, 4), lanes=3),
        case((1, 0), 1, (6, 2, 2, 4, 2, 2, 2, 6), lanes=2, width=5),
    ]


def random_case(generator: Random) -> Case:
    """Any shape, dimension, format and number of operands."""
    lanes = generator.choice([1, 2, 3])
    rank = generator.choice([2, 3, 4])
    shape = [1, *(generator.randint(1, 4) for _ in range(rank - 1))]
    innermost = 1 if rank == 4 else rank - 1
    shape[innermost] *= lanes
    dim = generator.randrange(1, rank)
    step = lanes if dim == innermost else 1
    extents = [step * generator.randint(1, 3) for _ in range(generator.randint(2, 8))]
    made = case(tuple(shape), dim, extents, lanes=lanes, width=generator.randint(2, 16))
    return made.with_signs(generator.random() < 0.6)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    lanes = p["DataWidth"] // 8
    extents = [p.get(f"Run{i}", 1) * lanes for i in range(p["Inputs"])]
    return case((1, 4, 0), 2, extents, lanes=lanes)
