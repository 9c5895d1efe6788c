"""Public names of release 0.1.0 work, or an error or a warning says what replaced them."""

from __future__ import annotations

import importlib
import inspect

import pytest
import torch

import xplat
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
