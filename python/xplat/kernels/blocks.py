# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shared parts of the cases of kernels on block formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from xplat.formats import BlockFormat, Msfp, MxInteger, mantissa_fraction, parse
from xplat.kernels.case import Case, Parameter, Stream

ACCUMULATOR_BITS = (12, 24, 31)


def blocks(name: str) -> BlockFormat:
    """The block format of that name."""
    form = parse(name)
    assert isinstance(form, BlockFormat)
    return form


def block_format(generator: Random, *, block: int | None = None, widest: int = 16) -> BlockFormat:
    """Any block format, of small blocks: of `block` elements, or of any number that is a power of two."""
    block = block or generator.choice([2, 4, 8, 16])
    name = f"msfp{generator.randint(2, widest)}"
    if generator.random() < 0.5:
        name = generator.choice(["mxint8", "mxfp8", "mxfp6", "mxfp6e3m2", "mxfp4"])
    return replace(blocks(name), block=block)  # type: ignore[type-var]


def block_format_of(p: Mapping[str, int], *, width: str, exponent: str) -> BlockFormat:
    """The format of these parameters of the RTL, `width` and `exponent` by the names that they have there."""
    bits, block = p[width], p.get("Block", 16)
    if p.get("TwosComplement", 0):
        return MxInteger(block)
    if p.get(exponent, 0):
        names = {(8, 4): "mxfp8", (8, 5): "mxfp8e5m2", (6, 2): "mxfp6", (6, 3): "mxfp6e3m2", (4, 2): "mxfp4"}
        return replace(blocks(names[bits, p[exponent]]), block=block)  # type: ignore[type-var]
    return Msfp(bits, block)


@dataclass(frozen=True)
class BlockProducts:
    """Number formats of a kernel that sums products of two factors in block formats, and rounds the sums.

    `left`, `right`: of the factors; `y`: bits of the result. The accumulator has `accumulator` bits, `fraction` of them
    fractional, and the result has `shift` fractional bits fewer.
    """

    left: BlockFormat
    right: BlockFormat
    y: int = 12
    accumulator: int = 24
    fraction: int = 10
    shift: int = 4
    bias: bool = True
    unsigned: bool = False

    @staticmethod
    def named(left: str, right: str | None = None, **others: int) -> BlockProducts:
        """The same with formats by name; both factors have the same one where there is no other."""
        return BlockProducts(blocks(left), blocks(right or left), **others)  # type: ignore[arg-type]

    @staticmethod
    def random(generator: Random, *, block: int) -> BlockProducts:
        """Any formats with blocks of that size."""
        left, right = (block_format(generator, block=block, widest=8) for _ in range(2))
        if isinstance(left, MxInteger) or isinstance(right, MxInteger):
            # Two's complement goes with its like.
            right = left
        return BlockProducts(
            left,
            right,
            generator.choice([2, 8, 12, 16]),
            generator.choice(ACCUMULATOR_BITS),
            generator.randint(-4, 14),
            generator.randint(-2, 8),
            generator.random() < 0.7,
            generator.random() < 0.4,
        )

    @staticmethod
    def measured(p: Mapping[str, int], *, left: tuple[str, str], right: tuple[str, str]) -> BlockProducts:
        """Those of these parameters of the RTL; `left` and `right` name width and exponent of the factors there."""
        forms = [block_format_of(p, width=width, exponent=exponent) for width, exponent in (left, right)]
        fraction = p.get("AlignShift", 0) + sum(mantissa_fraction(form) for form in forms)
        return BlockProducts(
            forms[0],
            forms[1],
            p.get("OutWidth", 8),
            p.get("AccWidth", 24),
            fraction,
            p.get("Shift", 0),
            bool(p.get("HasBias", 1)),
            bool(p.get("OutUnsigned", 0)),
        )

    @property
    def accumulation(self) -> str:
        """How ops write the accumulator."""
        return f" accumulator !quant.uniform<i{self.accumulator}:f32, {2.0**-self.fraction:.17e}>"

    def result(self, y: Stream) -> Stream:
        """The stream in the result's format."""
        return replace(y, width=self.y, fractional_bits=self.fraction - self.shift, unsigned=self.unsigned)

    def case(
        self, op: str, x: Stream, weight: Parameter, y: Stream, unroll: tuple[int, ...], *, more: str = ""
    ) -> Case:
        """A case of `op` with a weight; of the streams and the weight the shape counts, formats are set here. `more`:
        what `op` has behind its weight and bias."""
        parameters = {"weight": replace(weight, blocks=self.right)}
        if self.bias:
            parameters["bias"] = Parameter((weight.shape[0],), 32, self.fraction, magnitude=14)
        return Case(
            f"{op} %x weight @weight{' bias @bias' * self.bias}{more}{self.accumulation}",
            {"x": replace(x, blocks=self.left)},
            self.result(y),
            unroll=unroll,
            parameters=parameters,
        )
