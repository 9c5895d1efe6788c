# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What plain calls show at import: state in any object, caches outside of the model, where a model fails."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable

import numpy
import pytest
import torch
from torch import Tensor, nn

from xplat.frontend import import_model
from xplat.graph.reference import run_reference
from xplat.support.errors import ModelImportError
from xplat.support.frames import user_frames

X = torch.randn(3, 6, 8)


def same(model: nn.Module, x: Tensor = X) -> None:
    """The graph of the first sample computes what the model does, for all samples."""
    graph = import_model(model, x)
    with torch.no_grad():
        torch.testing.assert_close(run_reference(graph.module, graph.parameters, x), model(x))


# ---- state wherever it is


class Keys:
    """A cache as generating models have them."""

    def __init__(self) -> None:
        self.keys: Tensor | None = None

    def update(self, x: Tensor) -> Tensor:
        self.keys = x if self.keys is None else torch.cat([self.keys, x], 1)
        return self.keys


class Remembering(nn.Module):
    calls = 0

    def __init__(self, function: Callable[[Remembering, Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function
        self.cache = Keys()
        self.phase = "first"
        self.seen: tuple[int, ...] = ()
        self.numbers = iter(range(1000))

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self, x)


def caches(self: Remembering, x: Tensor) -> Tensor:
    return self.cache.update(x).mean(1)


def has_phases(self: Remembering, x: Tensor) -> Tensor:
    result = x if self.phase == "first" else -x
    self.phase = "later"
    return result


def extends_tuple(self: Remembering, x: Tensor) -> Tensor:
    self.seen += (1,)
    return x * len(self.seen)


def counts_in_class(self: Remembering, x: Tensor) -> Tensor:
    type(self).calls += 1
    return x * type(self).calls


GLOBAL = {"calls": 0}


def counts_globally(self: Remembering, x: Tensor) -> Tensor:
    GLOBAL["calls"] += 1
    return x * GLOBAL["calls"]


def takes_the_next(self: Remembering, x: Tensor) -> Tensor:
    return x * next(self.numbers)


@pytest.mark.parametrize(
    "function",
    [caches, has_phases, extends_tuple, counts_in_class, counts_globally, takes_the_next],
    ids=lambda function: function.__name__,
)
def test_state_outside_of_watched_attributes_is_refused(function: Callable[[Remembering, Tensor], Tensor]) -> None:
    with pytest.raises(ModelImportError, match="results of the model depend on earlier calls"):
        import_model(Remembering(function), X)


@pytest.mark.parametrize("draw", [random.random, numpy.random.rand], ids=["python", "numpy"])
def test_random_numbers_of_others_are_refused(draw: Callable[[], float]) -> None:
    with pytest.raises(ModelImportError, match=r"random numbers of Python's or NumPy's; give them as an input"):
        import_model(Remembering(lambda _, x: x * draw()), X)


def test_importing_draws_no_random_numbers() -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5))
    before = torch.get_rng_state(), random.getstate()
    import_model(model, X)
    assert torch.equal(torch.get_rng_state(), before[0]) and random.getstate() == before[1]


# ---- caches


@functools.lru_cache
def causal(count: int) -> Tensor:
    return torch.full((count, count), float("-inf")).triu(1)


class Masked(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (x @ x.mT + causal(x.shape[1])).softmax(-1) @ x


class Lazy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("positions", None, persistent=False)
        self.positions: Tensor | None

    def forward(self, x: Tensor) -> Tensor:
        if self.positions is None:
            self.positions = torch.arange(x.shape[1]).float()[:, None]
        return x + self.positions


@pytest.mark.parametrize("kind", [Masked, Lazy])
def test_caches_hold_values_after_an_import(kind: type[nn.Module]) -> None:
    model = kind()
    causal.cache_clear()
    same(model)
    assert type(model(X)) is Tensor
    same(model)


def test_hooks_that_a_call_installs_go_with_their_mark() -> None:
    class Installing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 8)
            self.collected: list[Tensor] = []

        def forward(self, x: Tensor) -> list[Tensor]:
            if not hasattr(self, "installed"):
                self.fc.register_forward_hook(lambda _, __, result: self.collected.append(result))
                self.installed = True
            self.collected.clear()
            return [self.fc(x), *self.collected]

    model = Installing()
    for _ in range(2):
        import_model(model, X)
    assert len(model(X)) == 2


# ---- where it fails


class Formats(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        print(f"{x.mean().item():.3f}")
        return x


class Leaves(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.from_numpy(x.numpy() * 2)


class Reshapes(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(5, 5)


@pytest.mark.parametrize(
    ("kind", "remedy"), [(Formats, "into a text"), (Leaves, "operations of PyTorch"), (Reshapes, "a batch of one")]
)
def test_failures_name_line_and_layer(kind: type[nn.Module], remedy: str) -> None:
    with pytest.raises(ModelImportError, match=remedy) as caught:
        import_model(nn.Sequential(nn.Linear(8, 8), kind()), X)
    assert f"layer 1 ({kind.__name__})" in caught.value.message
    file, _, line = str(caught.value.location).rpartition(":")
    assert file.endswith("test_trial.py") and "def forward" not in open(file).readlines()[int(line) - 1]


class Empty(nn.Module):
    pass


class OnDevice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise NotImplementedError("Could not run 'aten::empty.memory_format' with arguments from the 'CUDA' backend.")


@pytest.mark.parametrize(
    ("model", "inputs", "remedy"),
    [
        (Empty(), X, "define forward in the model"),
        (OnDevice(), X, "use the device of its input"),
        (nn.Embedding(10, 4), torch.rand(1, 5), "token ids are int64"),
        (nn.Linear(8, 4), (X, X), "by position"),
    ],
    ids=["no forward", "device", "indices", "too many"],
)
def test_failures_say_what_to_do(model: nn.Module, inputs: Tensor | tuple[Tensor, ...], remedy: str) -> None:
    with pytest.raises(ModelImportError, match=remedy):
        import_model(model, inputs)


def test_a_failed_import_leaves_the_weights_alone() -> None:
    class Normalising(nn.Linear):
        def forward(self, x: Tensor) -> Tensor:
            self.weight.data = nn.functional.normalize(self.weight.data, dim=1)
            return super().forward(x)

    model = nn.Sequential(Normalising(8, 4)).eval()
    before = model[0].weight.clone()
    with pytest.raises(ModelImportError):
        import_model(model, X)
    assert torch.equal(model[0].weight, before)


def test_other_libraries_that_begin_with_torch_are_the_users() -> None:
    folder = str(next(iter(torch.__path__)))
    text = f'  File "{folder}vision/models/resnet.py", line 5, in forward\n  File "{folder}/nn/x.py", line 1, in y'
    assert user_frames(text) == [(f"{folder}vision/models/resnet.py", 5)]


# ---- inputs


class Steps(nn.Module):
    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return x * t[:, None, None]


def test_a_number_for_each_sample_is_an_input() -> None:
    steps = torch.rand(3)
    graph = import_model(Steps(), (X, steps))
    torch.testing.assert_close(run_reference(graph.module, graph.parameters, (X, steps)), Steps()(X, steps))
    module = graph.to_torch()
    torch.testing.assert_close(module(X, steps), Steps()(X, steps))
    with pytest.raises(ModelImportError, match=r"shape \[2\], expected \[batch, …\]"):
        import_model(Steps(), (X, steps[:2]))
    with pytest.raises(ModelImportError, match="leave it out"):
        import_model(Steps(), (X, steps), example_kwargs={"mask": None})


def test_truth_values_that_a_tensor_is_filled_with() -> None:
    class Filled(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.masked_fill(torch.full((6, 8), 3, dtype=torch.bool), 0.5)

    same(Filled())
