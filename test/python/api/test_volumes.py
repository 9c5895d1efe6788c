# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Volumes, interpolation, running sums and index notation: what they import to computes what PyTorch computes, and
becomes hardware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import xplat
from xplat.frontend import import_model
from xplat.graph.reference import run_reference

TOLERANCE = 0.1
"""Of eight-bit hardware against PyTorch, relative to the largest number of the result."""


class Function(nn.Module):
    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function
        self.matrix = nn.Parameter(torch.randn(3, 6, generator=torch.Generator().manual_seed(2)))

    def forward(self, *operands: Tensor) -> Any:
        return self.function(*operands) if len(operands) > 1 else self.function(operands[0])


def imported(model: nn.Module, *shapes: tuple[int, ...]) -> None:
    """The graph computes what PyTorch computes."""
    torch.manual_seed(1)
    x = tuple(torch.randn(1, *shape) for shape in shapes)
    graph = import_model(model.eval(), x)
    assert not graph.notes, graph.notes
    with torch.no_grad():
        expected = model(*x)
    result = run_reference(graph.module, graph.parameters, x)
    torch.testing.assert_close(result.reshape(expected.shape), expected, rtol=1e-4, atol=1e-5)


def simulated(model: nn.Module, *shapes: tuple[int, ...]) -> xplat.Design:
    """Every element of three samples as in the reference, in the cycles that were stated."""
    imported(model, *shapes)
    torch.manual_seed(1)
    x = tuple(torch.randn(8, *shape) for shape in shapes)
    design = xplat.compile(model, "u250", example_inputs=x if len(x) > 1 else x[0])
    samples = tuple(one[:3] for one in x)
    simulation = design.simulate(samples if len(x) > 1 else samples[0])
    assert torch.equal(simulation.outputs, design.reference(samples if len(x) > 1 else samples[0]))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    # Decomposed, folded and quantized: still what PyTorch computes, but for eight bits.
    with torch.no_grad():
        exact = torch.cat([model(*(one[i : i + 1] for one in x)) for i in range(3)])
    error = (simulation.outputs.reshape(exact.shape) - exact).abs().max() / exact.abs().max()
    assert error < TOLERANCE, f"{float(error):.3f} of the largest number"
    return design


CONVOLUTIONS: dict[str, Callable[[], nn.Module]] = {
    "padded": lambda: nn.Conv3d(3, 4, 3, padding=1),
    "strided": lambda: nn.Conv3d(3, 4, 3, stride=2, padding=1),
    "two strides": lambda: nn.Conv3d(3, 4, (3, 3, 2), stride=(1, 2, 3), padding=(1, 0, 1)),
    "long steps": lambda: nn.Conv3d(3, 4, 2, stride=3),
    "dilated": lambda: nn.Conv3d(3, 4, 2, dilation=(2, 2, 1)),
    "same": lambda: nn.Conv3d(3, 4, (2, 3, 4), padding="same"),
    "grouped": lambda: nn.Conv3d(4, 6, 3, groups=2),
    "depthwise": lambda: nn.Conv3d(3, 3, 3, groups=3, padding=1, bias=False),
    "points": lambda: nn.Conv3d(3, 5, 1),
}

POOLS: dict[str, Callable[[], nn.Module]] = {
    "max": lambda: nn.MaxPool3d(2),
    "max overlapping": lambda: nn.MaxPool3d(3, 2, padding=1),
    "max of pixels": lambda: nn.MaxPool3d((1, 2, 2)),
    "max of slices": lambda: nn.MaxPool3d((2, 1, 1)),
    "max ceil_mode": lambda: nn.MaxPool3d(2, ceil_mode=True),
    "max dilated": lambda: nn.MaxPool3d(2, 1, dilation=2),
    "average": lambda: nn.AvgPool3d(2),
    "average padded": lambda: nn.AvgPool3d(3, 2, padding=1),
    "average of all": lambda: nn.AdaptiveAvgPool3d(1),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name: str) -> None:
    model = CONVOLUTIONS[name]()
    channels = model.in_channels
    imported(model, (channels, 5, 7, 8))
    imported(model, (channels, 6, 6, 5))


@pytest.mark.parametrize("name", POOLS)
def test_pools(name: str) -> None:
    imported(POOLS[name](), (3, 6, 7, 8))
    imported(POOLS[name](), (2, 5, 6, 6))


@pytest.mark.parametrize(
    "name",
    ["padded", pytest.param("two strides", marks=pytest.mark.long), pytest.param("grouped", marks=pytest.mark.long)],
)
def test_convolutions_in_hardware(name: str) -> None:
    model = CONVOLUTIONS[name]()
    simulated(model, (model.in_channels, 3, 5, 4))


@pytest.mark.parametrize("name", ["max", pytest.param("max overlapping", marks=pytest.mark.long), "average"])
def test_pools_in_hardware(name: str) -> None:
    simulated(POOLS[name](), (2, 4, 5, 4))


def test_a_network_of_volumes() -> None:
    """As video networks have it: normalization, a step in space and time, an average, classes."""
    torch.manual_seed(3)
    model = nn.Sequential(
        nn.Conv3d(2, 4, 3, padding=1, bias=False),
        nn.BatchNorm3d(4),
        nn.ReLU(),
        nn.MaxPool3d((1, 2, 2)),
        nn.Conv3d(4, 4, (3, 1, 1), padding=(1, 0, 0)),
        nn.ReLU(),
        nn.AdaptiveAvgPool3d(1),
        nn.Flatten(),
        nn.Linear(4, 3),
    )
    simulated(model, (2, 4, 6, 6))


INTERPOLATIONS: dict[str, dict[str, Any]] = {
    "twice": {"scale_factor": 2, "mode": "bilinear"},
    "three and two": {"scale_factor": (3, 2), "mode": "bilinear"},
    "one direction": {"scale_factor": (1, 4), "mode": "bilinear"},
    "corners": {"scale_factor": 2, "mode": "bilinear", "align_corners": True},
    "a size": {"size": (7, 9), "mode": "bilinear"},
    "smaller": {"size": (3, 2), "mode": "bilinear"},
    "cubic": {"scale_factor": 2, "mode": "bicubic"},
    "a factor": {"scale_factor": 1.5, "mode": "bilinear"},
}


@pytest.mark.parametrize("name", INTERPOLATIONS)
def test_interpolation(name: str) -> None:
    model = Function(lambda x: F.interpolate(x, **INTERPOLATIONS[name]))
    imported(model, (3, 5, 6))


@pytest.mark.parametrize("name", ["twice", "a size"])
def test_interpolation_in_hardware(name: str) -> None:
    design = simulated(Function(lambda x: F.interpolate(x, **INTERPOLATIONS[name])), (3, 4, 5))
    kinds = {node.op for node in design.report().nodes}
    assert ("linear" in kinds) == (name == "a size"), "a whole factor multiplies by no zeros"


def test_transposed_convolutions_of_each_channel() -> None:
    """All channels at a time, with weights and biases of their own, overlapping and not."""
    torch.manual_seed(5)
    for model in (
        nn.ConvTranspose2d(3, 3, 4, stride=2, padding=1, groups=3),
        nn.ConvTranspose2d(2, 4, 3, stride=(2, 1), groups=2),
    ):
        design = simulated(model, (model.in_channels, 3, 4))
        assert "depthwise_conv2d" in {node.op for node in design.report().nodes}


def test_signals() -> None:
    imported(Function(lambda x: F.interpolate(x, scale_factor=2, mode="linear")), (3, 7))
    imported(Function(lambda x: F.interpolate(x, size=5, mode="linear", align_corners=True)), (3, 7))


@pytest.mark.parametrize("dim", [1, 2, 3, -1])
def test_running_sums(dim: int) -> None:
    imported(Function(lambda x: x.cumsum(dim)), (3, 4, 5))


def test_running_sums_in_hardware() -> None:
    simulated(Function(lambda x: x.cumsum(1)), (5, 4))


EQUATIONS: dict[str, tuple[Callable[..., Tensor], tuple[tuple[int, ...], ...]]] = {
    "heads": (lambda a, b: torch.einsum("bhqd,bhkd->bhqk", a, b), ((2, 5, 4), (2, 6, 4))),
    "values": (lambda a, b: torch.einsum("bhqk,bhkd->bqhd", a, b), ((2, 5, 6), (2, 6, 4))),
    "implicit": (lambda a, b: torch.einsum("bij,bkj", a, b), ((3, 4), (5, 4))),
    "sum alone": (lambda a, b: torch.einsum("bijx,bjky->bik", a, b), ((3, 4, 2), (4, 5, 2))),
    "outer": (lambda a, b: torch.einsum("bi,bj->bij", a, b), ((3,), (4,))),
    "one operand": (lambda a: torch.einsum("bij->bji", a), ((3, 4),)),
    "trace of products": (lambda a, b: torch.einsum("bij,bij->b", a, b), ((3, 4), (3, 4))),
    "extents of one": (lambda a, b: torch.einsum("bij,bjk->bik", a, b), ((3, 4), (1, 5))),
    "three": (lambda a, b, c: torch.einsum("bij,bjk,bkl->bil", a, b, c), ((3, 4), (4, 5), (5, 2))),
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_index_notation(name: str) -> None:
    function, shapes = EQUATIONS[name]
    imported(Function(function), *shapes)


def test_index_notation_with_a_parameter() -> None:
    """A product with a parameter is a linear layer, whose weight stays the model's."""

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(3, 6, 4))

        def forward(self, x: Tensor) -> Tensor:
            return torch.einsum("btd,hdk->bhtk", x, self.weight)

    design = simulated(Model(), (5, 6))
    assert "linear" in {node.op for node in design.report().nodes}


def test_index_notation_in_hardware() -> None:
    function, shapes = EQUATIONS["heads"]
    simulated(Function(function), *shapes)
