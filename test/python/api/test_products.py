# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of two streams, from PyTorch to simulated hardware."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import xplat


class Scores(nn.Module):
    """Two products in a row, as in attention: with the right operand transposed, and not."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(width, depth), nn.Linear(width, depth), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        scores = torch.relu(self.query(x) @ self.key(x).transpose(1, 2))
        return scores @ self.value(x)


def check(length: int, width: int, depth: int, system: str, **options: Any) -> xplat.Design:
    """Compiles, simulates five samples, and compares every element and the cycles per sample."""
    torch.manual_seed(length * width * depth)
    model = Scores(width, depth).eval()
    design = xplat.compile(model, system, example_inputs=torch.randn(8, length, width), **options)
    x = torch.randn(5, length, width)
    simulation = design.simulate(x)
    assert torch.equal(simulation.outputs, design.reference(x))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    stalled = design.simulate(x, backpressure=0.4, seed=3)
    assert torch.equal(stalled.outputs, simulation.outputs)
    return design


@pytest.mark.parametrize("system", ["z7020", "2xz7020"])
def test_products_of_streams(system: str) -> None:
    design = check(8, 12, 6, system, target_cycles=2048)
    assert str(design.mapped).count("kernel = @matmul") == 2


@pytest.mark.long
@pytest.mark.parametrize(("length", "width", "depth"), [(1, 5, 7), (3, 16, 4), (16, 9, 12)])
def test_shapes_of_products(length: int, width: int, depth: int) -> None:
    check(length, width, depth, "z7020")
    check(length, width, depth, "2xz7020", quantize="int6")
