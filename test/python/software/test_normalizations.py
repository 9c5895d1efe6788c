# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax and norms as simpler nodes: accuracy beside the whole node, names and formats of the parts, training."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import xplat
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.support.errors import FormatError, XplatError

ROWS = torch.randn(256, 4, 32, generator=torch.Generator().manual_seed(1))


def decibels(expected: torch.Tensor, result: torch.Tensor) -> float:
    noise = (expected - result).double().square().sum()
    return float(10 * torch.log10(expected.double().square().sum() / noise))


def quantized(model: nn.Module, quantize: object = "int8", *, decompose: bool = True) -> xplat.Graph:
    return xplat.quantize(
        model.eval(), example_inputs=ROWS[:1], calibration=ROWS, quantize=quantize, decompose=decompose
    )


def parts(graph: xplat.Graph) -> dict[str, str]:
    """Op and type of every node by name."""
    return {xp.node_name(op): f"{op.operation.name} {op.results[0].type}" for op in nodes_of(graph.module)}


class Groups(nn.Module):
    """A norm of two groups of two channels; with factors, summands, both or neither."""

    def __init__(self, groups: int, *, weight: bool, bias: bool) -> None:
        super().__init__()
        self.groups = groups
        self.weight = nn.Parameter(torch.tensor([1.0, -2.0, 0.5, 3.0])) if weight else None
        self.bias = nn.Parameter(torch.tensor([2.0, -1.0, 0.5, 4.0])) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.group_norm(x, self.groups, self.weight, self.bias)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(("weight", "bias"), [(True, True), (True, False), (False, True), (False, False)])
def test_norms_of_groups(groups: int, weight: bool, bias: bool) -> None:
    model = Groups(groups, weight=weight, bias=bias)
    graph = quantized(model)
    assert not any(isinstance(op, xp.GroupNormOp) for op in nodes_of(graph.module))
    with torch.no_grad():
        assert decibels(model(ROWS), graph.reference(ROWS)) > 28


def test_causal_attention_sees_nothing_later() -> None:
    class Causal(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)

    graph = quantized(Causal())
    assert not any(isinstance(op, xp.AttentionOp | xp.SoftmaxOp) for op in nodes_of(graph.module))
    result = graph.reference(ROWS[:8])
    assert decibels(Causal()(ROWS[:8]), result) > 25
    changed = ROWS[:8].clone()
    changed[:, 2:] = 3.0
    assert torch.equal(graph.reference(changed)[:, :2], result[:, :2])


@pytest.mark.parametrize(
    "width", [pytest.param(4, marks=pytest.mark.long), 8, pytest.param(10, marks=pytest.mark.long)]
)
@pytest.mark.parametrize(
    "model", [nn.Softmax(-1), nn.LayerNorm(32), nn.RMSNorm(32, eps=1e-5)], ids=lambda m: type(m).__name__
)
def test_little_is_lost(model: nn.Module, width: int) -> None:
    whole, apart = (quantized(model, f"int{width}", decompose=decompose) for decompose in (False, True))
    with torch.no_grad():
        expected = model(ROWS)
    assert decibels(expected, apart.reference(ROWS)) > decibels(expected, whole.reference(ROWS)) - 0.5


def test_a_constant_row_has_no_deviation() -> None:
    rows = torch.ones(2, 4, 32)
    assert bool((quantized(nn.LayerNorm(32, elementwise_affine=False)).reference(rows) == 0).all())


def test_parts_have_names_and_formats() -> None:
    model = nn.Sequential(nn.Linear(32, 32), nn.Softmax(-1))
    kinds = parts(quantized(model))
    assert "xplat.div" in kinds["1"] and "xplat.exp" in kinds["1.exponential"] and "u12" in kinds["1.exponential"]
    request = {"default": "int8", "modules": {"1": "int6", "1.exponential": "int9"}}
    kinds = parts(quantized(model, request))
    assert "u6" in kinds["1"] and "u9" in kinds["1.exponential"]
    # A glob that matches the softmax is about its result; ten bits of exponential are four more than that has.
    kinds = parts(quantized(model, {"default": "int8", "modules": {"*": "int6"}}))
    assert "u6" in kinds["1"] and "u10" in kinds["1.exponential"]
    with pytest.raises(FormatError, match=r"'1\.exponent' matches no module; nearest: '1\.exponential'"):
        quantized(model, {"modules": {"1.exponent": "int8"}})
    with pytest.raises(FormatError, match="matches no module"):
        quantized(model, {"modules": {"1.exponential": "int8"}}, decompose=False)


@pytest.mark.parametrize("quantize", ["fp32", {"modules": {"1": "e4m3"}}, {"modules": {"0": "fp32"}}])
def test_other_formats_stay_whole(quantize: object) -> None:
    kinds = parts(quantized(nn.Sequential(nn.Linear(32, 32), nn.Softmax(-1)), quantize))
    assert "xplat.softmax" in kinds["1"]


def test_blocks_are_formats_of_products_alone() -> None:
    kinds = parts(quantized(nn.Sequential(nn.Linear(32, 32), nn.Softmax(-1)), "msfp4"))
    assert "xplat.div" in kinds["1"] and "u12" in kinds["1"]
    assert "msfp<4" in kinds["input.blocks"]


def test_weights_train_through_it() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(32, 16), nn.LayerNorm(16), nn.Linear(16, 8), nn.Softmax(-1))
    graph = quantized(model)
    module = graph.to_torch().train()
    target = torch.randn(256, 4, 8).softmax(-1)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = (module(ROWS) - target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert all(bool(parameter.grad.abs().sum() > 0) for parameter in module.parameters())
    assert losses[-1] < losses[0]
    again = graph.with_state_dict(module.state_dict())
    assert torch.equal(module.eval()(ROWS), again.reference(ROWS))


def test_a_whole_softmax_names_the_remedy() -> None:
    graph = quantized(nn.Softmax(-1), decompose=False)
    with pytest.raises(XplatError, match=r"decompose=True"):
        xplat.compile(graph, "zu9eg")
