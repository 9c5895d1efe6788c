# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Stream


def case(
    *,
    average: bool,
    c: int,
    h: int,
    w: int,
    k: tuple[int, int] = (2, 2),
    stride: tuple[int, int] = (2, 2),
    pad: tuple[int, int] = (0, 0),
    lanes: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ow: int = 8,
    shift: int = 0,
) -> Case:
    """The average or the maximum of each window; `shift`: fractional bits of the input above those of the result."""
    oh, ow_ = ((e + 2 * p - kk) // s + 1 for e, kk, s, p in zip((h, w), k, stride, pad, strict=True))
    op = "avg_pool2d" if average else "max_pool2d"
    return Case(
        f"xplat.{op} %x window {list(k)} stride {list(stride)} padding {list(pad)}",
        {"x": Stream((1, c, h, w), iw, 4, lanes)},
        Stream((1, c, oh, ow_), ow, 4 - shift, lanes),
        unroll=(1, 1, lanes, ukh, ukw),
        kernel=op,
    )


def cases() -> list[Case]:
    """Both kernels: windows that overlap, padding, divisors that are powers of two and others, one pixel."""
    return [
        case(average=False, c=4, h=6, w=6, lanes=2),
        case(average=False, c=3, h=7, w=7, k=(3, 3), pad=(1, 1), ukh=3, ukw=3, lanes=3),
        case(average=False, c=2, h=5, w=6, k=(3, 2), stride=(1, 1), pad=(1, 1), ukw=2, iw=6, shift=2),
        case(average=True, c=4, h=6, w=4, lanes=4, ukh=2, ukw=2),
        case(average=True, c=2, h=5, w=7, k=(3, 3), stride=(1, 2), pad=(1, 1), ukw=3),
        case(average=True, c=1, h=7, w=5, k=(5, 3), pad=(2, 1), shift=-5, ow=12, ukh=5),
        case(average=True, c=2, h=9, w=9, k=(3, 5), stride=(3, 3), shift=3, ow=4, lanes=2),
        case(average=True, c=1, h=1, w=1, k=(1, 1), stride=(1, 1), iw=4, ow=3),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    lanes = generator.choice([1, 2, 3])
    k = (generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 3, 5]))
    # PyTorch allows a padding of half a window.
    pad = (generator.randint(0, k[0] // 2), generator.randint(0, k[1] // 2))
    return case(
        average=generator.random() < 0.6,
        c=lanes * generator.randint(1, 4),
        h=max(1, k[0] - 2 * pad[0]) + generator.randrange(7),
        w=max(1, k[1] - 2 * pad[1]) + generator.randrange(7),
        k=k,
        stride=(generator.randint(1, 3), generator.randint(1, 3)),
        pad=pad,
        lanes=lanes,
        ukh=generator.choice([1, k[0]]),
        ukw=generator.choice([1, k[1]]),
        iw=generator.choice([2, 4, 8, 16]),
        ow=generator.choice([2, 4, 8, 16]),
        shift=generator.randint(-6, 6),
    )


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    return case(
        average=bool(p.get("Mode", 0)),
        c=p["Channels"],
        h=p["InHeight"],
        w=p["InWidth_px"],
        k=(p["KernelH"], p["KernelW"]),
        stride=(p["StrideH"], p["StrideW"]),
        pad=(p["PadH"], p["PadW"]),
        lanes=p.get("Lanes", 1),
        ukh=p.get("UnrollKh", 1),
        ukw=p.get("UnrollKw", 1),
        iw=p.get("InWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
    )
