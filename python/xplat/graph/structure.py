# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a model is called and what it is made of: what a graph of tensors alone does not say.

The structure of arguments and result is torch's own (`torch.utils._pytree`), kept as text, so that it can be saved
with a design.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import torch
import torch.fx
from torch.export.graph_signature import ConstantArgument, InputKind, OutputKind
from torch.utils import _pytree as pytree

from xplat.support.errors import InputError
from xplat.support.names import unique

_CALL = re.compile(r"@\d+$")
"""The suffix that torch adds to the path of a module for each further call."""


@dataclass(frozen=True)
class Structure:
    """The model's way to take arguments and to give results, and its modules."""

    inputs: tuple[str, ...]
    """Name of each input of the graph, as in the model's `forward`."""
    arguments: tuple[int | None, ...]
    """For each leaf of (args, kwargs) in the example: the input that it is; None for what the graph does not take."""
    arguments_spec: str
    """Empty when torch cannot write it down, as that of a named tuple; likewise `results_spec`."""
    results: tuple[Any, ...]
    """For each leaf of the result: `[output of the graph]`, or the constant that the model gives there."""
    results_spec: str
    modules: tuple[tuple[str, str], ...]
    """Path and class of each module that ran, in that order."""

    @staticmethod
    def of(program: torch.export.ExportedProgram, inputs: Sequence[torch.fx.Node]) -> Structure | None:
        """Of a program whose graph has these inputs; None when it gives constants of unknown types."""
        signature = program.graph_signature
        taken = {node.name: index for index, node in enumerate(inputs)}
        user_inputs = [spec.arg for spec in signature.input_specs if spec.kind is InputKind.USER_INPUT]
        results: list[Any] = []
        given = 0
        for spec in signature.output_specs:
            if spec.kind in (OutputKind.USER_OUTPUT, OutputKind.LOSS_OUTPUT):
                constant = isinstance(spec.arg, ConstantArgument)
                # A value that is returned twice is two outputs.
                results.append(spec.arg.value if constant else [given])
                given += not constant
        if not all(isinstance(leaf, (list, str, int, float, bool, type(None))) for leaf in results):
            return None
        return Structure(
            inputs=tuple(str(node.target) for node in inputs),
            arguments=tuple(taken.get(arg.name) for arg in user_inputs),
            arguments_spec=_dumps(program.call_spec.in_spec),
            results=tuple(results),
            results_spec=_dumps(program.call_spec.out_spec),
            modules=tuple(_modules(program)),
        )

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[torch.Tensor, ...]:
        """The graph's inputs from a call's arguments: as in the example, or tensors in order and by name.

        Dictionaries are matched by their keys, in any order. Arguments that are None are taken for absent. Raises
        `InputError` when one is missing, given twice, unknown or no tensor, or when a dictionary has other keys than
        in the example.
        """
        kwargs = {name: value for name, value in kwargs.items() if value is not None or name in self.inputs}
        bound = self._as_in_example(args, kwargs)
        return self._in_order(args, kwargs) if bound is None else bound

    def by_name(self, inputs: Mapping[str, Any], *, what: str = "input", more: bool = False) -> tuple[Any, ...]:
        """The graph's inputs from a mapping with all of them, by the names that `forward` has for them.

        `more`: there may be others, such as labels. Raises `InputError` for names that are missing or unknown.
        """
        missing = [name for name in self.inputs if name not in inputs]
        unknown = [name for name in inputs if name not in self.inputs]
        if missing or (unknown and not more):
            # The mapping may be what `forward` takes.
            if (bound := self._as_in_example((inputs,), {})) is not None:
                return bound
            fault = f"has no input '{missing[0]}'" if missing else f"has '{unknown[0]}', which the model does not take"
            raise InputError(f"{what} {fault}", hint="inputs: " + ", ".join(self.inputs))
        return tuple(inputs[name] for name in self.inputs)

    def _as_in_example(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[torch.Tensor, ...] | None:
        """The graph's inputs when the arguments are nested as those of the example; None when they are not."""
        spec = _loads(self.arguments_spec)
        if spec is None:
            return None
        leaves, inputs = _by_path(args, kwargs), _by_path(*pytree.tree_unflatten(list(self.arguments), spec))
        if leaves.keys() != inputs.keys():
            return None
        values = {index: leaves[path] for path, index in inputs.items()}
        return tuple(values[index] for index in range(len(self.inputs)))

    def _in_order(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[torch.Tensor, ...]:
        """The graph's inputs: tensors by position in order, whatever they lie in, and by name."""
        hint = "inputs: " + ", ".join(self.inputs)
        values: dict[str, Any] = {}
        for name, value in kwargs.items():
            if name not in self.inputs:
                raise InputError(f"the model has no input '{name}'", hint=hint)
            values[name] = value
        tensors = []
        for position, argument in enumerate(args):
            if isinstance(argument, Mapping):
                raise InputError(
                    f"argument {position} is a dictionary with the keys {', '.join(map(repr, argument))}, which are "
                    "not those of the example inputs",
                    hint=hint,
                )
            for leaf in pytree.tree_leaves(argument):
                if not isinstance(leaf, (torch.Tensor, type(None))):
                    raise InputError(
                        f"argument {position} is a {type(leaf).__name__}, expected a tensor",
                        hint=f"what else forward takes is as it was when the model was imported; {hint}",
                    )
                tensors += [] if leaf is None else [leaf]
        free = [name for name in self.inputs if name not in values]
        if len(tensors) != len(free):
            raise InputError(
                f"got {len(tensors)} tensors by position, expected {len(free)}: {', '.join(free) or 'none'}", hint=hint
            )
        values |= dict(zip(free, tensors, strict=True))
        return tuple(values[name] for name in self.inputs)

    def unflatten(self, outputs: Sequence[torch.Tensor]) -> Any:
        """The result as the model gives it, from the outputs of the graph.

        A tuple of the outputs when that structure has a class that cannot be written down or is unknown here.
        """
        leaves = [outputs[leaf[0]] if isinstance(leaf, list) else leaf for leaf in self.results]
        spec = _loads(self.results_spec)
        if spec is None:
            return nested(outputs, None)
        return pytree.tree_unflatten(leaves, spec)

    @cached_property
    def result_names(self) -> tuple[str, ...]:
        """A name for each output of the graph: keys and positions on the way to it, joined by dots.

        `output` for the result of a model that gives one tensor; positions alone where the structure is unknown.
        """
        count = sum(isinstance(leaf, list) for leaf in self.results)
        spec = _loads(self.results_spec)
        if spec is None:
            return default_result_names(count)
        leaves, _ = pytree.tree_flatten_with_path(pytree.tree_unflatten([_Leaf(leaf) for leaf in self.results], spec))
        taken: set[str] = set()
        names = [
            unique(".".join(map(_key_name, path)) or "output", taken)
            for path, leaf in leaves
            if isinstance(leaf.value, list)
        ]
        return tuple(names)

    def to_json(self) -> dict[str, Any]:
        """For `json.dumps`; `from_json` reads it."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Structure:
        """Reads what `to_json` gave."""
        return Structure(
            inputs=tuple(data["inputs"]),
            arguments=tuple(data["arguments"]),
            arguments_spec=data["arguments_spec"],
            results=tuple(data["results"]),
            results_spec=data["results_spec"],
            modules=tuple((path, kind) for path, kind in data["modules"]),
        )


def nested(outputs: Sequence[torch.Tensor], structure: Structure | None) -> Any:
    """The outputs of a graph nested as the model's result; without its structure a tensor, or a tuple of several."""
    if structure is not None:
        return structure.unflatten(outputs)
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def default_result_names(count: int) -> tuple[str, ...]:
    """Names of the results of a graph of which no more is known than how many there are."""
    return ("output",) if count == 1 else tuple(map(str, range(count)))


@dataclass(frozen=True)
class _Leaf:
    """A leaf of the result, kept from being taken for a list or for nothing."""

    value: Any


def _key_name(key: Any) -> str:
    """The name of one step on the way to a leaf: the key of a dictionary, the position in a list, a field."""
    return str(next((getattr(key, name) for name in ("key", "idx", "name") if hasattr(key, name)), key))


def _modules(program: torch.export.ExportedProgram) -> Iterator[tuple[str, str]]:
    seen = set()
    for node in program.graph.nodes:
        for path, kind in node.meta.get("nn_module_stack", {}).values():
            path = _CALL.sub("", str(path))
            if path and path not in seen:
                seen.add(path)
                name = kind if isinstance(kind, str) else kind.__qualname__
                yield path, name.rsplit(".", 1)[-1]


def _by_path(args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of a call's arguments, each by the way to it."""
    leaves, _ = pytree.tree_flatten_with_path((tuple(args), dict(kwargs)))
    return {pytree.keystr(path): leaf for path, leaf in leaves}


def _dumps(spec: pytree.TreeSpec) -> str:
    """The structure as text; empty when it has a class that torch cannot write down."""
    try:
        return pytree.treespec_dumps(spec)
    except (NotImplementedError, AttributeError, TypeError):
        return ""


def _loads(text: str) -> pytree.TreeSpec | None:
    """The structure; None when there is no text, or when it has a class that this process does not know."""
    if not text:
        return None
    try:
        return pytree.treespec_loads(text)
    except (NotImplementedError, KeyError, ValueError):
        pass
    # A class is known once the module that defines it is imported.
    for name in set(re.findall(r'"type": "([\w.]+)"', text)):
        home = name.rpartition(".")[0]
        try:
            importlib.import_module(home) if home else None
        except ImportError:
            return None
    try:
        return pytree.treespec_loads(text)
    except (NotImplementedError, KeyError, ValueError, json.JSONDecodeError):
        return None
