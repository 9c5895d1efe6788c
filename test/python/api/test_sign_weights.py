# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Binary and ternary weights from PyTorch to simulated RTL: values, memories, training, what is refused.

Yardsticks: PyTorch with weights that are signs already, the reference for the RTL, the memory files.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import xplat


class Network(nn.Module):
    """Convolution, depthwise convolution and linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 6, 3, padding=1)
        self.depthwise = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.last = nn.Linear(6 * 16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.depthwise(self.conv(x).relu()).relu()
        return self.last(x.flatten(1))


def to_signs(model: nn.Module, name: str) -> None:
    """Makes all weights signs, each row with a scale of its own; the reference of the test, by hand."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                rows = module.weight.flatten(1)
                signs = torch.where(rows < 0, -1.0, 1.0)
                if name == "ternary":
                    signs = signs * (rows.abs() > rows.abs().mean(1, keepdim=True) / 2)
                scales = 2.0 ** -(torch.arange(len(rows)) % 3 + 2.0)
                module.weight.copy_((signs * scales[:, None]).reshape(module.weight.shape))
                module.bias.copy_((module.bias * 8).round() / 8)  # as the scales of products hold them


@pytest.mark.parametrize("name", ["binary", "ternary"])
def test_signs_stay(name: str) -> None:
    """Weights that are signs already keep their values, and the hardware computes with them."""
    torch.manual_seed(1)
    model, x = Network().eval(), torch.randn(16, 4, 4, 4)
    to_signs(model, name)
    request = {"default": f"w={name},a=int8"}
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize=request)
    plain = xplat.quantize(model, calibration=x, example_inputs=x[:1], quantize="w8a8")
    reference = design.reference(x)
    assert torch.equal(reference, plain(x)), "scales that are powers of two are exact in eight bits, too"
    trainable = design.to_torch().eval()
    assert torch.equal(trainable(x), reference)
    free = design.simulate(x[:4])
    assert torch.equal(free.outputs, reference[:4])
    assert free.cycles_per_sample[-1] == design.report().cycles_per_sample
    assert torch.equal(design.simulate(x[:4], backpressure=0.3, seed=3).outputs, reference[:4])


@pytest.mark.parametrize(("name", "bits"), [("binary", 1), ("ternary", 2)])
def test_bits_in_memory(tmp_path: Path, name: str, bits: int) -> None:
    """A memory holds as many bits as the format has: of a binary weight, whether it is negative."""
    torch.manual_seed(2)
    model, x = nn.Linear(8, 4, bias=False).eval(), torch.randn(8, 8)
    request = {"modules": {"*": {"weight": name}}}
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize=request)
    design.emit(tmp_path / "out")
    words = [
        int(line, 16) for file in (tmp_path / "out").rglob("*weight*.mem") for line in file.read_text().splitlines()
    ]
    ones = sum(word.bit_count() for word in words)
    weight = design.graph.parameters["weight"]
    assert ones == (int((weight < 0).sum()) if bits == 1 else ones)
    assert max(words) < 1 << 8 * 4 * bits
    assert torch.equal(design.simulate(x).outputs, design.reference(x))


def test_training() -> None:
    """Weights of one bit learn through the straight-through estimator."""
    torch.manual_seed(3)
    model, x = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2)), torch.randn(256, 16)
    labels = (x[:, :4].sum(1) > 0).long()
    graph = xplat.quantize(model, calibration=x, example_inputs=x[:1], quantize="w=binary,a=int8")
    network = graph.to_torch()

    def correct() -> float:
        with torch.no_grad():
            return float((network(x).argmax(1) == labels).float().mean())

    before = correct()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(100):
        loss = nn.functional.cross_entropy(network(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert correct() > max(0.85, before + 0.2)


def test_refused() -> None:
    x = torch.randn(8, 8)
    with pytest.raises(xplat.XplatError, match="weights, not of values"):
        xplat.quantize(nn.Linear(8, 4), calibration=x, example_inputs=x[:1], quantize="binary")
