# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lowering to CIRCT, export, and the emitted folder."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pyslang
import pyslang.driver
import pytest

from xplat import ir
from xplat.hardware.emit import check_elaboration, emit
from xplat.hardware.emit.circt import export_verilog
from xplat.hardware.emit.folder import lower
from xplat.hardware.emit.memories import hex_lines, pack_words
from xplat.support.errors import EmitError, KernelError, OutputDirError, PassError
from xplat.support.text import slang_command
from xplat.testing import dataflow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return emit(dataflow.module(), dataflow.parameters(), tmp_path_factory.mktemp("emit") / "design")


def test_circt_verifies_and_exports_the_lowered_form(tmp_path: Path) -> None:
    files = export_verilog(lower(dataflow.module()), tmp_path)
    names = {file.name for file in files}
    assert {f"{name}.sv" for name in ("fpga0", "fpga0_core", "fpga1", "xplat_system", "xplat_system_direct")} <= names
    core = (tmp_path / "fpga0_core.sv").read_text()
    assert "model.py:9" in core, "Verilog names the model's lines"
    assert "xplat_linear #(" in core and ".Shift(7)" in core


def test_elaborates_without_a_message(folder: Path) -> None:
    assert check_elaboration(folder) == []


def test_verilator_finds_nothing(folder: Path) -> None:
    # Memory ports that a kernel does not use here are left open, explicitly.
    for top in ("xplat_system", "xplat_system_direct"):
        finished = subprocess.run(
            ["verilator", "--lint-only", "-Wall", "-Wno-PINCONNECTEMPTY", "--top-module", top, "-f", "sources.f"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stderr


def test_lists_of_files_work_as_they_stand(folder: Path) -> None:
    """As the folder's README says it, with nothing added; slang reads the same list, from anywhere."""
    readme = (folder / "README.md").read_text()
    assert "`verilator --lint-only -f files.f`" in readme
    for command, cwd in (
        (["verilator", "--lint-only", "-f", "files.f"], folder),
        (["verilator", "--lint-only", "-F", str(folder / "files.f")], Path("/")),
    ):
        finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        assert (finished.returncode, finished.stderr) == (0, "")
    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    assert driver.parseCommandLine(slang_command(["slang", "-F", str(folder / "files.f")]))
    assert driver.processOptions() and driver.parseAllSources()
    compilation = driver.createCompilation()
    assert [top.name for top in compilation.getRoot().topInstances] == ["xplat_system"]
    assert not [item for item in compilation.getAllDiagnostics() if item.isError()]


def test_memories_that_differ_in_case_are_different_files() -> None:
    text = dataflow.TEXT.replace("@fc_bias", "@FC_Weight")
    with pytest.raises(PassError, match=r"differs from @fc_weight only in case"):
        lower(dataflow.module(text=text))


def test_folder_is_complete(folder: Path) -> None:
    for line in (folder / "sources.f").read_text().split():
        path = folder / line.removeprefix("+incdir+")
        assert path.exists(), line
    manifest = json.loads((folder / "design.json").read_text())
    layout = {"shape": [1, 8], "order": [0, 1], "beat": [1, 4]}
    assert manifest["inputs"] == [{"name": "in0", **layout, "width": 8, "fractional_bits": 4}]
    assert [device["top"] for device in manifest["devices"]] == ["fpga0", "fpga1"]
    for name in (
        "vivado_fpga0.tcl",
        "vivado_fpga1.tcl",
        "clock_fpga0.xdc",
        "clock_fpga1.xdc",
        "yosys.ys",
        "README.md",
        "tb/main.cpp",
    ):
        assert (folder / name).is_file()
    assert "xc7z020clg484-1" in (folder / "vivado_fpga0.tcl").read_text()


def test_memory_words_follow_permutation_and_tile() -> None:
    values = np.arange(-6, 6).reshape(3, 4)
    words = pack_words(values, permutation=[1, 0], tile=[2, 3], element_bits=8)
    # Word 0 holds columns 0 and 1, each down the rows, the first element in the low bits.
    signed = words.view(np.int8)
    assert signed.tolist() == [[-6, -2, 2, -5, -1, 3], [-4, 0, 4, -3, 1, 5]]
    assert next(iter(hex_lines(words, 48))) == "03fffb02fefa\n"


def test_narrow_words_have_as_many_digits_as_they_need() -> None:
    words = pack_words(np.array([1, -1, 3]), permutation=[0], tile=[1], element_bits=3)
    assert list(hex_lines(words, 3)) == ["1\n", "7\n", "3\n"]


def test_emitting_again_replaces_the_folder(tmp_path: Path) -> None:
    first = emit(dataflow.module(), dataflow.parameters(), tmp_path / "design")
    (first / "rtl" / "stale.sv").write_text("module stale; endmodule\n")
    (first / "notes.txt").write_text("mine")
    emit(dataflow.module(), dataflow.parameters(), tmp_path / "design")
    assert not (first / "rtl" / "stale.sv").exists()
    assert (first / "notes.txt").read_text() == "mine"
    assert os.listdir(tmp_path) == ["design"]


def test_unwritable_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputDirError):
        emit(dataflow.module(), dataflow.parameters(), tmp_path / "file" / "design")


def test_kernel_without_its_rtl(tmp_path: Path) -> None:
    contract = tmp_path / "kernel.mlir"
    contract.write_text(
        'xplat.kernel @my_relu implements "xplat.relu" rtl "my_relu" files ["rtl/my_relu.sv"] {\n'
        '  streams in ["in"] out ["out"]\n  cycles (n) latency (1) buffer (1) area lut (0)\n}\n'
    )
    module = dataflow.module(relu="my_relu", extra_kernels=[contract])
    with pytest.raises(KernelError, match=r"lacks 'rtl/my_relu\.sv'"):
        emit(module, dataflow.parameters(), tmp_path / "design")
    assert not (tmp_path / "design").exists()


def test_circt_refusing_is_an_error_with_its_diagnostic(tmp_path: Path) -> None:
    with pytest.raises(EmitError, match="output"):
        export_verilog(
            """
            "hw.module"() ({
            ^bb0(%a: i8):
              "hw.output"(%a) : (i8) -> ()
            }) {module_type = !hw.modty<input a : i8, output b : i9>, parameters = [], sym_name = "m"} : () -> ()
            """,
            tmp_path,
        )


def test_no_mapping_is_an_error() -> None:
    with pytest.raises(EmitError, match=r"xplat\.mapping"):
        emit(ir.Module.parse("", ir.Context()), {}, "nowhere")
