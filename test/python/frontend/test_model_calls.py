# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What models and calls may look like: odd state dicts, state kept between calls, arguments, and shapes of results."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any, NamedTuple

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import xplat
from xplat.frontend import Graph, import_model, without_weights
from xplat.graph.reference import run_reference
from xplat.support.errors import InputError, ModelImportError

X = torch.randn(3, 8, generator=torch.Generator().manual_seed(0))
Y = torch.randn(3, 8, generator=torch.Generator().manual_seed(1))
INF = float("inf")


class Wrap(nn.Module):
    """A function as a module."""

    def __init__(self, function, **parts: Any) -> None:
        super().__init__()
        self.function = function
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs: torch.Tensor):
        return self.function(self, *inputs)


def reference(graph: Graph, *inputs: torch.Tensor) -> Any:
    return run_reference(graph.module, graph.parameters, inputs)


def same_everywhere(model: nn.Module, graph: Graph, *inputs: torch.Tensor) -> None:
    """Reference and module give what the model gives."""
    with torch.no_grad():
        expected = model.eval()(*inputs)
        for result in (reference(graph, *inputs), graph.to_torch().eval()(*inputs)):
            assert result.shape == expected.shape
            torch.testing.assert_close(result, expected, rtol=1e-5, atol=1e-5)


# ---- models that cannot be imported as they are


@pytest.mark.parametrize(
    ("model", "match"),
    [
        (
            lambda: nn.Sequential(nn.LazyLinear(3)),
            "2 parameters have no shape yet, first '0.weight'\n.*call the model once",
        ),
        (lambda: torch.jit.script(nn.Linear(8, 3)), "the model is a RecursiveScriptModule"),
        (lambda: torch.jit.trace(nn.Linear(8, 3), X), "the model is a TopLevelTracedModule"),
        (lambda: nn.Sequential(torch.jit.script(nn.Linear(8, 3))), "'0' of the model is a RecursiveScriptModule"),
    ],
)
def test_models_that_have_no_parameters_or_no_python(model, match: str) -> None:
    with pytest.raises(ModelImportError, match=match):
        import_model(model(), X)


def test_sparse_inputs_are_refused() -> None:
    with pytest.raises(ModelImportError, match=r"example input 0 has layout torch.sparse_coo, expected a dense tensor"):
        import_model(nn.Linear(8, 3), X.to_sparse())
    with pytest.raises(InputError, match=r"input has layout torch.sparse_coo"):
        reference(import_model(nn.Linear(8, 3), X), X.to_sparse())


# ---- state dicts


@pytest.mark.parametrize(
    ("state_dict", "match"),
    [
        ([1], "the state dict is a list, expected a dictionary"),
        ("model.pt", "the state dict is a str"),
        (None, "the state dict is a NoneType"),
        ({1: X}, "1: expected a string as key but got a int"),
    ],
)
def test_state_dicts_that_are_none(state_dict: Any, match: str) -> None:
    graph = import_model(nn.Linear(8, 3), X)
    with pytest.raises(ModelImportError, match=match):
        graph.with_state_dict(state_dict)
    if state_dict is not None:
        with pytest.raises(ModelImportError, match=match):
            import_model(nn.Linear(8, 3), X, state_dict=state_dict)


def test_a_tied_weight_has_one_value() -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8))
    model[1].weight = model[0].weight
    graph = import_model(model, X)
    state = model.state_dict()
    graph.with_state_dict(state)
    state["1.weight"] = state["1.weight"] + 1
    with pytest.raises(ModelImportError, match=r"1\.weight: tied to 0\.weight, but the values differ"):
        graph.with_state_dict(state)
    del state["0.weight"]
    assert torch.equal(graph.with_state_dict(state).parameters["0.weight"], state["1.weight"])


def test_tied_buffers_stay_one_tensor() -> None:
    shared = nn.BatchNorm1d(8)
    module = import_model(Wrap(lambda self, x: self.b(self.a(x)), a=shared, b=shared), X).to_torch()
    assert module.b.running_mean is module.a.running_mean
    module.b.running_mean = torch.ones(8)
    assert not torch.equal(module.a.running_mean, module.b.running_mean), "until one is replaced, as in any module"


class Versioned(nn.Linear):
    """Has a state that is no parameter."""

    def __init__(self, extra: Any) -> None:
        super().__init__(8, 8)
        self.extra = extra

    def get_extra_state(self) -> Any:
        return self.extra

    def set_extra_state(self, state: Any) -> None:
        self.extra = state


@pytest.mark.parametrize("extra", [{"version": 1}, torch.ones(2)], ids=["dictionary", "tensor"])
def test_extra_state_is_left_out(extra: Any) -> None:
    model = nn.Sequential(nn.ReLU(), Versioned(extra))
    graph = import_model(model, X)
    state = {**model.state_dict(), "1.weight": torch.zeros(8, 8)}
    assert "1._extra_state" in state
    assert torch.equal(graph.with_state_dict(state).parameters["1.weight"], torch.zeros(8, 8))
    for module, prefix in ((graph.to_torch(), ""), (nn.ModuleDict({"inner": graph.to_torch()}), "inner.")):
        module.load_state_dict({prefix + key: value for key, value in state.items()})
        assert not module.state_dict()[f"{prefix}1.weight"].any()
        assert list(module.state_dict()) == [f"{prefix}1.weight", f"{prefix}1.bias"]


def test_state_is_in_the_models_order() -> None:
    model = nn.Sequential(nn.BatchNorm1d(8, affine=False), nn.Linear(8, 8))
    graph = import_model(model, X)
    assert [entry.key for entry in graph.state] == list(model.state_dict())
    assert list(graph.to_torch().state_dict()) == list(model.state_dict())


def causal(size: int) -> torch.Tensor:
    return torch.triu(torch.full((size, size), -INF), 1)


def test_masks_of_minus_infinity() -> None:
    model = Wrap(
        lambda self, x: F.scaled_dot_product_attention(self.fc(x), x, x, attn_mask=self.mask), fc=nn.Linear(8, 8)
    )
    model.register_buffer("mask", causal(4))
    x = torch.randn(5, 4, 8, generator=torch.Generator().manual_seed(2))
    graph = import_model(model, x)
    same_everywhere(model, graph, x)
    assert torch.equal(graph.with_state_dict(model.state_dict()).parameters["mask"], causal(4))
    assert torch.equal(import_model(model, x, state_dict=model.state_dict()).parameters["mask"], causal(4))
    quantized = xplat.quantize(graph, calibration=x)
    module = quantized.to_torch()
    with torch.no_grad():
        assert (quantized.reference(x) - model(x)).abs().max() < 0.1
        assert torch.equal(module.eval()(x), quantized.reference(x))
    module.train()(x).sum().backward()
    assert all(bool(parameter.grad.isfinite().all()) for parameter in module.parameters())


@pytest.mark.parametrize(("kind", "value"), [("buffer", INF), ("buffer", float("nan")), ("parameter", -INF)])
def test_values_that_are_no_numbers(kind: str, value: float) -> None:
    model = nn.BatchNorm1d(8)
    graph = import_model(model, X)
    key = "running_mean" if kind == "buffer" else "weight"
    with torch.no_grad():
        getattr(model, key)[1] = value
    with pytest.raises(ModelImportError, match="1 of 5 parameters have values that are no numbers"):
        import_model(model, X)
    with pytest.raises(ModelImportError, match=key):
        graph.with_state_dict(model.state_dict())


# ---- what a model keeps from one call to the next


class Keeping(nn.Module):
    """Has attributes of many kinds, and a function that uses them."""

    def __init__(self, function) -> None:
        super().__init__()
        self.function = function
        self.fc = nn.Linear(8, 8)
        self.last = None
        self.count = None
        self.numbers = {"calls": 0}
        self.history = []
        self.queue = deque([0.0], maxlen=2)
        self.nested = {"a": [torch.zeros(1)]}

    def forward(self, x):
        return self.function(self, self.fc(x))


def reads_last(self, x):
    y = x if self.last is None else x + self.last
    self.last = x.detach()
    return y


def takes_first_scale(self, x):
    if self.last is None:
        self.last = x.abs().max()
    return x / self.last


def counts(self, x):
    self.count = 1 if self.count is None else self.count + 1
    return x * self.count


def counts_in_dictionary(self, x):
    self.numbers["calls"] += 1
    return x * self.numbers["calls"]


def sums_history(self, x):
    self.history.append(x)
    return sum(self.history)


def reads_queue(self, x):
    self.queue.append(len(self.queue) * 1.0)
    return x + self.queue[0]


def replaces_in_list(self, x):
    y = x + self.nested["a"][0]
    self.nested["a"][0] = x[:, :1].detach()
    return y


STATE = {
    reads_last: "last",
    takes_first_scale: "last",
    counts: "count",
    counts_in_dictionary: "numbers",
    sums_history: "history",
    reads_queue: "queue",
    replaces_in_list: "nested",
}


def leaves_for_others(self, x):
    self.last, self.count = x, x.shape[1]
    self.history.append(x)
    self.numbers["calls"] += 1
    self.nested["b"] = x
    return torch.relu(x)


def fills_cache(self, x):
    if self.last is None:
        self.last = torch.tril(torch.ones(8, 8))
    return x @ self.last


def attributes(model: nn.Module) -> dict[str, Any]:
    return {
        name: str(value)
        for name, value in model.__dict__.items()
        if name in ("last", "count", "numbers", "history", "queue", "nested")
    }


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("function", STATE, ids=lambda function: function.__name__)
def test_state_in_attributes_is_refused(function, weights: bool) -> None:
    model = Keeping(function) if weights else without_weights(lambda: Keeping(function))[0]
    before = attributes(model)
    with pytest.raises(ModelImportError, match=f"attribute '{STATE[function]}': the model changes it when it runs"):
        import_model(model, X)
    assert attributes(model) == before


@pytest.mark.parametrize("function", [leaves_for_others, fills_cache], ids=lambda function: function.__name__)
def test_attributes_without_effect_on_later_calls_are_not_state(function) -> None:
    model = Keeping(function)
    before = attributes(model)
    graph = import_model(model, X)
    assert attributes(model) == before
    same_everywhere(model, graph, X[:1])
    if function is leaves_for_others:
        import_model(without_weights(lambda: Keeping(function))[0], X)


def test_a_failed_import_leaves_attributes_as_they_were() -> None:
    def fails(self, x):
        self.history.append(x)
        return x if x.sum() > 0 else -x

    model = Keeping(fails)
    with pytest.raises(ModelImportError, match="depend on values"):
        import_model(model, X)
    assert model.history == []


def test_recurrent_layers_keep_nothing() -> None:
    def build() -> nn.Module:
        return Wrap(lambda self, x: self.cell(x.unsqueeze(0))[0][0], cell=nn.LSTM(8, 8))

    import_model(build(), X)
    import_model(without_weights(build)[0], X)


# ---- arguments


class Nested(nn.Module):
    def forward(self, named, others):
        return named["a"] - 2 * named["b"] + 5 * others[0]


def test_dictionaries_are_matched_by_key() -> None:
    program = torch.export.export(Nested(), ({"b": X[:1], "a": Y[:1]}, (X[:1],)), strict=False)
    module = import_model(program).to_torch().eval()
    expected = Nested()({"a": Y, "b": X}, (X,))
    for named in ({"b": X, "a": Y}, {"a": Y, "b": X}, OrderedDict(a=Y, b=X)):
        assert torch.equal(module(named, (X,)), expected)

    with pytest.raises(InputError, match="argument 0 is a dictionary with the keys 'a', 'c'"):
        module({"a": Y, "c": X}, (X,))


class Optional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x, mask=None, flag=True):
        y = self.fc(x)
        y = y if mask is None else y * mask
        return y if flag else -y


def test_arguments_that_the_graph_does_not_have() -> None:
    model = Optional().eval()
    module = import_model(model, X).to_torch().eval()
    for result in (module(X, mask=None), module(X, None), module(x=X, mask=None)):
        torch.testing.assert_close(result, model(X))
    with pytest.raises(InputError, match="the model has no input 'flag'"):
        module(X, flag=False)
    with pytest.raises(InputError, match="argument 2 is a bool, expected a tensor"):
        module(X, None, False)
    with pytest.raises(InputError, match="input is a NoneType"):
        module(None)


@pytest.mark.parametrize(
    ("samples", "match"),
    [
        (None, "input is a NoneType, expected a tensor, or a sequence"),
        (3, "input is a int"),
        ("abc", "input is a str"),
        ({"x": X}, "input is a dict"),
        (X.numpy().astype(str), "input is a NumPy array of type <U32, expected numbers"),
        ([X, X], "got 2 tensors as input, expected 1"),
    ],
    ids=["none", "int", "str", "dict", "array", "two"],
)
def test_samples_that_are_no_tensors(samples: Any, match: str) -> None:
    graph = import_model(nn.Linear(8, 3), X)
    with pytest.raises(InputError, match=match):
        run_reference(graph.module, graph.parameters, samples)


# ---- results


class Pair(NamedTuple):
    scores: torch.Tensor
    scaled: torch.Tensor


class NamedResult(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x, scale):
        return Pair(self.fc(x), x * scale)


def test_results_of_unknown_classes_are_tuples() -> None:
    model = NamedResult()
    module = import_model(model, (X, Y)).to_torch().eval()
    scores, scaled = module(scale=Y, x=X)
    torch.testing.assert_close(scores, model(X, Y).scores)
    assert torch.equal(scaled, X * Y)
    assert type(module(X, Y)) is tuple
    assert module.fc._get_name() == "Linear"


def test_shapes_of_results_without_a_batch_dimension() -> None:
    model = Wrap(lambda _, x: (x.mean(), x[0], x.reshape(-1, 4), x.argmax()))
    graph = import_model(model, X)
    for run in (lambda x: reference(graph, x), graph.to_torch().eval()):
        for got, wanted in zip(run(X[:1]), model(X[:1]), strict=True):
            assert got.shape == wanted.shape
            torch.testing.assert_close(got, wanted)
        mean, row, parts, place = run(X)
        torch.testing.assert_close(mean, X.mean(1))
        assert torch.equal(row, X.flatten())
        assert torch.equal(parts, X.reshape(-1, 4))
        assert torch.equal(place, X.argmax(1))
