# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `xplat kernel check` simulates of this kernel."""

from random import Random

from xplat.kernels import Case, Stream

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


def case(body: str, operands: list[tuple[int, int]], into: tuple[int, int], lanes: int, count: int = 24) -> Case:
    """A chain on `count` elements; of each stream the width and the fractional bits."""
    shape = (1, count)
    inputs = {f"x{index}": Stream(shape, *form, lanes) for index, form in enumerate(operands)}
    names = ", ".join(f"%{name}" for name in inputs)
    arguments = ", ".join(f"%a{index}: f32" for index in range(len(operands)))
    lines = "\n    ".join((*BODIES[body], "xplat.yield %y : f32"))
    op = f"xplat.fused {names} {{\n  ^bb0({arguments}):\n    {lines}\n  }}"
    types = f"({', '.join(f'{{{name}}}' for name in inputs)}) -> {{result}}"
    return Case(op, inputs, Stream(shape, *into, lanes), unroll=(1, lanes), types=types)


def cases() -> list[Case]:
    """One, two and three operands."""
    return [
        case("residual", [(8, 4), (8, 6)], (8, 3), 4),
        case("halved", [(8, 4)], (6, 2), 2),
        case("polynomial", [(8, 4), (6, 3), (8, 7)], (8, 2), 3),
    ]


def random_case(generator: Random) -> Case:
    """Any formats and lanes."""
    body, count = generator.choice([("residual", 2), ("halved", 1), ("polynomial", 3)])
    lanes = generator.choice([1, 2, 3, 5])
    operands = [(generator.randint(2, 10), generator.randint(-1, 6)) for _ in range(count)]
    into = (generator.randint(2, 16), generator.randint(-2, 9))
    return case(body, operands, into, lanes, lanes * generator.randint(1, 9))
