# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention and transformer layers, from PyTorch to simulated hardware."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import xplat


class Attention(nn.Module):
    """Several heads over a sequence; `grouped`: all queries share one head of keys and values."""

    def __init__(self, width: int, heads: int, *, grouped: bool = False) -> None:
        super().__init__()
        self.heads, self.shared = heads, 1 if grouped else heads
        depth = width // heads
        self.query, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.key, self.value = nn.Linear(width, depth * self.shared), nn.Linear(width, depth * self.shared)

    def split(self, x: Tensor, heads: int) -> Tensor:
        return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.split(self.query(x), self.heads), self.split(self.key(x), self.shared), self.value(x)
        mixed = F.scaled_dot_product_attention(q, k, self.split(v, self.shared), enable_gqa=self.shared != self.heads)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Spelled(Attention):
    """The same, of products and a softmax."""

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (self.split(layer(x), self.heads) for layer in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, dim=-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))


def check(model: nn.Module, length: int, width: int, system: str, **options: object) -> xplat.Design:
    """Compiles, and compares every element and the cycles per sample of eight samples, the last ones steady."""
    torch.manual_seed(length)
    design = xplat.compile(model.eval(), system, example_inputs=torch.randn(16, length, width), **options)
    x = torch.randn(8, length, width)
    simulation = design.simulate(x)
    assert torch.equal(simulation.outputs, design.reference(x))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    return design


def quality(design: xplat.Design, model: nn.Module, x: Tensor) -> float:
    """Signal to quantization noise in dB, against the float model."""
    with torch.no_grad():
        exact = model(x)
    error = design(x) - exact
    return 10 * torch.log10(exact.square().sum() / error.square().sum()).item()


def test_attention_in_hardware() -> None:
    torch.manual_seed(0)
    model = Attention(8, 2)
    design = check(model, 5, 8, "u250")
    assert str(design.mapped).count("kernel = @matmul") == 2
    assert quality(design, model, torch.randn(20, 5, 8)) > 20


class Packed(nn.Module):
    """PyTorch's own, with one projection for query, key and value, which are slices of its result."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.attention(x, x, x, need_weights=False)[0]


def test_packed_projections_keep_the_rate() -> None:
    """Slices come long after one another here: kernels that hold too few beats while they wait slow it down."""
    torch.manual_seed(1)
    check(Packed(), 6, 8, "u250")


@pytest.mark.long
@pytest.mark.parametrize("system", ["u250", "2xz7020"])
@pytest.mark.parametrize("model", [Attention(12, 3, grouped=True), Spelled(8, 2)], ids=["grouped", "spelled"])
def test_forms_of_attention(model: nn.Module, system: str) -> None:
    width = model.query.in_features
    check(model, 6, width, system)


@pytest.mark.long
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_transformer_layer(activation: str) -> None:
    torch.manual_seed(1)
    model = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation=activation, batch_first=True, norm_first=True)
    design = check(model, 6, 8, "2xu250")
    assert quality(design, model, torch.randn(20, 6, 8)) > 15
