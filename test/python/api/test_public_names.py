# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Public names of release 0.1.0 work, or an error or a warning says what replaced them."""

from __future__ import annotations

import importlib
import inspect

import pytest
import torch

import xplat
from xplat.cli.program import parser
from xplat.support import errors

NAMES = {
    "xplat": ("compile", "Design", "import_model", "models", "prune", "Pruning", "quantize"),
    "xplat.dialects": ("xplat",),
    "xplat.formats": ("Quantization", "fake_round", "parse"),
    "xplat.frontend": ("build_without_weights", "import_model", "register_rule", "without_weights"),
    "xplat.quantizer": ("XplatQuantizer",),
    "xplat.testing.networks": ("Mlp", "ResidualCnn", "settle_batch_norm"),
}
"""What README and how-tos of 0.1.0 import or call, by module."""

RENAMED = {"ImportFailure": "ModelImportError", "PassFailure": "PassError", "ToolMissing": "ToolMissingError"}


@pytest.mark.parametrize("home", NAMES)
def test_names(home: str) -> None:
    for name in (*NAMES[home], *(("System", "XplatError") if home == "xplat" else ())):
        assert hasattr(importlib.import_module(home), name), f"{home}.{name}"


def test_errors_are_exported() -> None:
    found = {
        name: value
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.XplatError)
    }
    assert found and all(name.endswith("Error") for name in found)
    for name, value in found.items():
        assert getattr(xplat, name) is value and name in xplat.__all__


@pytest.mark.parametrize("old", RENAMED)
def test_renamed_errors(old: str) -> None:
    with pytest.warns(DeprecationWarning, match=RENAMED[old]):
        assert getattr(errors, old) is getattr(xplat, RENAMED[old])


def test_one_noun_for_a_network() -> None:
    for home in (xplat, importlib.import_module("xplat.software")):
        with pytest.warns(DeprecationWarning, match=r"QuantizedModel is now (xplat\.)?Graph"):
            assert home.QuantizedModel is xplat.Graph
    x = torch.randn(4, 8)
    graph = xplat.quantize(torch.nn.Linear(8, 4), example_inputs=x)
    with pytest.warns(DeprecationWarning, match="QuantizedModel.graph is now the graph itself"):
        assert graph.graph is graph
    with pytest.warns(DeprecationWarning, match="with_parameters is now with_state_dict"):
        graph.with_parameters({"weight": torch.ones(4, 8), "bias": torch.ones(4)})
    design = xplat.compile(graph, "z7020")
    for old, new in {
        "module": design.mapped,
        "network": graph.module,
        "parameters": graph.parameters,
        "state": graph.state,
        "structure": graph.structure,
        "input_shapes": graph.input_shapes,
    }.items():
        with pytest.warns(DeprecationWarning, match=f"Design.{old} is now Design"):
            assert getattr(design, old) is new or getattr(design, old) == new


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'compyle'"):
        _ = xplat.compyle
    with pytest.raises(AttributeError, match="no attribute 'Compyle'"):
        _ = errors.Compyle


COMMANDS = {
    "import opt-1.3b": {"model": "opt-1.3b"},
    "import resnet50 --check -q": {"check": True, "quiet": True},
    "import resnet50 --state-dict w.safetensors -o build/resnet50.mlir": {"output": "build/resnet50.mlir"},
    "import opt-125m --sequence-length 512": {"sequence_length": 512},
    "import --check model.py:make --input-shape 3,32,32 --kernels mine": {"input_shape": ["3,32,32"]},
    "compile model.py:make --system 2xz7020 --input-shape 1,8,8 --calibration images.npy -o build/design": {
        "system": "2xz7020",
        "calibration": "images.npy",
    },
    "compile model.py:make --system z7020 --quantize w4a8 --prune 2:4 --kernels DIR --output out --quiet": {
        "quantize": "w4a8",
        "pruning": "2:4",
        "kernels": ["DIR"],
    },
    "compile model.py:make --system z7020 --target-cycles 64 --max-utilization 0.5 -o out": {
        "target_cycles": 64,
        "max_utilization": 0.5,
    },
    "report build/design --json --plot picture.svg -q": {"json": True, "plot": "picture.svg"},
    "emit build/design --output build/hardware -q": {"output": "build/hardware"},
    "simulate build/design --inputs x.npy --samples 8 --no-links --backpressure 0.2 --seed 3 -o y.npz -q": {
        "samples": 8,
        "no_links": True,
        "backpressure": 0.2,
        "seed": 3,
    },
    "check-kernel mine": {"folder": "mine"},
    "models": {},
    "systems": {},
}
"""Command lines of 0.1.0, and what some of their options say."""


@pytest.mark.parametrize("line", COMMANDS)
def test_commands(line: str) -> None:
    options = vars(parser().parse_args(line.split()))
    assert {name: options[name] for name in COMMANDS[line]} == COMMANDS[line]
