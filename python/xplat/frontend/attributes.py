"""What a model's forward leaves in its attributes, and whether later calls depend on it.

torch.export traces one call, so an attribute that the model changes for its next call would silently keep its first
value. Numbers and tensors in attributes are compared by the caller; here are attributes that were None and lists,
dictionaries and sets, which many models only leave for others to look at.
"""

from __future__ import annotations

import copy
import warnings
from collections import deque
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from xplat.frontend.state import same_values
from xplat.frontend.weightless import fake_mode_of

_OWN = frozenset(torch.nn.Module().__dict__)
"""The attributes that PyTorch itself keeps in every module."""
_CONTAINERS = (list, dict, set, deque)


class Snapshot:
    """The attributes of a model's modules at one time, and what lies in their lists, dictionaries and sets."""

    def __init__(self, model: torch.nn.Module) -> None:
        self._modules = dict(model.named_modules())
        self._attributes = {path: _attributes(module) for path, module in self._modules.items()}
        # By identity: the attribute that a container lies in, the container, and what is in it.
        self._contents: dict[int, tuple[str, Any, list[Any]]] = {}
        for path, attributes in self._attributes.items():
            for name, value in attributes.items():
                self._keep(_joined(path, name), value)

    def numbers(self) -> Iterator[str]:
        """Attributes that are a number now, and were another one."""
        for name, before, now in self._pairs():
            if isinstance(before, int | float) and isinstance(now, int | float) and now != before:
                yield name

    def suspects(self) -> Iterator[str]:
        """Attributes that were None and are something now, and containers that hold something else."""
        for name, before, now in self._pairs():
            if before is None and isinstance(now, (int, float, torch.Tensor, *_CONTAINERS)):
                yield name
            elif isinstance(before, _CONTAINERS) and now is not before:
                yield name
        for name, container, contents in self._contents.values():
            if _differ(_listed(container), contents):
                yield name

    def restore(self) -> None:
        """Puts every attribute back, and what lay in lists, dictionaries and sets; removes attributes that are new."""
        for path, module in self._modules.items():
            before = self._attributes[path]
            for name, value in _attributes(module).items():
                if name not in before:
                    delattr(module, name)
                elif value is not before[name]:
                    module.__dict__[name] = before[name]
        for _, container, contents in self._contents.values():
            if _differ(_listed(container), contents):
                container.clear()
                (container.extend if isinstance(container, (list, deque)) else container.update)(contents)

    def _pairs(self) -> Iterator[tuple[str, Any, Any]]:
        """Name of each attribute, what it was and what it is."""
        for path, module in self._modules.items():
            for name, before in self._attributes[path].items():
                yield _joined(path, name), before, module.__dict__.get(name, before)

    def _keep(self, name: str, value: Any) -> None:
        if isinstance(value, _CONTAINERS) and id(value) not in self._contents:
            self._contents[id(value)] = name, value, _listed(value)
            for part in value.values() if isinstance(value, dict) else value:
                self._keep(name, part)


def _attributes(module: torch.nn.Module) -> dict[str, Any]:
    return {name: value for name, value in module.__dict__.items() if name not in _OWN}


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _listed(container: Any) -> list[Any]:
    return list(container.items() if isinstance(container, dict) else container)


def _differ(a: Any, b: Any) -> bool:
    """Whether numbers, texts, and pairs of them differ; of all else, whether it is another object."""
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return len(a) != len(b) or any(_differ(x, y) for x, y in zip(a, b, strict=True))
    return a is not b and not (isinstance(a, int | float | str) and a == b)


def depends_on_calls(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...], kwargs: dict[str, torch.Tensor]) -> bool:
    """Whether a call gives something else, or fails, once the model has been called on another sample.

    Without values, whether another call computes something else. Runs copies of the model; one that cannot be copied
    is taken to depend.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns of copies of tensors without values
            fresh = _outcome(copy.deepcopy(model), inputs, kwargs)
            used = copy.deepcopy(model)
            used(*(_another(tensor) for tensor in inputs), **{key: _another(tensor) for key, tensor in kwargs.items()})
            again = _outcome(used, inputs, kwargs)
    except Exception:
        return True
    return len(fresh) != len(again) or not all(_same(a, b) for a, b in zip(fresh, again, strict=True))


def _outcome(model: torch.nn.Module, inputs: tuple[torch.Tensor, ...], kwargs: dict[str, torch.Tensor]) -> list[Any]:
    """The leaves of the model's result; without values the operations that it calls."""
    inputs, kwargs = pytree.tree_map(torch.clone, (inputs, kwargs))
    if fake_mode_of(model) is None:
        return pytree.tree_leaves(model(*inputs, **kwargs))
    with _Operations() as operations:
        model(*inputs, **kwargs)
    return operations.called


class _Operations(TorchDispatchMode):
    """Notes each operation that is called, with its arguments: shapes in place of tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        shapes = pytree.tree_map_only(torch.Tensor, lambda tensor: tuple(tensor.shape), (args, kwargs))
        self.called.append(f"{func} {shapes}")
        return func(*args, **(kwargs or {}))


def _another(tensor: torch.Tensor) -> torch.Tensor:
    """Another sample of the same kind."""
    other = tensor.flip(-1).clone()
    return other * 0.5 if tensor.dtype.is_floating_point else other


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return a.shape == b.shape and same_values(a, b)
    return bool(a == b)
