"""The reference: what a graph computes.

A graph with number formats is run in float64 on exact values, and every op's result is rounded once into its format,
so the outputs are exact. A graph of f32 alone is run in float32, like PyTorch. What each op means is said in
`xplat.interpreter`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from xplat import ir
from xplat.errors import InputError
from xplat.interpreter import Interpreter, split, stack_samples
from xplat.progress import Progress, silent


def run_reference(
    module: ir.Module,
    parameters: Mapping[str, torch.Tensor],
    x: torch.Tensor | Sequence[torch.Tensor],
    *,
    progress: Progress = silent,
) -> Any:
    """Runs a graph on samples: `x` of shape [batch, …], a sequence of such for several inputs.

    Token ids and masks are integers, all else is floating point. Returns float32 (integers for integer results) of
    shape [batch, …], a tuple of them for several outputs. A result has for one sample the shape that the model gives;
    the results of several samples lie one behind the other along its first dimension, whatever that is (three samples
    of [24] are [72]), and numbers without dimensions become [samples]. For a quantized graph the values are exact.
    Raises `InputError` when `x` does not fit the graph's inputs.
    """
    interpreter = Interpreter.create(module, progress=progress)
    samples = stack_samples(interpreter.inputs, x)
    if not len(samples[0]):
        raise InputError("there are no samples")
    with torch.no_grad():
        values = interpreter.parameters(parameters)
        outputs = interpreter.joined(
            interpreter.run(values, [part.detach().cpu() for part in chunk])
            for chunk in split(samples, interpreter.chunk)
        )
    return outputs[0] if len(outputs) == 1 else outputs
