"""`xplat-size-fifos` leaves out nodes that repeat already; its result is that of simulating every node.

Yardstick: the same pass with `simulate-all`, on graphs drawn at random that are deep, fork, join and cross devices.
Where the streams do not flow (no FIFOs at all), both say the same, too.
"""

from __future__ import annotations

import os
import random

import pytest
import torch
from torch import nn

import xplat
from xplat import ir
from xplat.errors import XplatError
from xplat.library import kernel_files, link_pass
from xplat.passes import run_pipeline
from xplat.system import System
from xplat.testing.small_models import KINDS, draw

LONG = 40


class Branches(nn.Module):
    """Linear layers in a row, some with a connection around them, around several of them, or with a branch beside."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.width = rng.choice([4, 6, 8])
        self.hidden = [rng.choice([2, 4, 8, 12]) for _ in range(rng.randint(8, 24))]
        self.first = nn.ModuleList(nn.Linear(self.width, hidden) for hidden in self.hidden)
        self.second = nn.ModuleList(nn.Linear(hidden, self.width) for hidden in self.hidden)
        self.kinds = [rng.choice(["chain", "residual", "long", "join"]) for _ in self.hidden]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        start = x
        for kind, first, second in zip(self.kinds, self.first, self.second, strict=True):
            y = second(torch.relu(first(x)))
            if kind == "residual":
                y = y + x
            elif kind == "long":
                y, start = y + start, y
            elif kind == "join":
                y = torch.relu(y) + y
            x = y * 0.5
        return x


def streams_of(model: nn.Module, x: torch.Tensor, system: str) -> ir.Module:
    """The mapped graph with streams, without FIFOs."""
    quantized = xplat.quantize(model, example_inputs=x[:1], calibration=x)
    linked = run_pipeline(
        System.load(system).merged_into(quantized.module), link_pass(kernel_files()), where="link kernels"
    )
    mapped = f"xplat-hardware{{system={System.load(system).name}}},xplat-convert-to-dataflow"
    return run_pipeline(linked, mapped, where="map")


def sized(streams: ir.Module, options: str) -> str:
    """What comes out of the pass, or what it says."""
    try:
        return str(run_pipeline(streams, f"xplat-size-fifos{{{options}}}", where="dataflow"))
    except XplatError as error:
        return "\n".join(line for line in str(error).splitlines() if "xplat-opt" not in line)


def compare(model: nn.Module, x: torch.Tensor, system: str, what: str) -> None:
    streams = streams_of(model.eval(), x, system)
    # The search for smaller FIFOs either takes place or not: it is not cut short after so many steps.
    for options in ("effort=0", "effort=1000000000000", "size=false"):
        expected = sized(streams, f"{options} simulate-all=true")
        assert sized(streams, options) == expected, f"{what} on {system}: {options}"


def compare_branches(seed: int) -> None:
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Branches(rng)
    compare(model, torch.randn(4, model.width), rng.choice(["z7020", "2xz7020", "3xz7020-chain"]), f"seed {seed}")


@pytest.mark.parametrize("seed", range(6))
def test_branches(seed: int) -> None:
    compare_branches(seed)


@pytest.mark.parametrize("kind", KINDS)
def test_small_models(kind: str) -> None:
    model, x = draw(kind, 1)
    compare(model, x, "2xzu9eg", f"draw('{kind}', 1)")


@pytest.mark.long
def test_drawn_branches() -> None:
    first = int(os.environ.get("XPLAT_SEED", random.randrange(1_000_000, 1_000_000_000)))
    print(f"XPLAT_SEED={first}")
    for seed in range(first, first + LONG):
        compare_branches(seed)
