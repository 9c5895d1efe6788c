# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trained weights back into quantized models and designs, and what training wins back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import xplat
from xplat.support.errors import InputError, ModelImportError
from xplat.testing.networks import Mlp, ResidualCnn, settle_batch_norm

IMAGES = torch.randn(24, 1, 8, 8, generator=torch.Generator().manual_seed(3))


def test_weights_go_back_without_a_new_import() -> None:
    torch.manual_seed(0)
    model = settle_batch_norm(ResidualCnn(), IMAGES).eval()
    result = xplat.quantize(model, example_inputs=IMAGES, calibration=IMAGES, quantize="int4")
    module = result.to_torch().train()
    optimizer = torch.optim.Adam(module.parameters(), 1e-3)
    for _ in range(3):
        optimizer.zero_grad()
        module(IMAGES).square().mean().backward()
        optimizer.step()
    trained = result.with_state_dict(module.state_dict())
    with torch.no_grad():
        assert torch.equal(trained.reference(IMAGES), module.eval()(IMAGES))
        assert not torch.equal(trained.reference(IMAGES), result.reference(IMAGES))
    assert str(trained.module) == str(result.module)
    with pytest.raises(ModelImportError, match="does not fit the model"):
        result.with_state_dict({"nothing": torch.zeros(2)})


def test_weights_go_back_into_a_design(tmp_path: Path) -> None:
    torch.manual_seed(4)
    model = Mlp().eval()
    result = xplat.quantize(model, example_inputs=IMAGES, calibration=IMAGES, quantize="int6")
    design = xplat.compile(result, "z7020")
    assert torch.equal(design.reference(IMAGES), result.reference(IMAGES))
    module = design.to_torch().train()
    optimizer = torch.optim.SGD(module.parameters(), 0.05)
    module(IMAGES).square().mean().backward()
    optimizer.step()
    trained = design.with_state_dict(module.state_dict())
    with torch.no_grad():
        assert torch.equal(trained.reference(IMAGES), module.eval()(IMAGES))
    before, now = design.emit(tmp_path / "before"), trained.emit(tmp_path / "after")
    memories = sorted(file.relative_to(before) for file in (before / "mem").iterdir())
    assert any((before / file).read_text() != (now / file).read_text() for file in memories)
    for file in before.rglob("*.sv"):
        assert file.read_text() == (now / file.relative_to(before)).read_text(), "the hardware stays"
    trained.save(tmp_path / "saved")
    loaded = xplat.Design.load(tmp_path / "saved")
    with torch.no_grad():
        assert torch.equal(loaded.to_torch().eval()(x=IMAGES), trained.reference(IMAGES))
    with pytest.raises(InputError, match="quantized already"):
        xplat.compile(result, "z7020", example_inputs=IMAGES)


def test_fine_tuning_wins_back_what_few_bits_lose() -> None:
    from sklearn.datasets import load_digits

    digits = load_digits()
    x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    y = torch.tensor(digits.target)
    train, test = slice(0, 1200), slice(1200, None)
    torch.manual_seed(5)
    model = Mlp(hidden=24)
    fit(model, x[train], y[train], epochs=40, rate=5e-3)
    exact = accuracy(model.eval(), x[test], y[test])
    result = xplat.quantize(model, example_inputs=x[:1], calibration=x[train], quantize="w=int3,a=int4")
    module = result.to_torch()
    lost = accuracy(module.eval(), x[test], y[test])
    fit(module, x[train], y[train], epochs=30, rate=1e-2)
    tuned = accuracy(module.eval(), x[test], y[test])
    assert lost < exact - 0.05
    assert tuned > lost + (exact - lost) / 2, (exact, lost, tuned)
    back = result.with_state_dict(module.state_dict()).reference(x[test])
    assert accuracy(lambda _: back, x[test], y[test]) == tuned


def fit(module: nn.Module, x: torch.Tensor, y: torch.Tensor, *, epochs: int, rate: float) -> None:
    """An ordinary training loop."""
    module.train()
    optimizer = torch.optim.Adam(module.parameters(), rate)
    generator = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for batch in torch.randperm(len(x), generator=generator).split(100):
            optimizer.zero_grad()
            F.cross_entropy(module(x[batch]), y[batch]).backward()
            optimizer.step()


@torch.no_grad()
def accuracy(module, x: torch.Tensor, y: torch.Tensor) -> float:
    return float((module(x).argmax(1) == y).float().mean())
