# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Results come as the model gives them: number, order, names and nesting, from the reference, PyTorch and hardware."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils import _pytree as pytree

import xplat
from xplat.api.design import Design
from xplat.cli import main
from xplat.frontend import import_model

SIZE = 8
RANDOM = 24


def samples(count: int = 12, inputs: int = 1, seed: int = 5) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(count, SIZE, generator=generator) for _ in range(inputs))


def assert_same(got: Any, wanted: Any, *, tolerance: float | None = None) -> None:
    """Same nesting, and the same tensors, or tensors that differ by `tolerance` at most."""
    assert pytree.tree_structure(got) == pytree.tree_structure(wanted)
    for one, other in zip(pytree.tree_leaves(got), pytree.tree_leaves(wanted), strict=True):
        assert one.shape == other.shape
        if tolerance is None:
            assert torch.equal(one, other)
        else:
            assert (one - other).abs().max() <= tolerance


class Heads(nn.Module):
    """One value under two names: dropout does nothing in evaluation."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(SIZE, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        h = torch.relu(self.body(x))
        return {"embedding": h, "regularised": nn.functional.dropout(h, training=self.training), "class": self.head(h)}


class Random(nn.Module):
    """Values that are computed from inputs and each other, some of them twice; 1 to 5 of them, and of the inputs, are
    returned, nested at random."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        draw = random.Random(seed)
        torch.manual_seed(seed)
        self.inputs = draw.choice([1, 1, 2])
        self.layers = nn.ModuleList()
        # What computes each value: the layer, a function, or the sum of two values; and of which values.
        self.steps: list[tuple[str, int, int]] = []
        for _ in range(draw.randint(2, 6)):
            known = self.inputs + len(self.steps)
            step = draw.choice(["linear", "relu", "add", "dropout"]), draw.randrange(known), draw.randrange(known)
            self.steps += [step]
            if step[0] == "linear":
                self.layers.append(nn.Linear(SIZE, SIZE))
            elif draw.random() < 0.3:
                self.steps += [step]  # computed again: passes merge the two
        self.steps += [("add", 0, self.inputs - 1)]
        values = self.inputs + len(self.steps)
        leaves = [draw.randrange(values) for _ in range(draw.randint(1, 5))]
        leaves = [draw.choice(leaves) if draw.random() < 0.3 else leaf for leaf in leaves]
        if draw.random() < 0.2:
            leaves = leaves[:1] * len(leaves)  # all are equal
        # An input that no returned value depends on would be refused.
        if set().union(*(self.depends(leaf) for leaf in leaves)) != set(range(self.inputs)):
            leaves[draw.randrange(len(leaves))] = values - 1
        self.result = nest(draw, leaves)

    def depends(self, value: int) -> set[int]:
        """The inputs that a value depends on."""
        if value < self.inputs:
            return {value}
        kind, first, second = self.steps[value - self.inputs]
        return self.depends(first) | (self.depends(second) if kind == "add" else set())

    def forward(self, *inputs):
        values, layers = list(inputs), iter(self.layers)
        for kind, first, second in self.steps:
            if kind == "linear":
                values.append(next(layers)(values[first]))
            elif kind == "relu":
                values.append(torch.relu(values[first]))
            elif kind == "add":
                values.append(values[first] + values[second])
            else:
                values.append(nn.functional.dropout(values[first], training=self.training))
        return pytree.tree_map(lambda index: values[index], self.result)


def nest(draw: random.Random, leaves: list[int]) -> Any:
    """The leaves in dictionaries, tuples and lists, in each other; or a leaf alone."""
    if len(leaves) == 1 and draw.random() < 0.6:
        return leaves[0]
    parts: list[Any] = []
    while leaves:
        count = draw.randint(1, len(leaves) if parts else max(len(leaves) - 1, 1))
        parts.append(leaves[0] if count == 1 else nest(draw, leaves[:count]))
        leaves = leaves[count:]
    kind = draw.choice(["dict", "tuple", "list"])
    if kind == "dict":
        names = draw.sample(["logits", "embedding", "a.b", "0", "file", "out0", "x"], len(parts))
        return dict(zip(names, parts, strict=True))
    return tuple(parts) if kind == "tuple" else parts


def compiled(model: nn.Module, inputs: tuple[torch.Tensor, ...], **options: Any) -> Design:
    return xplat.compile(model.eval(), "z7020", example_inputs=[x[:1] for x in inputs], calibration=inputs, **options)


@pytest.mark.parametrize("seed", range(RANDOM))
def test_random_models(seed: int) -> None:
    model = Random(seed).eval()
    inputs = samples(inputs=model.inputs)
    with torch.no_grad():
        wanted = model(*inputs)
    graph = import_model(model, [x[:1] for x in inputs])
    with torch.no_grad():
        assert_same(graph.to_torch().eval()(*inputs), wanted, tolerance=1e-5)
    quantized = xplat.quantize(graph, calibration=inputs)
    reference = quantized.reference(inputs)
    assert_same(reference, wanted, tolerance=0.3)
    with torch.no_grad():
        assert_same(quantized.to_torch().eval()(*inputs), reference)


def simulated(seed: int) -> None:
    model = Random(seed).eval()
    inputs = samples(inputs=model.inputs)
    design = compiled(model, inputs)
    with torch.no_grad():
        wanted = model(*inputs)
    reference = design.reference(inputs)
    assert_same(reference, wanted, tolerance=0.3)
    assert_same(design.simulate(inputs, backpressure=0.2).outputs, reference)
    assert len(design.graph.result_names) == len(set(design.graph.result_names)) == len(pytree.tree_leaves(wanted))


def test_the_random_models_are_of_all_kinds() -> None:
    models = [Random(seed) for seed in range(RANDOM)]
    results = [(model.inputs, pytree.tree_leaves(model.result), type(model.result)) for model in models]
    assert {kind for _, _, kind in results} == {dict, tuple, list, int}
    assert {len(leaves) for _, leaves, _ in results} >= {1, 2, 3, 4, 5}
    assert any(len(leaves) > len(set(leaves)) > 1 for _, leaves, _ in results)
    assert any(len(leaves) > len(set(leaves)) == 1 for _, leaves, _ in results)
    assert any(min(leaves) < inputs for inputs, leaves, _ in results)


SIMULATED = (3, 10)


@pytest.mark.parametrize("seed", SIMULATED)
def test_random_models_in_hardware(seed: int) -> None:
    simulated(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", [seed for seed in range(RANDOM) if seed not in SIMULATED])
def test_all_random_models_in_hardware(seed: int) -> None:
    simulated(seed)


@pytest.fixture(scope="module")
def heads() -> Design:
    torch.manual_seed(0)
    return compiled(Heads(), samples())


def test_a_value_under_two_names(heads: Design) -> None:
    (x,) = samples()
    reference = heads.reference(x)
    assert list(reference) == ["embedding", "regularised", "class"] == list(heads.graph.result_names)
    with torch.no_grad():
        assert_same(heads.to_torch().eval()(x), reference)
    assert_same(heads.simulate(x).outputs, reference)


def test_a_value_under_two_names_costs_no_second_port(heads: Design, tmp_path: Path) -> None:
    manifest = json.loads((heads.emit(tmp_path) / "design.json").read_text())
    assert [port["name"] for port in manifest["outputs"]] == ["out0", "out1"]
    results = [("embedding", "out0"), ("regularised", "out0"), ("class", "out1")]
    assert [(result["name"], result["port"]) for result in manifest["model"]["results"]] == results
    assert "`out0`, result 'embedding' and 'regularised': 1x4 of 8 bits" in (tmp_path / "README.md").read_text()
    ports = [(port.name, port.kind, port.port) for port in heads.report().ports]
    assert ports == [("x", "input", "in0"), *((name, "result", port) for name, port in results)]
    assert "regularised  result  out0" in str(heads.report())


def test_results_on_the_command_line(heads: Design, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(heads.save(tmp_path / "design"))
    np.save(tmp_path / "x.npy", samples()[0].numpy())
    command = ["simulate", folder, "--inputs", str(tmp_path / "x.npy"), "--output", str(tmp_path / "y.npz"), "--quiet"]
    assert main(command) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[-4:] == [
        "mismatches 0 of 120 elements against the integer reference",
        *("embedding 0 of 48", "regularised 0 of 48", "class 0 of 24"),
    ]
    with np.load(tmp_path / "y.npz") as saved:
        for name, tensor in heads.reference(samples()[0]).items():
            assert np.array_equal(saved[name], tensor.numpy())


class Returns(nn.Module):
    """Gives what `result` makes of an input and of what is computed from it."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.layer = nn.Linear(SIZE, 4)
        self.result = result

    def forward(self, x):
        return self.result(x, torch.relu(self.layer(x)))


@pytest.mark.parametrize(
    ("result", "names", "ports"),
    [
        (lambda x, y: y, ["output"], [0]),
        (lambda x, y: (y,), ["0"], [0]),
        (lambda x, y: {"y": y}, ["y"], [0]),
        (lambda x, y: (y, y, y), ["0", "1", "2"], [0, 0, 0]),
        (lambda x, y: [x, {"x": x, "y": y}], ["0", "1.x", "1.y"], [0, 0, 1]),
        (lambda x, y: (torch.relu(y), y + 1, y), ["0", "1", "2"], [0, 1, 0]),  # relu of relu, which passes drop
        (lambda x, y: {"a": {"b": y}, "a.b": x}, ["a.b", "a.b_1"], [0, 1]),
        (lambda x, y: {"file": y, 3: x}, ["file", "3"], [0, 1]),
    ],
)
def test_names_and_ports(result: Any, names: list[str], ports: list[int], tmp_path: Path) -> None:
    (x,) = samples()
    model = Returns(result).eval()
    design = compiled(model, (x,))
    assert list(design.graph.result_names) == names
    with torch.no_grad():
        assert_same(design.reference(x), model(x), tolerance=0.1)
        assert_same(Design.load(design.save(tmp_path / "saved")).reference(x), model(x), tolerance=0.1)
    assert [port.port for port in design.report().ports if port.kind == "result"] == [f"out{port}" for port in ports]


def test_an_input_that_nothing_depends_on() -> None:
    class Shape(nn.Module):
        def forward(self, y, x):
            return torch.zeros_like(y) * 2 + torch.relu(x)

    inputs = samples(inputs=2)
    design = compiled(Shape(), inputs)
    assert design.graph.input_names == ("y", "x") and design.graph.input_shapes == ((SIZE,), (SIZE,))
    assert [(port.name, port.port) for port in design.report().ports][:2] == [("y", "-"), ("x", "in0")]
    assert (design.reference(inputs) - torch.relu(inputs[1])).abs().max() < 0.1
