# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks of the arguments of `import_model`, before the export and after a failed one."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.nn.parameter import is_lazy

from xplat.frontend.capture.trial import Trial
from xplat.graph.samples import as_tensors
from xplat.graph.state import check_parameters
from xplat.support.errors import InputError, ModelImportError
from xplat.support.frames import line_of
from xplat.support.text import printable

_HINT = "give one tensor, or a tuple with one per input of the model, each with a leading batch dimension"
_INTEGERS = (torch.int64, torch.int32, torch.bool)


def one_sample(
    model: torch.nn.Module, example_inputs: Any, example_kwargs: Mapping[str, Any] | None = None
) -> tuple[tuple[torch.Tensor, ...], dict[str, torch.Tensor]]:
    """The first sample of the example inputs, on the model's device: a tuple, and those that go by keyword.

    NumPy arrays are as good as tensors. Floating-point inputs get the type of the model's parameters; token ids and
    truth values keep theirs. Raises `ModelImportError` when they are no such tensors with a batch dimension of at least
    one.
    """
    try:
        example_inputs = as_tensors(example_inputs, what="example input")
        example_kwargs = as_tensors(example_kwargs, what="example input")
    except InputError as error:
        raise ModelImportError(error.message, hint=error.hint) from None
    inputs = (example_inputs,) if isinstance(example_inputs, torch.Tensor) else example_inputs
    if inputs is None and example_kwargs:
        inputs = ()
    if not isinstance(inputs, Sequence) or isinstance(inputs, str) or not (inputs or example_kwargs):
        hint = "inputs by name go in example_kwargs" if isinstance(inputs, Mapping) else _HINT
        raise ModelImportError(f"example_inputs is a {type(example_inputs).__name__}, expected tensors", hint=hint)
    if example_kwargs is not None and not isinstance(example_kwargs, Mapping):
        raise ModelImportError(f"example_kwargs is a {type(example_kwargs).__name__}, expected a dictionary of tensors")
    first = next((parameter for parameter in model.parameters() if parameter.is_floating_point()), torch.empty(0))
    named = {str(index): tensor for index, tensor in enumerate(inputs)}
    named |= {f"'{name}'": tensor for name, tensor in (example_kwargs or {}).items()}
    # A number for each sample is an input too, beside others that say how many samples there are.
    batches = {len(tensor) for tensor in named.values() if isinstance(tensor, torch.Tensor) and tensor.dim() > 1}
    samples = [_sample(tensor, label, first, batches) for label, tensor in named.items()]
    return tuple(samples[: len(inputs)]), dict(zip(example_kwargs or {}, samples[len(inputs) :], strict=True))


def _sample(tensor: Any, label: str, first: torch.Tensor, batches: set[int]) -> torch.Tensor:
    """The first sample of one input, like the parameter `first`; `batches`: how many the other inputs have."""
    if not isinstance(tensor, torch.Tensor):
        hint = _HINT
        if tensor is None or isinstance(tensor, int | float | str):
            hint = "leave it out" if tensor is None else "set it in the model, or import a module that calls it so"
        raise ModelImportError(f"example input {label} is a {type(tensor).__name__}, expected a tensor", hint=hint)
    if not tensor.dtype.is_floating_point and tensor.dtype not in _INTEGERS:
        raise ModelImportError(
            f"example input {label} has type {tensor.dtype}, expected floating point, int64, int32 or bool",
            hint=_HINT,
        )
    least = 1 if tensor.dim() and len(tensor) in batches else 2
    if tensor.dim() < least or 0 in tensor.shape:
        raise ModelImportError(
            f"example input {label} has shape {list(tensor.shape)}, expected [batch, …] with at least one sample",
            hint=_HINT,
        )
    if tensor.layout != torch.strided:
        raise ModelImportError(
            f"example input {label} has layout {tensor.layout}, expected a dense tensor",
            hint="convert it: x.to_dense()",
        )
    dtype = first.dtype if tensor.dtype.is_floating_point else tensor.dtype
    # A copy: models may work in place on what they are given.
    return tensor[:1].detach().to(first.device, dtype).clone()


def check_model(model: torch.nn.Module, *, values: bool) -> None:
    """Raises `ModelImportError` for a scripted model and for parameters that have no shape or lie on the meta device.

    With `values` also for parameters and buffers that are no numbers, see `check_parameters`.
    """
    for path, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            label = f"'{path}' of the model" if path else "the model"
            raise ModelImportError(
                f"{label} is a {type(module).__name__}, which torch.export cannot trace",
                hint="import the module that it was scripted or traced from",
            )
    state = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    if lazy := [key for key, tensor in state.items() if is_lazy(tensor)]:
        raise ModelImportError(
            f"{len(lazy)} parameters have no shape yet, first '{lazy[0]}'",
            hint="call the model once on its example inputs, so that its lazy layers get their shapes",
        )
    if meta := [key for key, tensor in state.items() if tensor.is_meta and not isinstance(tensor, FakeTensor)]:
        raise ModelImportError(
            f"{len(meta)} parameters are on the meta device, first '{meta[0]}'",
            hint="make the model without weights by xplat.frontend.without_weights(build) instead",
        )
    if values:
        check_parameters(state)


def explain_failure(
    model: torch.nn.Module, inputs: Sequence[torch.Tensor], trial: Trial, error: Exception
) -> ModelImportError:
    """Explains a failed export to the user: whether the model runs at all, and where it stopped."""
    if trial.model is not None and trial.failure is not None:
        plain, shapes = trial.failure, ", ".join(str(list(tensor.shape)) for tensor in inputs)
        layer = _layer_of(trial.model, plain) or "the model"
        return ModelImportError(
            f"the model does not run on the example inputs of shape {shapes}: layer {layer}: {first_line(plain)}",
            hint=_remedy(plain),
            location=line_of(plain),
        )
    text, kind = str(error), type(error).__name__
    stopped = _layer_of(model, error)
    where = f"layer {stopped}: " if stopped else ""
    if "data-dependent" in text.lower() or "DataDependent" in kind or "GuardOnData" in kind:
        return ModelImportError(
            f"the model's control flow or shapes depend on values of its data: {where}{first_line(error)}",
            hint="hardware has one shape for every sample: replace branches, loops and masks that look at values",
            location=line_of(error),
        )
    hint = "the model runs, so its Python code does something that torch.export cannot record"
    if "pytree" in text:
        hint = "return tensors, or tuples and dictionaries of them; language models with a cache: use_cache=False"
    elif "__format__" in text:
        hint = "forward writes a value of a tensor into a text: leave that out, hardware has no texts"
    elif "numpy" in text.lower():
        hint = "forward leaves PyTorch for NumPy: use the operations of PyTorch"
    return ModelImportError(
        f"torch.export cannot trace the model: {where}{kind}: {first_line(error)}", hint=hint, location=line_of(error)
    )


def _remedy(error: Exception) -> str:
    """The remedy for a model that does not run on its example inputs."""
    text = str(error)
    if isinstance(error, NotImplementedError) and (not text or '"forward"' in text):
        return "define forward in the model"
    if "Expected tensor for argument #1 'indices'" in text or ("indices" in text and "Long" in text):
        return "token ids are int64: give torch.randint(0, vocabulary, (1, length)), or --sequence-length"
    if "CUDA" in text or "NVIDIA" in text:
        return "forward asks for a device: use the device of its input, x.device"
    if isinstance(error, TypeError) and "argument" in text:
        return "example_inputs go by position, example_kwargs by the names that forward has"
    return "the model is called with the first sample alone, a batch of one: check the shape of example_inputs"


def _layer_of(model: torch.nn.Module, error: BaseException) -> str | None:
    """Path and class of the innermost of the model's modules that an error passed; None for none."""
    paths = {id(module): path for path, module in model.named_modules()}
    passed = [
        frame.f_locals["self"]
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if id(frame.f_locals.get("self")) in paths
    ]
    if not passed:
        return None
    return f"{paths[id(passed[-1])] or '<the model itself>'} ({type(passed[-1]).__name__})"


def first_line(error: Exception) -> str:
    """The first line of an error's text, or its kind when it has none."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def check_unicode(names: Iterable[str]) -> None:
    """Raises `ModelImportError` for a name with half of a character (a surrogate), which no file can hold."""
    for name in names:
        if any("\ud800" <= character <= "\udfff" for character in name):
            raise ModelImportError(
                f"the name '{printable(name)}' contains an incomplete Unicode character", hint="rename it"
            )
