# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs in every state are saved and loaded whole, and files of another version are refused with words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat.mlir import text_of
from xplat.support.errors import DesignFileError, InputError

X = torch.randn(20, 8, generator=torch.Generator().manual_seed(0))


class Named(nn.Module):
    """Two inputs, one by keyword, a dictionary as result, and an operation that xplat has no op for."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x: torch.Tensor, *, scale: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"out": self.fc(x) * scale, "bent": torch.cummax(x, 1).values}


def named() -> xplat.Graph:
    torch.manual_seed(0)
    return xplat.import_model(Named(), X[:1], example_kwargs={"scale": torch.ones(1, 4)})


def test_an_imported_graph(tmp_path: Path) -> None:
    graph = named()
    again = xplat.Graph.load(graph.save(tmp_path / "graph"))
    assert text_of(again.module) == text_of(graph.module) and not again.quantized
    assert (again.name, again.state, again.structure, again.notes) == (
        graph.name,
        graph.state,
        graph.structure,
        graph.notes,
    )
    assert graph.notes, "the test needs one"
    assert again.parameters.keys() == graph.parameters.keys()
    scale = torch.full((20, 4), 2.0)
    result, expected = again(X, scale=scale), graph(X, scale=scale)
    assert set(result) == {"out", "bent"} and all(torch.equal(result[key], expected[key]) for key in expected)


def test_a_graph_without_values(tmp_path: Path) -> None:
    graph = xplat.import_model("resnet18")
    again = xplat.Graph.load(graph.save(tmp_path / "graph"))
    assert again.missing == graph.missing and again.missing


def test_formats_and_calibration_outlive_the_process(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4))
    graph = xplat.quantize(model, calibration=X, example_inputs=X[:1], quantize={"modules": {"0": "w4a6"}})
    again = xplat.Graph.load(graph.save(tmp_path / "quantized"))
    assert again.quantized and text_of(again.module) == text_of(graph.module)
    assert "absmax" in str(again) and again.seconds == graph.seconds
    assert torch.equal(again.reference(X), graph.reference(X))
    other = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4)).state_dict()
    assert torch.equal(again.with_state_dict(other)(X), graph.with_state_dict(other)(X))
    design = xplat.compile(again, "z7020")
    assert torch.equal(design(X), graph.reference(X))
    with pytest.raises(InputError, match="quantized already"):
        xplat.quantize(again, calibration=X)


def test_quantizing_or_compiling_a_loaded_graph(tmp_path: Path) -> None:
    model = nn.Linear(8, 4)
    graph = xplat.Graph.load(xplat.import_model(model, X[:1]).save(tmp_path / "graph"))
    direct = xplat.quantize(model, example_inputs=X[:1], calibration=X)
    assert torch.equal(xplat.quantize(graph, calibration=X)(X), direct(X))
    assert torch.equal(xplat.compile(graph, "z7020", calibration=X)(X), direct(X))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "holds version 2 of an xplat graph, expected version 1\n  a newer xplat wrote it"),
        ({"version": 0}, "holds version 0 of an xplat graph, expected version 1\n  import or quantize the model again"),
        ({"version": "new"}, "states version 'new', expected a whole number"),
        ({"version": None}, "states version None, expected a whole number"),
        ({"kind": "xplat design"}, "states that it holds an xplat design, expected an xplat graph"),
        ({"state": 3}, "holds a broken graph"),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, change: dict[str, object], message: str) -> None:
    folder = named().save(tmp_path / "graph")
    header = json.loads((folder / "xplat.json").read_text())
    (folder / "xplat.json").write_text(json.dumps(header | change))
    with pytest.raises(DesignFileError) as caught:
        xplat.Graph.load(folder)
    assert message in str(caught.value)


def test_files_that_are_missing_or_broken(tmp_path: Path) -> None:
    with pytest.raises(DesignFileError, match=r"holds no graph: 'xplat.json' is missing\n  make one with"):
        xplat.Graph.load(tmp_path)
    folder = named().save(tmp_path / "graph")
    for name, message in (("graph.mlir", "broken graph"), ("xplat.json", "is not a file of an xplat graph")):
        (folder / name).write_text("nonsense")
        with pytest.raises(DesignFileError, match=message):
            xplat.Graph.load(folder)


def test_calls_as_the_model_takes_them() -> None:
    graph = named()
    scale = torch.full((20, 4), 2.0)
    by_name = graph.reference({"x": X, "scale": scale})
    for result in (graph(X, scale=scale), graph(x=X.numpy(), scale=scale.numpy()), graph({"x": X, "scale": scale})):
        assert torch.equal(result["out"], by_name["out"])
    with pytest.raises(InputError, match="the model has no input 'skale'"):
        graph(X, skale=scale)
