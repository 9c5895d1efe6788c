# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel: the node that the import rule makes, in several formats."""

from random import Random

from xplat.kernels import Case, Format, elementwise

NODE = """xplat.fused %x {
  ^bb0(%a: f32):
    %one = arith.constant 1.0 : f32
    %whole = math.floor %a : f32
    %part = arith.subf %a, %whole : f32
    %mantissa = arith.addf %part, %one : f32
    %scale = math.exp2 %whole : f32
    %y = arith.mulf %mantissa, %scale : f32
    xplat.yield %y : f32
  }"""


def case(x: Format, y: Format, lanes: int, count: int = 24) -> Case:
    """`count` elements; `x`, `y`: width and fractional bits, and True where there is no sign."""
    # Without `reference=` the results are compared with what the node's body means in PyTorch.
    return elementwise(NODE, {"x": x}, y, lanes, count=count, types="({x}) -> {result}")


def cases() -> list[Case]:
    """Wide operands, signs and none, powers that are all large or all small, no fraction at all."""
    return [
        case((16, 11), (8, 7, True), 4, count=96),
        case((8, 4), (8, 6), 2),
        case((12, 14), (16, 12), 3),
        case((6, 0), (8, -3), 1),
        case((5, 2, True), (2, 0, True), 6),
        case((10, 5), (12, 20), 2),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    lanes = generator.choice([1, 2, 3, 5])
    x = (generator.randint(2, 16), generator.randint(0, 16), generator.random() < 0.3)
    y = (generator.randint(2, 16), generator.randint(-4, 18), generator.random() < 0.5)
    return case(x, y, lanes, lanes * generator.randint(1, 9))
