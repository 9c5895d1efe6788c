# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream, Window


def case(
    average: bool,
    c: int,
    window: Window,
    *,
    lanes: int = 1,
    widths: tuple[int, int] = (8, 8),
    shift: int = 0,
    unsigned: tuple[bool, bool] = (False, False),
) -> Case:
    """The average or the maximum of each window; `shift`: fractional bits of the input above those of the result.

    `unsigned`: whether input and result have no sign.
    """
    op = "avg_pool2d" if average else "max_pool2d"
    return Case(
        f"xplat.{op} %x window {list(window.k)} {window.text}",
        {"x": Stream((1, c, window.h, window.w), widths[0], 4, lanes * window.columns, unsigned[0])},
        Stream((1, c, *window.result), widths[1], 4 - shift, lanes * window.pixels, unsigned[1]),
        unroll=(1, window.pixels, lanes, *window.unroll),
        kernel=op,
    )


def cases() -> list[Case]:
    """Both kernels: windows that overlap, padding, divisors that are powers of two and others, one pixel of an image,
    several pixels at a time."""
    two = (2, 2)
    return [
        case(False, 4, Window(6, 6, two, two), lanes=2),
        case(False, 3, Window(7, 7, (3, 3), two, (1, 1), (3, 3)), lanes=3),
        case(False, 2, Window(5, 6, (3, 2), (1, 1), (1, 1), (1, 2)), widths=(6, 8), shift=2),
        case(False, 2, Window(9, 8, (3, 2), two, (2, 1), (3, 2), (2, 2)), lanes=2),
        case(False, 1, Window(8, 8, (3, 3), two, (0, 0, 2, 1), (3, 3))),
        case(True, 4, Window(6, 4, two, two, unroll=(2, 2)), lanes=4),
        case(True, 2, Window(5, 7, (3, 3), (1, 2), (1, 1), (1, 3))),
        case(True, 1, Window(7, 5, (5, 3), two, (2, 1), (5, 1)), widths=(8, 12), shift=-5),
        case(True, 2, Window(9, 9, (3, 5), (3, 3)), lanes=2, widths=(8, 4), shift=3),
        case(True, 1, Window(1, 1, (1, 1)), widths=(4, 3)),
        case(False, 3, Window(7, 7, (3, 3), two, (1, 1)), lanes=3, unsigned=(True, True)),
        case(False, 2, Window(5, 6, (3, 2), (1, 1), (1, 1)), widths=(8, 4), shift=2, unsigned=(False, True)),
        case(True, 2, Window(5, 7, (3, 3), (1, 2), (1, 1), (1, 3)), unsigned=(True, True)),
        case(True, 2, Window(6, 4, two, two), widths=(8, 9), unsigned=(True, False)),
        case(False, 2, Window(6, 8, two, two, unroll=(1, 2), pixels=2), lanes=2),
        case(False, 1, Window(7, 12, (3, 3), two, (1, 1), (3, 3), pixels=3)),
        case(True, 3, Window(5, 8, (3, 3), (1, 1), (1, 1), (1, 3), pixels=4), lanes=3),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    lanes, average = generator.choice([1, 2, 3]), generator.random() < 0.6
    widths = (generator.choice([2, 4, 8, 16]), generator.choice([2, 4, 8, 16]))
    window, shift = Window.random(generator, half=True, dilates=not average), generator.randint(-6, 6)
    unsigned = generator.random() < 0.4, generator.random() < 0.4
    channels = lanes * (1 if window.pixels > 1 else generator.randint(1, 4))
    return case(average, channels, window, lanes=lanes, widths=widths, shift=shift, unsigned=unsigned)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    widths = (p.get("InWidth", 8), p.get("OutWidth", 8))
    lanes, shift = p.get("Lanes", 1), p.get("Shift", 0)
    return case(bool(p.get("Mode", 0)), p["Channels"], Window.measured(p), lanes=lanes, widths=widths, shift=shift)
