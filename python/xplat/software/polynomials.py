# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds polynomials for a function of one fixed-point number: segments, degree and integer coefficients.

What they mean is said in `#xplat.polynomials`. A segment that is as long as possible is searched on every level of
halving at once: least squares with weights that make the error nearly the same everywhere (those of Chebyshev
polynomials), coefficients rounded, and the constant one chosen last, in the middle of what the others leave. Every
number of the operand is then compared, with the integer algorithm itself. Nothing here knows what the function is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xplat.formats import FixedPoint

GUARD_BITS = 3
"""Bits of sums below the last place of the result: rounding them costs a quarter of a last place."""
MOST_SEGMENTS = 2048
SMALL = 18 * 1024
"""Bits of a block of memory, the smallest of the device families. Within it, fewer multipliers are worth more."""
LONGEST_PREFIX = 11
"""Most leading bits that tell the length of a segment."""
DEGREES = (1, 2)
WORD_BITS, EXACT_BITS = 64, 53
"""Most bits of the coefficients of a segment, as memories have it, and of a sum or a product."""


@dataclass(frozen=True)
class Target:
    """Exact results in last places, not rounded, by the bits of the operand's stored integer; those that saturate."""

    values: np.ndarray
    saturates: np.ndarray
    least: int
    most: int

    @staticmethod
    def of(exact: np.ndarray, form: FixedPoint) -> Target:
        """From exact results; where there is none, it is zero."""
        steps = np.where(np.isnan(exact), 0.0, exact) * 2.0 ** form.fractional_bits[0]
        values = np.clip(steps, form.minimum, form.maximum)
        return Target(values, values != steps, form.minimum, form.maximum)

    def error(self, results: np.ndarray) -> float:
        """The most last places by which stored integers are away."""
        return float(np.abs(results - self.values).max())

    @property
    def bits(self) -> int:
        return int(self.values.size).bit_length() - 1


@dataclass(frozen=True)
class Level:
    """For each segment of 2^`bits` numbers its coefficients, and whether all of its results are near enough."""

    bits: int
    coefficients: np.ndarray
    fits: np.ndarray

    @staticmethod
    def of(target: Target, bits: int, degree: int, within: float) -> Level:
        values = target.values.reshape(-1, 1 << bits)
        saturates = target.saturates.reshape(values.shape)
        delta = np.arange(1 << bits) / (1 << bits) - 0.5
        real = _least_squares(delta, values, saturates, min(degree, len(delta) - 1))
        integers = np.zeros((len(values), degree + 1), dtype=np.int64)
        integers[:, 1 : real.shape[1]] = np.round(real[:, 1:] * 2**GUARD_BITS)
        # The constant: in the middle between the least and the most that any number asks for.
        asked = values * 2**GUARD_BITS - evaluate(integers, delta)
        least = np.where(saturates, np.inf, asked).min(1)
        most = np.where(saturates, -np.inf, asked).max(1)
        known = np.isfinite(least)
        middle = (np.where(known, least, asked.min(1)) + np.where(known, most, asked.max(1))) / 2
        integers[:, 0] = np.round(middle) + 2 ** (GUARD_BITS - 1)
        results = np.clip(evaluate(integers, delta) >> GUARD_BITS, target.least, target.most)
        return Level(bits, integers, (np.abs(results - values) < within).all(1))


def evaluate(coefficients: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """The sum `t` of each segment [segments, powers] at each `delta`."""
    total = np.broadcast_to(coefficients[:, -1:], (len(coefficients), delta.size))
    for power in range(coefficients.shape[1] - 2, -1, -1):
        total = coefficients[:, power, None] + np.floor(total * delta).astype(np.int64)
    return total


def _least_squares(delta: np.ndarray, values: np.ndarray, saturates: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients [segments, degree + 1] of the polynomials nearest to the values that do not saturate."""
    half = 1 / delta.size
    weights = (1 - (2 * (delta + half / 2)) ** 2 + half**2) ** -0.25
    powers = np.vander(delta, degree + 1, increasing=True) * weights[:, None]
    found = (values * weights) @ np.linalg.pinv(powers).T
    count = saturates.sum(1)
    found[count == delta.size, 1:] = 0
    for row in np.flatnonzero((count > 0) & (count < delta.size)):
        kept = ~saturates[row]
        found[row] = np.linalg.lstsq(powers[kept], (values[row] * weights)[kept], rcond=None)[0]
    return found


@dataclass(frozen=True)
class Polynomials:
    """A choice of segments: for each, in order, the binary logarithm of its length, and its coefficients."""

    lengths: tuple[int, ...]
    coefficients: np.ndarray
    prefix: int
    """Leading bits of the operand that tell the length; 0 where all have one."""

    @property
    def degree(self) -> int:
        return self.coefficients.shape[1] - 1

    @property
    def widths(self) -> list[int]:
        """Bits of a coefficient of each power."""
        return [max(_width(column.min()), _width(column.max())) for column in self.coefficients.T]

    @property
    def is_exact(self) -> bool:
        """Whether memories can hold the coefficients, and float64 every sum and product."""
        return sum(self.widths) <= WORD_BITS and max(self.widths) + 1 + max(self.lengths) <= EXACT_BITS

    @property
    def memory_bits(self) -> int:
        """Bits of the coefficients and of what tells lengths."""
        span = max(self.lengths) - min(self.lengths)
        range_bits = (len(self.lengths) - 1).bit_length() + span.bit_length()
        return len(self.lengths) * sum(self.widths) + (range_bits << self.prefix if self.prefix else 0)

    @property
    def runs(self) -> list[tuple[int, int]]:
        """Number and length of segments of one length that follow one another."""
        return [(len(list(run)), length) for length, run in itertools.groupby(self.lengths)]


def _width(value: int) -> int:
    """Bits of an integer in two's complement."""
    return int(value if value >= 0 else ~value).bit_length() + 1


def find_polynomials(target: Target, within: float) -> Polynomials | str:
    """Polynomials of which every result is less than `within` last places away; or why there are none.

    The first of these whose memories fit a block of `SMALL` bits: degree 1 or 2, for each first segments of one length,
    then of several. If none does, the one with the smallest memories.
    """
    best: Polynomials | None = None
    for degree in DEGREES:
        levels = [Level.of(target, bits, degree, within) for bits in range(target.bits)]
        uniform = list(_choices(target, levels, [0]))
        for found in (uniform, _choices(target, levels, range(1, LONGEST_PREFIX + 1))):
            smallest = min(found, key=lambda choice: choice.memory_bits, default=None)
            if smallest is None:
                continue
            if smallest.memory_bits <= SMALL:
                return smallest
            if best is None or smallest.memory_bits < best.memory_bits:
                best = smallest
    if best is not None:
        return best
    return (
        f"no polynomials of degree {DEGREES[-1]} in at most {MOST_SEGMENTS} segments of its operand are within "
        f"{within:g} last place of the exact result; request a narrower format for its operand"
    )


def _choices(target: Target, levels: Sequence[Level], prefixes: Iterable[int]) -> Iterator[Polynomials]:
    """For each number of leading bits the longest segments whose lengths these bits tell, if they are not too many and
    their coefficients not too wide."""
    for prefix in prefixes:
        cell = target.bits - prefix
        chosen = list(itertools.islice(_divide(levels, cell, target.bits, 0), MOST_SEGMENTS + 1))
        if len(chosen) <= MOST_SEGMENTS:
            coefficients = np.array([levels[length].coefficients[index] for length, index in chosen])
            polynomials = Polynomials(tuple(length for length, _ in chosen), coefficients, prefix)
            if polynomials.is_exact:
                yield polynomials


def _divide(levels: Sequence[Level], cell: int, length: int, index: int) -> Iterator[tuple[int, int]]:
    """Segments, by length and number, of part `index` of those with 2^`length` numbers: whole, or one half after the
    other; below 2^`cell` numbers all have one length."""
    if cell <= length < len(levels) and levels[length].fits[index]:
        yield length, index
    elif length > cell:
        yield from _divide(levels, cell, length - 1, 2 * index)
        yield from _divide(levels, cell, length - 1, 2 * index + 1)
    else:
        for shorter in range(min(cell, len(levels) - 1), -1, -1):
            first, count = index << (cell - shorter), 1 << (cell - shorter)
            if shorter == 0 or levels[shorter].fits[first : first + count].all():
                yield from ((shorter, first + i) for i in range(count))
                return
