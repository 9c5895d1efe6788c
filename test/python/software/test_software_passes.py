# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every software pass keeps what a graph computes: on random modules, and on the zoo's models at reduced size."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
import torch.nn.functional as functional
from torch import nn

from xplat import ir, models
from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.mlir import nodes_of, text_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import ModelImportError
from xplat.testing.modules import RandomModule

PASSES = (
    "func.func(canonicalize)",
    "func.func(cse)",
    "xplat-fold-affine",
    "xplat-fold-affine{constants=false}",
    "xplat-fuse-attention",
    "xplat-decompose",
    "xplat-decompose-normalizations",
    "xplat-fold-constants",
    "xplat-fuse-elementwise",
    "xplat-fold-movement",
    "xplat-fold-affine,xplat-lower-affine",
    "xplat-fold-constants,xplat-fold-movement,xplat-fold-affine,xplat-fold-movement,xplat-lower-affine",
    "xplat-remove-unused-params",
    "xplat-software",
    "xplat-software,xplat-decompose,xplat-software",
)
SEEDS, CHUNK = 60, 10
TOLERANCE = 1e-4
"""Relative to the largest magnitude of an output."""


def outputs_of(graph: Graph, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    results: Any = run_reference(graph.module, graph.parameters, inputs)
    return results if isinstance(results, tuple) else (results,)


def check_pass(graph: Graph, inputs: tuple[torch.Tensor, ...], pipeline: str, what: str) -> None:
    """The same results behind the pass; the graph survives text."""
    changed = graph.with_module(run_pipeline(graph.module, pipeline, where="software passes"))
    for number, (got, wanted) in enumerate(zip(outputs_of(changed, inputs), outputs_of(graph, inputs), strict=True)):
        bound = TOLERANCE * float(wanted.double().abs().max()) + 1e-6
        difference = float((got.double() - wanted.double()).abs().max())
        assert difference <= bound, f"{what}, {pipeline}: output {number}: {difference} exceeds {bound}"
    text = text_of(changed.module)
    assert text_of(changed.copy().module) == text, what


# Each pass alone; test_generated_modules has the whole pipeline on more modules.
@pytest.mark.parametrize(
    "chunk", [pytest.param(n, marks=[pytest.mark.long] if n >= 3 else []) for n in range(SEEDS // CHUNK)]
)
def test_random_modules(chunk: int) -> None:
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        module = RandomModule(seed)
        args, kwargs = module.sample(0)
        try:
            graph = import_model(module, args, example_kwargs=kwargs)
        except ModelImportError:
            continue
        args, kwargs = module.sample(1)
        for pipeline in PASSES:
            check_pass(graph, (*args, *kwargs.values()), pipeline, f"RandomModule({seed}): {', '.join(module.labels)}")


MOVES = tuple(f"xplat.{name}" for name in ("reshape", "transpose", "broadcast", "slice", "pad", "upsample"))


def check_canonical(module: ir.Module) -> None:
    """No node hands its operand on, and none of those that move elements follows its like."""
    for op in nodes_of(module):
        kind = op.operation.name
        if kind not in MOVES:
            continue
        (operand,) = op.operands
        assert kind == "xplat.transpose" or operand.type != op.results[0].type, f"identity: {op}"
        assert kind != "xplat.transpose" or list(op.permutation) != sorted(op.permutation), f"identity: {op}"
        before = operand.owner
        if isinstance(before, ir.Operation | ir.OpView):
            assert before.name.removeprefix("xplat.") != kind.removeprefix("xplat."), f"{before} before {op}"


@pytest.mark.parametrize("name", models.names())
def test_models_of_the_zoo(name: str) -> None:
    spec = models.get(name)
    model = spec.build_small().eval()
    with torch.no_grad():
        for buffer in model.buffers():
            if buffer.dtype.is_floating_point:
                buffer.uniform_(0.5, 1.5, generator=torch.Generator().manual_seed(0))
    graph = import_model(model, spec.small_inputs())
    for pipeline in PASSES[-2:]:
        check_pass(graph, spec.small_inputs(batch=2, seed=1), pipeline, name)
        check_canonical(run_pipeline(graph.module, pipeline, where="software passes"))


# ---- attention, as models spell it


class Spelled(nn.Module):
    """Attention of two heads over tokens of eight numbers, in one of several spellings."""

    def __init__(self, spelling: str) -> None:
        super().__init__()
        self.spelling = spelling
        self.qkv = nn.Linear(8, 24)
        self.register_buffer("mask", torch.full((5, 5), -1e4).triu(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, _ = x.shape
        query, key, value = (part.reshape(batch, length, 2, 4).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        if self.spelling == "fused":
            attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        elif self.spelling == "divided":
            scores = query @ key.transpose(-2, -1) / math.sqrt(4)
            attended = torch.softmax(scores + self.mask, dim=-1) @ value
        elif self.spelling == "scaled queries":
            scores = (query * 4**-0.5) @ key.permute(0, 1, 3, 2)
            attended = (self.mask + scores).softmax(-1) @ value
        elif self.spelling == "three dimensions":
            query, key, value = (part.reshape(batch * 2, length, 4) for part in (query, key, value))
            scores = torch.bmm(query, key.transpose(1, 2)).view(batch, 2, length, length) * 0.5 + self.mask
            weights = functional.softmax(scores.view(batch * 2, length, length), dim=-1)
            attended = torch.bmm(weights, value).view(batch, 2, length, 4)
        else:
            attended = functional.softmax(query / 2 @ key.mT, dim=3) @ value
        return attended.transpose(1, 2).reshape(batch, length, 8)


@pytest.mark.parametrize("spelling", ["fused", "divided", "scaled queries", "three dimensions", "divided queries"])
def test_attention_is_found_however_it_is_spelled(spelling: str) -> None:
    torch.manual_seed(0)
    model = Spelled(spelling).eval()
    graph = import_model(model, torch.randn(1, 5, 8))
    software = graph.with_module(run_pipeline(graph.module, "xplat-software", where="software passes"))
    kinds = [op.operation.name for op in nodes_of(software.module)]
    assert kinds.count("xplat.attention") == 1
    assert "xplat.softmax" not in kinds and "xplat.matmul" not in kinds
    x = torch.randn(3, 5, 8)
    torch.testing.assert_close(run_reference(software.module, software.parameters, x), model(x).detach())
    for pipeline in PASSES[-2:]:
        check_pass(graph, (x,), pipeline, spelling)
