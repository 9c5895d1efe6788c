# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random modules: each imports, survives text, and computes what PyTorch computes, or is refused with its line.

So does the graph after the software passes.

The default run has fixed seeds; `-m long` has more of them, and draws one and prints it. `XPLAT_SEED=1234` repeats a
drawn run.
"""

from __future__ import annotations

import os
import random
import re
from typing import Any

import pytest
import torch

from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.mlir import text_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import ModelImportError
from xplat.testing.modules import RandomModule

SEEDS, LONG, CHUNK = 200, 1000, 10
DEFAULT = 80
"""Seeds of the default run, of `SEEDS` fixed ones."""
TOLERANCE = 1e-4
"""Relative to the largest magnitude of an output."""


def flat(outputs: Any) -> list[torch.Tensor]:
    """Tensors in tuples, lists and dictionaries, in order."""
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [tensor for part in (outputs.values() if isinstance(outputs, dict) else outputs) for tensor in flat(part)]


def check_outputs(module: RandomModule, graph: Graph, what: str) -> None:
    """Both samples give what the module gives for each alone."""
    for index in range(2):
        args, kwargs = module.sample(index)
        with torch.no_grad():
            expected = flat(module(*args, **kwargs))
        args, kwargs = module.sample(index)
        results = run_reference(graph.module, graph.parameters, (*args, *kwargs.values()))
        results = results if isinstance(results, tuple) else (results,)
        assert len(results) == len(expected), what
        for number, (result, wanted) in enumerate(zip(results, expected, strict=True)):
            bound = TOLERANCE * float(wanted.abs().max()) + 1e-6
            difference = float((result.reshape(wanted.shape).double() - wanted.double()).abs().max())
            assert difference <= bound, f"{what}: sample {index}, output {number}: {difference} exceeds {bound}"


def check_module(seed: int) -> bool:
    """Checks the module of a seed; returns whether it was imported."""
    module = RandomModule(seed)
    what = f"RandomModule({seed}): {', '.join(module.labels)}"
    args, kwargs = module.sample(0)
    before = {key: value.clone() for key, value in module.state_dict().items()}
    try:
        graph = import_model(module, args, example_kwargs=kwargs)
    except ModelImportError as error:
        # What writing to a view whose elements overlap gives is undefined in PyTorch too.
        refusable = module.forbidden is not None or "internal overlap" in str(error)
        assert refusable, f"{what} was refused: {error}"
        assert re.search(r"(modules|operations)\.py:\d+", str(error)), f"{what}: no line in: {error}"
        return False
    for key, value in module.state_dict().items():
        torch.testing.assert_close(value, before[key], rtol=0, atol=0, msg=f"{what}: importing has changed {key}")
    text = text_of(graph.module)
    assert text_of(graph.copy().module) == text, what
    assert graph.module.operation.verify(), what
    assert module.forbidden is None, f"{what} was imported, but it cannot be"
    check_outputs(module, graph, what)
    passed = graph.with_module(run_pipeline(graph.module, "xplat-software", where="software passes"))
    check_outputs(module, passed, f"{what} after the software passes")
    return True


@pytest.mark.parametrize(
    "chunk", [pytest.param(n, marks=[pytest.mark.long] if n >= DEFAULT // CHUNK else []) for n in range(SEEDS // CHUNK)]
)
def test_random_modules(chunk: int) -> None:
    imported = [check_module(seed) for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK)]
    assert sum(imported) >= CHUNK // 2


@pytest.mark.long
def test_random_modules_of_a_drawn_seed() -> None:
    first = int(os.environ.get("XPLAT_SEED", random.randrange(1_000_000, 1_000_000_000)))
    print(f"XPLAT_SEED={first}")
    imported = [check_module(seed) for seed in range(first, first + LONG)]
    print(f"{sum(imported)} of {LONG} imported, the others refused")
    assert sum(imported) > LONG // 2
