# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks of attention and of other nodes: they import exactly, and hide in hardware what they hide in PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import xplat
from xplat.dialects import xplat as xp
from xplat.frontend import Graph, import_model
from xplat.frontend.rules.masks import diagonal_of
from xplat.graph.reference import run_reference
from xplat.mlir import nodes_of

LENGTH, HEADS, DEPTH = 6, 2, 4
GENERATOR = torch.Generator().manual_seed(4)
TRIANGLE = torch.ones(LENGTH, LENGTH, dtype=torch.bool).tril()
WINDOW = TRIANGLE & ~TRIANGLE.tril(-3)
"""Every query sees itself and the two tokens before it."""
BIAS = torch.randn(HEADS, LENGTH, LENGTH, generator=GENERATOR)


class Attention(nn.Module):
    """Attention over tokens, with `mask` as an argument of PyTorch's operation; buffers stay buffers."""

    def __init__(self, mask: Tensor | None = None, *, operand: bool = False) -> None:
        super().__init__()
        self.register_buffer("mask", mask)
        self.operand = operand

    def heads(self, x: Tensor) -> Tensor:
        return x.reshape(1, LENGTH, HEADS, DEPTH).transpose(1, 2)

    def forward(self, x: Tensor, *more: Tensor) -> Tensor:
        q = self.heads(x)
        mask = more[0][:, None, None] > 0 if self.operand else self.mask
        return F.scaled_dot_product_attention(q, q + 0.5, q, attn_mask=mask)


class Spelled(Attention):
    """The same, written out, with `fill` where nothing is seen."""

    def __init__(self, mask: Tensor, fill: float) -> None:
        super().__init__(mask)
        self.fill = fill

    def forward(self, x: Tensor, *_: Tensor) -> Tensor:
        q = self.heads(x)
        scores = q @ (q + 0.5).transpose(-1, -2) / math.sqrt(DEPTH)
        scores = scores.masked_fill(self.mask[None, None] == 0, self.fill)
        return scores.softmax(-1) @ q


class Unfused(Spelled):
    """Scores that leave the model, too, so that no attention is found in it."""

    def forward(self, x: Tensor, *_: Tensor) -> Any:
        q = x.reshape(1, LENGTH, -1)
        scores = torch.where(self.mask, q @ (q + 0.5).transpose(-1, -2), self.fill)
        return scores.softmax(-1) @ q, scores.softmax(-1).sum(-2)


def tokens(count: int) -> Tensor:
    return torch.randn(count, LENGTH, HEADS * DEPTH, generator=torch.Generator().manual_seed(count))


def check(model: nn.Module, *more: Tensor) -> xplat.Design:
    """Imported: what PyTorch computes. Compiled and simulated: what the reference computes, in the stated cycles."""
    model.eval()
    operands = (tokens(16), *(part[:16] for part in more))
    samples = [tuple(part[i : i + 1] for part in operands) for i in range(16)]
    graph = import_model(model, samples[0])
    for sample in samples[:3]:
        with torch.no_grad():
            expected = model(*sample)
        results = run_reference(graph.module, graph.parameters, sample)
        for result, wanted in zip(flat(results), flat(expected), strict=True):
            torch.testing.assert_close(result.reshape(wanted.shape), wanted, rtol=1e-4, atol=1e-5)
    design = xplat.compile(graph, "u250", calibration=operands if more else operands[0])
    x = tuple(part[:4] for part in operands) if more else operands[0][:4]
    simulation = design.simulate(x)
    for out, wanted in zip(flat(simulation.outputs), flat(design.reference(x)), strict=True):
        assert torch.equal(out, wanted)
    assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample
    return design


def flat(outputs: Any) -> list[Tensor]:
    return [outputs] if isinstance(outputs, Tensor) else list(outputs)


def kinds(design: xplat.Design) -> set[str]:
    return {op.operation.name.removeprefix("xplat.") for op in nodes_of(design.mapped)}


def error(design: xplat.Design, model: nn.Module) -> float:
    """The largest error of eight samples against the float model, relative to its largest number."""
    x = tokens(8)
    with torch.no_grad():
        exact = torch.cat([model(one[None]) for one in x])
    return float((design(x) - exact).abs().max() / exact.abs().max())


ADDED = torch.zeros(LENGTH, LENGTH).masked_fill(~TRIANGLE, -math.inf)


@pytest.mark.parametrize("mask", [TRIANGLE, ADDED, ADDED.clamp(min=torch.finfo(torch.float32).min)])
def test_triangles_need_no_mask(mask: Tensor) -> None:
    model = Attention(mask)
    design = check(model)
    assert "tril" in kinds(design) and not kinds(design) & {"masked_fill", "constant"}
    assert error(design, model) < 0.05


@pytest.mark.parametrize("mask", [WINDOW, torch.zeros(LENGTH, LENGTH).masked_fill(~WINDOW, -1e9)])
def test_other_masks_are_constants(mask: Tensor) -> None:
    model = Attention(mask)
    design = check(model)
    assert "masked_fill" in kinds(design) and not kinds(design) & {"tril", "add"}
    assert error(design, model) < 0.05


def test_numbers_to_add() -> None:
    """A bias alone, and one beside what it hides."""
    design = check(Attention(BIAS))
    assert not kinds(design) & {"tril", "masked_fill"}
    model = Attention(BIAS.masked_fill(~WINDOW, -math.inf))
    design = check(model)
    assert {"masked_fill", "constant"} <= kinds(design)
    assert error(design, model) < 0.05


def test_a_bias_that_is_trained() -> None:
    """One number for each head and distance, as relative positions have it."""

    class Relative(Attention):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Parameter(torch.randn(2 * LENGTH - 1, HEADS, generator=GENERATOR))
            self.register_buffer("distance", torch.arange(LENGTH)[:, None] - torch.arange(LENGTH) + LENGTH - 1)

        def forward(self, x: Tensor, *_: Tensor) -> Tensor:
            q = self.heads(x)
            bias = F.embedding(self.distance, self.table).permute(2, 0, 1)[None]
            return F.scaled_dot_product_attention(q, q + 0.5, q, attn_mask=bias)

    model = Relative()
    assert error(check(model), model) < 0.05


def test_nothing_hidden() -> None:
    assert not kinds(check(Attention(TRIANGLE | True))) & {"tril", "masked_fill", "constant"}


def test_a_row_that_sees_nothing() -> None:
    """PyTorch's attention gives zeros there."""
    mask = WINDOW.clone()
    mask[2] = False
    design = check(Attention(mask))
    assert not design(tokens(2))[:, :, 2].any()


def test_padding_as_an_operand() -> None:
    """One mask for each sample, of tokens that are there; also of none."""
    there = (torch.arange(LENGTH) < torch.randint(0, LENGTH + 1, (16, 1), generator=GENERATOR)).float()
    there[0] = 0
    design = check(Attention(operand=True), there)
    assert "masked_fill" in kinds(design)


@pytest.mark.parametrize("fill", [-math.inf, -1e9, -1e4])
@pytest.mark.parametrize("mask", [TRIANGLE, WINDOW])
def test_attention_spelled_out(mask: Tensor, fill: float) -> None:
    """The mask is found to be a mask of attention: nothing moves between the products."""
    model = Spelled(mask, fill)
    graph = xplat.quantize(model, example_inputs=tokens(1), calibration=tokens(4))
    assert "xplat.attention" in {op.operation.name for op in nodes_of(graph.module)}
    design = check(model)
    assert ("tril" if mask is TRIANGLE else "masked_fill") in kinds(design)
    assert "reorder" not in {node.kernel for node in design.report().nodes}
    assert error(design, model) < 0.05


@pytest.mark.parametrize("mask", [TRIANGLE, WINDOW])
def test_a_softmax_alone(mask: Tensor) -> None:
    check(Unfused(mask, -math.inf))


FUNCTIONS: dict[str, Callable[[Tensor], Any]] = {
    "comparison": lambda x: x.masked_fill(x > 0.5, -0.25),
    "either of two": lambda x: x.masked_fill((x > 1) | (x < -1), 0.0),
    "both and not": lambda x: torch.where((x > -1) & ~(x > 1), x, 0.5),
    "a number far beyond": lambda x: torch.sigmoid(x).masked_fill(x > 0.5, 6.0),
    "number first": lambda x: torch.where(WINDOW[:, :1], -1.0, x),
    "two tensors": lambda x: torch.where(WINDOW[:, :1], x, 2 * x),
    "triangle of numbers": lambda x: torch.where(TRIANGLE, x[..., :LENGTH], 0.25),
    "below a diagonal": lambda x: x[..., :LENGTH].masked_fill(~TRIANGLE.tril(-2), 0.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    class Model(nn.Module):
        def forward(self, x: Tensor) -> Any:
            return FUNCTIONS[name](x)

    check(Model())


def test_diagonals() -> None:
    for rows, columns in ((1, 1), (1, 5), (5, 1), (3, 5), (5, 3), (4, 4)):
        for diagonal in range(-rows + 1, columns - 1):
            hidden = ~torch.ones(rows, columns, dtype=torch.bool).tril(diagonal)
            assert diagonal_of(hidden[None]) == diagonal, (rows, columns, diagonal)
            changed = hidden.clone()
            changed[-1, 0] ^= True
            if rows > 1 and columns > 1 and -rows + 1 < diagonal:
                assert diagonal_of(changed) is None
    assert diagonal_of(torch.zeros(2, 3, 3, dtype=torch.bool)) is None


def test_refused() -> None:
    """A mask of the model's user that may hold minus infinity has no number format; the reason says what to do."""

    class Added(nn.Module):
        def forward(self, x: Tensor, mask: Tensor) -> Tensor:
            return F.scaled_dot_product_attention(x, x, x, attn_mask=mask)

    mask = torch.zeros(8, LENGTH, LENGTH)
    with pytest.raises(xplat.XplatError, match="mask of truth values"):
        xplat.compile(Added(), "u250", example_inputs=(tokens(8), mask))


def test_truth_values_of_an_input() -> None:
    """They import as they are, and what cannot be hardware says so."""

    class Given(nn.Module):
        def forward(self, x: Tensor, mask: Tensor) -> Tensor:
            return F.scaled_dot_product_attention(x, x, x, attn_mask=mask)

    x, mask = tokens(4)[:, None], torch.rand(4, 1, LENGTH, LENGTH, generator=GENERATOR) > 0.3
    graph = import_model(Given(), (x[:1], mask[:1]))
    assert any(isinstance(op, xp.AttentionOp) for op in nodes_of(graph.module))
    result = run_reference(graph.module, graph.parameters, (x[:1], mask[:1]))
    torch.testing.assert_close(result, Given()(x[:1], mask[:1]), rtol=1e-4, atol=1e-5)
    with pytest.raises(xplat.XplatError, match="let the model take its result as input"):
        xplat.compile(Given(), "u250", example_inputs=(x, mask))


def test_float_semantics_of_rows() -> None:
    """Of a row that sees nothing, the imported graph gives what PyTorch gives."""

    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.masked_fill(torch.ones(1, 8, dtype=torch.bool), -1e9).softmax(-1)

    x = tokens(1)
    graph: Graph = import_model(Model(), (x,))
    assert any(isinstance(op, xp.MaskedFillOp) for op in nodes_of(graph.module))
    torch.testing.assert_close(run_reference(graph.module, graph.parameters, (x,)), Model()(x))
