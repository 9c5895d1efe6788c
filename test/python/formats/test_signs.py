# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Binary and ternary weights: scales against a search over all powers of two, requests, gradients."""

from __future__ import annotations

import pytest
import torch

from xplat import ir
from xplat.formats import FixedSigns, Quantization, Signs, fake_round, format_of, mlir_type, parse
from xplat.support.errors import FormatError
from xplat.testing.numbers import adversarial

LEVELS = {1: [-1.0, 1.0], 2: [-1.0, 0.0, 1.0]}


def least_error(values: torch.Tensor, width: int) -> float:
    """The smallest squared error of any power of two, each value going to the nearest level."""
    levels = torch.tensor(LEVELS[width], dtype=torch.float64)
    errors = [
        float((values.double()[..., None] - levels * 2.0**exponent).abs().amin(-1).square().sum())
        for exponent in range(-40, 40)
    ]
    return min(errors)


@pytest.mark.parametrize("width", [1, 2])
def test_scales_have_the_least_error(width: int) -> None:
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(8, 3, 20, generator=generator) * torch.logspace(-3, 3, 8)[:, None, None]
    weights[3] = weights[3].pow(5)  # few large ones
    weights[4, 0, 0] = 1e4
    weights[5] = 0.375
    form = Signs(width).fit(weights, per_channel=True)
    assert form.per_channel and len(form.fractional_bits) == 8
    for row, rounded in zip(weights, form.round(weights), strict=True):
        assert float((row.double() - rounded.double()).square().sum()) == pytest.approx(least_error(row, width))
    whole = Signs(width).fit(weights)
    assert float((weights - whole.round(weights)).double().square().sum()) == pytest.approx(least_error(weights, width))


def test_slices_of_zeros() -> None:
    weights = torch.zeros(2, 4)
    weights[0] = 0.25
    assert Signs(2).fit(weights, per_channel=True).round(weights)[1].tolist() == [0.0] * 4
    assert float(Signs(1).fit(weights, per_channel=True).round(weights)[1].abs().max()) < 0.25 / 100
    assert Signs(1).fit(torch.zeros(2, 2)) == FixedSigns(1, (0,))
    assert Signs(2).fit(torch.zeros(0, 2), per_channel=True) == FixedSigns(2, (0,))


@pytest.mark.parametrize("width", [1, 2])
def test_codes(width: int) -> None:
    form = FixedSigns(width, (3,))
    levels = [level / 8 for level in LEVELS[width]]
    values = adversarial()
    rounded = form.round(values)
    assert set(rounded.unique().tolist()) <= set(levels)
    nearest = (values.double()[..., None] - torch.tensor(levels, dtype=torch.float64)).abs()
    assert torch.equal((values.double() - rounded.double()).abs(), nearest.amin(-1))
    codes = form.encode(values)
    assert torch.equal(form.decode(codes), rounded.double())
    assert 0 <= int(codes.elements.min()) and int(codes.elements.max()) < 1 << width
    assert torch.equal(form.to_values(form.to_integers(values)), rounded.double())
    ties = {1: ([0.0, -0.0], [0.125, 0.125]), 2: ([0.0625, -0.0625], [0.0, 0.0])}[width]
    assert form.round(torch.tensor(ties[0])).tolist() == ties[1]
    assert bool(form.round(torch.tensor([torch.nan])).isnan())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("binary", "!xplat.binary"),
        ("ternary", "!xplat.ternary"),
        ("binary.4", "!xplat.binary<4>"),
        ("ternary.-2", "!xplat.ternary<-2>"),
    ],
)
def test_names_and_types(name: str, kind: str) -> None:
    form = parse(name)
    assert str(form) == name and mlir_type(form) == kind
    with ir.Context():
        assert str(ir.Type.parse(kind)) == kind
        if isinstance(form, FixedSigns):
            assert format_of(ir.Type.parse(kind)) == form
        slices = FixedSigns(1, (3, -4), per_channel=True)
        assert format_of(ir.Type.parse(mlir_type(slices))) == slices


def test_gradients_pass_everywhere() -> None:
    values = torch.tensor([[-3.0, -0.01, 0.2, 5.0]], requires_grad=True)
    for width in (1, 2):
        (gradient,) = torch.autograd.grad(fake_round(values, FixedSigns(width, (1,))).sum(), values)
        assert gradient.tolist() == [[1.0] * 4]
    batched = torch.func.vmap(lambda v: fake_round(v, FixedSigns(1, (1, 2), per_channel=True)))(torch.ones(3, 2, 2))
    assert batched[:, 0].unique().tolist() == [0.5] and batched[:, 1].unique().tolist() == [0.25]


def test_requests() -> None:
    assert str(Quantization.parse("w=binary,a=int8")) == "w=binary,a=int8"
    request = Quantization.parse({"modules": {"*": {"weight": "ternary"}}})
    assert request.formats_of("fc").weight == Signs(2)
    for wrong in ("binary", "w=int8,a=ternary", {"modules": {"*": "binary"}}, {"default": {"value": "ternary.3"}}):
        with pytest.raises(FormatError, match="is a format of weights, not of values"):
            Quantization.parse(wrong)
    for width in (3, 0):
        with pytest.raises(FormatError, match="one bit"):
            Signs(width)
    with pytest.raises(FormatError, match="fractional bits"):
        parse("binary.99")
