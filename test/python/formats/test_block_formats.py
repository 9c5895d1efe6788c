# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Formats whose blocks share an exponent, against torchao and all codes."""

from __future__ import annotations

import contextlib
import io
import logging

import pytest
import torch

from xplat.formats import (
    BlockFormat,
    Codes,
    FixedPoint,
    Msfp,
    MxInteger,
    fake_round,
    multiply_blocks,
    parse,
    sum_blocks,
)
from xplat.support.errors import FormatError
from xplat.testing.numbers import FORMAT_NAMES, adversarial, hard_blocks


@pytest.fixture(scope="module")
def to_mx():
    """torchao's conversion; what its import prints about GPU libraries is not our subject."""
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
            from torchao.prototype.mx_formats.mx_tensor import to_mx
    finally:
        logging.disable(logging.NOTSET)
    kinds = {
        "mxfp8": torch.float8_e4m3fn,
        "mxfp8e5m2": torch.float8_e5m2,
        "mxfp6": DTYPE_FP6_E2M3,
        "mxfp6e3m2": DTYPE_FP6_E3M2,
        "mxfp4": torch.float4_e2m1fn_x2,
    }
    return lambda values, name, block: to_mx(values, kinds[name], block)


@pytest.mark.parametrize("name", ["mxfp8", "mxfp8e5m2", "mxfp6", "mxfp6e3m2", "mxfp4"])
@pytest.mark.parametrize("block", [32, 16])
def test_mx_codes_are_those_of_torchao(to_mx, name: str, block: int) -> None:
    form = parse(f"{name}b{block}")
    values = torch.cat([adversarial().reshape(-1, 64), hard_blocks()[:, :64]])
    # torchao cannot scale by 2^-127, which is below float32's normal numbers; it divides by 2^-126 instead.
    values = values[(values.reshape(len(values), -1, block).abs().amax(2) > 2.0**-100).all(1)]
    scales, elements = to_mx(values, name, block)
    codes = form.encode(values)
    assert torch.equal(codes.exponents, scales.view(torch.uint8).to(torch.int64))
    elements = elements.view(torch.uint8).to(torch.int64)
    if name == "mxfp4":  # two a byte, the first in the low bits
        elements = torch.stack([elements & 15, elements >> 4], -1).reshape(values.shape)
    assert len(values) > 100
    assert torch.equal(codes.elements, elements)


def test_mx_integer_by_search() -> None:
    """Every element is the nearest of all 255 fractions, whatever the block."""
    form = MxInteger()
    values = torch.cat([adversarial().reshape(-1, 32), hard_blocks()[:, :32]]).double()
    exponents = form.shared_exponents(values)
    largest = values.abs().amax(1, keepdim=True)
    inside = (largest > 2.0**-120) & (largest < 3e38)
    assert bool(((largest / torch.exp2(exponents.double()) < 2) | ~inside).all())
    assert bool(((largest / torch.exp2(exponents.double()) >= 1) | ~inside).all())
    grid = torch.arange(-127, 128, dtype=torch.float64) / 64
    distance = (values / torch.exp2(exponents.double()))[..., None] - grid
    error = (form.round(values) - values).abs() / torch.exp2(exponents.double())
    assert torch.equal(error, distance.abs().amin(-1))


@pytest.mark.parametrize("bits", [2, 3, 4, 5, 8])
def test_msfp_by_search(bits: int) -> None:
    """The largest magnitude fills the magnitude bits; every element is the nearest, ties to even."""
    form = Msfp(bits)
    generator = torch.Generator().manual_seed(bits)
    values = torch.randn(500, 16, generator=generator, dtype=torch.float64)
    values[::3] = torch.round(values[::3] * 16) / 16  # ties
    values[7] = 0
    rounded = form.round(values)
    for row, result in zip(values.tolist(), rounded.tolist(), strict=True):
        largest = max(abs(value) for value in row)
        if largest == 0:
            assert result == row
            continue
        top = 2 ** (bits - 1) - 1
        step = 1.0
        while largest / step >= top + 1:
            step *= 2
        while largest / step < (top + 1) / 2:
            step /= 2
        for value, got in zip(row, result, strict=True):
            # Python's round is half to even.
            assert got == max(-top, min(top, round(value / step))) * step


# Elements of 2^-127, 2^-130, 2^-133, 2^-136 and 2^-149 as the largest magnitude, under the scale 2^-127.
SMALLEST = {
    "mxint8": [64, 8, 1, 0, 0],
    "msfp8": [64, 8, 1, 0, 0],
    "msfp4": [4, 0, 0, 0, 0],
    "mxfp8": [0x38, 0x20, 0x08, 0x01, 0],
    "mxfp8e5m2": [0x3C, 0x30, 0x24, 0x18, 0],
    "mxfp6": [0x08, 0x01, 0, 0, 0],
    "mxfp4": [0x02, 0, 0, 0, 0],
}


@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_smallest_scale_of_a_block(name: str, dtype: torch.dtype) -> None:
    form = parse(name)
    values = torch.zeros(5, form.block, dtype=dtype)
    values[:, 3] = torch.tensor([2.0**-127, 2.0**-130, 2.0**-133, 2.0**-136, 2.0**-149], dtype=dtype)
    codes = form.encode(values)
    assert codes.exponents.tolist() == [[0]] * 5
    assert codes.elements[:, 3].tolist() == SMALLEST[name]
    assert not codes.elements[:, :3].any() and not codes.elements[:, 4:].any()
    kept = torch.tensor([element > 0 for element in SMALLEST[name]])
    assert torch.equal(form.round(values)[:, 3], torch.where(kept, values[:, 3], 0))


@pytest.mark.parametrize("name", [name for name in FORMAT_NAMES if name.startswith(("msfp", "mx"))])
def test_blocks_of_zeros(name: str) -> None:
    form = parse(name)
    values = torch.zeros(3, 2 * form.block)
    values[1] = 1
    codes = form.encode(values)
    assert codes.exponents[0].tolist() == codes.exponents[2].tolist() == [0, 0]
    assert bool((codes.exponents[1] > 0).all())
    assert not codes.elements[0].any() and not codes.elements[2].any()


@pytest.mark.parametrize("name", ["msfp4", "mxint8", "mxfp6"])
def test_blocks_run_along_the_dimension_of_travel(name: str) -> None:
    form = parse(name)
    assert isinstance(form, BlockFormat)
    generator = torch.Generator().manual_seed(1)
    for shape, axis in [((2, 40, 3, 5), 1), ((3, 7, 40), 2), ((5, 40), 1), ((40,), 0), ((2, 3, 4, 5, 40), 4)]:
        x = torch.randn(*shape, generator=generator)
        expected = torch.empty_like(x)
        for start in range(0, 40, form.block):
            part = x.narrow(axis, start, min(form.block, 40 - start))
            rows = part.movedim(axis, -1).reshape(-1, part.shape[axis])
            rounded = torch.stack([form.round(row) for row in rows])
            place = expected.narrow(axis, start, part.shape[axis]).movedim(axis, -1)
            place.copy_(rounded.reshape(place.shape))
        assert torch.equal(form.round(x), expected)
        assert torch.equal(form.round(x, axis), expected)
        codes = form.encode(x)
        assert list(codes.exponents.shape) == [
            -(-40 // form.block) if dim == axis else extent for dim, extent in enumerate(shape)
        ]


def test_block_formats_need_a_dimension() -> None:
    form = parse("msfp4")
    for compute in (form.round, form.encode, form.shared_exponents, lambda values: fake_round(values, form)):
        with pytest.raises(FormatError, match="at least one dimension"):
            compute(torch.tensor(1.0))


@pytest.mark.parametrize("axis", [3, 5, 7, -4])
def test_block_formats_need_the_dimension_that_they_run_along(axis: int) -> None:
    form, values = parse("mxfp4"), torch.ones(2, 3, 40)
    codes = form.encode(values)
    for compute in (
        lambda: form.round(values, axis),
        lambda: form.encode(values, axis),
        lambda: form.decode(codes, axis),
        lambda: form.shared_exponents(values, axis),
        lambda: fake_round(values, form, axis=axis),
        lambda: Msfp(4, axis=axis).round(values),
    ):
        with pytest.raises(FormatError, match=f"run along dimension {axis}, but the tensor has 3"):
            compute()


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_empty_tensors(name: str) -> None:
    form = parse(name)
    empty = torch.zeros(3, 0)
    assert form.round(empty).shape == (3, 0)
    assert form.decode(form.encode(empty)).shape == (3, 0)


@pytest.mark.parametrize("shape", [(0, 40), (3, 0), (0, 0), (2, 40, 0, 3), (0, 40, 2, 2)])
def test_empty_tensors_have_exponents_for_their_blocks(shape: tuple[int, ...]) -> None:
    form, empty = parse("msfp4"), torch.zeros(shape)
    codes = form.encode(empty)
    blocks = [3 if extent == 40 else extent for extent in shape]
    assert list(codes.elements.shape) == list(shape) and list(codes.exponents.shape) == blocks
    assert codes.elements.dtype == codes.exponents.dtype == torch.int64
    assert list(form.shared_exponents(empty).shape) == blocks
    assert form.decode(codes).shape == form.round(empty).shape == empty.shape


@pytest.mark.parametrize("formats", ["msfp4 msfp4", "mxint8 mxint8", "mxfp4 mxfp6", "mxfp8 msfp5b32"])
@pytest.mark.parametrize("accumulator", [FixedPoint(24, (8,)), FixedPoint(12, (3,)), FixedPoint(30, (20,))], ids=str)
def test_sums_on_values_are_those_on_codes(formats: str, accumulator: FixedPoint) -> None:
    """Rows that end inside a block; products that saturate and such that are cut off."""
    forms = [parse(name) for name in formats.split()]
    assert all(isinstance(form, BlockFormat) for form in forms)
    block = forms[0].block  # type: ignore[attr-defined]
    generator = torch.Generator().manual_seed(block)
    scales = torch.exp2(torch.randint(-9, 9, (2, 40, 1), generator=generator).double())
    x, w = torch.randn(2, 40, 2 * block + 5, generator=generator, dtype=torch.float64) * scales
    codes = [form.encode(values, axis=1) for form, values in zip(forms, (x, w), strict=True)]
    exact = [form.decode(code, axis=1) for form, code in zip(forms, codes, strict=True)]
    got = sum_blocks(*exact, block, accumulator, product=lambda a, b: (a * b).sum(-1))
    total = torch.zeros(40, dtype=torch.int64)
    for number, start in enumerate(range(0, x.shape[1], block)):
        parts = [
            Codes(code.elements[:, start : start + block], code.exponents[:, number : number + 1]) for code in codes
        ]
        total += multiply_blocks(*parts, tuple(forms), accumulator)  # type: ignore[arg-type]
    assert torch.equal(got, accumulator.to_values(total))
    assert not torch.equal(got, (exact[0] * exact[1]).sum(-1))


def test_the_gradient_passes_through_the_accumulator() -> None:
    x, w = (torch.randn(3, 20, dtype=torch.float64, requires_grad=True) for _ in range(2))
    form, accumulator = Msfp(4, 16), FixedPoint(8, (2,))
    factors = [fake_round(values, form, axis=1) for values in (x, w)]
    sum_blocks(*factors, 16, accumulator, product=torch.nn.functional.linear).sum().backward()
    exact = torch.nn.functional.linear(*(fake_round(values, form, axis=1) for values in (x, w)))
    wanted = torch.autograd.grad(exact.sum(), (x, w))
    torch.testing.assert_close((x.grad, w.grad), wanted)
