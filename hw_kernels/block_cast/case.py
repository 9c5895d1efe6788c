# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.formats import BlockFormat
from xplat.kernels import Case, Stream, block_format, block_format_of, blocks

Format = tuple[int, int] | tuple[int, int, bool]
"""Width and fractional bits of an element of the operand, and whether it has no sign."""


def case(form: BlockFormat | str, x: Format, shape: tuple[int, ...], lanes: int) -> Case:
    """From fixed point into a block format, `lanes` elements a beat."""
    number = blocks(form) if isinstance(form, str) else form
    unsigned = len(x) == 3 and x[2]
    operand = Stream(shape, x[0], x[1], lanes, unsigned=unsigned)
    return Case("xplat.cast %x", {"x": operand}, Stream(shape, lanes=lanes, blocks=number), unroll=(1, lanes))


def cases() -> list[Case]:
    """Every family of formats; blocks in parts, whole ones, several in a beat; rows that end inside a block."""
    return [
        case("msfp4", (12, 8), (1, 3, 32), 4),
        case("msfp4", (12, 20, True), (1, 2, 40), 8),
        case("msfp8b4", (6, -3), (1, 4, 8), 8),
        case("msfp16b2", (16, 4), (1, 2, 6), 1),
        case("msfp2b8", (3, 0), (1, 24), 8),
        case("mxint8", (12, 8), (1, 2, 64), 16),
        case("mxint8b4", (5, 4, True), (1, 2, 8), 2),
        case("mxfp8", (16, 30), (1, 2, 64), 8),
        case("mxfp8e5m2b4", (16, 4), (1, 2, 12), 4),
        case("mxfp6", (12, 3), (1, 2, 48), 16),
        case("mxfp6e3m2b4", (9, 0, True), (1, 3, 8), 8),
        case("mxfp4", (12, 8), (1, 2, 32), 4),
        case("mxfp4b2", (2, 8), (1, 8), 2),
    ]


def random_case(generator: Random) -> Case:
    """Any format, lanes and row."""
    form = block_format(generator)
    parts = [part for part in (1, 2, 4) if form.block % part == 0]
    lanes = form.block // generator.choice(parts) if generator.random() < 0.7 else form.block * generator.choice([1, 2])
    row = lanes * generator.randint(1, 5)
    x = (generator.randint(2, 16), generator.randint(-8, 24), generator.random() < 0.4)
    return case(form, x, (1, generator.randint(1, 3), row), lanes)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas; what is left out is at its default."""
    form = block_format_of(p, width="ElemWidth", exponent="Exponent")
    x = (p["InWidth"], 0, bool(p.get("InUnsigned", 0)))
    return case(form, x, (1, p["Row"]), p["Lanes"])
