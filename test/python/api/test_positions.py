# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""argmax, argmin, top-k and sort from PyTorch to simulated RTL, bit for bit.

Yardsticks: PyTorch on the same numbers, as integers of few bits have many equal ones; the reference for the RTL; the
report for its cycles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import xplat

Forward = Callable[[torch.Tensor], Any]


class Computes(nn.Module):
    """A function as a module."""

    def __init__(self, function: Forward) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> Any:
        return self.function(x)


def all_of(outputs: Any) -> list[torch.Tensor]:
    return [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)


def check(model: nn.Module, shape: tuple[int, ...], *, exact: bool, quantize: str = "int8") -> xplat.Design:
    """`exact`: the samples are numbers of the input's format, and nothing else is computed: all is PyTorch's result."""
    torch.manual_seed(4)
    x = torch.randint(-4, 4, (12, *shape)).float() / 4 if exact else torch.randn(12, *shape)
    x[0].flatten()[0] = 1.0
    model = model.eval()
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize=quantize)
    reference = all_of(design.reference(x))
    trainable = design.to_torch().eval()
    with torch.no_grad():
        expected, trained = all_of(model(x)), all_of(trainable(x))
    for result, wanted, again in zip(reference, expected, trained, strict=True):
        assert result.dtype == wanted.dtype and result.shape == wanted.shape
        assert torch.equal(result, again)
        if exact:
            assert torch.equal(result, wanted)
    free = design.simulate(x[:6])
    stalled = design.simulate(x[:6], backpressure=0.3, seed=3)
    for outputs in (free, stalled):
        for result, wanted in zip(all_of(outputs.outputs), reference, strict=True):
            assert result.dtype == wanted.dtype and torch.equal(result, wanted[: len(result)])
    assert free.cycles_per_sample[-1] == design.report().cycles_per_sample
    return design


FUNCTIONS: dict[str, tuple[Forward, tuple[int, ...]]] = {
    "classes": (lambda x: x.argmax(-1), (10,)),
    "last of rows": (lambda x: x.argmin(2, keepdim=True), (5, 12)),
    "outer of rows": (lambda x: x.argmax(1), (5, 12)),
    "channels": (lambda x: x.argmax(1), (6, 3, 4)),
    "columns": (lambda x: x.argmin(3), (4, 3, 5)),
    "image rows": (lambda x: x.argmax(2, keepdim=True), (4, 3, 5)),
    "both": (lambda x: x.max(1), (6, 3, 4)),
    "lowest": (lambda x: x.min(-1, keepdim=True), (3, 7)),
    "positions alone": (lambda x: x.max(-1).indices, (3, 7)),
    "of one": (lambda x: x.argmax(1), (1, 4)),
    "top of rows": (lambda x: x.topk(3).values, (4, 9)),
    "sorted": (lambda x: x.sort(stable=True, dim=-1), (3, 8)),
    "sorted channels": (lambda x: x.sort(stable=True, dim=1, descending=True), (5, 2, 3)),
    "order": (lambda x: torch.argsort(x, dim=1, stable=True), (6, 3)),
    "smallest columns": (lambda x: x.topk(2, dim=3, largest=False).values, (2, 3, 5)),
}


@pytest.mark.parametrize("name", ["channels", "sorted", "both"])
def test_equals_pytorch(name: str) -> None:
    function, shape = FUNCTIONS[name]
    check(Computes(function), shape, exact=True)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("channels", "sorted", "both")])
def test_each_equals_pytorch(name: str) -> None:
    function, shape = FUNCTIONS[name]
    check(Computes(function), shape, exact=True)


def test_over_all_elements() -> None:
    """One sample is the whole tensor: the position counts through all of it, row by row."""
    model = Computes(lambda x: x.argmax()).eval()
    x = torch.randint(-4, 4, (8, 2, 3, 4)).float() / 4
    x[:, 0, 0, 0] = -1.0
    design = xplat.compile(model, "zu9eg", example_inputs=x[:1], calibration=x, quantize="int8")
    expected = torch.stack([sample.argmax() for sample in x])
    assert torch.equal(design.reference(x), expected)
    assert torch.equal(design.simulate(x, backpressure=0.3, seed=1).outputs, expected)


class Classifier(nn.Module):
    """The five best classes of a classifier, and what a table says of the best one."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(2, 6, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(96, 12))
        self.names = nn.Embedding(12, 4)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        scores = self.features(x)
        values, indices = scores.topk(5)
        return values, indices, self.names(scores.argmax(-1))


class Segmentation(nn.Module):
    """A class for each pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(2, 6, 3, padding=1), nn.Conv2d(6, 5, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.conv(x).relu()).argmax(1)


class Looked(nn.Module):
    """Positions that change their order on the way to a table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(5, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.table(x.argmax(3))


@pytest.mark.long
def test_positions_move_to_a_table() -> None:
    design = check(Looked(), (4, 3, 5), exact=False)
    assert "reorder" in str(design.mapped)


def test_in_models() -> None:
    check(Classifier(), (2, 4, 4), exact=False)


@pytest.mark.long
@pytest.mark.parametrize("quantize", ["int8", "int4"])
def test_segmentation(quantize: str) -> None:
    check(Segmentation(), (2, 5, 4), exact=False, quantize=quantize)


def test_agrees_with_float_as_far_as_numbers_differ() -> None:
    torch.manual_seed(0)
    model, x = nn.Sequential(nn.Linear(8, 6), Computes(lambda x: x.argmax(-1))).eval(), torch.randn(200, 8)
    quantized = xplat.quantize(model, calibration=x, example_inputs=x[:1], quantize="int8")
    scores = xplat.quantize(model[0], calibration=x, example_inputs=x[:1], quantize="int8")(x)
    assert torch.equal(quantized(x), scores.argmax(-1))
    with torch.no_grad():
        assert (quantized(x) == model(x)).float().mean() > 0.95
