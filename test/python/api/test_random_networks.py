# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random networks as hardware: each simulates as its reference computes, however its ends stall, or is refused with a
reason.

The default run has fixed seeds; `-m long` has more of them.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

import xplat
from xplat.frontend import import_model
from xplat.testing.modules import RandomModule

CHUNK, DEFAULT, SEEDS = 20, 2, 15
"""Seeds of a test; tests of the default run, and all."""
LEAST = 4
"""Networks of a test that become hardware, at least: fewer would say little about those that do."""
FORMATS = ("int8", "msfp6b4", "int4", "mxint8b2")
"""Of one test after the other. With four bits saturation is common; blocks are smaller than most rows of channels."""


def flat(outputs: Any) -> list[torch.Tensor]:
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [tensor for part in (outputs.values() if isinstance(outputs, dict) else outputs) for tensor in flat(part)]


def check(seed: int, quantize: str) -> bool:
    """Whether the network of this seed maps; asserts that its RTL computes what its reference does."""
    module = RandomModule(seed, ordered=seed % 3 == 0)
    samples = [(*args, *kwargs.values()) for args, kwargs in (module.sample(0), module.sample(1))]
    try:
        args, kwargs = module.sample(0)
        graph = import_model(module, args, example_kwargs=kwargs)
        design = xplat.compile(graph, "u250", calibration=samples, quantize=quantize)
    except xplat.XplatError as error:
        assert str(error).strip(), f"RandomModule({seed}) is refused without a reason"
        return False
    x = tuple(torch.cat(operands) for operands in zip(*samples * 2, strict=True))
    operands = x if len(x) > 1 else x[0]
    expected = flat(design.reference(operands))
    simulation = design.simulate(operands, backpressure=0.3, seed=seed)
    for index, (result, wanted) in enumerate(zip(flat(simulation.outputs), expected, strict=True)):
        assert torch.equal(result, wanted), f"RandomModule({seed}), output {index}: {', '.join(module.labels)}"
    return True


@pytest.mark.parametrize(
    "chunk", [pytest.param(n, marks=[pytest.mark.long] if n >= DEFAULT else []) for n in range(SEEDS)]
)
def test_random_networks(chunk: int) -> None:
    quantize = FORMATS[chunk % len(FORMATS)]
    mapped = [check(seed, quantize) for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK)]
    assert sum(mapped) >= LEAST, f"{sum(mapped)} of {CHUNK} networks became hardware"
