# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Designs, emitted folders, kernel contracts and system files of other versions: upgraded, or refused with words."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat.hardware.emit.elaboration import check_elaboration
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import simulate_samples
from xplat.mlir import text_of
from xplat.support.errors import DesignFileError, EmitError, KernelError, SimulationError, SystemDescriptionError
from xplat.support.paths import kernels_dir
from xplat.target.library import contract_files

X = torch.randn(8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def design() -> xplat.Design:
    torch.manual_seed(0)
    return xplat.compile(nn.Linear(8, 4), "z7020", example_inputs=X[:1], calibration=X)


def test_a_design_is_read_whole(design: xplat.Design, tmp_path: Path) -> None:
    again = xplat.Design.load(design.save(tmp_path / "design"))
    assert text_of(again.mapped) == text_of(design.mapped) and again.seconds == design.seconds
    assert text_of(again.graph.module) == text_of(design.graph.module) and again.graph.quantized
    assert torch.equal(again(X), design(X)) and torch.equal(design(X), design.reference(X))


def test_designs_that_are_not_read(design: xplat.Design, tmp_path: Path) -> None:
    folder = design.save(tmp_path / "design")
    header = json.loads((folder / "xplat.json").read_text())
    for change, message in (
        ({"version": header["version"] + 1}, "holds version 5 of an xplat design, expected version 4\n  a newer xplat"),
        ({"version": 2}, "holds version 2 of an xplat design, expected version 4\n  compile it again"),
        ({"kind": "xplat graph"}, "states that it holds an xplat graph, expected an xplat design"),
    ):
        (folder / "xplat.json").write_text(json.dumps(header | change))
        with pytest.raises(DesignFileError) as caught:
            xplat.Design.load(folder)
        assert message in str(caught.value)
    with pytest.raises(DesignFileError, match="states that it holds an xplat graph, expected an xplat design"):
        xplat.Design.load(design.graph.save(tmp_path / "graph"))
    (folder / "xplat.json").write_text(json.dumps(header))
    inner = json.loads((folder / "graph" / "xplat.json").read_text())
    (folder / "graph" / "xplat.json").write_text(json.dumps(inner | {"version": 7}))
    with pytest.raises(DesignFileError, match="holds version 7 of an xplat graph"):
        xplat.Design.load(folder)


def test_a_design_of_release_0_1(design: xplat.Design, tmp_path: Path) -> None:
    """Its files: the dataflow form, the network, parameters, seconds, state and structure; no version."""
    (tmp_path / "design.mlir").write_text(text_of(design.mapped))
    (tmp_path / "network.mlir").write_text(text_of(design.graph.module))
    (tmp_path / "parameters.safetensors").write_bytes(b"")
    (tmp_path / "stages.json").write_text("{}")
    (tmp_path / "state.json").write_text('{"state": [], "structure": null}')
    with pytest.raises(DesignFileError) as caught:
        xplat.Design.load(tmp_path)
    message = str(caught.value)
    assert "holds a design of xplat 0.1.0, which has no version; expected version 4 of an xplat design" in message
    assert "compile it again: xplat compile" in message
    # A design that is saved there afterwards is the one that is read.
    assert torch.equal(xplat.Design.load(design.save(tmp_path))(X), design(X))


def test_emitted_folders(design: xplat.Design, tmp_path: Path) -> None:
    folder = design.emit(tmp_path / "hardware")
    manifest = json.loads((folder / "design.json").read_text())
    assert manifest["kind"] == "xplat hardware" and manifest["version"] == 1
    for change, message in (
        ({"version": 2}, "holds version 2 of an xplat hardware, expected version 1\n  a newer xplat wrote it"),
        ({"version": 0.5}, "states version 0.5, expected a whole number"),
        ({"kind": "xplat design"}, "states that it holds an xplat design"),
    ):
        (folder / "design.json").write_text(json.dumps(manifest | change))
        with pytest.raises(SimulationError) as caught:
            simulate_samples(folder, [X[:1]])
        assert message in str(caught.value)
        with pytest.raises(EmitError) as refused:
            check_elaboration(folder)
        assert message in str(refused.value)


def test_an_emitted_folder_of_release_0_1(design: xplat.Design, tmp_path: Path) -> None:
    """It has no version, nor a table of what the model takes and gives: each input and result has its own port, and of
    a stream's layout it says the lanes alone."""
    folder = design.emit(tmp_path / "hardware")
    stamped = json.loads((folder / "design.json").read_text())
    manifest = {key: value for key, value in stamped.items() if key not in ("kind", "version", "model")}
    old = copy.deepcopy(manifest)
    for port in (*old["inputs"], *old["outputs"]):
        del port["order"]
        port["lanes"] = port.pop("beat")[-1]
    (folder / "design.json").write_text(json.dumps(old))
    expected = {"inputs": [{"name": "0", "port": "in0"}], "results": [{"name": "0", "port": "out0"}]}
    assert read_manifest(folder) == manifest | {"model": expected}
    assert torch.equal(simulate_samples(folder, [X[:3]]).outputs[0], design.reference(X[:3]))


def test_kernel_contracts(tmp_path: Path) -> None:
    home = tmp_path / "kernels" / "linear"
    shutil.copytree(kernels_dir() / "linear", home)
    text = (home / "kernel.mlir").read_text()
    assert contract_files(tmp_path / "kernels") == [home / "kernel.mlir"], "it states no version"
    (home / "kernel.mlir").write_text(f"// xplat kernel version 4\n{text}")
    assert contract_files(home) == [home / "kernel.mlir"]
    for line, message in (
        ("// xplat kernel version 5", "holds version 5 of an xplat kernel, expected version 4\n  a newer xplat"),
        (
            "// xplat kernel version 3",
            "holds version 3 of an xplat kernel, expected version 4\n  write",
        ),
        ("// xplat kernel version 1", "holds version 1 of an xplat kernel, expected version 4"),
        ("// xplat kernel version 1.5", "states version '1.5', expected a whole number"),
        ("// xplat system version 1", "states that it holds an xplat system, expected an xplat kernel"),
    ):
        (home / "kernel.mlir").write_text(f"{line}\n{text}")
        with pytest.raises(KernelError) as caught:
            xplat.compile(nn.Linear(8, 4), "z7020", example_inputs=X, kernels=home)
        assert message in str(caught.value) and "kernel.mlir" in str(caught.value)


TWO = """xplat.system @lab {
  xplat.instance @left of @z7020
  xplat.instance @right of @z7020
  xplat.cable @cable @left port @link to @right port @link
}
"""


def test_system_files(tmp_path: Path) -> None:
    file = tmp_path / "lab.mlir"
    for head in ("", "// xplat system version 3\n", "// My lab.\n// xplat system version 2\n"):
        file.write_text(head + TWO)
        assert xplat.System.load(file).name == "lab"
    for line, message in (
        ("// xplat system version 4", "holds version 4 of an xplat system, expected version 3\n  a newer xplat"),
        ("// xplat system version", "states version '', expected a whole number"),
        ("// xplat kernel version 1", "states that it holds an xplat kernel, expected an xplat system"),
    ):
        file.write_text(f"{line}\n{TWO}")
        with pytest.raises(SystemDescriptionError) as caught:
            xplat.System.load(file)
        assert message in str(caught.value) and "lab.mlir" in str(caught.value)


@pytest.mark.parametrize("head", ["", "// xplat system version 1\n"])
def test_a_system_file_of_release_0_1(tmp_path: Path, head: str) -> None:
    """Its cables are called channels."""
    file = tmp_path / "lab.mlir"
    file.write_text(head + TWO.replace("xplat.cable @cable", "xplat.channel @cable"))
    system = xplat.System.load(file)
    assert len(system.instances) == 2 and "xplat.cable @cable" in system.text
    file.write_text("// xplat system version 2\n" + TWO.replace("xplat.cable @cable", "xplat.channel @cable"))
    with pytest.raises(SystemDescriptionError, match=r"xplat\.channel is now xplat\.cable"):
        xplat.System.load(file)


def test_a_system_file_whose_device_names_no_family(tmp_path: Path) -> None:
    """In version 2 devices had none: all were counted as those of the 7-series."""
    device = 'xplat.device @mine fpga part "p" clock_mhz 100.0 resources <lut = 9000> source "s" {\n}\n'
    file = tmp_path / "lab.mlir"
    one = "xplat.system @lab {\n  xplat.instance @a of @mine\n}\n"
    for head in ("", "// xplat system version 2\n"):
        file.write_text(head + device + one)
        text = xplat.System.load(file).text
        assert 'part "p" family @series7 clock_mhz' in text and "xplat.family @series7" in text
    file.write_text("// xplat system version 3\n" + device + one)
    assert "xplat.family" not in xplat.System.load(file).text
    file.write_text(device.replace("clock_mhz", "family @series8 clock_mhz") + one)
    with pytest.raises(SystemDescriptionError, match="unknown device family '@series8': known are ecp5, series7"):
        xplat.System.load(file)
