# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel, and the configurations whose area is measured."""

from collections.abc import Mapping
from random import Random

from xplat.kernels import Case, elementwise, random_elementwise

FUNCTIONS = (
    "exp", "log", "sqrt", "rsqrt", "reciprocal", "erf", "sin", "cos", "tanh", "sigmoid", "silu", "hardsigmoid",
    "hardswish", "gelu", "relu", "neg", "abs", "cast",
)  # fmt: skip
CHAIN = """xplat.fused %x {
  ^bb0(%a: f32):
    %e = math.exp %a : f32
    %one = arith.constant 1.0 : f32
    %s = arith.addf %e, %one : f32
    %l = math.log %s : f32
    %y = arith.mulf %a, %l : f32
    xplat.yield %y : f32
  }"""


def cases() -> list[Case]:
    """Narrow and wide tables, one lane and several, arguments without a value, a chain."""
    return [
        elementwise("xplat.gelu %x", {"x": (8, 4)}, (8, 4), 4),
        elementwise("xplat.gelu %x tanh", {"x": (6, 3)}, (12, 8), 2),
        elementwise("xplat.exp %x", {"x": (2, 0)}, (16, 9), 1),
        elementwise("xplat.log %x", {"x": (8, 5)}, (5, 2), 3),
        elementwise("xplat.reciprocal %x", {"x": (10, 3)}, (8, 4), 24),
        elementwise("xplat.sigmoid %x", {"x": (12, 9)}, (2, 1), 6),
        elementwise("xplat.pow %x to 2.5", {"x": (7, 3)}, (32, 20), 2),
        elementwise("xplat.relu %x", {"x": (4, 0)}, (8, -1), 4),
        elementwise("xplat.sqrt %x", {"x": (8, 4, True)}, (8, 6, True), 2),
        elementwise("xplat.neg %x", {"x": (5, 2, True)}, (6, 2), 2),
        elementwise(CHAIN, {"x": (8, 4)}, (8, 3), 4, types="({x}) -> {result}"),
    ]


def random_case(generator: Random) -> Case:
    """Any function, formats and lanes."""
    return random_elementwise(generator, f"xplat.{generator.choice(FUNCTIONS)} %x", ["x"], widest=12)


def measured(p: Mapping[str, int]) -> Case:
    """The case with these parameters of the RTL, for the table of areas."""
    return elementwise("xplat.gelu %x", {"x": (p["InWidth"], 4)}, (p["OutWidth"], 4), p["Lanes"])
