# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of one element that have no op of their own: one node each, which computes what PyTorch computes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from xplat.dialects import xplat as xp
from xplat.frontend import import_model
from xplat.mlir import nodes_of

GRID = torch.cat([torch.linspace(-30, 30, 2001), torch.tensor([0.0, 0.5, -0.5, 1.0, -1.0, 20.0, -20.0, 1e-6, 1e4])])
INSIDE = torch.linspace(-0.999, 0.999, 1001)
POSITIVE = torch.logspace(-6, 3, 1001)


class Function(nn.Module):
    """A function as a model."""

    def __init__(self, function: Callable[..., torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *operands: torch.Tensor) -> torch.Tensor:
        return self.function(*operands)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (F.elu, GRID),
        (lambda x: F.elu(x, 0.3), GRID),
        (F.selu, GRID),
        (F.celu, GRID),
        (lambda x: F.celu(x, 2.5), GRID),
        (F.softplus, GRID),
        (lambda x: F.softplus(x, 2.0, 3.0), GRID),
        (F.mish, GRID),
        (F.logsigmoid, GRID),
        (F.hardshrink, GRID),
        (lambda x: F.hardshrink(x, 1.5), GRID),
        (F.softshrink, GRID),
        (lambda x: F.softshrink(x, 0.0), GRID),
        (lambda x: F.threshold(x, 0.1, -2.0), GRID),
        (torch.sign, GRID),
        (torch.ceil, GRID),
        (torch.floor, GRID),
        (torch.round, GRID),
        (torch.trunc, GRID),
        (torch.atan, GRID),
        (torch.asinh, GRID),
        (torch.erfc, GRID),
        (torch.exp2, GRID),
        (torch.expm1, GRID),
        (torch.sinh, GRID[:-1]),
        (torch.cosh, GRID[:-1]),
        (torch.tan, INSIDE),
        (torch.acos, INSIDE),
        (torch.asin, INSIDE),
        (torch.atanh, INSIDE),
        (torch.log1p, INSIDE),
        (torch.acosh, POSITIVE + 1),
        (torch.log2, POSITIVE),
        (torch.log10, POSITIVE),
        (lambda x: torch.logit(x, 0.05), INSIDE.abs()),
    ],
)
def test_a_function_is_one_node(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> None:
    graph = import_model(Function(function).eval(), (x[None],))
    (node,) = (op for op in nodes_of(graph.module) if not xp.is_host_boundary(op))
    assert isinstance(node, xp.FusedOp)
    torch.testing.assert_close(graph.reference(x[None]), function(x)[None], rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("relation", [torch.gt, torch.ge, torch.lt, torch.le, torch.eq, torch.ne])
def test_a_comparison_chooses(relation: Callable[..., torch.Tensor]) -> None:
    a, b = torch.randint(-2, 3, (2, 1, 40), generator=torch.Generator().manual_seed(0)).float()
    for choice in (
        lambda a, b: torch.where(relation(a, b), a, b * 2),
        lambda a, b: torch.where(relation(a, 1.0), b, 3.0),
        lambda a, b: torch.where(relation(a[:, :1], b), a, b),
    ):
        graph = import_model(Function(choice).eval(), (a, b))
        assert any(isinstance(op, xp.FusedOp) for op in nodes_of(graph.module))
        assert not any(isinstance(op, xp.AtenOp) for op in nodes_of(graph.module))
        assert torch.equal(graph.reference((a, b)), choice(a, b))


def test_a_comparison_with_infinity_is_left_to_pytorch() -> None:
    graph = import_model(Function(lambda x: torch.where(x < float("inf"), x, x * 2)).eval(), (torch.randn(1, 4),))
    assert any("not a finite number" in note.reason for note in graph.notes)


def test_a_reduction_keeps_its_name() -> None:
    graph = import_model(Function(lambda x: x.amax(2)).eval(), (torch.randn(1, 4, 5, 6),))
    (reduction,) = (op for op in nodes_of(graph.module) if isinstance(op, xp.ReduceOp))
    assert xp.node_name(reduction) == "amax"


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.roll(x, (1, -2), (2, 3)),
        lambda x: torch.roll(x, 9, -1),
        lambda x: x.flip(2, 3),
        lambda x: F.pad(x, (1, 2, 2, 1), mode="reflect"),
        lambda x: F.pad(x, (1, 2, 0, 3), mode="replicate"),
        lambda x: F.pad(x, (2, 1, 3, 0), mode="circular"),
        lambda x: nn.ReflectionPad2d(2)(x),
        lambda x: F.glu(x, 1),
        lambda x: torch.lerp(x, x.flip(1), 0.3),
        lambda x: F.normalize(x, dim=1),
        lambda x: x.norm(1, dim=(2, 3)),
        lambda x: x.norm(float("inf"), dim=2),
        lambda x: x.amax(2),
        lambda x: x.sum((1, 3)),
        lambda x: F.group_norm(x, 2),
        nn.GroupNorm(4, 4),
        lambda x: F.instance_norm(x),
        lambda x: torch.tril(x, 1),
    ],
)
def test_without_operations_of_pytorch(function: Callable[[torch.Tensor], torch.Tensor]) -> None:
    x = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(0))
    graph = import_model(Function(function).eval(), (x,))
    assert not any(isinstance(op, xp.AtenOp) for op in nodes_of(graph.module))
    torch.testing.assert_close(graph.reference(x), function(x), rtol=1e-5, atol=1e-5)
