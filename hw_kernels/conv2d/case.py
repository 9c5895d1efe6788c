# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import EIGHT_BITS, Case, Parameter, Products, Stream, Window


def case(
    ic: int,
    oc: int,
    window: Window,
    *,
    groups: int = 1,
    ol: int = 1,
    il: int = 1,
    formats: Products = EIGHT_BITS,
) -> Case:
    """`ic` and `oc` channels of all groups; `il` and `ol` lanes."""
    x = Stream((1, ic, window.h, window.w), lanes=il * window.columns)
    y = Stream((1, oc, *window.result), lanes=ol * window.pixels)
    weight = Parameter((oc, ic // groups, *window.k))
    more = f" {window.text} groups {groups}"
    return formats.case("xplat.conv2d", x, weight, y, (1, window.pixels, ol, *window.unroll, il), more=more)


def cases() -> list[Case]:
    """Corners: one pixel, padding of all but one of a window, strides, groups, dilation that shares a divisor with the
    window or not, all of a window at once, several pixels."""
    return [
        case(3, 4, Window(6, 7, pad=(1, 1))),
        case(
            *(4, 4, Window(5, 5, stride=(2, 2), pad=(1, 1), unroll=(1, 3))),
            il=2,
            ol=2,
            formats=Products(per_channel=True),
        ),
        case(4, 8, Window(6, 6, unroll=(3, 3)), groups=2, il=2, ol=2, formats=Products(shift=9, bias=False)),
        case(1, 1, Window(1, 1, (1, 1)), formats=Products(shift=0)),
        case(8, 16, Window(4, 4, (1, 1)), il=2, ol=16, formats=Products(4, 4, 6, -2)),
        case(2, 2, Window(7, 5, (5, 3), (1, 2), (4, 2), (5, 3)), il=2, ol=2),
        case(2, 4, Window(9, 4, (2, 3), (3, 1), (0, 1)), ol=4, formats=Products(y=16, shift=2)),
        case(2, 2, Window(7, 9, pad=(2, 4), unroll=(3, 3), dilation=(2, 4)), il=2, ol=2),
        case(2, 2, Window(6, 11, (4, 4), (1, 2), (1, 1, 2, 2), (2, 2), (1, 2)), il=2, ol=1),
        case(3, 4, Window(6, 7, pad=(1, 1)), ol=2, formats=Products(shift=9, unsigned=(True, True))),
        case(2, 3, Window(5, 8, pad=(1, 1), unroll=(1, 3), pixels=2), il=2, ol=3, formats=Products(per_channel=True)),
        case(1, 2, Window(6, 12, (3, 3), (2, 2), (1, 1), (3, 3), pixels=3), il=1, ol=2),
        case(2, 2, Window(4, 12, (1, 1), (1, 3), pixels=4), il=2, ol=2, formats=Products(bias=False)),
        case(1, 1, Window(5, 8, (2, 5), (1, 2), (1, 4, 0, 3), (1, 5), (1, 1), pixels=2)),
        case(4, 4, Window(5, 5, pad=(1, 1), unroll=(1, 3)), il=4, ol=2, formats=Products(weight=1, signs=True)),
        case(2, 4, Window(5, 5, pad=(1, 1)), il=2, formats=Products(weight=2, per_channel=True, signs=True)),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small and biased to the corners."""
    groups = generator.choice([1, 1, 1, 2, 3])
    il, ol = generator.choice([1, 2, 3]), generator.choice([1, 2, 4])
    ic, oc = groups * il * generator.randint(1, 3), groups * ol * generator.randint(1, 2)
    window, formats = Window.random(generator), Products.random(generator, signs=True)
    if window.pixels > 1:
        groups, ic, oc = 1, il, ol
    return case(ic, oc, window, groups=groups, ol=ol, il=il, formats=formats)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    lanes = {"ol": p.get("OutLanes", 1), "il": p.get("InLanes", 1)}
    window, formats = Window.measured(p), Products.measured(p)
    return case(p["InChannels"], p["OutChannels"], window, groups=p.get("Groups", 1), **lanes, formats=formats)
