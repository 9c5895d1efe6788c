# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Other weights for a graph, a quantized model or a design whose earlier weights had zeros."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat.support.errors import ModelImportError

IMAGES = torch.randn(3, 4, 6, 6, generator=torch.Generator().manual_seed(0))


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(4, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.c = nn.Conv2d(8, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.c(torch.relu(self.bn(self.a(x))))


def dense() -> nn.Module:
    torch.manual_seed(1)
    return Net().eval()


def with_zero_channels() -> nn.Module:
    model = dense()
    with torch.no_grad():
        for tensor in (model.a.weight, model.a.bias, model.bn.weight, model.bn.bias):
            tensor[2:5] = 0
    return model


def quantized(model: nn.Module) -> xplat.Graph:
    return xplat.quantize(model, example_inputs=IMAGES, calibration=IMAGES, quantize="int16")


def test_zeros_of_earlier_weights_are_forgotten() -> None:
    graph = xplat.prune(with_zero_channels(), "none", example_inputs=IMAGES)
    again = graph.with_state_dict(dense().state_dict())
    result = xplat.quantize(again, calibration=IMAGES, quantize="int16")
    torch.testing.assert_close(result.reference(IMAGES), dense()(IMAGES).detach(), atol=1e-3, rtol=0)


def test_channels_that_were_removed_do_not_come_back() -> None:
    result = quantized(with_zero_channels())
    assert "a.weight:kept" in str(result.module)
    design = xplat.compile(result, "z7020")
    for owner in (result, design):
        with pytest.raises(
            ModelImportError, match=r"removed because they were zero(.|\n)*  a\.weight: 2, 3, 4\n"
        ) as error:
            owner.with_state_dict(dense().state_dict())
        assert "quantize the model anew" in str(error.value)
        state = with_zero_channels().state_dict()
        state["bn.bias"][3] = 0.5
        with pytest.raises(ModelImportError, match=r"new values:\n  bn\.bias: 3\n"):
            owner.with_state_dict(state)


def test_removed_channels_stay_at_zero_through_training() -> None:
    result = quantized(with_zero_channels())
    module = result.to_torch().train()
    optimizer = torch.optim.AdamW(module.parameters(), 1e-2)
    for _ in range(3):
        optimizer.zero_grad()
        module(IMAGES).square().mean().backward()
        optimizer.step()
    trained = result.with_state_dict(module.state_dict())
    assert not torch.equal(trained.reference(IMAGES), result.reference(IMAGES))
    assert torch.equal(trained.reference(IMAGES), module.eval()(IMAGES))
    design = xplat.compile(result, "z7020").with_state_dict(module.state_dict())
    assert torch.equal(design.reference(IMAGES), trained.reference(IMAGES))


def test_masked_channels_take_any_weights() -> None:
    options = dict(example_inputs=IMAGES, calibration=IMAGES, quantize="int16", pruning="channel:0.5")
    result = xplat.quantize(dense(), **options)
    state = {key: value + 1 for key, value in dense().state_dict().items()}
    assert result.with_state_dict(state).reference(IMAGES).isfinite().all()


def mlp_with_zeros() -> nn.Module:
    """Two of every four neighbours are zero, without any rule that says so."""
    torch.manual_seed(2)
    model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 8))
    with torch.no_grad():
        model[0].weight.view(32, 4, 4)[..., 2:] = 0
    return model


def test_zeros_that_training_has_filled_are_forgotten(tmp_path: Path) -> None:
    x = torch.randn(64, 16)
    sparse = xplat.quantize(mlp_with_zeros(), calibration=x, example_inputs=x[:1])
    design = xplat.compile(sparse, "z7020", target_cycles=16)
    assert "pruning" in str(design.report())
    state = {key: tensor + 0.1 for key, tensor in mlp_with_zeros().state_dict().items()}
    trained = xplat.compile(sparse.with_state_dict(state), "z7020", target_cycles=16)
    assert "pruning" not in str(trained.report())
    assert trained.emit(tmp_path / "hardware").is_dir()
    with pytest.raises(ModelImportError, match="holds 2 of 4 neighbouring weights, but 4 are not zero"):
        design.with_state_dict(state)
    assert design.with_state_dict(mlp_with_zeros().state_dict()).report() == design.report()


def test_an_evaluation_sees_the_weights_it_is_called_with() -> None:
    model, x = nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 3)), torch.randn(5, 8)
    module = xplat.import_model(model, x[:1]).to_torch().eval()
    start = {key: value.detach().clone() for key, value in module.state_dict().items()}
    with torch.no_grad():
        before = module(x)
        for parameter in module.parameters():
            parameter.mul_(2)
        assert torch.equal(torch.func.functional_call(module, start, (x,)), before)
        others = {key: value.clone() for key, value in module.state_dict().items()}
        after = torch.func.functional_call(module, others, (x,))
        for value in others.values():
            value.zero_()
        assert torch.equal(module(x), after) and not torch.equal(after, before)
