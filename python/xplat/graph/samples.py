# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples from users: tensors or NumPy arrays, in the order of the model's inputs or by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from xplat.support.errors import InputError

if TYPE_CHECKING:
    from xplat.graph.structure import Structure

Array = torch.Tensor | np.ndarray[Any, Any]
Samples = Array | Sequence[Array] | Mapping[str, Array]
"""[batch, …] for a model of one input; for several a sequence in the order of `forward`, or a mapping by name."""


def as_tensors(value: Any, *, what: str = "input") -> Any:
    """`value` with every NumPy array in it as a tensor: an array, or arrays in sequences and mappings, in any depth.

    The tensors share the arrays' memory where PyTorch can. Whatever else there is stays as it is. Raises `InputError`,
    which calls the value `what`, for arrays that hold no numbers.
    """
    if isinstance(value, np.ndarray):
        return _as_tensor(value, what)
    if isinstance(value, Mapping):
        return {key: as_tensors(item, what=f"{what} '{key}'") for key, item in value.items()}
    if isinstance(value, list | tuple):
        label = "{what} {index}" if len(value) > 1 else "{what}"
        items = [as_tensors(item, what=label.format(what=what, index=index)) for index, item in enumerate(value)]
        if isinstance(value, list):
            return items
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value


def _as_tensor(array: np.ndarray[Any, Any], what: str) -> torch.Tensor:
    if array.dtype.kind not in "fiubc":
        hint = "give floating point, integers or truth values"
        if array.dtype == object:
            hint += "; arrays of different shapes in one make objects"
        raise InputError(f"{what} is a NumPy array of type {array.dtype}, expected numbers", hint=hint)
    if isinstance(array, np.ma.MaskedArray):
        raise InputError(f"{what} is a masked array, of which hardware has none", hint="fill it: x.filled(0.0)")
    # More bits, and the other order of bytes, than PyTorch has.
    kind = np.dtype(np.float64) if array.dtype == np.longdouble else array.dtype.newbyteorder("=")
    strides_fit = all(stride >= 0 and stride % array.itemsize == 0 for stride in array.strides)
    if kind != array.dtype or not array.flags.writeable or not strides_fit:
        array = np.array(array, dtype=kind, order="C")
    return torch.from_numpy(array)


def in_order(x: Any, structure: Structure | None, *, what: str = "input") -> Any:
    """Samples as a tensor or a sequence of tensors in the order of the graph's inputs; arrays become tensors.

    What is no sample at all is handed on as it is, for `check_inputs` to refuse. Raises `InputError` for a mapping that
    has not just the names of the model's inputs.
    """
    x = as_tensors(x, what=what)
    if isinstance(x, Mapping):
        if structure is None:
            raise InputError(
                f"{what} is a {type(x).__name__}, but this graph has no names of inputs", hint="give them in order"
            )
        return structure.by_name(x, what=what)
    if structure is not None and isinstance(x, list | tuple) and any(_holds_tensors(part) for part in x):
        return structure.bind(tuple(x), {})
    return x


def _holds_tensors(part: Any) -> bool:
    """Whether an argument of the model is a list or a dictionary of tensors."""
    items = list(part.values()) if isinstance(part, Mapping) else part if isinstance(part, list | tuple) else []
    return any(isinstance(item, torch.Tensor) or _holds_tensors(item) for item in items)
