# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import: which parameters a graph has, what they are called, and what reaches them in training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import xplat
from xplat.dialects import xplat as xp
from xplat.frontend import Graph, import_model, without_weights
from xplat.graph.reference import run_reference
from xplat.support.errors import DesignFileError, ModelImportError

X = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))


class Wrap(nn.Module):
    """A function as a module; tensors that are no parameters are buffers."""

    def __init__(self, function: Callable[..., Any], **tensors: torch.Tensor) -> None:
        super().__init__()
        self.function = function
        for name, tensor in tensors.items():
            if isinstance(tensor, nn.Parameter):
                self.register_parameter(name, tensor)
            else:
                self.register_buffer(name, tensor)

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.function(self, *inputs)


def checked(model: nn.Module, x: torch.Tensor = X) -> Graph:
    """The graph of a model, compared with it sample by sample."""
    graph = import_model(model, x[:1])
    compare(graph, model, x)
    return graph


def compare(graph: Graph, model: nn.Module, x: torch.Tensor = X) -> None:
    with torch.no_grad():
        wanted = torch.cat([model(x[index : index + 1]) for index in range(len(x))])
    torch.testing.assert_close(run_reference(graph.module, graph.parameters, x), wanted, rtol=1e-5, atol=1e-6)


def symbols(graph: Graph) -> list[str]:
    return [op.sym_name.value for op in graph.module.body.operations if isinstance(op, xp.ParamOp)]


def weight(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape, generator=torch.Generator().manual_seed(1)))


def mask(*shape: int, seed: int = 2) -> torch.Tensor:
    return (torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) > 0.5).float()


# ---- masks


def test_each_mask_of_a_weight_counts() -> None:
    def call(m: Any, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, m.w * m.m1) + F.linear(x, m.w * m.m2).relu() + F.linear(x, m.w * m.m1 * m.m2)

    graph = checked(Wrap(call, w=weight(5, 8), m1=mask(5, 8), m2=mask(5, 8, seed=3)))
    assert symbols(graph) == ["w", "m1", "w:masked", "m2", "w:masked_1", "w:masked:masked"]


def test_a_weight_with_and_without_its_mask_is_pruned() -> None:
    model = Wrap(lambda m, x: F.linear(F.linear(x, m.w * m.m), m.w), w=weight(8, 8), m=mask(8, 8))
    pruned = xplat.prune(checked(model), 0.75)
    assert {"w:mask", "w:masked", "w:masked_1", "w:masked:mask", "w:masked:masked"} <= set(symbols(pruned))
    first = model.w * model.m * pruned.parameters["w:masked:mask"]
    compare(
        pruned, Wrap(lambda m, x: F.linear(F.linear(x, m.a), m.b), a=first, b=model.w * pruned.parameters["w:mask"])
    )


def test_a_buffer_with_the_name_of_a_mask() -> None:
    model = Wrap(lambda m, x: F.linear(x, m.w) * getattr(m, "w:mask"), w=weight(8, 8), **{"w:mask": torch.ones(8)})
    pruned = xplat.prune(checked(model), 0.5)
    kept = model.w * pruned.parameters["w:mask_1"]
    compare(pruned, Wrap(lambda m, x: F.linear(x, m.w), w=kept))


def test_a_trainable_tensor_is_no_mask() -> None:
    model = Wrap(lambda m, x: F.linear(x, m.w * m.alpha), w=weight(5, 8), alpha=nn.Parameter(mask(5, 8)))
    graph = checked(model)
    module = graph.to_torch().train()
    module(X).sum().backward()
    model(X).sum().backward()
    torch.testing.assert_close(module.alpha.grad, model.alpha.grad)
    with torch.no_grad():
        model.alpha += 0.5
    compare(graph.with_state_dict(model.state_dict()), model)


def test_a_mask_stays_one() -> None:
    model = Wrap(lambda m, x: F.linear(x, m.w * m.m), w=weight(5, 8), m=mask(5, 8))
    graph = checked(model)
    model.m.copy_(mask(5, 8, seed=3))
    compare(graph.with_state_dict(model.state_dict()), model)
    model.m += 0.5
    with pytest.raises(DesignFileError, match="'m' masks 'w' and holds other values than 0 and 1"):
        run_reference(graph.module, graph.with_state_dict(model.state_dict()).parameters, X)


def test_masked_integers_are_a_product() -> None:
    graph = checked(Wrap(lambda m, x: x + m.i * m.m, i=torch.arange(8), m=mask(8)))
    assert symbols(graph) == ["i", "m"]


def test_a_product_of_parameters_without_values() -> None:
    model, _ = without_weights(lambda: Wrap(lambda m, x: x * (m.g * m.h), g=weight(8), h=weight(8)))
    graph = import_model(model, X[:1])
    state = {"g": weight(8), "h": weight(8) * 2}
    wanted = X * (state["g"] * state["h"])
    got = run_reference(graph.module, graph.with_state_dict(state).parameters, X)
    torch.testing.assert_close(got, wanted.detach(), rtol=1e-5, atol=1e-6)


# ---- names


def _norm(m: Any, x: torch.Tensor) -> torch.Tensor:
    y = F.batch_norm(x, m.running_mean, m.running_var)
    return F.batch_norm(y * m.weight, m.running_mean, m.running_var)


@pytest.mark.parametrize(
    ("function", "tensors"),
    [
        (_norm, {"weight": weight(8), "running_mean": torch.ones(8), "running_var": torch.full((8,), 2.0)}),
        (lambda m, x: x * getattr(m, "arange:value") + torch.arange(8.0), {"arange:value": weight(8)}),
        (lambda m, x: x @ m.w * getattr(m, "w:transposed"), {"w": weight(8, 5), "w:transposed": torch.ones(5) * 3}),
        (
            lambda m, x: F.linear(x, m.w * m.m) * getattr(m, "w:masked"),
            {"w": weight(8, 8), "m": mask(8, 8), "w:masked": weight(8)},
        ),
    ],
    ids=["batch norm", "arange", "transposed", "masked"],
)
def test_names_that_the_model_has_are_not_taken(function: Callable[..., Any], tensors: dict[str, Any]) -> None:
    model = Wrap(function, **tensors)
    graph = checked(model)
    for key, value in tensors.items():
        assert torch.equal(graph.parameters[key], value)
    assert len(set(symbols(graph))) == len(symbols(graph))


def test_what_rules_write_down_alike_is_there_once() -> None:
    tensors = {"running_mean": torch.ones(8), "running_var": torch.full((8,), 2.0)}
    model = Wrap(lambda m, x: F.batch_norm(F.batch_norm(x, *m.buffers()), *m.buffers()), **tensors)
    assert symbols(checked(model)) == ["running_mean", "running_var", "weight", "bias"]


@pytest.mark.parametrize("name", ["", "a b", "1st", "xplat.foo", 'a"b', "schön", None])
def test_a_name_that_is_no_identifier(name: Any) -> None:
    with pytest.raises(ModelImportError, match="expected letters, digits and underscores"):
        import_model(nn.Linear(8, 8), X, name=name)


def test_a_name_that_a_parameter_has() -> None:
    with pytest.raises(ModelImportError, match=r"'weight', which is a parameter or buffer(.|\n)*choose another"):
        import_model(nn.Linear(8, 8), X, name="weight")
    assert import_model(nn.Linear(8, 8), X, name="linear").name == "linear"


# ---- training


class TwoLayers(nn.Module):
    """Two layers, of which a subclass stops the gradient somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)


class Between(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.b(self.a(x).detach())


class InPlace(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.b(self.a(x).detach_())


class StraightThrough(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.a(x)
        return self.b(y + (torch.round(y) - y).detach())


class OfWeight(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.b(F.linear(x, self.a.weight.detach()))


class Twice(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.b((self.a(x).detach() * 2).detach())


@pytest.mark.parametrize("model", [Between, InPlace, StraightThrough, OfWeight, Twice])
def test_a_detach_is_told(model: type[nn.Module]) -> None:
    graph = checked(model())
    (note,) = [note for note in graph.notes if "detach" in note.operation]
    assert note.reason == "stops no gradient: in training, its detach is left out"
    assert "test_import_parameters.py:" in str(note)


@pytest.mark.parametrize(
    "function",
    [
        lambda m, x: x + torch.tensor([1.0, 2.0]).repeat(4),
        lambda m, x: x * m.b.detach(),
        lambda m, x: x * (x > 0).detach(),
        lambda m, x: F.linear(x, m.w),
    ],
)
def test_a_detach_that_stops_nothing_is_not_told(function: Callable[..., Any]) -> None:
    graph = checked(Wrap(function, b=torch.ones(8), w=weight(8, 8)))
    assert not any("detach" in note.operation for note in graph.notes)
