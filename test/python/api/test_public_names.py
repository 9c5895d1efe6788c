"""Public names of release 0.1.0 work, or an error or a warning says what replaced them."""

from __future__ import annotations

import importlib
import inspect

import pytest

import xplat
from xplat.support import errors

NAMES = {
    "xplat": ("compile", "Design", "import_model", "models", "prune", "Pruning", "quantize", "QuantizedModel"),
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


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'compyle'"):
        _ = xplat.compyle
    with pytest.raises(AttributeError, match="no attribute 'Compyle'"):
        _ = errors.Compyle
