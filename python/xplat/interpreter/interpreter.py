# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A graph ready to be run: its program, its inputs, and how precisely it is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import format_of
from xplat.interpreter.inputs import InputSpec
from xplat.interpreter.parameters import Parameters
from xplat.interpreter.program import Observer, Program, chunk_of
from xplat.interpreter.semantics import Scope
from xplat.mlir import entry_of
from xplat.support.progress import Progress, logged


@dataclass
class Interpreter:
    """Runs the graph of a module on samples. The parameters' values are given to each run."""

    module: ir.Module
    """Kept because an op does not keep its module alive."""
    function: Any
    program: Program
    inputs: tuple[InputSpec, ...]
    exact: bool
    """Whether the graph is quantized: computed in float64, every result is exact."""
    chunk: int
    """Samples to run together."""
    observers: list[Observer] = field(default_factory=list)
    progress: Progress = logged

    @staticmethod
    def create(module: ir.Module, *, progress: Progress = logged) -> Interpreter:
        """For the module's graph. Raises `XplatError` when it has none or an op without semantics."""
        function = entry_of(module)
        program = Program.of(function)
        params = (op for op in module.body.operations if isinstance(op, xp.ParamOp))
        return Interpreter(
            module=module,
            function=function,
            program=program,
            inputs=tuple(InputSpec.of(argument) for argument in function.arguments),
            exact=program.exact or any(format_of(op.type_.value) is not None for op in params),
            chunk=chunk_of(program),
            progress=progress,
        )

    @property
    def dtype(self) -> torch.dtype:
        """The type in which the reference computes: float64 for a quantized graph, else float32."""
        return torch.float64 if self.exact else torch.float32

    def parameters(self, state: Mapping[str, torch.Tensor], *, dtype: torch.dtype | None = None) -> Parameters:
        """Values of all parameters from the model's own, by symbol; each is computed once, when first needed."""
        return Parameters(self.module, state, dtype=dtype or self.dtype)

    def run(self, parameters: Parameters, samples: Sequence[torch.Tensor]) -> tuple[torch.Tensor, ...]:
        """Results [samples, *shape] for samples [samples, *shape], in the type that the parameters are in.

        Differentiable with respect to inputs and state.
        """
        device = samples[0].device
        scope = Scope(parameters, parameters.dtype, device)
        values = [
            tensor.to(spec.integer or parameters.dtype) for tensor, spec in zip(samples, self.inputs, strict=True)
        ]
        return tuple(self.program.run(scope, values, len(values[0]), observers=self.observers, progress=self.progress))

    @staticmethod
    def joined(chunks: Iterable[Sequence[torch.Tensor]]) -> tuple[torch.Tensor, ...]:
        """Results of one chunk of samples after the other as the user sees them, floating point as float32.

        Samples lie one behind the other along the first dimension. Results without dimensions are [samples], or [] for
        one sample alone.
        """
        shown = [
            [tensor.float() if tensor.dtype.is_floating_point else tensor for tensor in results] for results in chunks
        ]
        whole = (torch.cat(parts) for parts in zip(*shown, strict=True))
        return tuple(
            tensor.flatten(0, 1) if tensor.dim() > 1 else tensor[0] if len(tensor) == 1 else tensor for tensor in whole
        )
