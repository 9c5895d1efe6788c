# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parameters in memories outside the device: their words come in at ports, in order, and may be late."""

from __future__ import annotations

import re
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat import ir
from xplat.api.design import Design
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import simulate_samples
from xplat.mlir import text_of


@pytest.fixture(scope="module")
def samples() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(12, 2, 4, 4)


@pytest.fixture(scope="module")
def folder(samples: torch.Tensor, tmp_path_factory: pytest.TempPathFactory) -> tuple[Design, Path]:
    """A design whose weights lie outside, and one of the biases: the other one, and the table, are ROMs."""
    layers = {"conv": nn.Conv2d(2, 3, 3), "act": nn.Tanh(), "flat": nn.Flatten(), "fc": nn.Linear(12, 5)}
    network = nn.Sequential(OrderedDict(layers)).eval()
    design = xplat.compile(network, "z7020", example_inputs=samples[:1], calibration=samples)
    text, count = re.subn(
        r"(xplat\.rom @(?:conv_weight|fc_weight|fc_bias) .* depth \d+)", r"\1 kind outside", text_of(design.mapped)
    )
    assert count == 3
    far = Design(design.graph, ir.Module.parse(text, design.mapped.context))
    return far, far.emit(tmp_path_factory.mktemp("outside") / "design")


def test_ports(folder: tuple[Design, Path]) -> None:
    words = {port["name"]: port for port in read_manifest(folder[1])["words"]}
    assert set(words) == {"conv_weight", "fc_weight", "fc_bias"}
    for port in words.values():
        lines = (folder[1] / "mem" / port["file"]).read_text().split()
        assert len(lines) == port["count"] and len(lines[0]) == -(-port["bits"] // 4)
    assert "`conv_weight`, words of a parameter memory outside the device" in (folder[1] / "README.md").read_text()


def test_words_in_time(folder: tuple[Design, Path], samples: torch.Tensor) -> None:
    design, hardware = folder
    simulation = simulate_samples(hardware, [samples], assertions=True)
    assert torch.equal(simulation.outputs[0], design.reference(samples))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample


def test_words_that_are_late(folder: tuple[Design, Path], samples: torch.Tensor) -> None:
    design, hardware = folder
    for stalls in (0.2, 0.8):
        simulation = simulate_samples(hardware, [samples], assertions=True, backpressure=stalls, seed=1)
        assert torch.equal(simulation.outputs[0], design.reference(samples))
