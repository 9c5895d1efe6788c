# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the user's input to a command: models and samples in files, shapes of inputs."""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from xplat.support.errors import XplatError


def allocated(make: Callable[[], Any], what: str) -> Any:
    """The tensor that `make` returns. Raises `XplatError` when there is no memory for it."""
    try:
        return make()
    except (RuntimeError, MemoryError, OverflowError, TypeError):  # the last two: an extent beyond 64 bits
        raise XplatError(f"{what} does not fit into memory", hint="give a smaller shape") from None


def _shape(text: str) -> tuple[int, ...]:
    try:
        shape = tuple(int(part) for part in text.replace("x", ",").split(","))
    except ValueError:
        raise XplatError(f"expected a shape but got '{text}'", hint="write it as 3,32,32") from None
    if min(shape) < 1:
        raise XplatError(
            f"expected extents of at least 1 in the shape of a sample but got '{text}'", hint="write 3,32,32"
        )
    return shape


def random_inputs(texts: Sequence[str]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """One random sample [1, …] for each shape that the user wrote: those without a name, and those with one."""
    names = [text.rpartition("=")[0].strip() for text in texts]
    if twice := [name for index, name in enumerate(names) if name and name in names[:index]]:
        raise XplatError(f"--input-shape gives '{twice[0]}' twice", hint="once for each input of the model")
    tensors = random_tensors([_shape(text.rpartition("=")[2]) for text in texts], samples=1, seed=0)
    pairs = list(zip(names, tensors, strict=True))
    return tuple(x for name, x in pairs if not name), {name: x for name, x in pairs if name}


def takes(model: Any, names: Iterable[str]) -> bool:
    """Whether the model's `forward` has parameters of all these names."""
    parameters = inspect.signature(model.forward).parameters.values()
    keywords = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    return set(names) <= keywords or any(p.kind is p.VAR_KEYWORD for p in parameters)


def random_tensors(shapes: Sequence[Sequence[int]], samples: int, seed: int) -> tuple[Any, ...]:
    """Random samples: a tensor [samples, …] for each shape of one."""
    import torch

    generator = torch.Generator().manual_seed(seed)

    def make(shape: Sequence[int]) -> Any:
        return allocated(
            lambda: torch.randn(samples, *shape, generator=generator),
            f"an input of shape {[samples, *shape]}",
        )

    return tuple(make(shape) for shape in shapes)


def load_file(spec: str) -> tuple[ModuleType, Any]:
    """The module that `FILE.py:NAME` names, and its NAME; a function that is no torch module is called.

    The module stays in `sys.modules`, where dataclasses look for it, under a name that no import statement can say.
    """
    import torch

    file, _, name = spec.rpartition(":")
    if not file or not name:
        raise XplatError(
            f"'{spec}' names no model in a file",
            hint="write FILE.py:NAME, for example model.py:make_model",
        )
    path = Path(file)
    if not path.is_file():
        raise XplatError(f"there is no file '{file}'")
    module_name = f"xplat:{path.resolve()}".replace(".", "_")
    module_spec = importlib.util.spec_from_file_location(module_name, path)
    if module_spec is None or module_spec.loader is None:
        raise XplatError(f"'{file}' is no Python file")
    module = importlib.util.module_from_spec(module_spec)
    sys.path.insert(0, str(path.parent.resolve()))
    sys.modules[module_name] = module
    try:
        module_spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[module_name]
        raise _users_mistake(f"'{file}' cannot be loaded", error) from error
    if not hasattr(module, name):
        near = difflib.get_close_matches(name, vars(module), n=1)
        raise XplatError(f"'{file}' has no '{name}'", hint=f"did you mean '{near[0]}'?" if near else None)
    found = getattr(module, name)
    if not isinstance(found, torch.nn.Module):
        try:
            found = found()
        except (Exception, SystemExit) as error:
            raise _users_mistake(f"'{spec}' failed", error) from error
    return module, found


def _users_mistake(what: str, error: BaseException) -> XplatError:
    """An error in the user's own Python, with its line."""
    from xplat.support.frames import line_of

    location = line_of(error)
    if isinstance(error, SyntaxError) and error.filename:
        location = f"{error.filename}:{error.lineno}"
    return XplatError(f"{what}: {type(error).__name__}: {error}", location=location)


def load_state_dict(file: str) -> dict[str, Any]:
    """Tensors by key from a .safetensors or .pt file. Raises `XplatError` when it holds no state dict."""
    import torch

    try:
        if file.endswith(".safetensors"):
            from safetensors.torch import load_file

            loaded: Any = load_file(file)
        else:
            loaded = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except Exception as error:
        raise XplatError(f"'{file}' cannot be read: {error}", hint="expected a .safetensors or .pt file") from None
    if not isinstance(loaded, Mapping) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        raise XplatError(f"'{file}' holds no state dict", hint="save model.state_dict() with torch.save or safetensors")
    return dict(loaded)


def load_samples(file: str) -> dict[str, Any] | tuple[Any, ...]:
    """A tensor [samples, …] for each input of the model, by name where the file has names.

    Floating point becomes float32; ids and truth values stay.
    """
    import numpy as np
    import torch

    path = Path(file)
    try:
        if path.suffix == ".npy":
            loaded: Any = torch.from_numpy(np.load(path, allow_pickle=False))
        elif path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                loaded = {name: torch.from_numpy(archive[name]) for name in archive.files}
        else:
            loaded = torch.load(path, weights_only=True)
    except Exception as error:
        raise XplatError(f"'{file}' cannot be read: {error}", hint="expected a .npy, .npz or .pt file") from None
    if isinstance(loaded, Mapping):
        named = {str(name): tensor for name, tensor in loaded.items()}
        # NumPy's own names say the order alone.
        own = path.suffix == ".npz" and set(named) == {f"arr_{index}" for index in range(len(named))}
        loaded = [named[f"arr_{index}"] for index in range(len(named))] if own else named
    keys = list(loaded) if isinstance(loaded, dict) else []
    values = list(loaded.values()) if keys else list(loaded) if isinstance(loaded, list | tuple) else [loaded]
    if not values or not all(isinstance(tensor, torch.Tensor) and tensor.dim() for tensor in values):
        raise XplatError(f"'{file}' holds no tensor of samples for each input of the model")
    if any(tensor.is_complex() for tensor in values):
        raise XplatError(f"'{file}' holds complex numbers", hint="give their parts as real numbers: view_as_real")
    # Types that no input has, such as the bytes of an image, can only be numbers.
    kept = (torch.int64, torch.int32, torch.bool)
    values = [tensor if tensor.dtype in kept else tensor.float() for tensor in values]
    return dict(zip(keys, values, strict=True)) if keys else tuple(values)
