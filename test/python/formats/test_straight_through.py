# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients through rounding, and rounding under vmap."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
import torch

from xplat.formats import (
    OCP,
    FixedPoint,
    fake_round,
    parse,
)
from xplat.formats.operator import round_operator
from xplat.testing.numbers import FORMAT_NAMES


@pytest.mark.parametrize("name", [*FORMAT_NAMES, "int6"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_straight_through(name: str, dtype: torch.dtype) -> None:
    form = parse(name)
    values = torch.linspace(-12, 12, 96, dtype=dtype).reshape(2, 48).requires_grad_()
    weights = torch.randn(2, 48, dtype=dtype, generator=torch.Generator().manual_seed(0))
    result = fake_round(values, form)
    assert torch.equal(result, form.round(values.detach()))
    (result * weights).sum().backward()
    inside = form.representable(values.detach())
    expected = weights if inside is None else torch.where(inside, weights, 0)
    assert torch.equal(values.grad, expected)
    if name == "ufixed8.4":
        assert torch.equal(inside, (values.detach() >= -0.5 / 16) & (values.detach() <= 255.5 / 16))
    limits = {"fixed8.4": 127.49 / 16, "e2m1": 6.0, "e2m3": 7.5}
    if name in limits:
        assert torch.equal(inside, values.detach().abs() <= limits[name] + (values.detach() < 0) / 16)


def gradient_of(compute: Callable[[torch.Tensor], torch.Tensor], values: torch.Tensor) -> torch.Tensor:
    leaf = values.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(compute(leaf).sum(), [leaf])
    return gradient


@pytest.mark.parametrize("width", [2, 4, 8, 16])
def test_gradient_at_the_limits_of_fixed_point(width: int) -> None:
    """As torch has it: half a step beyond the limits it still passes."""
    form = FixedPoint(width, (4,))
    steps = torch.tensor([form.minimum, form.maximum], dtype=torch.float32)[:, None]
    values = (steps + torch.tensor([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1])) / 16
    theirs = gradient_of(
        lambda x: torch.fake_quantize_per_tensor_affine(x, 1 / 16, 0, form.minimum, form.maximum), values
    )
    assert theirs.tolist() == [[0, 0, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 0, 0]]
    assert torch.equal(gradient_of(lambda x: fake_round(x, form), values), theirs)
    assert torch.equal(gradient_of(lambda x: round_operator(x, form.name, -1), values), theirs)

    form, scales = FixedPoint(width, (4, 1), per_channel=True), torch.tensor([1 / 16, 1 / 2])
    values = torch.cat([values.reshape(1, -1), 8 * values.reshape(1, -1)])
    theirs = gradient_of(
        lambda x: torch.fake_quantize_per_channel_affine(
            x, scales, torch.zeros(2, dtype=torch.int32), 0, form.minimum, form.maximum
        ),
        values,
    )
    assert torch.equal(gradient_of(lambda x: fake_round(x, form), values), theirs)


@pytest.mark.parametrize("name", [*OCP, "minifloat-e5m4"])
def test_gradient_at_the_limits_of_a_minifloat(name: str) -> None:
    form = parse(name)
    limit = torch.tensor(form.maximum)
    values = torch.stack([limit, -limit, torch.nextafter(limit, 2 * limit), limit * 1.01, -limit * 1.01])
    assert form.round(values).abs().eq(limit).all()
    assert gradient_of(lambda x: fake_round(x, form), values).tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("name", ["fp32", "msfp4", "mxint8", "mxfp4", "int6"])
def test_gradient_passes_everywhere_when_the_range_follows_from_the_data(name: str) -> None:
    values = torch.tensor([[1e-30, -3e38, 2.0, torch.inf, 0.0]])
    assert gradient_of(lambda x: fake_round(x, parse(name)), values).tolist() == [[1.0] * 5]


@pytest.mark.parametrize("name", [*FORMAT_NAMES, "int6"])
@pytest.mark.parametrize("shape", [(1, 20, 3, 3), (1, 5, 20), (1, 20)])
def test_vmap_rounds_sample_by_sample(name: str, shape: tuple[int, ...]) -> None:
    form = parse(name)
    values = torch.randn(4, *shape, generator=torch.Generator().manual_seed(0))
    weights = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    expected = torch.stack([form.round(sample) for sample in values])
    got = torch.func.vmap(lambda sample: fake_round(sample, form))(values)
    assert torch.equal(got, expected)
    other = torch.func.vmap(lambda sample: fake_round(sample, form), in_dims=-1)(values.movedim(0, -1))
    assert torch.equal(other, expected)
    nested = torch.func.vmap(torch.func.vmap(lambda sample: fake_round(sample, form)))(values.reshape(2, 2, *shape))
    assert torch.equal(nested.reshape(expected.shape), expected)

    def loss(sample: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return (fake_round(sample, form) * weight).sum()

    gradients = torch.func.vmap(torch.func.grad(loss))(values, weights)
    inside = form.representable(values)
    assert torch.equal(gradients, weights if inside is None else torch.where(inside, weights, 0))
    leaf = values.clone().requires_grad_()
    (torch.func.vmap(lambda sample: fake_round(sample, form))(leaf) * weights).sum().backward()
    assert torch.equal(leaf.grad, gradients)


def test_axes_from_either_end_are_the_same() -> None:
    values = torch.randn(3, 40, 5, generator=torch.Generator().manual_seed(0))
    for name, axis in itertools.product(("msfp4", "mxfp4"), (0, 1, 2)):
        form = parse(name)
        expected = form.round(values, axis)
        assert torch.equal(form.round(values, axis - 3), expected)
        assert torch.equal(fake_round(values, form, axis=axis), expected)
