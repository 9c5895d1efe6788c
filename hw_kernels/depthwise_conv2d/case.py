# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream, Window


def case(c: int, window: Window, *, lanes: int = 1, formats: Products = EIGHT_BITS) -> Case:
    """`c` channels."""
    x = Stream((1, c, window.h, window.w), lanes=lanes * window.columns)
    y = Stream((1, c, *window.result), lanes=lanes * window.pixels)
    weight, unroll = Parameter((c, 1, *window.k)), (1, window.pixels, lanes, *window.unroll)
    return formats.case("xplat.depthwise_conv2d", x, weight, y, unroll, more=f" {window.text}")


def cases() -> list[Case]:
    """Padding, strides, windows that are not square, all of a window at once, several pixels."""
    return [
        case(4, Window(5, 6, pad=(1, 1))),
        case(4, Window(6, 6, stride=(2, 2), pad=(1, 1), unroll=(3, 3)), lanes=2, formats=Products(per_channel=True)),
        case(3, Window(5, 5, (5, 3), pad=(2, 0), unroll=(5, 1)), lanes=3, formats=Products(4, 8, 6, 3, bias=False)),
        case(2, Window(4, 3, (1, 2), unroll=(1, 2)), formats=Products(y=16, shift=-1)),
        case(2, Window(7, 8, (2, 2), pad=(0, 0, 2, 3), unroll=(2, 2), dilation=(2, 3)), lanes=2),
        case(4, Window(5, 6, pad=(1, 1)), lanes=2, formats=Products(unsigned=(True, True))),
        case(3, Window(5, 8, pad=(1, 1), unroll=(1, 3), pixels=2), lanes=3, formats=Products(per_channel=True)),
        case(2, Window(6, 12, stride=(2, 2), pad=(1, 1), unroll=(3, 3), pixels=3), lanes=2),
        case(4, Window(5, 6, pad=(1, 1), unroll=(1, 3)), lanes=2, formats=Products(weight=1, signs=True)),
        case(3, Window(5, 6, pad=(1, 1)), lanes=3, formats=Products(weight=2, per_channel=True, signs=True)),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small and biased to the corners."""
    lanes = generator.choice([1, 2, 3])
    window, formats = Window.random(generator), Products.random(generator, signs=True)
    folds = 1 if window.pixels > 1 else generator.randint(1, 4)
    return case(lanes * folds, window, lanes=lanes, formats=formats)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    return case(p["Channels"], Window.measured(p), lanes=p.get("Lanes", 1), formats=Products.measured(p))
