# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors of every rank, from single numbers to volumes of tokens: they map, and nothing moves that need not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import xplat


class Function(nn.Module):
    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


class Block(nn.Module):
    """As ConvNeXt has it: pixels are rows of a linear layer."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.spatial = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.wide, self.narrow = nn.Linear(channels, 2 * channels), nn.Linear(2 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.5))

    def forward(self, x: Tensor) -> Tensor:
        y = self.spatial(x).permute(0, 2, 3, 1)
        y = self.scale * self.narrow(F.gelu(self.wide(self.norm(y))))
        return x + y.permute(0, 3, 1, 2)


def check(model: nn.Module, x: Tensor) -> xplat.Design:
    design = xplat.compile(model.eval(), "u250", example_inputs=x)
    simulation = design.simulate(x[:3])
    assert torch.equal(simulation.outputs, design.reference(x[:3]))
    with torch.no_grad():
        exact = model(x[:3])
    assert simulation.outputs.shape == exact.shape
    # Eight bits against PyTorch, relative to the largest number.
    assert (simulation.outputs - exact).abs().max() <= 0.1 * exact.abs().max()
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    return design


MODELS: dict[str, Callable[[], tuple[nn.Module, tuple[int, ...]]]] = {
    "linear": lambda: (nn.Linear(6, 5), (3, 4, 6)),
    "layer norm": lambda: (nn.LayerNorm(6), (3, 4, 6)),
    "softmax": lambda: (nn.Softmax(-1), (3, 4, 6)),
    "products": lambda: (Function(lambda x: (x @ x.transpose(-1, -2)).relu() @ x), (2, 5, 4)),
    "triangles": lambda: (Function(torch.tril), (2, 5, 5)),
    "a block of pixels": lambda: (Block(4), (4, 5, 6)),
}


@pytest.mark.parametrize("name", MODELS)
def test_rows_of_four_dimensions(name: str) -> None:
    torch.manual_seed(2)
    model, shape = MODELS[name]()
    design = check(model, torch.randn(16, *shape))
    assert not [node.kernel for node in design.report().nodes if node.kernel.startswith("reorder")]


def test_ids_of_three_dimensions() -> None:
    check(nn.Embedding(10, 4), torch.randint(0, 10, (16, 3, 5)))


NUMBERS: dict[str, Callable[[Tensor], Tensor]] = {
    "sum": lambda x: x.sum((1, 2)),
    "function of a sum": lambda x: torch.tanh(x.sum((1, 2))),
    "of one element": lambda x: x[:, 1, 2].relu(),
    "difference of two": lambda x: x.amax((1, 2)) - x.mean((1, 2)),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_one_number_a_sample(name: str) -> None:
    check(Function(NUMBERS[name]), torch.randn(16, 3, 4))


def test_a_number_without_dimensions() -> None:
    """Of a sample alone, a sum over everything has no dimension left, and what follows reads such a number."""
    model = Function(lambda x: torch.tanh(x.sum()) + x.max().relu())
    x = torch.randn(8, 3, 4)
    design = xplat.compile(model, "u250", example_inputs=x[:1], calibration=x)
    simulation = design.simulate(x[:3])
    assert torch.equal(simulation.outputs, design.reference(x[:3]))
    exact = torch.stack([model(one[None]) for one in x[:3]])
    assert (simulation.outputs.flatten() - exact).abs().max() <= 0.1 * exact.abs().max()
