# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Slices of what is reshaped and transposed are taken first: random chains give the same numbers as in PyTorch."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import nn

import xplat


class Chain(nn.Module):
    """Reshapes and permutations one after another, and several slices of what they give."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        pick = random.Random(seed)
        shape = [pick.choice([2, 3, 4]), pick.choice([4, 6]), pick.choice([3, 4, 6])]
        self.shape, self.moves, self.parts = list(shape), [], []
        for _ in range(pick.randint(1, 4)):
            reshapes = pick.random() < 0.5
            order = pick.sample(range(len(shape)), len(shape))
            shape = self.factors(pick, math.prod(shape)) if reshapes else [shape[dim] for dim in order]
            self.moves.append((reshapes, shape if reshapes else order))
        for _ in range(pick.randint(2, 3)):
            self.parts.append(tuple(self.part(pick, extent) for extent in shape))

    @staticmethod
    def factors(pick: random.Random, elements: int) -> list[int]:
        """A shape of two to five dimensions with so many elements."""
        shape = [1] * pick.randint(2, 5)
        for prime in (2, 2, 2, 2, 2, 3, 3, 3):
            if elements % prime == 0:
                shape[pick.randrange(len(shape))] *= prime
                elements //= prime
        shape[-1] *= elements
        return shape

    @staticmethod
    def part(pick: random.Random, extent: int) -> slice:
        """A range, with a step at times; often all."""
        start = pick.randrange(extent)
        return pick.choice([slice(None), slice(start, pick.randint(start + 1, extent), pick.choice([1, 1, 2]))])

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x = torch.tanh(x[0])
        for reshapes, how in self.moves:
            x = x.reshape(how) if reshapes else x.permute(how)
        return tuple(torch.relu(x[part].reshape(-1)) for part in self.parts)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_random_chains(first: int) -> None:
    for seed in range(first, first + 20):
        model = Chain(seed)
        x = torch.randn(1, *model.shape, generator=torch.Generator().manual_seed(seed))
        graph = xplat.quantize(model, example_inputs=x, calibration=x, quantize="fp32")
        for index, (result, wanted) in enumerate(zip(graph(x), model(x), strict=True)):
            torch.testing.assert_close(result.reshape(-1).float(), wanted, msg=f"Chain({seed}), part {index}")
