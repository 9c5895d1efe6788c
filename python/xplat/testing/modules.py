# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random modules for tests of the importer: what users write, in odd combinations and shapes.

A module is grown step by step on real samples: an operation that fails, overflows or grows too large on the values
at hand is dropped. `forward` then replays the steps. Operations that change abruptly (comparisons, rounding, sorting)
are applied to the module's inputs alone, so that a difference in the last bit stays one.

Invariant: a seed gives the same module with the same values.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from xplat.testing.operations import JOINING, SINGLE, Maker
from xplat.testing.special_operations import ABRUPT, FORBIDDEN, MAKING, ORDER

Function = Callable[..., Any]

LIMIT, ELEMENTS = 50.0, 4096
"""Largest magnitude and most elements of a value."""
REST = 1e-4
"""A result that is smaller than this, relative to its operands, is rounding of float32 as likely as a number."""


@dataclass(frozen=True)
class Step:
    """One operation of a module: `label`, what it calls, the values it is called on, by number, and how many it
    gives."""

    label: str
    function: Function
    operands: tuple[int, ...]
    results: int


class RandomModule(nn.Module):
    """A module of random steps.

    `args` and `kwargs` are inputs of two samples; `forbidden` is the label of a step that no importer can take, or
    None. `ordered`: the last step gives positions, or elements in order, where a value allows it. Such a result jumps
    when a value moves by a rounding error.
    """

    def __init__(self, seed: int, *, ordered: bool = False) -> None:
        super().__init__()
        self.ordered = ordered
        self.seed = seed
        self.rng = random.Random(seed)
        torch.manual_seed(seed)
        self.parts = nn.ModuleList()
        self.steps: list[Step] = []
        self.forbidden: str | None = None
        self.outputs: list[int] = []
        self.form = "plain"
        self.args: tuple[Tensor, ...] = tuple(self._input() for _ in range(self.rng.choice((1, 1, 1, 2, 3))))
        names = ("mask", "context")[: self.rng.choice((0, 0, 0, 1, 2))]
        self.kwargs: dict[str, Tensor] = {name: self._input() for name in names}
        with torch.no_grad():
            self._grow()
        self.eval()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the module's steps, in order."""
        return tuple(step.label for step in self.steps)

    def add(self, part: Any) -> Any:
        """Makes a module, parameter or buffer a part of this module, and returns it."""
        if isinstance(part, nn.Module):
            self.parts.append(part.eval())
        elif isinstance(part, nn.Parameter):
            self.register_parameter(f"weight_{len(self._parameters)}", part)
        else:
            self.register_buffer(f"table_{len(self._buffers)}", part, persistent=self.rng.random() < 0.7)
        return part

    # ---- growing

    def _input(self) -> Tensor:
        rng = self.rng
        shape = [rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 12)) for _ in range(rng.choice((1, 2, 2, 3, 3, 3)))]
        if rng.random() < 0.15:
            return torch.randint(0, 10, (2, *shape[:2]))
        return torch.randn(2, *shape)

    def _grow(self) -> None:
        """Draws steps and the form of the outputs."""
        rng, values = self.rng, self._values()
        inputs = len(values)
        for number in range(inputs):
            values = self._grow_step(values, SINGLE if values[number].is_floating_point() else MAKING, [number])
        wanted = inputs + rng.randrange(2, 12)
        for _ in range(4 * wanted):
            if len(self.steps) >= wanted:
                break
            table = rng.choices((SINGLE, JOINING, ABRUPT, MAKING), (10, 4, 1, 1))[0]
            numbers = range(inputs) if table is ABRUPT else range(len(values))
            # Rather the newest values, so that there are chains.
            operands = [max(rng.choice(numbers), rng.choice(numbers)), rng.choice(numbers)]
            values = self._grow_step(values, table, operands)
        if rng.random() < 0.12:
            values = self._grow_step(values, FORBIDDEN, [rng.randrange(len(values))])
        if self.ordered:
            floating = [number for number, value in enumerate(values) if value.is_floating_point() and value.dim() > 1]
            values = self._grow_step(values, ORDER, floating[-1:]) if floating else values
        self._choose_outputs(len(values), inputs)

    def _grow_step(self, values: list[Tensor], table: Sequence[Maker], numbers: list[int]) -> list[Tensor]:
        """Adds a step from one of the table's makers, if one works; returns the values of all steps."""
        for maker in self.rng.sample(table, min(6, len(table))):
            operands = numbers[: maker.operands]
            if any(values[number].is_floating_point() != maker.floating for number in operands):
                continue
            before = len(self.parts), dict(self._parameters), dict(self._buffers), len(self.steps)
            try:
                function = maker.make(self, *(values[number] for number in operands))
                results = function(*(values[number].clone() for number in operands))
                count = len(results) if isinstance(results, tuple) else 1
                self.steps.append(Step(maker.label, function, tuple(operands), count))
                grown = self._values()
                left = _is_rest(grown[len(grown) - count :], [values[number] for number in operands])
                if all(_fits(value) for value in grown) and not left:
                    if table is FORBIDDEN:
                        self.forbidden = maker.label
                    return grown
            except (RuntimeError, IndexError, ValueError, TypeError, KeyError, NotImplementedError, AssertionError):
                pass
            del self.parts[before[0] :]
            self._parameters.clear()
            self._parameters.update(before[1])
            self._buffers.clear()
            self._buffers.update(before[2])
            del self.steps[before[3] :]
        return values

    def _choose_outputs(self, values: int, inputs: int) -> None:
        """The last values, and inputs that have no influence on them."""
        self.outputs = list(range(values))[-self.rng.choice((1, 1, 2, 3)) :]
        for number in range(inputs):
            reached, position = {number}, inputs
            for step in self.steps:
                if reached & set(step.operands):
                    reached |= set(range(position, position + step.results))
                position += step.results
            if not reached & set(self.outputs):
                self.outputs.append(number)
        self.form = self.rng.choice(("tuple", "dict") if len(self.outputs) > 1 else ("plain", "tuple"))

    # ---- running

    def sample(self, index: int) -> tuple[tuple[Tensor, ...], dict[str, Tensor]]:
        """Copies of the inputs of one sample."""
        part = slice(index, index + 1)
        return tuple(t[part].clone() for t in self.args), {name: t[part].clone() for name, t in self.kwargs.items()}

    def _values(self) -> list[Tensor]:
        args, kwargs = self.sample(0)
        return self._run([*args, *kwargs.values()])

    def _run(self, values: list[Any]) -> list[Any]:
        for step in self.steps:
            results = step.function(*(values[number] for number in step.operands))
            values.extend(results if isinstance(results, tuple) else (results,))
        return values

    def forward(self, *args: Tensor, **kwargs: Tensor) -> Any:
        """Replays the steps."""
        values = self._run([*args, *(kwargs[name] for name in self.kwargs)])
        chosen = [values[number] for number in self.outputs]
        if self.form == "plain":
            return chosen[0]
        return {"first": chosen[0], "rest": chosen[1:]} if self.form == "dict" else tuple(chosen)


def _is_rest(results: Sequence[Any], operands: Sequence[Tensor]) -> bool:
    """Whether results are what rounding has left of operands that cancel, as in a normalisation of equal values."""
    scale = max((float(tensor.abs().max()) for tensor in operands if tensor.is_floating_point()), default=0.0)
    floating = [value for value in results if isinstance(value, Tensor) and value.is_floating_point()]
    return any(0 < float(value.abs().max()) < REST * scale for value in floating if value.numel())


def _fits(value: Any) -> bool:
    if not isinstance(value, Tensor) or not 0 < value.numel() <= ELEMENTS or value.dim() > 6:
        return False
    return bool(torch.isfinite(value).all()) and float(value.abs().max()) < LIMIT
