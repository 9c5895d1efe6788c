# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, Parameter, Stream


def case(
    *,
    n: int,
    k: int,
    rows: int = 1,
    ol: int = 1,
    il: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
) -> Case:
    """`rows` vectors of `k` by a weight of `n` x `k`; `il` and `ol` lanes; widths of input, weight and output.

    `shift`: the bits by which a sum is rounded; a weight with a scale per channel varies it.
    """
    x_bits = shift // 2
    w_bits = tuple(index % 5 - 2 for index in range(n)) if per_channel else 0
    b_bits = tuple(x_bits + bits for bits in w_bits) if isinstance(w_bits, tuple) else x_bits
    parameters = {"weight": Parameter((n, k), ww, w_bits)}
    if bias:
        parameters["bias"] = Parameter((n,), 32, b_bits, magnitude=14)
    return Case(
        "xplat.linear %x weight @weight" + " bias @bias" * bias,
        {"x": Stream((rows, k), iw, x_bits, il)},
        Stream((rows, n), ow, x_bits - shift, ol),
        unroll=(1, ol, il),
        parameters=parameters,
    )


def cases() -> list[Case]:
    """Corners: one element, all lanes, no bias, left and right shifts, narrow and wide formats."""
    return [
        case(n=1, k=1, shift=0, rows=3),
        case(n=10, k=16, il=4, ol=5),
        case(n=4, k=4, il=4, ol=4, rows=4, per_channel=True),
        case(n=6, k=20, il=20, ol=1, rows=2, bias=False, ww=4, iw=6, ow=12, shift=3),
        case(n=8, k=6, il=3, ol=2, rows=3, shift=-4, iw=4, ow=16, per_channel=True),
        case(n=3, k=70, il=70, ol=3, rows=2, iw=4, ww=2, shift=35),
        case(n=2, k=8, il=1, ol=2, rows=1, per_channel=True, shift=29),
        case(n=4, k=8, il=2, ol=1, rows=2, per_channel=True, shift=-29, iw=2, ww=2),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    il, ol = generator.choice([1, 2, 3, 5]), generator.choice([1, 2, 4])
    return case(
        n=ol * generator.randint(1, 4),
        k=il * generator.randint(1, 6),
        rows=generator.randint(1, 3),
        ol=ol,
        il=il,
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
        n=p["Out"],
        k=p["In"],
        rows=p.get("Rows", 1),
        ol=p.get("OutLanes", 1),
        il=p.get("InLanes", 1),
        iw=p.get("InWidth", 8),
        ww=p.get("WeightWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
        bias=bool(p.get("HasBias", 1)),
        per_channel=bool(p.get("PerChannelShift", 0)),
    )
