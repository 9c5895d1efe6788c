# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The state of a model: every parameter and buffer it has, and where their values come from.

The inventory is the model's whole state dict, used or not, and the non-persistent buffers that the graph uses.
A tied weight has several keys; the first is canonical, the others name it. Values are kept under canonical keys.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import torch
from torch._subclasses.fake_tensor import FakeTensor

from xplat.support.errors import ModelImportError

SHOWN = 8
"""Most keys that an error lists."""
EXTRA_STATE = "_extra_state"
"""Last part of the keys under which PyTorch keeps what a module's `get_extra_state` gives; xplat keeps none of it."""


@dataclass(frozen=True)
class StateEntry:
    """One key of a model's state dict. `dtype` is torch's name, e.g. `float16`; values are kept in float32."""

    key: str
    shape: tuple[int, ...]
    dtype: str
    kind: Literal["parameter", "buffer"]
    persistent: bool = True
    """Whether the key is in the state dict; otherwise it is a buffer that the model's code fills."""
    trainable: bool = False
    alias_of: str | None = None
    """The key under which the values of a tied weight are kept."""

    @property
    def canonical(self) -> str:
        """The key under which the values are kept."""
        return self.alias_of or self.key

    def to_json(self) -> dict[str, Any]:
        """For `json.dumps`; `from_json` reads it."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> StateEntry:
        """Reads what `to_json` gave."""
        known = {field.name: data[field.name] for field in fields(StateEntry)}
        return StateEntry(**{**known, "shape": tuple(known["shape"])})


def is_extra_state(key: Any) -> bool:
    """Whether a key of a state dict holds what a module's `get_extra_state` gives."""
    return isinstance(key, str) and key.rpartition(".")[2] == EXTRA_STATE


def has_values(tensor: torch.Tensor) -> bool:
    """Whether a tensor holds numbers and not just a shape."""
    return not isinstance(tensor, FakeTensor) and tensor.device.type != "meta"


def as_value(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor as values are kept: on the CPU, contiguous, every floating-point type as float32."""
    dtype = torch.float32 if tensor.dtype.is_floating_point else tensor.dtype
    return tensor.detach().to("cpu", dtype).contiguous()


def same_values(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether two tensors of one shape hold the same values; NaN is the same as NaN."""
    return bool(((a == b) | ((a != a) & (b != b))).all())


def check_parameters(state: Mapping[str, torch.Tensor]) -> None:
    """Raises `ModelImportError` that lists every parameter with NaN or infinite values, and how many it has.

    A tensor that is no `nn.Parameter` may hold minus infinity: masks of attention do.
    """
    bad = []
    for name, tensor in state.items():
        if not tensor.dtype.is_floating_point or not has_values(tensor):
            continue
        allowed = torch.isfinite(tensor)
        if not isinstance(tensor, torch.nn.Parameter):
            allowed |= torch.isneginf(tensor)
        if not bool(allowed.all()):
            nan, infinite = int(torch.isnan(tensor).sum()), int(torch.isinf(tensor).sum())
            bad.append(f"  {name}: {nan} NaN and {infinite} infinite of {tensor.numel()} values")
    if bad:
        raise ModelImportError(
            f"{len(bad)} of {len(state)} parameters have values that are no numbers:\n" + "\n".join(bad),
            hint="training probably diverged; load weights that are finite",
        )


def inventory(program: torch.export.ExportedProgram) -> tuple[StateEntry, ...]:
    """All of the model's state, in the order of its state dict."""
    signature = program.graph_signature
    temporary = {key: program.constants[key] for key in signature.non_persistent_buffers if key in program.constants}
    parameters = set(signature.parameters)
    entries: list[StateEntry] = []
    homes: dict[Any, str] = {}
    for key, tensor in [*program.state_dict.items(), *temporary.items()]:
        if not isinstance(tensor, torch.Tensor) or is_extra_state(key):
            continue
        is_parameter = key in parameters or isinstance(tensor, torch.nn.Parameter)
        home = homes.setdefault(_memory(tensor), key)
        entries.append(
            StateEntry(
                key=key,
                shape=tuple(tensor.shape),
                dtype=str(tensor.dtype).removeprefix("torch."),
                kind="parameter" if is_parameter else "buffer",
                persistent=key not in temporary,
                trainable=is_parameter and tensor.requires_grad,
                alias_of=None if home == key else home,
            )
        )
    return tuple(entries)


def _memory(tensor: torch.Tensor) -> Any:
    """An identity of the tensor's memory, equal for two tensors that are the same one."""
    if tensor.layout != torch.strided:
        return id(tensor)
    # The address of the data would be the same for all tensors without data.
    return tensor.untyped_storage()._cdata, tensor.storage_offset(), tuple(tensor.shape), tensor.stride()


def values_from(entries: Sequence[StateEntry], state_dict: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The values of a state dict under canonical keys.

    Of a tied weight one key is enough; extra state (`get_extra_state`) is left out. Raises `ModelImportError` when
    it is no dictionary; also one that lists every key that is missing, unknown, has another shape than the model, is a
    parameter of minus infinity, or belongs to a tied weight and has other values than its other keys.
    """
    if not isinstance(state_dict, Mapping):
        raise ModelImportError(
            f"the state dict is a {type(state_dict).__name__}, expected a dictionary of tensors by key",
            hint="give model.state_dict(), or what torch.load or safetensors.torch.load_file reads from a file",
        )
    values: dict[str, torch.Tensor] = {}
    homes: dict[str, str] = {}
    problems: list[str] = []
    known = {entry.key: entry for entry in entries}
    for key, tensor in state_dict.items():
        if is_extra_state(key):
            continue
        entry = known.get(key)
        if not isinstance(key, str):
            problems.append(f"  {key!r}: expected a string as key but got a {type(key).__name__}")
        elif entry is None:
            near = difflib.get_close_matches(key, known, n=1)
            problems.append(f"  {key}: the model has no such key{f'; did you mean {near[0]}?' if near else ''}")
        elif not isinstance(tensor, torch.Tensor) or not has_values(tensor):
            problems.append(f"  {key}: expected a tensor with values but got {_describe(tensor)}")
        elif tensor.layout != torch.strided:
            problems.append(f"  {key}: expected a dense tensor but got layout {tensor.layout}")
        elif tuple(tensor.shape) != entry.shape:
            problems.append(f"  {key}: expected shape {list(entry.shape)} but got {list(tensor.shape)}")
        elif tensor.dtype.is_floating_point != _is_floating(entry.dtype):
            problems.append(f"  {key}: expected {entry.dtype} but got {_describe(tensor)}")
        elif entry.kind == "parameter" and (count := int(torch.isneginf(tensor).sum())):
            problems.append(f"  {key}: {count} of {tensor.numel()} values are -inf, which only a buffer may hold")
        else:
            value, home = as_value(tensor), homes.setdefault(entry.canonical, key)
            if home == key:
                values[entry.canonical] = value
            elif not same_values(value, values[entry.canonical]):
                problems.append(f"  {key}: tied to {home}, but the values differ")
    given = {known[key].canonical for key in state_dict if key in known}
    for entry in entries:
        if entry.persistent and entry.alias_of is None and entry.key not in given and not _is_counter(entry):
            problems.append(f"  {entry.key}: missing, {entry.kind} of shape {list(entry.shape)}")
    if problems:
        shown = problems[:SHOWN] + ([f"  … and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else [])
        raise ModelImportError(
            f"the state dict does not fit the model in {len(problems)} of {len(known)} keys:\n" + "\n".join(shown),
            hint="give model.state_dict() of a model with the same definition",
        )
    return values


def _describe(value: Any) -> str:
    return f"a tensor of {value.dtype} on '{value.device}'" if isinstance(value, torch.Tensor) else type(value).__name__


def _is_floating(dtype: str) -> bool:
    return bool(getattr(torch, dtype).is_floating_point)


def _is_counter(entry: StateEntry) -> bool:
    """A scalar of integers that old checkpoints lack: batch normalisation counts batches since torch 0.4.1."""
    return entry.kind == "buffer" and entry.shape == () and not _is_floating(entry.dtype)
