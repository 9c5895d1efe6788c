# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of blocks: what a multiplier array for block formats computes, bit for bit.

The product of two blocks is the sum of the products of their mantissas, which are integers, times a power of two. It is
cut off (towards minus infinity) at the last place of a fixed-point accumulator and saturated there. Sums of such
products are sums of integers. So the accumulator is part of the definition.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from xplat.formats.base import Codes
from xplat.formats.block import BIAS, BlockFormat, Msfp, Mx, MxInteger
from xplat.formats.fixed import FixedPoint, sign_extend
from xplat.support.errors import FormatError

MAX_PRODUCT_BITS = 62
"""Of the sum of the products of a block, so that an int64 holds it."""


def mantissa_fraction(form: BlockFormat) -> int:
    """Fractional bits of a mantissa: an element means its mantissa times 2^-F times the block's power of two."""
    if isinstance(form, Msfp):
        return form.bits - 2
    if isinstance(form, MxInteger):
        return 6
    assert isinstance(form, Mx)
    return form.element.mantissa - form.element.min_exponent


def mantissas(form: BlockFormat, patterns: torch.Tensor) -> torch.Tensor:
    """Mantissas (int64) of elements given as bit patterns; of a float they count units of its smallest number."""
    if isinstance(form, MxInteger):
        return sign_extend(patterns, 8)
    return torch.round(form.decode_elements(patterns) * 2.0 ** mantissa_fraction(form)).to(torch.int64)


def multiply_blocks(
    left: Codes, right: Codes, forms: tuple[BlockFormat, BlockFormat], accumulator: FixedPoint
) -> torch.Tensor:
    """Stored integers (int64) of the accumulator for each pair of blocks.

    `left`, `right`: elements [..., n], of which each row is a block, and exponents [..., 1]. Raises `FormatError` where
    sums of mantissas need more than 62 bits.
    """
    shift = accumulator.fractional_bits[0] - sum(mantissa_fraction(form) for form in forms)
    factors = [mantissas(form, codes.elements) for form, codes in zip(forms, (left, right), strict=True)]
    most = [2 ** int(torch.frexp(factor.abs().max().double()).exponent) for factor in factors]
    bits = (most[0] * most[1] * left.elements.shape[-1]).bit_length()
    if bits > MAX_PRODUCT_BITS:
        raise FormatError(
            f"sums of products of {forms[0]} and {forms[1]} need {bits} bits, more than {MAX_PRODUCT_BITS}"
        )
    sums = (factors[0] * factors[1]).sum(-1)
    assert left.exponents is not None and right.exponents is not None
    places = (left.exponents + right.exponents).squeeze(-1) - 2 * BIAS + shift
    # An arithmetic shift to the right rounds down; beyond 62 places nothing but the sign is left.
    down = sums >> (-places).clamp(0, 63)
    room = (
        sums.abs().to(torch.float64) * torch.exp2(places.clamp(0, 512).to(torch.float64))
    ) <= accumulator.maximum + 1
    up = torch.where(room, sums << places.clamp(0, 62), torch.where(sums < 0, accumulator.minimum, accumulator.maximum))
    return torch.where(places < 0, down, up).clamp(accumulator.minimum, accumulator.maximum)


def sum_blocks(
    left: torch.Tensor,
    right: torch.Tensor,
    block: int,
    accumulator: FixedPoint,
    *,
    product: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    """Sums of products along the last dimension of both factors, on the grid of the accumulator.

    `left`, `right`: exact values of block formats whose blocks of `block` elements run along their last dimension.
    `product`: of parts of them, exact, such as `torch.nn.functional.linear`. The terms are those of `multiply_blocks`,
    which takes codes; here they are floored values. In training the gradient passes straight through the accumulator.
    Returns values in the dtype of `left`, exact in float64.
    """
    scale = 2.0 ** accumulator.fractional_bits[0]
    result: torch.Tensor | None = None
    for start in range(0, left.shape[-1], block):
        part = product(*(factor[..., start : start + block].to(torch.float64) for factor in (left, right)))
        term = torch.floor(part.detach() * scale).clamp(accumulator.minimum, accumulator.maximum) / scale
        if torch.is_grad_enabled():
            # Adds zero, with the gradient of the exact product.
            term = term + (part - part.detach())
        result = term if result is None else result + term
    assert result is not None
    return result.to(left.dtype)
