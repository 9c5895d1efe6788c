# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions, broadcasts, quotients and norms from PyTorch to simulated RTL, bit for bit.

Yardsticks: PyTorch's float result for the reference, the reference for the RTL, the report for its cycles.
"""

from __future__ import annotations

import pytest
import torch
from torch import nn

import xplat


class SqueezeExcite(nn.Module):
    """Channels scaled by a gate that the means of all channels decide."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.down, self.up = nn.Conv2d(2, 8, 3, padding=1), nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x).relu()
        gate = self.up(self.down(x.mean((2, 3), keepdim=True)).relu())
        return x * (gate * 0.25 + 0.5).clamp(0, 1)


class Pooled(nn.Module):
    """The mean over all tokens, and their extremes."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        return self.last(x.mean(1) + x.amax(1) - x.amin(1))


class Shares(nn.Module):
    """Every element's share of its row."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x.relu() + 0.0625
        return x / x.sum(-1, keepdim=True)


class Norm(nn.Module):
    """A norm between linear layers, whose gamma and beta go into the second one."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(6, 8), norm, nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.norm(self.first(x)))


class Everything(nn.Module):
    """A gate over an image, whose pixels are tokens for a norm and a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.norm, self.last = SqueezeExcite(), trained(nn.LayerNorm(8)), nn.Linear(8, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = self.gate(x).flatten(2).transpose(1, 2)
        return torch.softmax(self.last(self.norm(tokens)), -1)


def trained(norm: nn.Module) -> nn.Module:
    """With weights other than ones and zeros."""
    for parameter in norm.parameters():
        nn.init.normal_(parameter, 1.0, 0.3)
    return norm


MODELS = {
    "everything": (Everything, (2, 5, 4)),
    "squeeze-excite": (SqueezeExcite, (2, 5, 4)),
    "tokens": (Pooled, (5, 6)),
    "shares": (Shares, (3, 8)),
    "layer norm": (lambda: Norm(trained(nn.LayerNorm(8))), (5, 6)),
    "plain layer norm": (lambda: nn.LayerNorm(8, elementwise_affine=False), (3, 8)),
    "rms norm": (lambda: trained(nn.RMSNorm(8, eps=1e-5)), (3, 8)),
    "softmax": (lambda: nn.Sequential(nn.Linear(6, 8), nn.Softmax(-1), nn.Linear(8, 4)), (5, 6)),
    "softmax of columns": (lambda: nn.Sequential(nn.Linear(6, 4), nn.Softmax(1)), (5, 6)),
    "upsample": (lambda: nn.Sequential(nn.Conv2d(2, 4, 1), nn.Upsample(scale_factor=2), nn.Conv2d(4, 2, 3)), (2, 3, 4)),
}


def check(name: str, quantize: str, decibels: float) -> None:
    torch.manual_seed(2)
    factory, shape = MODELS[name]
    model, x = factory().eval(), torch.randn(24, *shape)
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize=quantize)
    with torch.no_grad():
        expected = model(x)
    reference = design.reference(x)
    noise = (reference - expected).double().square().sum()
    assert 10 * torch.log10(expected.double().square().sum() / noise) > decibels
    assert torch.equal(design.to_torch().eval()(x), reference)
    free = design.simulate(x[:6])
    assert torch.equal(free.outputs, reference[:6])
    assert free.cycles_per_sample[-1] == design.report().cycles_per_sample
    assert torch.equal(design.simulate(x[:6], backpressure=0.3, seed=3).outputs, reference[:6])


def test_int8() -> None:
    check("everything", "int8", 25)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in MODELS if name != "everything"])
def test_each_alone(name: str) -> None:
    check(name, "int8", 25)


@pytest.mark.long
@pytest.mark.parametrize("name", MODELS)
def test_int10(name: str) -> None:
    check(name, "int10", 35)
