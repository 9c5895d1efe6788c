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
from typing import Any

import torch
import torch.fx
from torch.export.graph_signature import ConstantArgument, InputKind, OutputKind
from torch.utils import _pytree as pytree

from xplat.errors import InputError

_CALL = re.compile(r"@\d+$")
"""What torch adds to the path of a module that is called once more."""


@dataclass(frozen=True)
class Structure:
    """The model's way to take arguments and to give results, and its modules."""

    inputs: tuple[str, ...]
    """Name of each input of the graph, as in the model's `forward`."""
    arguments: tuple[int | None, ...]
    """For each leaf of (args, kwargs) in the example: the input that it is; None for what the graph does not take."""
    arguments_spec: str
    results: tuple[Any, ...]
    """For each leaf of the result: `[output of the graph]`, or the constant that the model gives there."""
    results_spec: str
    modules: tuple[tuple[str, str], ...]
    """Path and class of each module that ran, in that order."""

    @staticmethod
    def of(
        program: torch.export.ExportedProgram, inputs: Sequence[torch.fx.Node], outputs: Sequence[torch.fx.Node]
    ) -> Structure | None:
        """Of a program whose graph has these inputs and outputs; None when torch cannot write the structure down."""
        try:
            specs = [pytree.treespec_dumps(spec) for spec in (program.call_spec.in_spec, program.call_spec.out_spec)]
        except (NotImplementedError, AttributeError, TypeError):
            return None
        signature = program.graph_signature
        taken = {node.name: index for index, node in enumerate(inputs)}
        given = {node.name: index for index, node in reversed(list(enumerate(outputs)))}
        user_inputs = [spec.arg for spec in signature.input_specs if spec.kind is InputKind.USER_INPUT]
        results: list[Any] = []
        for spec in signature.output_specs:
            if spec.kind in (OutputKind.USER_OUTPUT, OutputKind.LOSS_OUTPUT):
                constant = isinstance(spec.arg, ConstantArgument)
                results.append(spec.arg.value if constant else [given[spec.arg.name]])  # type: ignore[union-attr]
        if not all(isinstance(leaf, (list, str, int, float, bool, type(None))) for leaf in results):
            return None
        return Structure(
            inputs=tuple(str(node.target) for node in inputs),
            arguments=tuple(taken.get(arg.name) for arg in user_inputs),
            arguments_spec=specs[0],
            results=tuple(results),
            results_spec=specs[1],
            modules=tuple(_modules(program)),
        )

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[torch.Tensor, ...]:
        """The graph's inputs from a call's arguments: as in the example, or tensors in order and by name.

        Raises `InputError` when one is missing, given twice or unknown.
        """
        spec = _loads(self.arguments_spec)
        if spec is not None:
            leaves, found = pytree.tree_flatten((tuple(args), dict(kwargs)))
            if found == spec:
                return tuple(leaves[self.arguments.index(index)] for index in range(len(self.inputs)))
        values: dict[str, Any] = {}
        for name, value in kwargs.items():
            if name not in self.inputs:
                raise InputError(f"the model has no input '{name}'", hint="inputs: " + ", ".join(self.inputs))
            values[name] = value
        tensors = [leaf for leaf in pytree.tree_leaves(tuple(args)) if isinstance(leaf, torch.Tensor)]
        free = [name for name in self.inputs if name not in values]
        if len(tensors) != len(free):
            raise InputError(
                f"got {len(tensors)} tensors by position, expected {len(free)}: {', '.join(free) or 'none'}",
                hint="inputs: " + ", ".join(self.inputs),
            )
        values |= dict(zip(free, tensors, strict=True))
        return tuple(values[name] for name in self.inputs)

    def unflatten(self, outputs: Sequence[torch.Tensor]) -> Any:
        """The result as the model gives it, from the outputs of the graph."""
        leaves = [outputs[leaf[0]] if isinstance(leaf, list) else leaf for leaf in self.results]
        spec = _loads(self.results_spec)
        if spec is None:
            return outputs[0] if len(outputs) == 1 else tuple(outputs)
        return pytree.tree_unflatten(leaves, spec)

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


def _modules(program: torch.export.ExportedProgram) -> Iterator[tuple[str, str]]:
    seen = set()
    for node in program.graph.nodes:
        for path, kind in node.meta.get("nn_module_stack", {}).values():
            path = _CALL.sub("", str(path))
            if path and path not in seen:
                seen.add(path)
                name = kind if isinstance(kind, str) else kind.__qualname__
                yield path, name.rsplit(".", 1)[-1]


def _loads(text: str) -> pytree.TreeSpec | None:
    """The structure; None when it has a class that this process does not know."""
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
