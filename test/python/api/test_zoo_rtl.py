# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models of the zoo as hardware: the RTL gives every element, in the cycles that are promised.

Whole: `make bench-zoo-rtl`.
"""

from __future__ import annotations

import pytest
import torch

import xplat


@pytest.mark.parametrize("name", ["gpt2", "unet"])
def test_small_models_of_the_zoo(name: str) -> None:
    spec = xplat.models.get(name)
    torch.manual_seed(0)
    model, x = spec.build_small().eval(), spec.small_inputs(batch=3, seed=1)
    design = xplat.compile(model, "u250", example_inputs=x[0][:1], calibration=x[0], target_cycles=4096)
    simulation = design.simulate(x[0], assertions=True)
    assert torch.equal(simulation.outputs, design.reference(x[0]))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample


def test_an_index_beyond_the_table_is_an_error() -> None:
    model = torch.nn.Embedding(10, 4)
    ids = torch.randint(0, 10, (3, 5))
    design = xplat.compile(model, "u250", example_inputs=ids[:1], calibration=ids)
    with pytest.raises(xplat.XplatError, match="index"):
        design.simulate(torch.full((1, 5), 10))
