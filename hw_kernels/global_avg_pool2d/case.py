# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Stream


def case(
    *,
    c: int,
    h: int,
    w: int,
    lanes: int = 1,
    iw: int = 8,
    ow: int = 8,
    shift: int = 0,
    unsigned: tuple[bool, bool] = (False, False),
) -> Case:
    """The mean of each channel; `shift`: fractional bits of the input above those of the result; `unsigned`: whether
    they have no sign."""
    return Case(
        "xplat.global_avg_pool2d %x",
        {"x": Stream((1, c, h, w), iw, 4, lanes, unsigned[0])},
        Stream((1, c), ow, 4 - shift, lanes, unsigned[1]),
        unroll=(1, 1, lanes),
    )


def cases() -> list[Case]:
    """Divisors that are powers of two and others, one pixel, one lane and all."""
    return [
        case(c=4, h=4, w=4, lanes=2),
        case(c=1, h=7, w=7),
        case(c=6, h=3, w=5, lanes=2, shift=-4, ow=16),
        case(c=2, h=1, w=1, lanes=1),
        case(c=8, h=2, w=3, lanes=8, shift=1, ow=4),
        case(c=4, h=3, w=3, lanes=2, unsigned=(True, True)),
    ]


def random_case(generator: Random) -> Case:
    """Any image and format, small."""
    lanes = generator.choice([1, 2, 3])
    return case(
        c=lanes * generator.randint(1, 4),
        h=generator.randint(1, 6),
        w=generator.randint(1, 6),
        lanes=lanes,
        iw=generator.choice([2, 4, 8, 12]),
        ow=generator.choice([2, 4, 8, 16]),
        shift=generator.randint(-4, 4),
        unsigned=(generator.random() < 0.4, generator.random() < 0.4),
    )
