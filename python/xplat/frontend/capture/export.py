# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a module to a functional program of torch.export, and what the module keeps from one call to the next.

Operations keep their level (`linear`, `conv2d`, `scaled_dot_product_attention`). The model is left as it was: its
modes, its attributes, its hooks.
"""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.fx

from xplat.frontend.capture.attributes import Snapshot
from xplat.frontend.capture.inputs import check_model, explain_failure, first_line, one_sample
from xplat.frontend.capture.trial import Draws, try_calls
from xplat.frontend.capture.weightless import fake_mode_of
from xplat.support.errors import ModelImportError
from xplat.support.frames import line_of
from xplat.support.quiet import quiet


@dataclass(frozen=True)
class Exported:
    """A functional program, and the attributes (`module.name`) that the model's forward assigns: what it keeps for its
    next call (`numbers`: changed numbers, and all else that its results depend on), and tensors that are no buffers."""

    program: torch.export.ExportedProgram
    numbers: tuple[str, ...] = ()
    tensors: tuple[str, ...] = ()
    remembers: bool = False
    """Whether its results depend on earlier calls, wherever it keeps the state."""
    draws: bool = False
    """Whether it draws random numbers of Python's or NumPy's, which the program holds as constants."""


def export_model(model: torch.nn.Module, example_inputs: Any, example_kwargs: Any, *, check_values: bool) -> Exported:
    """Exports a model for the first sample of its example inputs. Raises `ModelImportError`."""
    check_model(model, values=check_values)
    inputs, kwargs = one_sample(model, example_inputs, example_kwargs)
    mode = fake_mode_of(model)
    if mode is not None:
        inputs = tuple(mode.from_tensor(tensor) for tensor in inputs)
        kwargs = {key: mode.from_tensor(tensor) for key, tensor in kwargs.items()}
    with _evaluation_mode(model), torch.no_grad():
        # Without values there are no results; the operations are compared if something may be state.
        trial = try_calls(model, inputs, kwargs) if mode is None else None
        before, draws = Snapshot(model), Draws()
        try:
            with quiet(), _watched(model, before) as changed, warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                program = torch.export.export(model, inputs, kwargs, strict=False)
        except Exception as error:
            before.restore()  # what is called is the model as it was
            trial = trial or try_calls(model, inputs, kwargs)
            raise explain_failure(model, (*inputs, *kwargs.values()), trial, error) from None
        finally:
            before.restore()
        if changed.suspects and (trial or try_calls(model, inputs, kwargs)).remembers is not False:
            changed.numbers.update(changed.suspects)
    told = " ".join(str(warning.message) for warning in caught if "assigned during export" in str(warning.message))
    program = functional(program)
    _sort_state(program, model)
    return Exported(
        program,
        tuple(changed.numbers),
        tuple(re.findall(r"\bself\.([\w.]+)", told)),
        remembers=trial is not None and bool(trial.remembers),
        draws=draws.others_than_torchs(),
    )


def _sort_state(program: torch.export.ExportedProgram, model: torch.nn.Module) -> None:
    """Puts the program's state into the order of the model's state dict; torch.export has parameters first."""
    order = {key: index for index, key in enumerate(model.state_dict(keep_vars=True))}
    state = sorted(program.state_dict.items(), key=lambda item: order.get(item[0], len(order)))
    program.state_dict.clear()
    program.state_dict.update(state)


def functional(program: torch.export.ExportedProgram) -> torch.export.ExportedProgram:
    """The program without operations in place and without graphs inside it. Raises `ModelImportError`."""
    if all(_is_functional(node) for node in program.graph.nodes):
        return program
    _skip_dropout(program)
    try:
        with quiet():
            return program.run_decompositions({})
    except Exception as error:
        raise ModelImportError(
            f"torch.export cannot remove the in-place operations: {first_line(error)}",
            hint="create the tensor in forward, or make it an input and an output",
            location=line_of(error),
        ) from None


def _skip_dropout(program: torch.export.ExportedProgram) -> None:
    """Puts the operand of a dropout that does nothing in its place.

    Without training it returns its operand itself, so that a later operation in place changes both;
    functionalization takes it for a new tensor.
    """
    graph = program.graph
    for node in graph.find_nodes(op="call_function", target=torch.ops.aten.dropout.default):
        operand, probability, training = node.args
        if not training or probability == 0:
            node.replace_all_uses_with(operand)
            program.graph_signature.replace_all_uses(node.name, operand.name)
            graph.erase_node(node)
    program.graph_module.recompile()


def _is_functional(node: torch.fx.Node) -> bool:
    if node.op == "call_function" and node.target is not operator.getitem:
        schema = getattr(node.target, "_schema", None)
        # `torch.tensor(…)` in forward leaves a `detach_`, which changes no values.
        return schema is not None and (not schema.is_mutable or node.target is torch.ops.aten.detach_.default)
    return node.op != "get_attr"


@contextmanager
def _evaluation_mode(model: torch.nn.Module) -> Iterator[None]:
    """The model in evaluation mode; afterwards every module is in the mode it was in."""
    training = [module for module in model.modules() if module.training]
    # Not `eval()`: models that PT2E has converted forbid it.
    for module in training:
        module.training = False
    try:
        yield
    finally:
        for module in training:
            module.training = True


@dataclass(frozen=True)
class _Changed:
    """Attributes that forward changes, each once: numbers, and such as may be kept for others to look at."""

    numbers: dict[str, None] = field(default_factory=dict)
    suspects: dict[str, None] = field(default_factory=dict)


@contextmanager
def _watched(model: torch.nn.Module, before: Snapshot) -> Iterator[_Changed]:
    """Collects the attributes that the model's forward changes."""
    changed = _Changed()

    def compare(*_: Any) -> None:
        changed.numbers.update(dict.fromkeys(before.numbers()))
        changed.suspects.update(dict.fromkeys(before.suspects()))

    # torch.export puts attributes back when it has traced the model, so this has to be seen from inside.
    handle = model.register_forward_hook(compare)
    try:
        yield changed
    finally:
        handle.remove()
