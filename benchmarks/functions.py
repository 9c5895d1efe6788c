# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions as tables, against exact arithmetic: `make bench-functions`.

Each function becomes a node of one operand with 4 to 12 bits, bound to the table kernel. The words are read from the
memory file that the design would be emitted with. They are compared, over all inputs, with results that mpmath computes
to 60 digits and that are rounded here. The benchmark fails when one word differs. Where a function has no value, its
result is zero; where it is infinite, the largest number. Areas, latency and refusals are the compiler's.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from common import BUILD, conditions, print_conditions, print_table, write_json
from mpmath import mp, mpf

from xplat.dialects import xplat as xp
from xplat.hardware.emit.memories import write_memories
from xplat.interpreter.parameters import evaluate_parameters
from xplat.kernels import Case, elementwise
from xplat.kernels.network import Network
from xplat.mlir import nodes_of
from xplat.support.errors import KernelError
from xplat.support.paths import families_dir
from xplat.target.library import kernel_files
from xplat.target.system import known_families

DIGITS = 60
TIE = mpf(10) ** -40
"""How near to the middle between two numbers a result is taken for the middle: nearer than any result that is not."""
WIDTHS, REFUSED = range(4, 13), range(13, 17)
INTEGER_BITS = 4
"""Of an operand: it goes from -8 to just below 8."""
MOST = 8.0
"""Largest magnitude that the format of a result has room for; what is larger saturates."""


def _chain(*body: str) -> str:
    """A fused node from %x to %y."""
    lines = "\n    ".join((*body, "xplat.yield %y : f32"))
    return f"xplat.fused %x {{\n  ^bb0(%x0: f32):\n    {lines}\n  }}"


ONE = "%one = arith.constant 1.0 : f32"
SOFTPLUS = ("%e = math.exp %x0 : f32", ONE, "%s = arith.addf %e, %one : f32", "%p = math.log %s : f32")
GELU_TANH = mpf("0.044715")


def _gelu_tanh(x: Any) -> Any:
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + GELU_TANH * x**3)))


def _hardsigmoid(x: Any) -> Any:
    return min(max(x + 3, mpf(0)), mpf(6)) / 6


def _softplus(x: Any) -> Any:
    return mp.log(mp.exp(x) + 1)


FUNCTIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "exp": ("xplat.exp %x", mp.exp),
    "log": ("xplat.log %x", mp.log),
    "sqrt": ("xplat.sqrt %x", mp.sqrt),
    "rsqrt": ("xplat.rsqrt %x", lambda x: 1 / mp.sqrt(x)),
    "reciprocal": ("xplat.reciprocal %x", lambda x: 1 / x),
    "erf": ("xplat.erf %x", mp.erf),
    "sin": ("xplat.sin %x", mp.sin),
    "cos": ("xplat.cos %x", mp.cos),
    "tanh": ("xplat.tanh %x", mp.tanh),
    "sigmoid": ("xplat.sigmoid %x", lambda x: 1 / (1 + mp.exp(-x))),
    "silu": ("xplat.silu %x", lambda x: x / (1 + mp.exp(-x))),
    "hardsigmoid": ("xplat.hardsigmoid %x", _hardsigmoid),
    "hardswish": ("xplat.hardswish %x", lambda x: x * _hardsigmoid(x)),
    "gelu": ("xplat.gelu %x", lambda x: x / 2 * (1 + mp.erf(x / mp.sqrt(2)))),
    "gelu, tanh": ("xplat.gelu %x tanh", _gelu_tanh),
    "x^2.5": ("xplat.pow %x to 2.5", lambda x: mp.power(x, mpf("2.5"))),
    # The slope is a number of f32.
    "leaky_relu": ("xplat.leaky_relu %x slope 0.01", lambda x: x if x >= 0 else x * mpf(float(np.float32(0.01)))),
    "softplus": (_chain(*SOFTPLUS[:3], "%y = math.log %s : f32"), _softplus),
    "mish": (
        _chain(*SOFTPLUS, "%t = math.tanh %p : f32", "%y = arith.mulf %x0, %t : f32"),
        lambda x: x * mp.tanh(_softplus(x)),
    ),
    "log(1 + x^2)": (
        _chain("%q = arith.mulf %x0, %x0 : f32", ONE, "%s = arith.addf %q, %one : f32", "%y = math.log %s : f32"),
        lambda x: mp.log(1 + x * x),
    ),
}


def exact(function: Callable[[Any], Any], x: Any) -> Any:
    """The result, infinities among them; none where the function has no value."""
    try:
        y = function(x)
    except ZeroDivisionError:
        return mp.inf  # only at zero, from which no function here goes to minus infinity
    except ValueError:
        return -mp.inf  # the logarithm of zero
    return None if isinstance(y, mp.mpc) and y.imag != 0 else mp.re(y)


def rounded(y: Any, width: int, fractional_bits: int) -> tuple[int, Any]:
    """The stored integer nearest to the result, a tie to the even one, and how far it is away in last places."""
    low, high = -(1 << (width - 1)), (1 << (width - 1)) - 1
    if y is None:
        return 0, mpf(0)
    scaled = y * mpf(2) ** fractional_bits
    if scaled >= high or scaled <= low:
        return (high if scaled > 0 else low), mpf(0)
    floor = int(mp.floor(scaled))
    above = scaled - floor
    up = floor % 2 if abs(above - 0.5) < TIE else int(above > 0.5)
    return floor + up, abs(above - up)


@dataclass(frozen=True)
class Functions:
    """All functions with operands of `width` bits: a case of the table kernel for each."""

    width: int
    results: tuple[tuple[tuple[int, Any], ...], ...]
    """For each function and each code of the operand: the stored integer and its distance."""
    cases: tuple[Case, ...]

    @staticmethod
    def of(width: int) -> Functions:
        fraction = width - INTEGER_BITS
        codes = [code - (code >> (width - 1) << width) for code in range(1 << width)]
        results, cases = [], []
        for op, function in FUNCTIONS.values():
            values = [exact(function, mpf(code) / 2**fraction) for code in codes]
            largest = max(min(abs(value), mpf(MOST)) for value in values if value is not None)
            bits = width - 1 - int(mp.ceil(mp.log(largest, 2)))
            results.append(tuple(rounded(value, width, bits) for value in values))
            types = "({x}) -> {result}" if op.startswith("xplat.fused") else ""
            cases.append(elementwise(op, {"x": (width, fraction)}, (width, bits), 1, types=types))
        return Functions(width, tuple(results), tuple(cases))

    def network(self, family: str) -> Network:
        """The cases on a device of the family. Raises `KernelError` where the table kernel does not take them."""
        return network(self.cases, family)

    def differences(self) -> list[int]:
        """For each function the most last places between a word of its memory and the exact result, rounded once."""
        module = self.network("series7").module
        found = []
        with tempfile.TemporaryDirectory() as scratch:
            files = {file.stem: file for file in write_memories(module, evaluate_parameters(module, {}), Path(scratch))}
            for index, expected in enumerate(self.results):
                words = [int(line, 16) for line in files[f"case{index}_table"].read_text().split()]
                signed = [word - (word >> (self.width - 1) << self.width) for word in words]
                assert len(signed) == len(expected)
                found.append(max(abs(word - right) for word, (right, _) in zip(signed, expected, strict=True)))
        return found


def network(cases: Sequence[Case], family: str) -> Network:
    """The cases, each as a table."""
    return Network.of([("lookup_table", case) for case in cases], kernel_files(), 0, families_dir() / f"{family}.mlir")


def costs(network: Network) -> tuple[dict[str, int], int, int]:
    """Area, cycles a beat and latency, which are the same for every function of one width and one lane."""
    nodes = [op for op in nodes_of(network.module) if not xp.is_host_boundary(op)]
    beats = network.bound[0].case.inputs["x"].shape[-1]
    found = [(op.area.as_dict(), op.rate.cycles // beats, op.rate.latency) for op in nodes]
    assert all(other == found[0] for other in found)
    return found[0]


def refusal(width: int) -> str:
    """Why there is no table of `width` bits."""
    case = elementwise("xplat.gelu %x", {"x": (width, width - INTEGER_BITS)}, (width, width - INTEGER_BITS), 1)
    try:
        network([case], "series7")
    except KernelError as error:
        (reason,) = (line for line in str(error).splitlines() if "does not fit" in line)
        return reason.partition("does not fit: ")[2]
    raise AssertionError(f"expected a refusal at {width} bits")


def main() -> int:
    """Prints one table; 1 when a word is not the exact result, rounded once."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    mp.dps = DIGITS
    sets = [Functions.of(width) for width in WIDTHS]
    differences = [functions.differences() for functions in sets]
    refused = ["refused"] * len(REFUSED)
    rows: list[list[object]] = [["function", *(f"{width} bits" for width in (*WIDTHS, *REFUSED)), "to the exact value"]]
    for index, name in enumerate(FUNCTIONS):
        away = max(distance for functions in sets for _, distance in functions.results[index])
        rows.append([name, *(own[index] for own in differences), *refused, f"{float(away):.4f}"])
    figures: dict[str, Any] = {name: row[1:] for name, row in zip(FUNCTIONS, rows[1:], strict=True)}
    for family in known_families():
        found = [costs(functions.network(family)) for functions in sets]
        kinds = dict.fromkeys(itertools.chain.from_iterable(area for area, _, _ in found))
        for kind in kinds:
            amounts = [area.get(kind, 0) for area, _, _ in found]
            rows.append([f"{kind}, {family}", *amounts, *refused, ""])
            figures[f"{kind} {family}"] = amounts
    rows.append(["latency, cycles", *(latency for _, _, latency in found), *refused, ""])
    rows.append(["cycles a beat", *(cycles for _, cycles, _ in found), *refused, ""])
    print("Most last places between a word of the table and the exact result, rounded once, over all inputs; at the")
    print("end the largest distance of a word to the exact value. Operands from -8 to 8, results as wide, one lane.\n")
    print_table(rows)
    print()
    for width in REFUSED:
        print(f"refused at {width} bits: {refusal(width)}")
    print_conditions(conditions())
    print(f"figures: {write_json(BUILD / 'functions.json', figures)}")
    wrong = [name for index, name in enumerate(FUNCTIONS) if any(own[index] for own in differences)]
    if wrong:
        print(f"not exact: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
