# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of these kernels: what stands between the nodes of a design."""

from collections.abc import Mapping
from random import Random

from xplat.formats import BlockFormat
from xplat.kernels import Case, Inputs, Stream, block_format, blocks


def same(inputs: Inputs) -> object:
    """What goes in comes out."""
    return inputs["x"]


def fork(outs: int, width: int, lanes: int, shape: tuple[int, ...] = (1, 12)) -> Case:
    """A stream `outs` times."""
    x = Stream(shape, width, 0, lanes)
    types = "{x} -> " + ", ".join(["{result}"] * outs)
    return Case(
        "xplat.fork %x", {"x": x}, (x,) * outs, types=types, reference=lambda i: (i["x"],) * outs, kernel="fork"
    )


def fifo(depth: int, width: int, lanes: int, shape: tuple[int, ...] = (1, 12)) -> Case:
    """A FIFO of `depth` beats."""
    x = Stream(shape, width, 0, lanes)
    return Case(f"xplat.fifo %x depth {depth}", {"x": x}, x, reference=same, kernel="fifo")


def cdc(depth: int, width: int, lanes: int, shape: tuple[int, ...] = (1, 24)) -> Case:
    """A clock crossing that holds `depth` beats; here both clocks are one."""
    x = Stream(shape, width, 0, lanes)
    return Case(f"xplat.cdc %x depth {depth}", {"x": x}, x, reference=same, kernel="cdc")


def rewidth(before: int, after: int, width: int, shape: tuple[int, ...] = (1, 24)) -> Case:
    """From `before` lanes to `after`."""
    x, y = Stream(shape, width, 0, before), Stream(shape, width, 0, after)
    return Case("xplat.convert_stream %x", {"x": x}, y, reference=same, kernel="rewidth")


def block_rewidth(before: int, after: int, form: BlockFormat, shape: tuple[int, ...]) -> Case:
    """The same in a block format."""
    x, y = (Stream(shape, lanes=lanes, blocks=form) for lanes in (before, after))
    return Case("xplat.convert_stream %x", {"x": x}, y, reference=same, kernel="block_rewidth")


def cases() -> list[Case]:
    """The smallest, odd depths, and every relation of lanes."""
    lanes = [(1, 4), (4, 1), (3, 2), (2, 3), (4, 6), (6, 4), (1, 3)]
    return [
        *(fork(outs, width, lanes) for outs, width, lanes in ((2, 2, 1), (3, 5, 4))),
        *(fifo(depth, 9, 1) for depth in (2, 3, 4, 7, 16)),
        *(cdc(depth, width, lanes) for depth, width, lanes in ((16, 2, 1), (64, 9, 4))),
        *(rewidth(before, after, 3) for before, after in lanes),
        block_rewidth(4, 16, blocks("msfp4"), (1, 2, 48)),
        block_rewidth(16, 2, blocks("mxfp4b8"), (1, 2, 32)),
        block_rewidth(2, 8, blocks("mxint8b8"), (1, 3, 24)),
        block_rewidth(4, 12, blocks("mxfp6b4"), (1, 2, 24)),
        block_rewidth(8, 12, blocks("msfp4b4"), (1, 24)),
        block_rewidth(4, 6, blocks("msfp3b12"), (1, 2, 24)),
    ]


def random_case(generator: Random) -> Case:
    """Any of them."""
    width, lanes = generator.randint(2, 16), generator.choice([1, 2, 3, 4, 6, 12])
    kind = generator.randrange(5)
    if kind == 4:
        block = generator.choice([2, 4])
        form = block_format(generator, block=block)
        before, after = generator.sample((1, 2, 4, 8), 2)
        return block_rewidth(before, after, form, (1, generator.randint(1, 3), 8 * generator.randint(1, 3)))
    if kind == 3:
        return cdc(generator.choice([16, 32, 128]), width, lanes)
    if kind == 0:
        return fork(generator.randint(2, 4), width, lanes)
    if kind == 1:
        return fifo(generator.randint(2, 40), width, lanes)
    return rewidth(generator.choice([other for other in (1, 2, 3, 4, 6, 12) if other != lanes]), lanes, width)


def measured_fifo(p: Mapping[str, int]) -> Case:
    """The FIFO with these parameters of the RTL, for its table of areas."""
    return fifo(p["Depth"], 8, p["DataWidth"] // 8, (1, p["DataWidth"]))


def measured_cdc(p: Mapping[str, int]) -> Case:
    """The clock crossing with these parameters of the RTL, for its table of areas."""
    return cdc(p["Depth"], 8, p["DataWidth"] // 8, (1, p["DataWidth"]))


def measured_rewidth(p: Mapping[str, int]) -> Case:
    """The width converter with these parameters of the RTL, for its table of areas."""
    return rewidth(p["InLanes"], p["OutLanes"], p["ElemWidth"], (1, p["InLanes"] * p["OutLanes"]))


def measured_fork(p: Mapping[str, int]) -> Case:
    """The fork with these parameters of the RTL, for its table of areas."""
    return fork(p["NumOut"], 8, p["DataWidth"] // 8, (1, p["DataWidth"]))
