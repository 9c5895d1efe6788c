# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Token ids, causal attention and transposed convolutions as hardware: every element equal, in the promised cycles.

Small models of the zoo are among the long tests; all of them: `make bench-zoo-rtl`.
"""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import xplat


class Decoder(nn.Module):
    """Ids to logits, by one causal attention of two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(12, 8)
        self.positions = nn.Parameter(torch.randn(5, 8))
        self.mixed, self.head = nn.Linear(8, 24), nn.Linear(8, 12)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.tokens(ids) + self.positions
        query, key, value = (part.unflatten(-1, (2, 4)).transpose(1, 2) for part in self.mixed(x).chunk(3, -1))
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.head(x + seen.transpose(1, 2).flatten(2))


def check(design: xplat.Design, x: torch.Tensor) -> None:
    simulation = design.simulate(x)
    assert torch.equal(simulation.outputs, design.reference(x))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample


def test_token_ids_and_causal_attention() -> None:
    torch.manual_seed(0)
    model, x = Decoder().eval(), torch.randint(0, 12, (16, 5))
    design = xplat.compile(model, "u250", example_inputs=x[:1], calibration=x, target_cycles=512)
    check(design, x[:3])
    with torch.no_grad():
        exact = model(x)
    noise = (design.reference(x) - exact).square().sum() / exact.square().sum()
    assert noise < 0.01


@pytest.mark.parametrize(
    "layer",
    [
        nn.ConvTranspose2d(3, 2, 2, stride=2),
        nn.ConvTranspose2d(4, 4, (3, 4), stride=(2, 1), padding=(1, 2), groups=2, bias=False),
        nn.ConvTranspose2d(2, 3, 3, stride=3, output_padding=2),
    ],
    ids=["squares", "groups", "output padding"],
)
def test_transposed_convolution(layer: nn.ConvTranspose2d) -> None:
    torch.manual_seed(0)
    x = torch.randn(8, layer.in_channels, 4, 5)
    design = xplat.compile(layer.eval(), "u250", example_inputs=x[:1], calibration=x, target_cycles=1024)
    check(design, x[:3])
    with torch.no_grad():
        exact = layer(x)
    assert (design.reference(x) - exact).square().sum() / exact.square().sum() < 0.01


@pytest.mark.long
@pytest.mark.parametrize("name", ["gpt2", "llama", "bert-base", "unet"])
def test_small_models_of_the_zoo(name: str) -> None:
    spec = xplat.models.get(name)
    torch.manual_seed(0)
    model, (x,) = spec.build_small().eval(), spec.small_inputs(batch=3, seed=1)
    check(xplat.compile(model, "u250", example_inputs=x[:1], calibration=x, target_cycles=4096), x)


class TwoTables(nn.Module):
    """Rows of a large and of a small table at the same ids."""

    def __init__(self) -> None:
        super().__init__()
        self.large, self.small = nn.Embedding(20, 4), nn.Embedding(10, 4)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.large(ids) + self.small(ids)


def test_an_index_beyond_a_table_is_an_error() -> None:
    ids = torch.randint(0, 10, (3, 5))
    design = xplat.compile(TwoTables(), "u250", example_inputs=ids[:1], calibration=ids)
    for index in (10, -1):
        for run in (design.simulate, design.reference):
            with pytest.raises(xplat.XplatError, match="outside its table, which has rows 0 to 9"):
                run(torch.full((1, 5), index))
