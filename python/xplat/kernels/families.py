# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shared parts of the cases of similar kernels: element-wise ops, kernels with windows, kernels that sum products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from xplat.kernels.case import Case, Parameter, Stream

Format = tuple[int, int] | tuple[int, int, bool]
"""Width and fractional bits of an element, and whether it has no sign."""
LANES = (1, 2, 3, 5)


def stream(shape: tuple[int, ...], form: Format, lanes: int = 1) -> Stream:
    """A stream in that format."""
    return Stream(shape, form[0], form[1], lanes, unsigned=len(form) == 3 and form[2])


def elementwise(
    op: str,
    operands: Mapping[str, Format],
    result: Format,
    lanes: int,
    *,
    count: int = 24,
    rows: int = 1,
    types: str = "",
) -> Case:
    """An element-wise op on vectors of `count` elements; `operands` have the names that `op` uses. Beats of `lanes`
    elements, or of `rows` whole vectors of two times as many."""
    shape, unroll = ((1, count), (1, lanes)) if rows == 1 else ((2 * rows, count), (rows, count))
    lanes = unroll[0] * unroll[1]
    inputs = {name: stream(shape, form, lanes) for name, form in operands.items()}
    return Case(op, inputs, stream(shape, result, lanes), unroll=unroll, types=types)


def random_elementwise(generator: Random, op: str, names: Sequence[str], *, widest: int = 16, types: str = "") -> Case:
    """The same with any lanes, and any formats of operands of up to `widest` bits."""
    lanes = generator.choice(LANES)
    operands: dict[str, Format] = {
        name: (generator.randint(2, widest), generator.randint(-2, 8), generator.random() < 0.4) for name in names
    }
    result = (generator.randint(2, 16), generator.randint(-2, 9), generator.random() < 0.4)
    rows = generator.choice([1, 1, 1, 2, 3])
    count = lanes * (generator.randint(1, 9) if rows == 1 else 1)
    return elementwise(op, operands, result, lanes, count=count, rows=rows, types=types)


def of_two_operands(op: str) -> list[Case]:
    """An element-wise op of `%a` and `%b`: equal and unequal formats, with signs and without, narrow and wide results,
    one lane and several, whole vectors."""
    return [
        elementwise(op, {"a": (8, 4), "b": (8, 4)}, (8, 4), 4),
        elementwise(op, {"a": (8, 4), "b": (8, 6)}, (8, 3), 2),
        elementwise(op, {"a": (8, -1), "b": (4, 9)}, (16, 4), 1),
        elementwise(op, {"a": (16, 8), "b": (3, 0)}, (2, 0), 6),
        elementwise(op, {"a": (8, 4, True), "b": (8, 4)}, (8, 4, True), 3),
        elementwise(op, {"a": (8, 4, True), "b": (6, 5, True)}, (9, 4), 2),
        elementwise(op, {"a": (8, 4), "b": (6, 5)}, (8, 4), 3, count=3, rows=2),
    ]


@dataclass(frozen=True)
class Window:
    """A window that slides over images of `h` x `w` pixels: of `k` pixels, `dilation` apart, of which `unroll` at a
    time. `pad` has two numbers, above and left as well as below and right, or four: above, left, below, right.
    `pixels`: neighbouring results that are computed at a time."""

    h: int
    w: int
    k: tuple[int, int] = (3, 3)
    stride: tuple[int, int] = (1, 1)
    pad: tuple[int, ...] = (0, 0)
    unroll: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pixels: int = 1

    @staticmethod
    def random(generator: Random, *, half: bool = False, dilates: bool = True) -> Window:
        """Small ones; padding of up to all but one of a window, which takes images of one pixel, or, above and left, up
        to `half` of it, as PyTorch allows for pooling. It need not be the same on both sides."""

        def both(*choices: int) -> tuple[int, int]:
            return generator.choice(choices), generator.choice(choices)

        k, stride, dilation = both(1, 2, 3, 5), both(1, 2, 3), both(1, 1, 1, 2, 3) if dilates else (1, 1)
        extents = [(size - 1) * step + 1 for size, step in zip(k, dilation, strict=True)]
        before = [generator.randint(0, extent // 2 if half else extent - 1) for extent in extents]
        after = [generator.randint(0, extent - 1) for extent in extents] if generator.random() < 0.3 else before
        # A window with gaps may hold nothing but padding where the image is smaller than a gap.
        least = [max(1, step, e - p - q) for step, e, p, q in zip(dilation, extents, before, after, strict=True)]
        h, w = (size + generator.randrange(6) for size in least)
        pad = (*before, *after) if after != before else tuple(before)
        unroll = (generator.choice([1, k[0]]), generator.choice([1, k[1]]))
        window = Window(h, w, k, stride, pad, unroll, dilation)
        pixels = generator.choice([1, 1, 2, 3, 4])
        window = replace(window, w=-(-w // (pixels * stride[1])) * pixels * stride[1])
        if pixels == 1 or window.result[1] % pixels:
            return window
        return replace(window, pixels=pixels, unroll=(unroll[0], k[1]))

    @staticmethod
    def measured(p: Mapping[str, int]) -> Window:
        """That of these parameters of the RTL."""
        return Window(
            p["InHeight"],
            p["InWidth_px"],
            (p["KernelH"], p["KernelW"]),
            (p["StrideH"], p["StrideW"]),
            (p["PadH"], p["PadW"]),
            (p.get("UnrollKh", 1), p.get("UnrollKw", 1)),
            (p.get("DilationH", 1), p.get("DilationW", 1)),
            p.get("Pixels", 1),
        )

    @property
    def columns(self) -> int:
        """Columns of the image in a beat: those by which the windows of several results move."""
        return self.pixels * self.stride[1] if self.pixels > 1 else 1

    @property
    def result(self) -> tuple[int, int]:
        """Height and width of the result."""
        sizes = zip((self.h, self.w), self.k, self.stride, self.dilation, self.pad[:2], self.pad[-2:], strict=True)
        h, w = ((size + p + q - (k - 1) * step - 1) // stride + 1 for size, k, stride, step, p, q in sizes)
        return h, w

    @property
    def text(self) -> str:
        """How ops write it, but for its size."""
        dilation = f" dilation {list(self.dilation)}" if self.dilation != (1, 1) else ""
        return f"stride {list(self.stride)} padding {list(self.pad)}{dilation}"


@dataclass(frozen=True)
class Products:
    """Number formats of a kernel that sums products of its input and a weight, and rounds the sums.

    Widths of input, weight and result. `shift`: the bits by which a sum is rounded; `per_channel`: the weight has a
    scale for each channel of the result, which varies it. `unsigned`: whether input and result have no sign. `signs`:
    the weight is binary or ternary, as its width says.
    """

    x: int = 8
    weight: int = 8
    y: int = 8
    shift: int = 6
    bias: bool = True
    per_channel: bool = False
    unsigned: tuple[bool, bool] = (False, False)
    signs: bool = False

    @staticmethod
    def random(generator: Random, *, signs: bool = False) -> Products:
        """Any formats; with `signs`, of weights binary and ternary, too."""
        signs = signs and generator.random() < 0.3
        return Products(
            generator.choice([2, 3, 4, 8, 12, 16]),
            generator.choice([1, 2] if signs else [2, 3, 4, 8, 16]),
            generator.choice([2, 4, 8, 16]),
            generator.randint(-3, 12),
            generator.random() < 0.7,
            generator.random() < 0.4,
            (generator.random() < 0.4, generator.random() < 0.4),
            signs,
        )

    @staticmethod
    def measured(p: Mapping[str, int]) -> Products:
        """Those of these parameters of the RTL; what is left out is at its default. A weight of one bit is binary. The
        shift is the largest one of all channels, two above the one in the middle."""
        per_channel = bool(p.get("PerChannelShift", 0))
        return Products(
            p.get("InWidth", 8),
            p.get("WeightWidth", 8),
            p.get("OutWidth", 8),
            p.get("Shift", 0) - 2 * per_channel,
            bool(p.get("HasBias", 1)),
            per_channel,
            (bool(p.get("InUnsigned", 0)), bool(p.get("OutUnsigned", 0))),
            p.get("WeightWidth", 8) == 1,
        )

    def case(
        self, op: str, x: Stream, weight: Parameter, y: Stream, unroll: tuple[int, ...], *, more: str = ""
    ) -> Case:
        """A case of `op`; of the streams and the weight the shape counts, formats are set here. `more`: what `op` has
        behind its weight and bias."""
        channels, bits = weight.shape[0], self.shift // 2
        weight_bits = tuple(index % 5 - 2 for index in range(channels))
        bias_bits: int | tuple[int, ...] = tuple(bits + own for own in weight_bits) if self.per_channel else bits
        scales = weight_bits if self.per_channel else 0
        parameters = {"weight": replace(weight, width=self.weight, fractional_bits=scales, signs=self.signs)}
        if self.bias:
            parameters["bias"] = Parameter((channels,), 32, bias_bits, magnitude=14)
        return Case(
            f"{op} %x weight @weight{' bias @bias' * self.bias}{more}",
            {"x": replace(x, width=self.x, fractional_bits=bits, unsigned=self.unsigned[0])},
            replace(y, width=self.y, fractional_bits=bits - self.shift, unsigned=self.unsigned[1]),
            unroll=unroll,
            parameters=parameters,
        )


EIGHT_BITS = Products()
"""Input, weight and result of eight bits, a bias, and one scale for the whole weight."""
