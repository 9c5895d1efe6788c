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
    kept: int = 2,
    group: int = 4,
    ol: int = 1,
    il: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
) -> Case:
    """`rows` vectors of `k` by a weight of `n` x `k`; at most `kept` of
    each `group` weights of a row are not zero; `il` and `ol` lanes; widths of input, weight and output.

    `shift`: the bits by which a sum is rounded; a weight with a scale per channel varies it.
    """
    x_bits = shift // 2
    w_bits = tuple(index % 5 - 2 for index in range(n)) if per_channel else 0
    b_bits = tuple(x_bits + bits for bits in w_bits) if isinstance(w_bits, tuple) else x_bits
    parameters = {"weight": Parameter((n, k), ww, w_bits, kept=(kept, group))}
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
    """Corners: beats narrower and wider than a group, groups that the kept weights do not divide, no bias, shifts."""
    return [
        case(n=1, k=4, shift=0, rows=3),
        case(n=10, k=16, il=4, ol=5),
        case(n=6, k=16, il=8, ol=3, rows=2, per_channel=True),
        case(n=8, k=24, kept=1, group=4, il=2, ol=2, rows=3, bias=False, ww=4, iw=6, ow=12, shift=3),
        case(n=5, k=24, kept=3, group=8, il=2, rows=2),
        case(n=4, k=24, kept=3, group=8, il=3, ol=4, rows=2, per_channel=True, shift=-4, iw=4, ow=16),
        case(n=3, k=32, kept=4, group=8, il=4, ol=3, rows=2),
        case(n=3, k=20, kept=7, group=20, il=5, rows=3, iw=4, ww=2, shift=2),
        case(n=2, k=20, kept=5, group=20, il=20, ol=2, rows=2),
        case(n=4, k=48, kept=2, group=4, il=48, ol=2, rows=4),
        case(n=1, k=64, kept=1, group=2, il=1, rows=2),
    ]


def random_case(generator: Random) -> Case:
    """Any legal configuration, small."""
    group = generator.choice([2, 4, 8])
    # A beat is a part of a group, or several whole ones.
    il, ol = generator.choice([1, 2, group, 2 * group]), generator.choice([1, 2, 4])
    return case(
        n=ol * generator.randint(1, 4),
        k=max(il, group) * generator.randint(1, 4),
        kept=generator.randint(1, group // 2),
        group=group,
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
        kept=p["Kept"],
        group=p["Group"],
        ol=p.get("OutLanes", 1),
        il=p.get("InLanes", 1),
        iw=p.get("InWidth", 8),
        ww=p.get("WeightWidth", 8),
        ow=p.get("OutWidth", 8),
        shift=p.get("Shift", 0),
        bias=bool(p.get("HasBias", 1)),
        per_channel=bool(p.get("PerChannelShift", 0)),
    )
