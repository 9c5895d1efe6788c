# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a node with polynomials computes: the integer algorithm of `#xplat.polynomials`, exactly, in float64.

Gradients are those of the polynomials, straight through the roundings of the algorithm.
"""

from __future__ import annotations

from typing import Any

import torch

from xplat.formats import FixedPoint, format_of
from xplat.interpreter.semantics import Scope


def by_polynomials(_: Scope, op: Any, operands: list[torch.Tensor]) -> torch.Tensor:
    """The result of a node that has polynomials; saturation is left to whoever rounds into its format."""
    polynomials, (x,) = op.polynomials, operands
    form, result = format_of(op.operands[0].type), format_of(op.results[0].type)
    assert isinstance(form, FixedPoint) and isinstance(result, FixedPoint)
    counts = torch.tensor(polynomials.segments, device=x.device)
    lengths = torch.tensor(polynomials.length_bits, device=x.device).repeat_interleave(counts)
    coefficients = torch.tensor(polynomials.coefficients, dtype=torch.float64, device=x.device)
    rows = coefficients.reshape(len(lengths), polynomials.degree + 1)
    numbers = 1 << lengths
    starts = torch.cumsum(numbers, 0) - numbers
    # Stored integers with a sign lie behind those without.
    first = torch.where(starts >= form.maximum + 1, starts - (1 << form.width), starts).to(torch.float64)
    shortest = min(polynomials.length_bits)
    segment_of = torch.repeat_interleave(numbers >> shortest)

    integers = x.to(torch.float64) * 2.0 ** form.fractional_bits[0]
    codes = torch.remainder(integers.detach(), 2.0**form.width).to(torch.int64)
    segment = segment_of[codes >> shortest]
    delta = (integers - first[segment]) / numbers[segment] - 0.5
    total = rows[segment, polynomials.degree]
    for power in range(polynomials.degree - 1, -1, -1):
        total = rows[segment, power] + _floor(total * delta)
    steps = _floor(total * 2.0**-polynomials.guard_bits)
    return (steps * 2.0 ** -result.fractional_bits[0]).to(x.dtype)


def _floor(values: torch.Tensor) -> torch.Tensor:
    return values + (torch.floor(values) - values).detach()
