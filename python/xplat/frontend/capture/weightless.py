# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models without weights in memory: parameters that have a shape and a type but no values.

They are fake tensors of torch; non-persistent buffers, which the model's own code fills (rotary frequencies,
positions), keep their values. Such a model is exported and imported like any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.overrides import TorchFunctionMode

from xplat.models.spec import ModelSpec
from xplat.support.errors import ModelImportError

LARGE = 1 << 16
"""Elements from which a tensor of uninitialised or random numbers is made fake at once. Smaller ones may be the
start of a buffer that the model computes; parameters among them lose their values when the model is built."""


@dataclass(frozen=True)
class WeightlessModel:
    """A model whose persistent state is fake tensors of `mode`, and example inputs (real) of one sample."""

    model: torch.nn.Module
    inputs: tuple[torch.Tensor, ...]
    mode: FakeTensorMode


def build_without_weights(spec: ModelSpec, *, tokens: int | None = None) -> WeightlessModel:
    """Builds a model of the zoo without its weights; `tokens` is another sequence length than the usual one."""
    model, mode = without_weights(spec.build)
    return WeightlessModel(model=model, inputs=spec.example_inputs(tokens=tokens), mode=mode)


def without_weights(build: Callable[[], torch.nn.Module]) -> tuple[torch.nn.Module, FakeTensorMode]:
    """Calls `build`, which makes a model with random weights, and gives it without weights.

    No tensor of more than `LARGE` elements is allocated. Raises `ModelImportError` when a non-persistent buffer
    would have no values.
    """
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    with _LargeTensorsAreFake(mode):
        model = build()
    fakes: dict[int, torch.Tensor] = {}
    originals: list[torch.Tensor] = []  # kept alive: their ids are keys

    def fake(tensor: torch.Tensor) -> torch.Tensor:
        if isinstance(tensor, FakeTensor):
            return tensor
        if id(tensor) not in fakes:
            originals.append(tensor)
            fakes[id(tensor)] = mode.from_tensor(tensor)
        return fakes[id(tensor)]

    for path, module in model.named_modules():
        for name, parameter in module._parameters.items():
            if parameter is not None:
                module._parameters[name] = fake(parameter)
        for name, buffer in module._buffers.items():
            if buffer is None:
                continue
            if name not in module._non_persistent_buffers_set:
                module._buffers[name] = fake(buffer)
            elif isinstance(buffer, FakeTensor):
                raise ModelImportError(
                    f"buffer '{path}.{name}' of shape {list(buffer.shape)} is computed by the model from a tensor that "
                    "was made without values",
                    hint="make it with torch.full, torch.arange or torch.tensor instead of torch.empty",
                )
    return model, mode


def fake_mode_of(model: torch.nn.Module) -> FakeTensorMode | None:
    """The mode of a model without weights; None for an ordinary model."""
    for tensor in [*model.parameters(), *model.buffers()]:
        if isinstance(tensor, FakeTensor):
            return tensor.fake_mode
    return None


class _LargeTensorsAreFake(TorchFunctionMode):
    """While it is on, large tensors of uninitialised or random numbers have no values."""

    def __init__(self, mode: FakeTensorMode) -> None:
        super().__init__()
        self.mode = mode

    def __torch_function__(
        self, function: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if function in _MAKES_WEIGHTS and math.prod(_shape(args, kwargs)) >= LARGE:
            with self.mode:
                return function(*args, **kwargs)
        return function(*args, **kwargs)


_MAKES_WEIGHTS = frozenset({torch.empty, torch.rand, torch.randn})


def _shape(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Sequence[int]:
    size = kwargs.get("size", args)
    if len(size) == 1 and isinstance(size[0], Sequence):
        size = size[0]
    return [extent for extent in size if isinstance(extent, int)]
