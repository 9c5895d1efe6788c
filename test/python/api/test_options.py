# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of options is what the signatures and the command line are: neither has what the other lacks."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import xplat
from xplat.api import options as table
from xplat.api.options import Option
from xplat.cli.program import parser

PYTHON: dict[str, tuple[Callable[..., Any], Sequence[Option]]] = {
    "import": (xplat.import_model, table.IMPORT),
    "quantize": (xplat.quantize, table.QUANTIZE),
    "compile": (xplat.compile, table.COMPILE),
    "simulate": (xplat.Design.simulate, table.SIMULATE),
}
COMMANDS: dict[str, Sequence[Option]] = {
    "import": (*table.IMPORT, *table.IMPORT_COMMAND),
    "quantize": (*table.QUANTIZE, *table.QUANTIZE_COMMAND),
    "compile": (*table.COMPILE, *table.COMPILE_COMMAND),
    "simulate": (*table.SIMULATE, *table.SIMULATE_COMMAND),
    "report": table.REPORT_COMMAND,
    "emit": table.EMIT_COMMAND,
}
SUBJECTS = {"model", "system", "self", "x"}
"""Arguments that say what the call is about; on the command line they are no options, but `--system`."""


def arguments_of(command: str) -> dict[str, argparse.Action]:
    (subparsers,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    actions = subparsers.choices[command]._actions
    return {action.dest: action for action in actions if action.option_strings and action.dest != "help"}


@pytest.mark.parametrize("command", PYTHON)
def test_signatures(command: str) -> None:
    function, options = PYTHON[command]
    parameters = {
        name: parameter for name, parameter in inspect.signature(function).parameters.items() if name not in SUBJECTS
    }
    assert list(parameters) == [option.name for option in options], "names, in order"
    for option in options:
        if option.name != "progress":
            assert parameters[option.name].default == option.default, option.name
        if option.name != "example_inputs":
            assert parameters[option.name].kind is inspect.Parameter.KEYWORD_ONLY, option.name


@pytest.mark.parametrize("command", COMMANDS)
def test_command_line(command: str) -> None:
    actions = arguments_of(command)
    actions.pop("system", None)
    options = {option.name: option for option in COMMANDS[command] if option.where != "Python"}
    assert actions.keys() == options.keys()
    for name, option in options.items():
        flags = actions[name].option_strings
        assert option.flag in flags and set(option.aliases) <= set(flags), name
        assert actions[name].help == option.help and actions[name].required == option.required, name
        if option.type is not bool and not option.repeat:
            assert actions[name].default == option.default, name


def test_what_one_alone_has_is_had_otherwise() -> None:
    """An option of Python names flags that exist, one of the command line names of Python that exist."""
    for command, options in COMMANDS.items():
        flags = {option.flag for option in options}
        for option in options:
            assert (option.where == "both") == (not option.instead), option.name
            named = {word.rstrip(",") for word in option.instead.split() if word.startswith("--")}
            assert named <= flags, f"{command}: {option.name}"
            if option.where == "Python":
                assert named, option.name
            elif option.instead.startswith("Design.") or option.instead.startswith("Graph."):
                home, _, attribute = option.instead.partition(".")
                assert hasattr(getattr(xplat, home), attribute), option.instead
            elif command in PYTHON and option.instead.isidentifier():
                assert option.instead in inspect.signature(PYTHON[command][0]).parameters, option.instead


def test_old_flags() -> None:
    """`--prune` of release 0.1.0 is `--pruning`."""
    arguments = ["compile", "resnet50", "--system", "z7020", "-o", "out", "--prune", "2:4"]
    assert parser().parse_args(arguments).pruning == "2:4"
