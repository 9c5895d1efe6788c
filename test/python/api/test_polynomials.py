# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of wide values become polynomials: from PyTorch to simulated RTL, bit for bit, within one last place."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import xplat
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.support.errors import PassError

NUMBERS = (torch.arange(1 << 16) - (1 << 15)).double() / 2**12
"""All of the format `fixed16.12`."""


def polynomials(design: xplat.Design) -> dict[str, xp.PolynomialsAttr]:
    """Those of nodes that are bound to the kernel, by name."""
    nodes = [op for op in nodes_of(design.mapped) if xp.is_node(op) and xp.kernel_name(op) == "polynomial"]
    return {xp.node_name(op): op.polynomials for op in nodes}


class Functions(nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return nn.functional.gelu(x), torch.exp(x), torch.rsqrt(x)


def test_every_number_is_within_one_last_place() -> None:
    """Three functions, all 2^16 inputs, in the reference, in PyTorch and in the RTL."""
    x = NUMBERS.float().reshape(64, 1024)
    formats = {"default": "int16", "modules": {name: "fixed16.12" for name in ("x", "gelu", "exp", "rsqrt")}}
    design = xplat.compile(Functions(), "z7020", example_inputs=x[:1], calibration=x[:1].abs() + 1, quantize=formats)
    assert set(polynomials(design)) == {"gelu", "exp", "rsqrt"}
    found = design.reference(x)
    exact = (nn.functional.gelu(NUMBERS), torch.exp(NUMBERS), torch.rsqrt(NUMBERS).nan_to_num(0.0, posinf=torch.inf))
    for result, values in zip(found, exact, strict=True):
        steps = (values * 2**12).clamp(-(2**15), 2**15 - 1)
        assert float((result.double().flatten() * 2**12 - steps).abs().max()) < 1
    simulation = design.simulate(x, assertions=True)
    for result, rtl, torch_ in zip(found, simulation.outputs, design.to_torch().eval()(x), strict=True):
        assert torch.equal(rtl, result) and torch.equal(torch_, result)


class Model(nn.Module):
    """Activations of sums, on vectors, and a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.silu(self.layers[0](x))
        x = nn.functional.gelu(self.layers[1](x)) * torch.sigmoid(self.layers[2](x))
        return torch.softmax(self.layers[3](x), -1)


@pytest.mark.parametrize(("device", "options"), [("z7020", {}), ("2xz7020", {"max_utilization": 0.3})])
def test_a_model_of_16_bits(device: str, options: dict[str, float]) -> None:
    torch.manual_seed(0)
    model, x = Model().eval(), 2 * torch.randn(32, 8)
    design = xplat.compile(model, device, example_inputs=x[:1], calibration=x, quantize="int16", **options)
    assert len(polynomials(design)) >= 3
    result = design.reference(x)
    with torch.no_grad():
        assert torch.allclose(result, model(x), atol=1e-3)
    for backpressure in (0.0, 0.4):
        assert torch.equal(design.simulate(x[:6], backpressure=backpressure, assertions=True).outputs, result[:6])
    assert torch.equal(design.to_torch().eval()(x), result)


def test_training_passes_polynomials() -> None:
    torch.manual_seed(0)
    model, x = Model().eval(), 2 * torch.randn(32, 8)
    graph = xplat.quantize(model, example_inputs=x[:1], calibration=x, quantize="int16", decompose=True)
    trained, weight = graph.to_torch().train(), model.layers[0].weight
    trained(x)[:, 0].sum().backward()
    model(x)[:, 0].sum().backward()
    gradient = trained.layers[0].weight.grad
    assert torch.nn.functional.cosine_similarity(gradient.flatten(), weight.grad.flatten(), dim=0) > 0.99


class Fast(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(1000 * x)


def test_a_function_without_polynomials_is_refused() -> None:
    x = torch.rand(4, 8)
    with pytest.raises(PassError, match=r"no polynomials of degree 2 in at most 2048 segments") as error:
        xplat.compile(Fast(), "z7020", example_inputs=x[:1], calibration=x, quantize="int16")
    assert "request a narrower format for its operand" in str(error.value)
    # A quantized graph says the same.
    graph = xplat.quantize(Fast(), example_inputs=x[:1], calibration=x, quantize="int16")
    with pytest.raises(PassError, match=r"no polynomials of degree 2"):
        xplat.compile(graph, "z7020")


def test_kernels_that_are_exact_come_first() -> None:
    """A square root has a kernel of its own, a ReLU a datapath: neither gets polynomials."""

    class Exact(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sqrt(torch.relu(x))

    x = torch.rand(4, 8)
    design = xplat.compile(Exact(), "z7020", example_inputs=x[:1], calibration=x, quantize="sint16")
    assert not polynomials(design)
