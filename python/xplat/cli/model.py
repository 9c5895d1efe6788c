# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The model that a command is given: of the zoo by name, from the user's file, or a saved graph.

Example inputs of a user's model come from `--input-shape`, or, for token ids, from `--sequence-length`; or from its
file: the function returns `(model, inputs)`, or the file has a name `example_inputs` (a tensor, a tuple of them, or a
function that returns one) and, for inputs by keyword, a dictionary `example_kwargs`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xplat.cli.files import allocated, load_file, random_inputs, takes
from xplat.support.errors import XplatError


@dataclass(frozen=True)
class Found:
    """A model with example inputs by position (None: not known) and by name. `random`: these hold random numbers."""

    model: Any
    inputs: Any = None
    named: Mapping[str, Any] = field(default_factory=dict)
    random: bool = False

    @property
    def in_zoo(self) -> bool:
        """Whether it is a name of the zoo."""
        return isinstance(self.model, str)

    @property
    def is_graph(self) -> bool:
        """Whether it is a graph already, which needs no example inputs."""
        from xplat.graph.graph import Graph

        return isinstance(self.model, Graph)

    def takes(self, names: Iterable[str]) -> bool:
        """Whether the model has inputs of all these names, as far as is known."""
        if self.in_zoo:
            return len(set(names)) > 1
        return set(self.model.input_names) <= set(names) if self.is_graph else takes(self.model, names)


def load(options: argparse.Namespace) -> Found:
    """The model that the options name. Raises `XplatError` when there is none, or its shapes do not fit it."""
    length = options.sequence_length
    if length is not None and length < 1:
        raise XplatError(f"expected --sequence-length of at least 1 but got {length}", hint="give the number of tokens")
    if ".py:" in options.model:
        return _of_the_user(options)
    if options.model.endswith(".py"):
        raise XplatError(f"'{options.model}' is a file", hint=f"name its model: {options.model}:make_model")
    if Path(options.model).is_dir():
        from xplat.graph.graph import Graph

        if options.input_shape or length is not None:
            raise XplatError("the shapes of a saved graph are fixed", hint="leave out --input-shape, --sequence-length")
        return Found(Graph.load(options.model))
    from xplat import models

    spec = models.get(options.model)
    if options.input_shape:
        raise XplatError("--input-shape is for models of your own; those of the zoo have theirs")
    if length is not None and not spec.takes_tokens:
        raise XplatError(f"{spec.name} takes images; --sequence-length is for models of token ids")
    return Found(spec.name, inputs=None if length is None else spec.example_inputs(tokens=length))


def _of_the_user(options: argparse.Namespace) -> Found:
    """The model of the user's file and its example inputs."""
    import torch

    module, found = load_file(options.model)
    inputs: Any = getattr(module, "example_inputs", None)
    named: Any = getattr(module, "example_kwargs", {})
    if isinstance(found, tuple) and len(found) == 2:
        found, inputs = found
    if not isinstance(found, torch.nn.Module):
        raise XplatError(f"'{options.model}' is a {type(found).__name__}, expected a torch.nn.Module")
    if options.input_shape:
        inputs, named = random_inputs(options.input_shape)
    elif options.sequence_length is not None:
        length = options.sequence_length
        named = {}
        inputs = (allocated(lambda: torch.zeros(1, length, dtype=torch.int64), f"a sample of {length} tokens"),)
    else:
        inputs = _called(inputs, "example_inputs")
        named = _called(named, "example_kwargs")
    return Found(found, inputs, named, random=bool(options.input_shape))


def _called(value: Any, name: str) -> Any:
    """The value that the user's file has under `name`, or its result if it is a function."""
    import torch

    from xplat.support.frames import line_of

    if not callable(value) or isinstance(value, torch.Tensor):
        return value
    try:
        return value()
    except (Exception, SystemExit) as error:
        raise XplatError(f"{name}() failed: {type(error).__name__}: {error}", location=line_of(error)) from error
