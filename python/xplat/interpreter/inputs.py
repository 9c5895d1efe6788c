# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The inputs of a graph, and checks of the samples that a user gives.

The IR is written for one sample, whose leading extent (usually 1) is the model's batch dimension. A user gives
[batch, …]; inside, samples are stacked in a new dimension: [samples, *shape of the IR].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.interpreter.semantics import integer_dtype
from xplat.support.errors import InputError


@dataclass(frozen=True)
class InputSpec:
    """One input of a graph: the shape of one sample in the IR, and the integer type of indices and masks.

    `below`: indices into a table are at least 0 and less than this.
    """

    shape: tuple[int, ...]
    integer: torch.dtype | None = None
    below: int | None = None

    @staticmethod
    def of(argument: ir.Value) -> InputSpec:
        """From the graph's argument and its readers."""
        kind: Any = argument.type
        integer = integer_dtype(kind.element_type)
        return InputSpec(tuple(kind.shape), integer, None if integer is None else _rows_selected(argument))

    @property
    def rows(self) -> int:
        """Extent of one sample along the batch dimension."""
        return self.shape[0] if self.shape else 1


def _rows_selected(argument: ir.Value) -> int | None:
    """Rows of the smallest table into which the argument holds indices; None where it holds something else, too."""
    readers = [use.owner for use in argument.uses]
    found = [xp.selected_rows(reader) if xp.is_host_boundary(reader) else None for reader in readers]
    return None if None in found else min((rows for rows in found if rows is not None), default=None)


def stack_samples(
    specs: Sequence[InputSpec], x: torch.Tensor | Sequence[torch.Tensor], *, what: str = "input"
) -> tuple[torch.Tensor, ...]:
    """The inputs [batch, …] as tensors [samples, *shape]; raises `InputError` when they are not what `specs` say."""
    inputs = check_inputs(specs, x, what=what)
    count = len(inputs[0]) // specs[0].rows
    return tuple(tensor.reshape(count, *spec.shape) for tensor, spec in zip(inputs, specs, strict=True))


def check_inputs(
    specs: Sequence[InputSpec], x: torch.Tensor | Sequence[torch.Tensor], *, what: str = "input"
) -> tuple[torch.Tensor, ...]:
    """The inputs as a tuple of tensors [batch, …]; raises `InputError` when they are not what `specs` say.

    Indices and masks get the integer type of their input; floating point stays as it is.
    """
    if not isinstance(x, torch.Tensor | Sequence) or isinstance(x, str | bytes):
        raise InputError(
            f"{what} is a {type(x).__name__}, expected a tensor, or a sequence with one per input of the model",
            hint="make it an array: numpy.asarray(x)" if hasattr(x, "__array__") else None,
        )
    inputs = (x,) if isinstance(x, torch.Tensor) else tuple(x)
    if len(inputs) != len(specs):
        raise InputError(f"got {len(inputs)} tensors as {what}, expected {len(specs)}, one per input of the model")
    results: list[torch.Tensor] = []
    samples = 0
    for index, (tensor, spec) in enumerate(zip(inputs, specs, strict=True)):
        label = what if len(specs) == 1 else f"{what} {index}"
        if not isinstance(tensor, torch.Tensor):
            raise InputError(f"{label} is a {type(tensor).__name__}, expected a tensor")
        if tensor.is_nested:
            raise InputError(f"{label} is nested, expected a dense tensor", hint="give samples of one shape")
        if tensor.layout != torch.strided:
            raise InputError(f"{label} has layout {tensor.layout}, expected a dense tensor", hint="use x.to_dense()")
        if tensor.is_meta:
            raise InputError(f"{label} is on the meta device, expected a tensor with values")
        tensor = _checked_type(tensor, spec, label)
        wanted = ", ".join(["batch", *(str(extent) for extent in spec.shape[1:])])
        if tensor.dim() < 1 or tuple(tensor.shape[1:]) != spec.shape[1:]:
            raise InputError(f"{label} has shape {list(tensor.shape)}, expected [{wanted}]")
        if len(tensor) % spec.rows:
            raise InputError(
                f"{label} has {len(tensor)} rows, expected a multiple of {spec.rows}, for which the graph was made"
            )
        if index == 0:
            samples = len(tensor) // spec.rows
        elif len(tensor) // spec.rows != samples:
            raise InputError(f"{label} has {len(tensor) // spec.rows} samples, but the first input has {samples}")
        results.append(tensor)
    return tuple(results)


def _checked_type(tensor: torch.Tensor, spec: InputSpec, label: str) -> torch.Tensor:
    if spec.integer is not None:
        if tensor.dtype.is_floating_point or tensor.dtype.is_complex:
            raise InputError(
                f"{label} has type {tensor.dtype}, expected {str(spec.integer).removeprefix('torch.')}",
                hint="it holds indices or truth values: convert it with x.long() or x.bool()",
            )
        if spec.below is not None and tensor.numel() and not (0 <= int(tensor.min()) <= int(tensor.max()) < spec.below):
            raise InputError(
                f"{label} has indices of {int(tensor.min())} to {int(tensor.max())}, outside its table, "
                f"which has rows 0 to {spec.below - 1}",
                hint="check the token ids",
            )
        return tensor.to(spec.integer)
    if not tensor.dtype.is_floating_point:
        raise InputError(f"{label} has type {tensor.dtype}, expected floating point", hint="convert it: x.float()")
    if not bool(torch.isfinite(tensor).all()):
        raise InputError(f"{label} has values that are NaN or infinite")
    return tensor


def split(inputs: Sequence[torch.Tensor], size: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """The samples in chunks of at most `size`."""
    for start in range(0, len(inputs[0]), size):
        yield tuple(tensor[start : start + size] for tensor in inputs)
