# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models drawn at random, of kinds that hardware shall take: each maps, and computes what PyTorch computes.

Yardsticks: PyTorch's float result, `to_torch` bit for bit, and for a few the RTL bit for bit. The default run has fixed
seeds; `-m long` draws one and prints it, `XPLAT_SEED=1234` repeats a drawn run.
"""

from __future__ import annotations

import os
import random

import pytest
import torch

import xplat
from xplat.api.design import Design
from xplat.testing.small_models import KINDS, draw

MAPPED, LONG, SIMULATED = 6, 40, 4
NOISE_DB = 45
"""Least ratio of signal to quantization noise, in int16, of a few layers."""


def compiled(kind: str, seed: int) -> tuple[Design, torch.Tensor]:
    """The model of a seed in int16 on a board, checked against PyTorch."""
    model, x = draw(kind, seed)
    what = f"draw('{kind}', {seed})"
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize="int16")
    with torch.no_grad():
        expected, result = model(x), design.reference(x)
        trained = design.to_torch().eval()(x)
    assert result.shape == expected.shape, what
    noise = (result - expected).double().square().sum()
    ratio = float(10 * torch.log10(expected.double().square().sum() / noise.clamp(min=1e-30)))
    assert ratio >= NOISE_DB, f"{what}: {ratio:.1f} dB"
    torch.testing.assert_close(trained, result, rtol=0, atol=0, msg=what)
    return design, x


def check_rtl(kind: str, seed: int) -> None:
    """The RTL gives what the reference gives, in the cycles that are promised, also when streams stall."""
    design, x = compiled(kind, seed)
    for backpressure in (0.0, 0.3):
        simulation = design.simulate(x, backpressure=backpressure, seed=seed)
        assert torch.equal(simulation.outputs, design.reference(x)), f"draw('{kind}', {seed})"
        if backpressure == 0:
            assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample, f"draw('{kind}', {seed})"


@pytest.mark.parametrize("seed", range(MAPPED))
@pytest.mark.parametrize("kind", KINDS)
def test_small_models_map(kind: str, seed: int) -> None:
    compiled(kind, seed)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_drawn_models_map(kind: str) -> None:
    first = int(os.environ.get("XPLAT_SEED", random.randrange(1_000_000, 1_000_000_000)))
    print(f"XPLAT_SEED={first}")
    for seed in range(first, first + LONG):
        compiled(kind, seed)
    for seed in range(first, first + SIMULATED):
        check_rtl(kind, seed)
