# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

import torch

from xplat.kernels import Case, Format, Inputs, stream


def case(shape: tuple[int, ...], lanes: int = 1, x: Format = (16, 8), y: Format = (8, 4)) -> Case:
    """Element by element."""
    streams = {"x": stream(shape, x, lanes)}
    return Case("xplat.sqrt %x", streams, stream(shape, y, lanes), unroll=(1, lanes), reference=_root)


def _root(inputs: Inputs) -> torch.Tensor:
    """Zero for negative numbers, which have none."""
    return torch.sqrt(inputs["x"].clamp(min=0))


def cases() -> list[Case]:
    """Every number of a small format, ties, roots that saturate, fractions of the radicand that are cut off."""
    return [
        case((1, 4, 16), lanes=2),
        case((1, 256), x=(8, 4), y=(5, 0)),
        case((1, 256), x=(8, 4), y=(3, 1)),
        case((1, 256), x=(9, 7), y=(8, 0)),
        case((1, 4, 3, 5), lanes=4, x=(16, 10), y=(16, 12)),
        case((1, 64), lanes=2, x=(12, -3), y=(12, 5)),
        case((1, 256), x=(8, 4, True), y=(5, 1, True)),
        case((1, 64), lanes=2, x=(12, 5, True), y=(8, 4)),
        case((1, 64), lanes=2, x=(12, 5), y=(8, 4, True)),
    ]


def random_case(generator: Random) -> Case:
    """Any formats that are exact."""
    lanes, size = generator.choice([1, 2, 3]), generator.randint(4, 12)
    x = generator.choice([2, 3, 5, 8, 12, 16]), generator.randint(-4, 10), generator.random() < 0.4
    y = generator.choice([3, 5, 8, 12, 16]), generator.randint(-2, 8), generator.random() < 0.4
    return case((1, 4, lanes * size), lanes, x, y)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    lanes, shift = p["Lanes"], p["Shift"]
    return case((1, 4 * lanes), lanes, (p["InWidth"], -shift), (p["OutWidth"], 0))
