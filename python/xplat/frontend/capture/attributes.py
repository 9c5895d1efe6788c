# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds changes that a model's forward makes in its modules: attributes, containers in them, hooks, buffers.

torch.export traces one call, so an attribute that the model changes for its next call would silently keep its first
value. A changed number is state; attributes that were None, and lists, dictionaries and sets, many models only leave
for others to look at: whether later calls depend on them, `trial` says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import torch

_OWN = frozenset(torch.nn.Module().__dict__)
"""The attributes that PyTorch itself keeps in every module: parameters, buffers, hooks, …"""
_CONTAINERS = (list, dict, set, deque)


class Snapshot:
    """The attributes of a model's modules at one time, and what lies in their lists, dictionaries and sets.

    So do hooks, parameters, buffers and submodules: models add some when they are called.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        self._modules = dict(model.named_modules())
        self._attributes = {path: _attributes(module) for path, module in self._modules.items()}
        # By identity: the attribute that a container lies in, the container, and what is in it.
        self._contents: dict[int, tuple[str, Any, list[Any]]] = {}
        for path, attributes in self._attributes.items():
            for name, value in attributes.items():
                self._keep(_joined(path, name), value)
        self._own = [(kept, list(kept.items())) for module in self._modules.values() for kept in _dictionaries(module)]

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
        """Puts everything back as it was; removes what is new."""
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
        for kept, contents in self._own:
            if [*map(id, kept.values())] != [id(value) for _, value in contents]:
                kept.clear()
                kept.update(contents)

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


def _dictionaries(module: torch.nn.Module) -> list[dict[Any, Any]]:
    """The dictionaries that PyTorch itself keeps in a module."""
    return [value for name, value in module.__dict__.items() if name in _OWN and isinstance(value, dict)]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _listed(container: Any) -> list[Any]:
    return list(container.items() if isinstance(container, dict) else container)


def _differ(a: Any, b: Any) -> bool:
    """Whether numbers, texts, and pairs of them differ; of all else, whether it is another object."""
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return len(a) != len(b) or any(_differ(x, y) for x, y in zip(a, b, strict=True))
    return a is not b and not (isinstance(a, int | float | str) and a == b)
