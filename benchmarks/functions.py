# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions as tables and as polynomials, against exact arithmetic: `make bench-functions`.

Each function becomes a node of one operand. With 4 to 12 bits it is bound to the table kernel: the words are read from
the memory file that the design would be emitted with. With 13 to 16 bits it gets polynomials: the results are those of
the reference, which the RTL equals. Both are compared, over all inputs, with results that mpmath computes to 60 digits.
The benchmark fails when a word of a table is not the exact result, rounded once, or a polynomial is a last place away
or more. Where a function has no value, its result is zero; where it is infinite, the largest number. Areas and latency
are the compiler's.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from common import BUILD, conditions, print_conditions, print_table, write_json
from mpmath import mp, mpf

from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint
from xplat.hardware.emit.memories import write_memories
from xplat.interpreter.parameters import evaluate_parameters
from xplat.kernels import Case, elementwise
from xplat.kernels.network import Network, with_polynomials
from xplat.mlir import nodes_of
from xplat.support.errors import KernelError
from xplat.support.paths import families_dir
from xplat.target.library import kernel_files
from xplat.target.system import known_families

DIGITS = 60
TIE = mpf(10) ** -40
"""How near to the middle between two numbers a result is taken for the middle: nearer than any result that is not."""
TABLES, POLYNOMIALS = range(4, 13), range(13, 17)
WIDEST = POLYNOMIALS[-1]
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


@cache
def exact_values(name: str) -> tuple[Any, ...]:
    """The exact results for all codes of an operand of `WIDEST` bits; those of fewer bits are among them."""
    codes = (code - (code >> (WIDEST - 1) << WIDEST) for code in range(1 << WIDEST))
    return tuple(exact(FUNCTIONS[name][1], mpf(code) / 2 ** (WIDEST - INTEGER_BITS)) for code in codes)


def case_of(name: str, width: int, count: int = 24) -> tuple[Case, list[Any]]:
    """A node of the function with an operand of `width` bits, and the exact results for all codes of it."""
    values = list(exact_values(name)[:: 1 << (WIDEST - width)])
    largest = max(min(abs(value), mpf(MOST)) for value in values if value is not None)
    bits = width - 1 - int(mp.ceil(mp.log(largest, 2)))
    op = FUNCTIONS[name][0]
    types = "({x}) -> {result}" if op.startswith("xplat.fused") else ""
    formats = {"x": (width, width - INTEGER_BITS)}
    return elementwise(op, formats, (width, bits), 1, count=count, types=types), values


@dataclass(frozen=True)
class Tables:
    """All functions with operands of `width` bits: a case of the table kernel for each."""

    width: int
    results: tuple[tuple[tuple[int, Any], ...], ...]
    """For each function and each code of the operand: the stored integer and its distance."""
    cases: tuple[Case, ...]

    @staticmethod
    def of(width: int) -> Tables:
        results, cases = [], []
        for name in FUNCTIONS:
            case, values = case_of(name, width)
            results.append(tuple(rounded(value, width, case.results[0].fractional_bits) for value in values))
            cases.append(case)
        return Tables(width, tuple(results), tuple(cases))

    def network(self, family: str) -> Network:
        """The cases on a device of the family. Raises `KernelError` where the table kernel does not take them."""
        return network([("lookup_table", case) for case in self.cases], family)

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


@dataclass(frozen=True)
class Polynomials:
    """A function with an operand of `width` bits: the node with its polynomials, and how far away results are."""

    name: str
    width: int
    case: Case
    error: float
    """Last places between the farthest result and the exact one."""

    @staticmethod
    def of(name: str, width: int) -> Polynomials:
        """Raises `KernelError` where there are none."""
        case, values = case_of(name, width, count=1 << width)
        case = with_polynomials(case)
        form = case.results[0].format
        assert isinstance(form, FixedPoint)
        (operand,) = case.inputs.values()
        numbers = FixedPoint(operand.width, (operand.fractional_bits,)).every_number().reshape(1, *operand.shape)
        (found,) = network([("polynomial", case)], "series7").references([numbers], 1)
        error = mpf(0)
        for result, value in zip(form.to_integers(found).flatten().tolist(), values, strict=True):
            steps = mpf(0) if value is None else value * mpf(2) ** form.fractional_bits[0]
            error = max(error, abs(result - min(max(steps, mpf(form.minimum)), mpf(form.maximum))))
        return Polynomials(name, width, case, float(error))

    def row(self) -> list[object]:
        """Degree, segments, bits of the memories, latency, and what it takes on each family."""
        attribute = self.case.attributes
        degree = int(attribute.partition("degree = ")[2].partition(",")[0])
        row: list[object] = [self.name, self.width, f"{self.error:.4f}", degree]
        for family in known_families():
            made = network([("polynomial", self.case)], family)
            area, cycles, latency = costs(made)
            assert cycles == 1
            if len(row) == 4:
                roms = {op.sym_name.value.rpartition("_")[2]: op for op in _roms(made)}
                row += [roms["coefficient"].depth.value, roms["range"].depth.value if "range" in roms else 0]
                row += [sum(op.depth.value * op.word_bits.value for op in roms.values()), latency]
            row.append(", ".join(f"{amount} {kind}" for kind, amount in area.items() if kind != "ff"))
        return row


def _roms(made: Network) -> list[Any]:
    return [op for op in made.module.body.operations if isinstance(op, xp.RomOp)]


def network(cases: Sequence[tuple[str, Case]], family: str) -> Network:
    """The cases, each with its kernel."""
    return Network.of(cases, kernel_files(), 0, families_dir() / f"{family}.mlir")


def costs(network: Network) -> tuple[dict[str, int], int, int]:
    """Area, cycles a beat and latency, which are the same for every function of one width and one lane as a table."""
    nodes = [op for op in nodes_of(network.module) if not xp.is_host_boundary(op)]
    beats = network.bound[0].case.inputs["x"].shape[-1]
    found = [(op.area.as_dict(), op.rate.cycles // beats, op.rate.latency) for op in nodes]
    assert all(other == found[0] for other in found)
    return found[0]


def main() -> int:
    """Prints two tables; 1 when a result is not what is promised."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    mp.dps = DIGITS
    sets = [Tables.of(width) for width in TABLES]
    differences = [functions.differences() for functions in sets]
    wide: dict[tuple[str, int], Polynomials | str] = {}
    for name, width in itertools.product(FUNCTIONS, POLYNOMIALS):
        try:
            wide[name, width] = Polynomials.of(name, width)
        except KernelError as error:
            wide[name, width] = str(error)
    rows: list[list[object]] = [["function", *(f"{width} bits" for width in (*TABLES, *POLYNOMIALS))]]
    for index, name in enumerate(FUNCTIONS):
        away = [float(max(distance for _, distance in functions.results[index])) for functions in sets]
        found = [wide[name, width] for width in POLYNOMIALS]
        errors = ["refused" if isinstance(each, str) else f"{each.error:.4f}" for each in found]
        rows.append([name, *(f"{own:.3f}" for own in away), *errors])
    figures: dict[str, Any] = {name: row[1:] for name, row in zip(FUNCTIONS, rows[1:], strict=True)}
    tables: list[list[object]] = [["table", *(f"{width} bits" for width in TABLES)]]
    for family in known_families():
        found_costs = [costs(functions.network(family)) for functions in sets]
        for kind in dict.fromkeys(itertools.chain.from_iterable(area for area, _, _ in found_costs)):
            amounts = [area.get(kind, 0) for area, _, _ in found_costs]
            tables.append([f"{kind}, {family}", *amounts])
            figures[f"{kind} {family}"] = amounts
    tables.append(["latency, cycles", *(latency for _, _, latency in found_costs)])
    tables.append(["cycles a beat", *(cycles for _, cycles, _ in found_costs)])
    head = ["function", "bits", "error", "degree", "segments", "ranges", "memory, bits", "latency"]
    polynomials: list[list[object]] = [[*head, *known_families()]]
    polynomials += [each.row() for each in wide.values() if isinstance(each, Polynomials)]
    figures["polynomials"] = polynomials[1:]
    print(
        "Most last places between a result and the exact one, over all inputs. Operands from -8 to 8, results as wide."
    )
    print("Up to 12 bits these are tables, rounded once; from 13 bits on polynomials.\n")
    print_table(rows)
    print("\nTables of one lane:\n")
    print_table(tables)
    print("\nPolynomials, one lane, a result in every cycle:\n")
    print_table(polynomials)
    print()
    for (name, width), refusal in wide.items():
        if isinstance(refusal, str):
            print(f"{name}, {width} bits, refused: {refusal}")
    print_conditions(conditions())
    print(f"figures: {write_json(BUILD / 'functions.json', figures)}")
    wrong = [name for index, name in enumerate(FUNCTIONS) if any(own[index] for own in differences)]
    wrong += [
        f"{each.name}, {each.width} bits" for each in wide.values() if not isinstance(each, str) and each.error >= 1
    ]
    if wrong:
        print(f"not what is promised: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
