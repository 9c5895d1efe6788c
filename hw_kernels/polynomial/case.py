# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from xplat.kernels import Case, elementwise
from xplat.kernels.families import LANES, Format
from xplat.kernels.network import with_polynomials

CHAIN = """xplat.fused %x {
  ^bb0(%a: f32):
    %e = math.exp %a : f32
    %y = arith.mulf %a, %e : f32
    xplat.yield %y : f32
  }"""


def text(degree: int, guard_bits: int, lengths: Sequence[int], coefficients: Sequence[int]) -> str:
    """The attribute, for segments of these lengths (binary logarithms)."""
    runs = [(len(list(run)), length) for length, run in itertools.groupby(lengths)]
    numbers, bits = zip(*runs, strict=True)
    return (
        f"#xplat.polynomials<degree = {degree}, guard_bits = {guard_bits}, within = 1.0 : f64, "
        f"segments = {list(numbers)}, length_bits = {list(bits)}, coefficients = {list(coefficients)}>"
    )


def cases() -> list[Case]:
    """Degrees, segments of one length and of several, with and without signs, one lane and several, a chain."""
    wide, positive = (16, 12), (16, 12, True)
    return [
        with_polynomials(each)
        for each in (
            elementwise("xplat.gelu %x", {"x": wide}, wide, 4),
            elementwise("xplat.sin %x", {"x": wide}, (16, 15), 1),
            elementwise("xplat.rsqrt %x", {"x": wide}, wide, 2),
            elementwise("xplat.reciprocal %x", {"x": positive}, positive, 3),
            elementwise("xplat.exp %x", {"x": (13, 9)}, (14, 8, True), 2, rows=2),
            elementwise(CHAIN, {"x": (14, 10)}, (16, 9), 6, types="({x}) -> {result}"),
        )
    ]


def random_case(generator: Random) -> Case:
    """Any segments and coefficients, whatever function they may be of."""
    x: Format = (generator.randint(4, 12), generator.randint(-2, 8), generator.random() < 0.4)
    y: Format = (generator.randint(2, 16), generator.randint(-2, 9), generator.random() < 0.4)
    lengths: list[int] = []

    def divide(length: int) -> None:
        if length < x[0] and (length == 0 or generator.random() < 0.6):
            lengths.append(length)
        else:
            divide(length - 1)
            divide(length - 1)

    divide(x[0])
    if max(lengths) < 2:
        lengths = [2] * (1 << (x[0] - 2))
    degree, guard_bits = generator.randint(1, 2), generator.randint(0, 4)
    widths = [generator.randint(1, 19) for _ in range(degree)]
    widths.insert(0, generator.randint(1, y[0] + guard_bits + 2))
    coefficients = [generator.randint(-(1 << w >> 1), (1 << w >> 1) - 1) for _ in lengths for w in widths]
    attribute = text(degree, guard_bits, lengths, coefficients)
    lanes, rows = generator.choice(LANES), generator.choice([1, 1, 1, 2])
    count = lanes * (generator.randint(1, 9) if rows == 1 else 1)
    case = elementwise("xplat.tanh %x", {"x": x}, y, lanes, count=count, rows=rows)
    return replace(case, attributes=f"polynomials = {attribute}")


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas. Where segments have several lengths, the first
    of the longest ones is divided into one of each length, and the first of those into the shortest."""
    longest, inner = p["Longest"], p["InWidth"] - (p["Ranges"].bit_length() - 1)
    lengths = [longest] * (1 << (p["InWidth"] - longest))
    if p["Ranges"]:
        lengths[:1] = [*[p["Shortest"]] * (1 << (inner - p["Shortest"])), *range(inner, longest)]
    assert len(lengths) == p["Segments"]
    widths = [p["Bits0"], p["Bits1"], p["Bits2"]][: p["Degree"] + 1]
    coefficients = [(1 << (width - 1)) - 1 for width in widths] + [0] * (len(lengths) - 1) * len(widths)
    attribute = text(p["Degree"], p["GuardBits"], lengths, coefficients)
    case = elementwise("xplat.gelu %x", {"x": (p["InWidth"], 4)}, (p["OutWidth"], 4), p["Lanes"])
    return replace(case, attributes=f"polynomials = {attribute}")
