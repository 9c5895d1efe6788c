# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference: what a graph computes.

A graph with number formats is run in float64 on exact values, and every op's result is rounded once into its format,
so the outputs are exact. A graph of f32 alone is run in float32, like PyTorch. What each op means is said in
`xplat.interpreter`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from xplat import ir
from xplat.graph.samples import Samples, in_order
from xplat.graph.structure import Structure, nested
from xplat.interpreter import Interpreter, split, stack_samples
from xplat.support.errors import InputError
from xplat.support.progress import Progress, logged


def run_reference(
    module: ir.Module,
    parameters: Mapping[str, torch.Tensor],
    x: Samples,
    *,
    structure: Structure | None = None,
    progress: Progress = logged,
) -> Any:
    """Runs a graph on samples: `x` of shape [batch, …], for several inputs a sequence of such or, with `structure`, a
    mapping by name. NumPy arrays are as good as tensors.

    Token ids and masks are integers, all else is floating point. Returns float32 (integers for integer results) of
    shape [batch, …], nested as `structure` says; without it a tensor, or a tuple of them for several outputs. A result
    has for one sample the shape that the model gives; the results of several samples lie one behind the other along
    its first dimension, whatever that is (three samples of [24] are [72]), and numbers without dimensions become
    [samples]. For a quantized graph the values are exact.
    Raises `InputError` when `x` does not fit the graph's inputs.
    """
    interpreter = Interpreter.create(module, progress=progress)
    samples = stack_samples(interpreter.inputs, in_order(x, structure))
    if not len(samples[0]):
        raise InputError("there are no samples")
    with torch.no_grad():
        values = interpreter.parameters(parameters)
        outputs = interpreter.joined(
            interpreter.run(values, [part.detach().cpu() for part in chunk])
            for chunk in split(samples, interpreter.chunk)
        )
    return nested(outputs, structure)
