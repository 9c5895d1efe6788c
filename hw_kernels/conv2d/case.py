# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Parameter, Stream


def case(
    *,
    ic: int,
    oc: int,
    h: int,
    w: int,
    k: tuple[int, int] = (3, 3),
    stride: tuple[int, int] = (1, 1),
    pad: tuple[int, int] = (0, 0),
    groups: int = 1,
    ol: int = 1,
    il: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
) -> Case:
    """`ic` and `oc` channels of all groups; `il` and `ol` lanes; widths of input, weight and output.

    `shift`: the bits by which a sum is rounded; a weight with a scale per channel varies it.
    """
    oh, ow_ = ((e + 2 * p - kk) // s + 1 for e, kk, s, p in zip((h, w), k, stride, pad, strict=True))
    x_bits = shift // 2
    w_bits = tuple(index % 5 - 2 for index in range(oc)) if per_channel else 0
    b_bits = tuple(x_bits + bits for bits in w_bits) if isinstance(w_bits, tuple) else x_bits
    parameters = {"weight": Parameter((oc, ic // groups, *k), ww, w_bits)}
    if bias:
        parameters["bias"] = Parameter((oc,), 32, b_bits, magnitude=14)
    resident = "weight @weight" + " bias @bias" * bias
    return Case(
        f"xplat.conv2d %x {resident} stride {list(stride)} padding {list(pad)} groups {groups}",
        {"x": Stream((1, ic, h, w), iw, x_bits, il)},
        Stream((1, oc, oh, ow_), ow, x_bits - shift, ol),
        unroll=(1, 1, ol, ukh, ukw, il),
        parameters=parameters,
    )


def cases() -> list[Case]:
    """Corners: one pixel, padding of all but one of a window, strides, groups, all of a window at once."""
    return [
        case(ic=3, oc=4, h=6, w=7, pad=(1, 1)),
        case(ic=4, oc=4, h=5, w=5, il=2, ol=2, ukw=3, stride=(2, 2), pad=(1, 1), per_channel=True),
        case(ic=4, oc=8, h=6, w=6, groups=2, il=2, ol=2, ukh=3, ukw=3, bias=False, shift=9),
        case(ic=1, oc=1, h=1, w=1, k=(1, 1), shift=0),
        case(ic=8, oc=16, h=4, w=4, k=(1, 1), il=2, ol=16, iw=4, ww=4, ow=6, shift=-2),
        case(ic=2, oc=2, h=7, w=5, k=(5, 3), stride=(1, 2), pad=(4, 2), il=2, ol=2, ukh=5, ukw=3),
        case(ic=2, oc=4, h=9, w=4, k=(2, 3), stride=(3, 1), pad=(0, 1), ol=4, ow=16, shift=2),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small and biased to the corners."""
    groups = generator.choice([1, 1, 1, 2, 3])
    il, ol = generator.choice([1, 2, 3]), generator.choice([1, 2, 4])
    k = (generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 3, 5]))
    pad = (generator.randrange(k[0]), generator.randrange(k[1]))
    # A padding of all but one of a window takes images of one pixel.
    return case(
        ic=groups * il * generator.randint(1, 3),
        oc=groups * ol * generator.randint(1, 2),
        h=max(1, k[0] - 2 * pad[0]) + generator.randrange(6),
        w=max(1, k[1] - 2 * pad[1]) + generator.randrange(6),
        k=k,
        stride=(generator.randint(1, 3), generator.randint(1, 3)),
        pad=pad,
        groups=groups,
        ol=ol,
        il=il,
        ukh=generator.choice([1, k[0]]),
        ukw=generator.choice([1, k[1]]),
        iw=generator.choice([2, 4, 8, 12]),
        ww=generator.choice([2, 4, 8]),
        ow=generator.choice([2, 4, 8, 16]),
        shift=generator.randint(-3, 12),
        bias=generator.random() < 0.7,
        per_channel=generator.random() < 0.4,
    )


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    return case(
        ic=p["InChannels"],
        oc=p["OutChannels"],
        h=p["InHeight"],
        w=p["InWidth_px"],
        k=(p["KernelH"], p["KernelW"]),
        stride=(p["StrideH"], p["StrideW"]),
        pad=(p["PadH"], p["PadW"]),
        groups=p.get("Groups", 1),
        ol=p.get("OutLanes", 1),
        il=p.get("InLanes", 1),
        ukh=p.get("UnrollKh", 1),
        ukw=p.get("UnrollKw", 1),
        iw=p.get("InWidth", 8),
        ww=p.get("WeightWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
        bias=bool(p.get("HasBias", 1)),
        per_channel=bool(p.get("PerChannelShift", 0)),
    )
