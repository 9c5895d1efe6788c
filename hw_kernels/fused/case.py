# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, elementwise, random_elementwise

BODIES = {
    "residual": (
        "%s = arith.addf %a0, %a1 : f32",
        "%z = arith.constant 0.0 : f32",
        "%y = arith.maximumf %s, %z : f32",
    ),
    "halved": (
        "%m = math.absf %a0 : f32",
        "%c = arith.constant 3.0 : f32",
        "%d = arith.subf %m, %c : f32",
        "%h = arith.constant 2.0 : f32",
        "%y = arith.divf %d, %h : f32",
    ),
    "polynomial": (
        "%p = arith.mulf %a0, %a1 : f32",
        "%d = arith.subf %p, %a2 : f32",
        "%n = arith.negf %d : f32",
        "%c = arith.constant 0.375 : f32",
        "%s = arith.mulf %n, %c : f32",
        "%y = arith.minimumf %s, %a0 : f32",
    ),
}
"""Chains from one element of each operand, %a0, %a1, …, to one of the result, %y."""


def fused(body: str, operands: int) -> tuple[str, list[str], str]:
    """The node's text, the names of its operands, and its types."""
    names = [f"x{index}" for index in range(operands)]
    values = ", ".join(f"%{name}" for name in names)
    arguments = ", ".join(f"%a{index}: f32" for index in range(operands))
    lines = "\n    ".join((*BODIES[body], "xplat.yield %y : f32"))
    op = f"xplat.fused {values} {{\n  ^bb0({arguments}):\n    {lines}\n  }}"
    return op, names, f"({', '.join(f'{{{name}}}' for name in names)}) -> {{result}}"


def case(body: str, operands: list[tuple[int, int]], result: tuple[int, int], lanes: int) -> Case:
    """A chain; of each stream the width and the fractional bits."""
    op, names, types = fused(body, len(operands))
    return elementwise(op, dict(zip(names, operands, strict=True)), result, lanes, types=types)


def cases() -> list[Case]:
    """One, two and three operands."""
    return [
        case("residual", [(8, 4), (8, 6)], (8, 3), 4),
        case("halved", [(8, 4)], (6, 2), 2),
        case("polynomial", [(8, 4), (6, 3), (8, 7)], (8, 2), 3),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    op, names, types = fused(*generator.choice([("residual", 2), ("halved", 1), ("polynomial", 3)]))
    return random_elementwise(generator, op, names, widest=10, types=types)
