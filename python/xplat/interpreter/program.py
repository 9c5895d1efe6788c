# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a function of node ops on batches of samples.

Every op is computed on all samples at once by `torch.func.vmap` of its semantics, and its result is rounded once
into its format. What does not depend on the inputs is computed once, without a batch dimension. An op that vmap
cannot take runs sample by sample; the user is told.

Invariants: values are differentiable with respect to inputs and parameters; a sample's result does not depend on
the other samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, NumberFormat, fake_round, format_of
from xplat.interpreter.polynomials import by_polynomials
from xplat.interpreter.semantics import Scope, Semantics, integer_dtype, semantics_of
from xplat.support.errors import InputError, XplatError
from xplat.support.progress import Progress, logged

Observer = Callable[[Any, torch.Tensor], None]
"""Called with each op and its result: [samples, *shape], or [*shape] when it does not depend on the inputs."""


@dataclass(frozen=True)
class Step:
    """One op: positions of its operands and of its result among the values, and what its result has to be."""

    op: Any
    semantics: Semantics
    operands: tuple[int, ...]
    result: int
    shape: tuple[int, ...]
    integer: torch.dtype | None
    """Type of the result where it is indices or truth values."""
    form: NumberFormat | None
    """Format that the result is rounded into."""
    dead: tuple[int, ...]
    """Values that no later op reads."""


@dataclass
class Program:
    """A function as steps over numbered values; the arguments come first."""

    steps: list[Step]
    arguments: int
    results: list[int]
    by_sample: set[int] = field(default_factory=set)
    """Positions of steps that vmap could not take."""

    @staticmethod
    def of(function: Any) -> Program:
        """Raises `XplatError` for ops without semantics."""
        block = function.entry_block
        numbers: dict[ir.Value, int] = {argument: index for index, argument in enumerate(block.arguments)}
        ops = list(block.operations)
        if not ops or not isinstance(ops[-1], func.ReturnOp):
            raise XplatError("the graph does not return")
        results = [value for value in ops[-1].operands]
        last: dict[ir.Value, int] = {}
        for index, op in enumerate(ops[:-1]):
            last |= dict.fromkeys(op.operands, index)
        kept = set(results)
        dead: dict[int, list[ir.Value]] = {}
        for value, index in last.items():
            if value not in kept:
                dead.setdefault(index, []).append(value)
        steps = []
        for index, op in enumerate(ops[:-1]):
            found = semantics_of(op.operation.name) if xp.polynomials(op) is None else by_polynomials
            operands = tuple(numbers[operand] for operand in op.operands)
            numbers[op.results[0]] = len(block.arguments) + index
            kind = op.results[0].type
            steps.append(
                Step(
                    op=op,
                    semantics=found,
                    operands=operands,
                    result=numbers[op.results[0]],
                    shape=tuple(kind.shape),
                    integer=integer_dtype(kind.element_type),
                    form=format_of(kind),
                    dead=tuple(numbers[value] for value in dead.get(index, [])),
                )
            )
        return Program(steps, len(block.arguments), [numbers[value] for value in results])

    @property
    def exact(self) -> bool:
        """Whether some value has a format that is rounded into."""
        return any(step.form is not None for step in self.steps)

    def run(
        self,
        scope: Scope,
        inputs: Sequence[torch.Tensor],
        samples: int | None,
        *,
        observers: Sequence[Observer] = (),
        progress: Progress = logged,
    ) -> list[torch.Tensor]:
        """Results for inputs [samples, *shape]; [*shape] each when `samples` is None."""
        batched = samples is not None
        values: dict[int, tuple[torch.Tensor, bool]] = {index: (tensor, batched) for index, tensor in enumerate(inputs)}
        for position, step in enumerate(self.steps):
            operands = [values[index] for index in step.operands]
            result, has_batch = self._compute(position, step, scope, operands, samples or 0, progress)
            if tuple(result.shape[has_batch:]) != step.shape:
                raise XplatError(
                    f"'{xp.node_name(step.op)}' gives shape {list(result.shape[has_batch:])}, "
                    f"but the IR says {list(step.shape)}"
                )
            values[step.result] = _rounded(result, step, scope, has_batch), has_batch
            for observer in observers:
                observer(step.op, values[step.result][0])
            for index in step.dead:
                values.pop(index, None)
        results = [values[index] for index in self.results]
        return [
            tensor if has_batch or samples is None else tensor.expand(samples, *tensor.shape)
            for tensor, has_batch in results
        ]

    def _compute(
        self,
        position: int,
        step: Step,
        scope: Scope,
        operands: list[tuple[torch.Tensor, bool]],
        samples: int,
        progress: Progress,
    ) -> tuple[torch.Tensor, bool]:
        tensors = [tensor for tensor, _ in operands]
        dims = tuple(0 if has_batch else None for _, has_batch in operands)

        def one(*arguments: torch.Tensor) -> torch.Tensor:
            return step.semantics(scope, step.op, list(arguments))

        if all(dim is None for dim in dims):
            return self._named(step, one, tensors), False
        if samples > 1 and position not in self.by_sample:
            try:
                return torch.func.vmap(one, in_dims=dims)(*tensors), True
            except (RuntimeError, NotImplementedError, ValueError, TypeError) as error:
                reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            except IndexError as error:
                raise _out_of_range(step, error) from None
        else:
            reason = ""
        rows = [
            self._named(step, one, [t[i] if dim == 0 else t for t, dim in zip(tensors, dims, strict=True)])
            for i in range(samples)
        ]
        if reason:
            self.by_sample.add(position)
            progress(f"'{xp.node_name(step.op)}' runs sample by sample: {reason}")
        return torch.stack(rows), True

    @staticmethod
    def _named(step: Step, one: Callable[..., torch.Tensor], tensors: list[torch.Tensor]) -> torch.Tensor:
        """The op on one sample, with errors that name it."""
        try:
            return one(*tensors)
        except IndexError as error:
            raise _out_of_range(step, error) from None
        except (RuntimeError, NotImplementedError, ValueError, TypeError) as error:
            raise XplatError(f"'{xp.node_name(step.op)}' cannot be computed: {error}") from error


def _out_of_range(step: Step, error: IndexError) -> InputError:
    return InputError(f"'{xp.node_name(step.op)}' reads outside its table: {error}", hint="check the token ids")


def _rounded(result: torch.Tensor, step: Step, scope: Scope, has_batch: bool) -> torch.Tensor:
    result = result.to(step.integer or scope.dtype)
    if step.form is None:
        return result
    if isinstance(step.form, FixedPoint):
        # No code of fixed point means NaN: a function that has no value (the logarithm of -1, 0 / 0) gives zero.
        result = torch.nan_to_num(result, nan=0.0, posinf=math.inf, neginf=-math.inf)
    axis = step.form.block_axis(len(step.shape)) if step.shape else -1
    if getattr(step.form, "per_channel", False) and has_batch:
        form = step.form
        return torch.func.vmap(lambda sample: fake_round(sample, form, axis=axis))(result)
    return fake_round(result, step.form, axis=axis)


CHUNK_SAMPLES, CHUNK_ELEMENTS = 256, 1 << 24
"""Most samples, and most elements of one value, that are run together: bounds the memory of wide layers."""


def chunk_of(program: Program) -> int:
    """Samples to run together."""
    widest = max((math.prod(step.shape) for step in program.steps), default=1)
    return max(1, min(CHUNK_SAMPLES, CHUNK_ELEMENTS // max(1, widest)))
