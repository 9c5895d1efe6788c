# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

import torch

from xplat.kernels import Case, Format, Inputs, stream


def case(
    shape: tuple[int, ...],
    lanes: int = 1,
    a: Format = (8, 4),
    b: Format = (8, 4),
    y: Format = (8, 4),
) -> Case:
    """Element by element."""
    inputs = {"a": stream(shape, a, lanes), "b": stream(shape, b, lanes)}
    return Case("xplat.div %a, %b", inputs, stream(shape, y, lanes), unroll=(1, lanes), reference=_quotient)


def _quotient(inputs: Inputs) -> torch.Tensor:
    """Saturated by the sign of the dividend where the divisor is zero; 0 / 0 is 0."""
    a, b = inputs["a"], inputs["b"]
    return torch.where(b == 0, torch.sign(a) * 2.0**60, a / torch.where(b == 0, 1.0, b))


def cases() -> list[Case]:
    """Zeros over zeros and others, ties, quotients that saturate, and formats as a softmax has."""
    return [
        case((1, 4, 16), lanes=2),
        case((1, 64), a=(3, 0), b=(2, 0), y=(4, 1)),
        case((1, 64), a=(4, 0), b=(4, 0), y=(2, 0)),
        case((1, 4, 3, 5), lanes=4, a=(16, 14), b=(20, 14), y=(8, 7)),
        case((1, 32), lanes=4, a=(6, 5), b=(8, 1), y=(5, 0)),
        case((1, 32), lanes=4, a=(5, -2), b=(4, 3), y=(16, 2)),
        case((1, 64), lanes=2, a=(8, 7, True), b=(12, 7, True), y=(8, 8, True)),
        case((1, 64), lanes=2, a=(4, 1), b=(3, 0, True), y=(4, 2, True)),
        case((1, 64), lanes=2, a=(4, 1, True), b=(3, 0), y=(4, 2)),
    ]


def random_case(generator: Random) -> Case:
    """Any formats that are exact."""
    lanes, size = generator.choice([1, 2, 3]), generator.randint(4, 12)

    def form() -> Format:
        return generator.choice([2, 3, 5, 8, 12, 16]), generator.randint(-2, 8), generator.random() < 0.4

    return case((1, 4, lanes * size), lanes, form(), form(), form())


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    lanes = p["Lanes"]
    return case((1, 4 * lanes), lanes, (p["AWidth"], 0), (p["BWidth"], 0), (p["OutWidth"], p["Shift"]))
