# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat quantize` and `xplat compile` do what `xplat.quantize` and `xplat.compile` do, from files."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import xplat
from xplat import models
from xplat.cli import main
from xplat.mlir import text_of
from xplat.models.zoo import ZOO
from xplat.support.errors import InputError, ModelImportError

X = torch.randn(20, 8, generator=torch.Generator().manual_seed(0))
X[3, 4] = 9.0  # an outlier: "mse" and "max" choose different formats


def tiny() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4))


MODEL = """
import torch
from torch import nn

def make_model():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4))

def with_inputs():
    return make_model(), torch.zeros(1, 8)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a model, samples and other weights, and a model `tiny` in the zoo."""
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "mapping.yaml").write_text('"0": {unroll: {n: 1, k: 1}}\n')
    np.save(tmp_path / "x.npy", X.numpy())
    save_file({key: value * 0.5 for key, value in tiny().state_dict().items()}, tmp_path / "half.safetensors")
    spec = replace(models.get("resnet18"), name="tiny", build=tiny, input_shape=(8,), aliases=(), published=None)
    monkeypatch.setitem(ZOO, "tiny", spec)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> None:
    assert main([*arguments, "--quiet"]) == 0


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--quiet"]) == 1
    return capsys.readouterr().err


def same(a: xplat.Graph, b: xplat.Graph) -> None:
    """Equal formats and calibration; places in files are left out."""
    assert str(a.module) == str(b.module)
    assert torch.equal(a.reference(X), b.reference(X))


def half() -> dict[str, torch.Tensor]:
    return {key: value * 0.5 for key, value in tiny().state_dict().items()}


def test_quantize(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("quantize", "model.py:make_model", "--calibration", "x.npy", "--quantize", "w4a6", "-o", "q")
    assert "nodes" in capsys.readouterr().out
    graph = xplat.Graph.load("q")
    same(graph, xplat.quantize(tiny(), example_inputs=X[:1], calibration=X, quantize="w4a6"))
    run("compile", "q", "--system", "z7020", "-o", "design")
    same(xplat.Design.load("design").graph, graph)
    assert torch.equal(xplat.Design.load("design")(X), graph(X))


@pytest.mark.parametrize(
    ("flags", "given"),
    [
        (["--calibration-method", "mse"], {"calibration_method": "mse"}),
        (["--pruning", "2:4"], {"pruning": "2:4"}),
        (["--prune", "2:4"], {"pruning": "2:4"}),
        (["--state-dict", "half.safetensors"], {"state_dict": half()}),
        (["--target-cycles", "64", "--max-utilization", "0.5"], {"target_cycles": 64, "max_utilization": 0.5}),
        (["--target", "5k/s", "--objective", "latency"], {"target": "5k/s", "objective": "latency"}),
        (["--mapping", "mapping.yaml"], {"mapping": {"0": {"unroll": {"n": 1, "k": 1}}}}),
    ],
)
def test_options_as_in_python(folder: Path, flags: list[str], given: dict[str, object]) -> None:
    command = ["compile", "model.py:make_model", "--system", "z7020", "--calibration", "x.npy", "-o"]
    run(*command, "plain")
    run(*command, "design", *flags)
    design = xplat.Design.load("design")
    wanted = xplat.compile(tiny(), "z7020", example_inputs=X[:1], calibration=X, **given)
    same(design.graph, wanted.graph)
    assert str(design.mapped) == str(wanted.mapped)
    assert str(xplat.Design.load("plain").mapped) != str(design.mapped) or "--state-dict" in flags
    if "--state-dict" in flags:
        assert not torch.equal(xplat.Design.load("plain")(X), design(X))


def test_a_model_of_the_zoo(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["compile", "tiny", "--system", "z7020", "--calibration", "x.npy", "-o", "design"]
    message = failure(capsys, *command)
    assert "parameters have no values" in message and "--state-dict FILE" in message
    with pytest.raises(ModelImportError, match="state_dict="):
        xplat.compile("tiny", "z7020", calibration=X)
    run(*command, "--state-dict", "half.safetensors")
    design = xplat.compile("tiny", "z7020", calibration=X, state_dict=half())
    same(xplat.Design.load("design").graph, design.graph)
    with pytest.raises(InputError, match="there is no calibration data"):
        xplat.compile("tiny", "z7020", state_dict=half())
    message = failure(capsys, "quantize", "tiny", "--state-dict", "half.safetensors", "-o", "q")
    assert "there is no calibration data" in message and "--calibration FILE" in message
    assert "there is no model 'tinny' in the zoo\n  did you mean tiny?" in failure(
        capsys, "quantize", "tinny", "-o", "q"
    )


def test_an_imported_graph(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", "model.py:with_inputs", "--name", "net", "-o", "graph")
    graph = xplat.Graph.load("graph")
    assert graph.name == "net" and not graph.quantized
    run("compile", "graph", "--system", "z7020", "--calibration", "x.npy", "-o", "design")
    design = xplat.compile(graph, "z7020", calibration=X)
    assert text_of(xplat.Design.load("design").mapped) == text_of(design.mapped)
    for command, message in (
        (("compile", "design", "--system", "z7020"), "states that it holds an xplat design"),
        (("compile", "graph", "--system", "z7020", "--input-shape", "8"), "the shapes of a saved graph are fixed"),
        (("import", "graph"), "is a graph already"),
        (("compile", "model.py", "--system", "z7020"), "name its model: model.py:make_model"),
    ):
        assert message in failure(capsys, *command, "-o", "out")


def test_options_of_a_quantized_graph_are_not_ignored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("quantize", "model.py:with_inputs", "--calibration", "x.npy", "-o", "q")
    capsys.readouterr()
    message = failure(capsys, "compile", "q", "--system", "z7020", "--quantize", "int4", "--prune", "2:4", "-o", "out")
    assert "the model is quantized already\n  leave out quantize and pruning" in message
    assert "quantized already" in failure(capsys, "quantize", "q", "--calibration", "x.npy", "-o", "out")
    run("compile", "q", "--system", "z7020", "--state-dict", "half.safetensors", "-o", "out")
    wanted = xplat.Graph.load("q").with_state_dict(half())
    assert torch.equal(xplat.Design.load("out")(X), wanted(X))


def test_how_much_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["quantize", "model.py:with_inputs", "--calibration", "x.npy", "-o", "q"]
    said = {}
    for flag in ("--quiet", "", "--verbose"):
        assert main([*command, *filter(None, [flag])]) == 0
        said[flag] = capsys.readouterr().err
    assert said["--quiet"] == ""
    assert "calibrate …" in said[""] and "quantized graph saved in q" in said[""]
    assert "xplat-software" not in said[""] and "for xplat-software" in said["--verbose"]
    logger = logging.getLogger("xplat")
    assert not logger.handlers and logger.level == logging.NOTSET and logger.propagate, "as it was before"
