# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What users call nodes: module paths reach exactly the modules that they name."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import xplat
from xplat.dialects import xplat as xp
from xplat.frontend import import_model
from xplat.mlir import nodes_of

X = torch.randn(8, 16, generator=torch.Generator().manual_seed(0))


class Twice(nn.Module):
    """Calls a module twice, beside one whose name a number behind the first's would give."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(16, 16)
        self.fc_1 = nn.Linear(16, 16)
        self.relu = nn.ReLU()
        self.out = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(F.relu(self.fc_1(self.relu(self.fc(F.relu(self.fc(x)))))))


def names(model: nn.Module, x: Tensor = X) -> list[str]:
    return [xp.node_name(op) for op in nodes_of(import_model(model, x).module)]


def test_every_node_has_a_name_of_its_own_and_no_other_modules() -> None:
    assert names(Twice()) == ["x", "fc", "relu_1", "fc.linear", "relu", "fc_1", "relu_2", "out", "output"]


class Attention(nn.Module):
    """Many operations in one module of PyTorch."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.attention(x, x, x, need_weights=False)[0]


def test_all_of_a_module_is_below_its_path() -> None:
    found = names(Attention(), X[None])
    assert len(found) == len(set(found)) > 5
    assert {name.split(".")[0] for name in found} == {"x", "attention", "output"}


def widths(request: dict[str, Any]) -> list[int]:
    """Bits of the weights of the four calls of linear layers."""
    module = xplat.quantize(Twice(), calibration=X, example_inputs=X[:1], quantize={"modules": request}).module
    params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
    weights = [xp.weight(op).value for op in nodes_of(module) if xp.is_weighted(op)]
    return [xp.format_bits(params[weight].type_.value.element_type) for weight in weights]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("fc", [4, 4, 8, 8]),
        ("fc.linear", [8, 4, 8, 8]),
        ("fc_1", [8, 8, 4, 8]),
        ("fc*", [4, 4, 4, 8]),
    ],
)
def test_formats_reach_every_call_of_a_module_and_no_other_module(glob: str, expected: list[int]) -> None:
    assert widths({glob: {"weight": "int4"}}) == expected


def test_pruning_reaches_the_module_that_is_named() -> None:
    graph = xplat.prune(Twice(), {"modules": {"fc_1": "2:4"}}, example_inputs=X[:1])
    weights = [xp.weight(op).value for op in nodes_of(graph.module) if xp.is_weighted(op)]
    assert weights == ["fc.weight", "fc.weight", "fc_1.weight:masked", "out.weight"]
