# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Recurrent layers: what they import to computes what PyTorch computes, and becomes hardware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat.dialects import xplat as xp
from xplat.frontend import import_model
from xplat.mlir import nodes_of


class Layer(nn.Module):
    """A recurrent layer, and what is read of its results. Initial states are [batch, layers, hidden]."""

    def __init__(self, layer: nn.Module, read: Callable[[Any], Any] = lambda results: results[0]) -> None:
        super().__init__()
        self.layer, self.read = layer, read

    def forward(self, *operands: Tensor) -> Any:
        x, *state = operands
        state = [one.transpose(0, 1).contiguous() for one in state]
        if not state:
            return self.read(self.layer(x))
        return self.read(self.layer(x, state[0] if len(state) == 1 else tuple(state)))


def everything(results: Any) -> Any:
    """All results of a layer, flat."""
    output, states = results
    return (output, *states) if isinstance(states, tuple) else (output, states)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"num_layers": 2, "bidirectional": True},
        {"bias": False},
        {"num_layers": 3, "bias": False, "bidirectional": True, "dropout": 0.5},
    ],
    ids=str,
)
def test_results_are_those_of_pytorch(kind: type[nn.Module], options: dict[str, Any]) -> None:
    torch.manual_seed(0)
    model, x = Layer(kind(5, 4, batch_first=True, **options), everything).eval(), torch.randn(1, 7, 5)
    expected = model(x)
    for got, wanted in zip(import_model(model, (x,)).reference(x), expected, strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_initial_states_are_inputs(kind: type[nn.Module]) -> None:
    torch.manual_seed(1)
    model, x = Layer(kind(3, 4, num_layers=2, batch_first=True), everything).eval(), torch.randn(1, 2, 3)
    states = [torch.randn(1, 2, 4) for _ in range(2 if kind is nn.LSTM else 1)]
    graph = import_model(model, (x, *states))
    for got, wanted in zip(graph.reference((x, *states)), model(x, *states), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-5, atol=1e-6)


def test_relu_as_function() -> None:
    torch.manual_seed(2)
    model, x = Layer(nn.RNN(3, 4, batch_first=True, nonlinearity="relu")).eval(), torch.randn(1, 5, 3)
    torch.testing.assert_close(import_model(model, (x,)).reference(x), model(x), rtol=1e-5, atol=1e-6)


def test_inputs_of_all_steps_are_one_product() -> None:
    graph = import_model(Layer(nn.LSTM(5, 4, batch_first=True)).eval(), (torch.randn(1, 6, 5),))
    rows = [tuple(op.result.type.shape) for op in nodes_of(graph.module) if isinstance(op, xp.LinearOp)]
    assert rows[0] == (6, 16)
    assert rows[1:] == [(1, 16)] * 6


@pytest.mark.parametrize(
    ("layer", "read"),
    [
        (nn.LSTM(6, 8, batch_first=True), lambda results: results[0][:, -1]),
        (nn.GRU(6, 4, batch_first=True, bidirectional=True), lambda results: results[0]),
    ],
    ids=["lstm", "gru"],
)
def test_in_hardware(layer: nn.Module, read: Callable[[Any], Any]) -> None:
    torch.manual_seed(3)
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -0.5, 0.5)
    model, x = Layer(layer, read).eval(), torch.randn(8, 4, 6)
    design = xplat.compile(model, "u250", example_inputs=x[:1], calibration=x, target_cycles=256)
    simulation = design.simulate(x)
    assert isinstance(simulation.outputs, Tensor)
    assert torch.equal(simulation.outputs, design.reference(x))
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    assert (simulation.outputs - model(x)).abs().max() < 0.05
