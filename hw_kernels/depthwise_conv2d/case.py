# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Parameter, Stream


def case(
    *,
    c: int,
    h: int,
    w: int,
    k: tuple[int, int] = (3, 3),
    stride: tuple[int, int] = (1, 1),
    pad: tuple[int, int] = (0, 0),
    lanes: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
) -> Case:
    """`c` channels; widths of input, weight and output.

    `shift`: the bits by which a sum is rounded; a weight with a scale per channel varies it.
    """
    oh, ow_ = ((e + 2 * p - kk) // s + 1 for e, kk, s, p in zip((h, w), k, stride, pad, strict=True))
    x_bits = shift // 2
    w_bits = tuple(index % 5 - 2 for index in range(c)) if per_channel else 0
    b_bits = tuple(x_bits + bits for bits in w_bits) if isinstance(w_bits, tuple) else x_bits
    parameters = {"weight": Parameter((c, 1, *k), ww, w_bits)}
    if bias:
        parameters["bias"] = Parameter((c,), 32, b_bits, magnitude=14)
    resident = "weight @weight" + " bias @bias" * bias
    return Case(
        f"xplat.depthwise_conv2d %x {resident} stride {list(stride)} padding {list(pad)}",
        {"x": Stream((1, c, h, w), iw, x_bits, lanes)},
        Stream((1, c, oh, ow_), ow, x_bits - shift, lanes),
        unroll=(1, 1, lanes, ukh, ukw),
        parameters=parameters,
    )


def cases() -> list[Case]:
    """Padding, strides, windows that are not square, all of a window at once."""
    return [
        case(c=4, h=5, w=6, pad=(1, 1)),
        case(c=4, h=6, w=6, pad=(1, 1), stride=(2, 2), lanes=2, ukh=3, ukw=3, per_channel=True),
        case(c=3, h=5, w=5, k=(5, 3), pad=(2, 0), lanes=3, ukh=5, bias=False, iw=4, ow=6, shift=3),
        case(c=2, h=4, w=3, k=(1, 2), ukw=2, shift=-1, ow=16),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small and biased to the corners."""
    lanes = generator.choice([1, 2, 3])
    k = (generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 3, 5]))
    pad = (generator.randrange(k[0]), generator.randrange(k[1]))
    # A padding of all but one of a window takes images of one pixel.
    return case(
        c=lanes * generator.randint(1, 4),
        h=max(1, k[0] - 2 * pad[0]) + generator.randrange(6),
        w=max(1, k[1] - 2 * pad[1]) + generator.randrange(6),
        k=k,
        stride=(generator.randint(1, 3), generator.randint(1, 3)),
        pad=pad,
        lanes=lanes,
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
        ww=p.get("WeightWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
        bias=bool(p.get("HasBias", 1)),
        per_channel=bool(p.get("PerChannelShift", 0)),
    )
