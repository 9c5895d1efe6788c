# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks whose products have factors in block formats, as hardware: every element equal, in the promised cycles.

Transformers of the zoo in block formats: `make bench-zoo-rtl`.
"""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import xplat


class Attention(nn.Module):
    """One layer of a transformer without norms: two heads of attention, and a layer of two products."""

    def __init__(self) -> None:
        super().__init__()
        self.mixed, self.out = nn.Linear(32, 96), nn.Linear(32, 32)
        self.up, self.down = nn.Linear(32, 48), nn.Linear(48, 32)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        query, key, value = (part.unflatten(-1, (2, 16)).transpose(1, 2) for part in self.mixed(x).chunk(3, -1))
        seen = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        x = x + self.out(seen)
        return x + self.down(F.gelu(self.up(x)))


def check(design: xplat.Design, x: torch.Tensor) -> None:
    simulation = design.simulate(x)
    assert torch.equal(simulation.outputs, design.reference(x))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample


def kernels(design: xplat.Design) -> set[str]:
    return {node.kernel for node in design.report().nodes}


@pytest.mark.parametrize("form", ["msfp4", "mxint8b8", "mxfp4", "w=msfp6,a=mxfp6b16"])
def test_two_layers(form: str) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(32, 24), nn.ReLU(), nn.Linear(24, 10)).eval()
    x = torch.randn(64, 32) * torch.exp2(torch.randint(-3, 3, (64, 1)).float())
    design = xplat.compile(model, "z7020", example_inputs=x[:1], calibration=x, quantize=form, target_cycles=64)
    assert {"block_linear", "block_cast"} <= kernels(design)
    check(design, x[:6])
    with torch.no_grad():
        exact = model(x)
    noise = (design.reference(x) - exact).square().sum() / exact.square().sum()
    assert noise < 0.1
    # The same arithmetic in training.
    assert torch.equal(design.graph.to_torch()(x[:6]), design.reference(x[:6]))


@pytest.mark.parametrize(("form", "boards"), [("msfp4", 1), ("mxint8b8", 2)])
def test_attention(form: str, boards: int) -> None:
    torch.manual_seed(0)
    model, x = Attention().eval(), torch.randn(32, 6, 32)
    where = {"mapping": {"down*": {"device": "fpga1"}}, "system": "2xu250"} if boards == 2 else {"system": "u250"}
    design = xplat.compile(
        model,
        example_inputs=x[:1],
        calibration=x,
        quantize=form,
        target_cycles=1024,
        **where,  # type: ignore[arg-type]
    )
    assert {"block_linear", "block_cast", "block_matmul"} <= kernels(design)
    check(design, x[:3])
    with torch.no_grad():
        exact = model(x)
    assert (design.reference(x) - exact).square().sum() / exact.square().sum() < 0.05


class Convolutions(nn.Module):
    """A channel, channels that are no whole block, groups that are blocks and groups that are not, a depthwise one."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.wide = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 32, 3, stride=2, padding=1)
        self.grouped, self.narrow = nn.Conv2d(32, 32, 3, padding=1, groups=2), nn.Conv2d(32, 16, 1, groups=4)
        self.depthwise, self.last = nn.Conv2d(16, 16, 3, groups=16), nn.Linear(16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.wide(F.relu(self.first(x))))
        x = F.relu(self.narrow(F.relu(self.grouped(x))))
        return self.last(F.relu(self.depthwise(x)).mean((2, 3)))


@pytest.mark.parametrize(("form", "boards"), [("msfp4", 1), ("mxint8b8", 2), ("mxfp6b16", 1)])
def test_convolutions(form: str, boards: int) -> None:
    torch.manual_seed(0)
    model, x = Convolutions().eval(), torch.randn(16, 1, 10, 8)
    where = {"mapping": {"grouped*": {"device": "fpga1"}}, "system": "2xu250"} if boards == 2 else {"system": "u250"}
    design = xplat.compile(
        model,
        example_inputs=x[:1],
        calibration=x,
        quantize=form,
        target_cycles=1500,
        **where,  # type: ignore[arg-type]
    )
    used = {node.name: node.kernel for node in design.report().nodes}
    # In blocks of 8, a group of 8 channels is one.
    blocks = {"wide", "grouped"} | ({"narrow"} if form == "mxint8b8" else set())
    assert {name for name, kernel in used.items() if kernel == "block_conv2d"} == blocks
    assert used["first"] == "conv2d" and used["last"] == "block_linear"
    check(design, x[:3])
    with torch.no_grad():
        exact = model(x)
    noise = (design.reference(x) - exact).square().sum() / exact.square().sum()
    assert noise < 0.1
    # The same arithmetic in training.
    assert torch.equal(design.graph.to_torch()(x[:3]), design.reference(x[:3]))


@pytest.mark.parametrize("features", [8, 24, 32])
def test_host_sends_blocks(features: int) -> None:
    """Values that enter in blocks, in rows of less than a block, of one and a half, and of two."""
    torch.manual_seed(1)
    model, x = nn.Sequential(nn.Linear(features, 8)), torch.randn(6, 4, features)
    graph = xplat.quantize(
        model,
        example_inputs=x[:1],
        calibration=x,
        quantize={"default": "msfp4", "modules": {"0": {"value": "int12"}}},
    )
    check(xplat.compile(graph, "u250"), x)
    # A beat has the exponents of one row.
    with pytest.raises(xplat.XplatError, match="blocks of a shared exponent"):
        xplat.compile(graph, "u250", mapping={"input": {"unroll": {"n": 2, "c": features}}})
