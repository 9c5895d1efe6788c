# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.formats import BlockFormat, mantissa_fraction
from xplat.kernels import Case, Stream, block_format, block_format_of, blocks

Format = tuple[int, int] | tuple[int, int, bool]
"""Width and fractional bits of an element of the result, and whether it has no sign."""


def case(form: BlockFormat | str, y: Format, shape: tuple[int, ...], lanes: int) -> Case:
    """From a block format into fixed point, `lanes` elements a beat."""
    number = blocks(form) if isinstance(form, str) else form
    result = Stream(shape, y[0], y[1], lanes, unsigned=len(y) == 3 and y[2])
    return Case("xplat.cast %x", {"x": Stream(shape, lanes=lanes, blocks=number)}, result, unroll=(1, lanes))


def cases() -> list[Case]:
    """Every family of formats; results that saturate, and such that are cut off; parts of blocks and several."""
    return [
        case("msfp4", (12, 4), (1, 3, 32), 4),
        case("msfp8b4", (6, -3, True), (1, 4, 8), 8),
        case("msfp16b2", (16, 10), (1, 2, 6), 1),
        case("mxint8b8", (12, 2), (1, 2, 24), 8),
        case("mxfp8b8", (16, 0), (1, 2, 16), 4),
        case("mxfp8e5m2b4", (8, 1), (1, 2, 12), 4),
        case("mxfp6b4", (4, 3, True), (1, 2, 16), 8),
        case("mxfp4", (2, 0), (1, 2, 32), 4),
    ]


def random_case(generator: Random) -> Case:
    """Any format, lanes and row."""
    form = block_format(generator)
    lanes = generator.choice([form.block, form.block // 2, 2 * form.block])
    shape = (1, generator.randint(1, 3), lanes * generator.randint(1, 5))
    return case(form, (generator.randint(2, 16), generator.randint(-6, 12), generator.random() < 0.4), shape, lanes)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    form = block_format_of(p, width="ElemWidth", exponent="Exponent")
    y = (p["OutWidth"], p.get("Shift", 0) + mantissa_fraction(form), bool(p.get("OutUnsigned", 0)))
    return case(form, y, (1, 8, p["Lanes"]), p["Lanes"])
