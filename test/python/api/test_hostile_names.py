# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names and paths of the user's that mean something in another language: none of them gets out of its place."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pyslang
import pyslang.driver
import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat import cli
from xplat.dialects import xplat as xp
from xplat.hardware.emit import check_elaboration
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import simulate
from xplat.hardware.streams import StreamPort
from xplat.mlir import nodes_of
from xplat.support.errors import KernelError, ModelImportError
from xplat.support.text import (
    comment,
    file_name,
    markdown_cell,
    pass_option,
    printable,
    shortened,
    slang_command,
    tcl_word,
)
from xplat.target.system import System

NAMES = (
    *("x\ny", "carriage\rreturn", "x\nendmodule module injected; initial $finish; //", 'quo"te', "apo'strophe"),
    *(
        "$finish",
        "semi;colon",
        "// comment",
        "*/ end /*",
        "back\\slash",
        "continued\\",
        "[0]",
        "{brace}",
        "(paren",
        "`define X",
    ),
    *("100%", "%m", "größe", "名前", "\u202ereversed", "nul\0byte", "l" * 300, "l" * 299 + "k", " ", "a b", "a,b"),
    *("module", "final", "class", "proc", "int", "core", "verilator lint_off WIDTH", "synopsys translate_off"),
    *("verilator", "Case", "case", "CASE", "$x_1$", "<b>&", "--", "]]>", "_", "0", "{{0}}", "@system", "~", "con"),
)
FOLDER = "out \"put' $HOME `id`; (1) [2] {3} %s & | < > * ? ! \\ größe #~\n"
X = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))


class Hostile(nn.Module):
    """A chain of small layers with these names."""

    def __init__(self, names: tuple[str, ...] = NAMES) -> None:
        super().__init__()
        self.names = names
        for name in names:
            layer = nn.Linear(4, 4)
            with torch.no_grad():
                layer.weight.copy_(torch.eye(4) + 0.1 * torch.randn(4, 4))
            self.add_module(name, layer)

    def forward(self, größe: Tensor) -> Tensor:
        for name in self.names:
            größe = self._modules[name](größe)  # type: ignore[misc]
        return größe


@pytest.fixture(scope="module")
def design() -> xplat.Design:
    torch.manual_seed(0)
    system = System.from_text(SYSTEM, source="test")
    return xplat.compile(Hostile(), system, example_inputs=X[:1], calibration=X, target_cycles=16, max_utilization=0.2)


PART = "xc7z020[exec touch injected];$x \\ | ` <b>\\n \\22"
SYSTEM = f"""
xplat.device @"my board" fpga part "{PART.replace(chr(92), chr(92) * 2)}" clock_mhz 100.0
    resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "measured" {{
  xplat.memory @"d d r" capacity_mib 512 bandwidth_mb_per_s 4264.0 source "measured"
  xplat.port @"a link" count 2 rate_gbps 3.2 latency_ns 80.0 source "measured"
}}
xplat.system @"my rack, max-utilization=1 }} \\0A 'x' $y" {{
  xplat.instance @"module" of @"my board"
  xplat.instance @"MODULE\\0A$finish;" of @"my board"
  xplat.cable @"the cable" @"module" port @"a link" to @"MODULE\\0A$finish;" port @"a link"
}}
"""


@pytest.fixture(scope="module")
def folder(design: xplat.Design, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return design.emit(tmp_path_factory.mktemp("hostile") / FOLDER)


def test_every_module_keeps_its_name_in_the_design(design: xplat.Design) -> None:
    found = {xp.node_name(op) for op in nodes_of(design.mapped)}
    assert found >= set(NAMES)


def test_emitted_text_is_plain(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in (".json", ".svh") and file.parent.name != "kernels":
            text = file.read_text(encoding="utf-8")
            for line in text.splitlines():
                assert line.replace("\t", "").isprintable(), (file, line)
            if file.suffix == ".sv":
                assert text.isascii(), file
                code = re.sub(r"//[^\n]*", "", text)
                assert "injected;" not in code and "$finish" not in code
    assert not (folder / "injected").exists()


def test_files_have_names_that_every_file_system_tells_apart(folder: Path) -> None:
    for directory in {file.parent for file in folder.rglob("*")}:
        names = [file.name for file in directory.iterdir()]
        assert len({name.lower() for name in names}) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,240}", name) for name in names), names
    assert len(list((folder / "mem").iterdir())) >= len(NAMES)


def test_tools_read_the_folder(folder: Path) -> None:
    assert check_elaboration(folder) == []
    finished = subprocess.run(["verilator", "--lint-only", "-f", "files.f"], cwd=folder, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("links", [True, False])
def test_simulates_exactly(design: xplat.Design, folder: Path, links: bool) -> None:
    manifest = read_manifest(folder)
    source, sink = (StreamPort.from_dict(manifest[kind][0]) for kind in ("inputs", "outputs"))
    run = simulate(folder, [source.quantize(X)], links=links)
    assert torch.equal(sink.dequantize(run.outputs[0]), design.reference(X))
    assert set(run.cycles_per_sample) == {design.report().cycles_per_sample}


def test_tcl_reads_every_name_as_one_word(folder: Path) -> None:
    tkinter = pytest.importorskip("tkinter")
    try:
        tcl = tkinter.Tcl()
    except tkinter.TclError as error:
        pytest.skip(str(error))
    for text in (*NAMES, PART, FOLDER, ""):
        if "\0" not in text and text.isprintable():
            tcl.setvar("seen", "")
            tcl.eval(f"set seen {tcl_word(text)}")
            assert tcl.getvar("seen") == text
    devices = json.loads((folder / "design.json").read_text())["devices"]
    assert [device["part"] for device in devices] == [PART, PART]
    commands = (folder / f"vivado_{devices[0]['top']}.tcl").read_text()
    seen = []
    tcl.createcommand("create_project", lambda *arguments: seen.append(arguments))
    tcl.eval(f"set root .\n{next(line for line in commands.splitlines() if line.startswith('create_project'))}")
    assert seen[0][-1] == PART


def test_saves_and_loads(design: xplat.Design, tmp_path: Path) -> None:
    again = xplat.Design.load(design.save(tmp_path / FOLDER))
    assert str(again.report()) == str(design.report())
    assert torch.equal(again.reference(X), design.reference(X))
    assert set(again.to_torch().state_dict()) == set(Hostile().state_dict())


def test_reports(design: xplat.Design) -> None:
    report = design.report()
    for line in str(report).split("\n"):
        assert line.isprintable(), repr(line)
    assert "x\\ny" in str(report)
    assert json.loads(report.json())["nodes"][1]["name"] == NAMES[0]
    assert {node.source for node in report.nodes if node.name in NAMES} == {report.nodes[1].source}


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_plots(design: xplat.Design, tmp_path: Path, ending: str) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / FOLDER).mkdir()
    picture = design.plot(tmp_path / FOLDER / f"it's.{ending}")
    if ending == "svg":
        ElementTree.parse(picture)


MODEL = """\
import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("x\\ny", torch.nn.Linear(4, 4))
        self.fc = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(torch.relu(self._modules["x\\ny"](x)))
"""


FOLDERS = (
    "plain (1)",
    "it's",
    'a "b"',
    "a, line 3, in b",
    "$HOME;`id`",
    "größe",
    "new\nline",
    "verilator lint",
    "%d{}",
)


@pytest.mark.parametrize("name", FOLDERS)
def test_paths_of_models_and_kernels(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / name
    home.mkdir()
    model, out = home / f"{home.name}.py", home / "design"
    model.write_text(MODEL, encoding="utf-8")
    kernels = home / "kernels"
    (kernels / "rtl").mkdir(parents=True)
    (kernels / "kernel.mlir").write_text(KERNEL)
    (kernels / "rtl" / "my relu.sv").write_text(RELU)
    monkeypatch.setenv("TMPDIR", str(home))
    options = ["--input-shape", "4", "--kernels", str(kernels), "-q", "-o", str(out)]
    assert cli.main(["compile", f"{model}:Net", "--system", "z7020", *options]) == 0, capsys.readouterr().err
    assert cli.main(["emit", str(out), "-o", str(home / "hardware"), "-q"]) == 0, capsys.readouterr().err
    assert check_elaboration(home / "hardware") == []
    report = xplat.Design.load(out).report()
    line = {node.name: node for node in report.nodes}["fc"].source
    assert line == f"{model.name}:10".rsplit("/", 1)[-1]
    assert {node.kernel for node in report.nodes if node.op == "relu"} == {"my_relu"}
    assert "my_relu.sv" in (home / "hardware" / "sources.f").read_text().replace("rtl/kernels/", "").split()


KERNEL = """
xplat.kernel @my_relu implements "xplat.relu" rtl "my_relu" files ["rtl/my relu.sv"] {
  streams in ["in"] out ["out"]
  parameter Width (bits_x * p_c)
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (1)
}
"""
RELU = """
module my_relu #(parameter int unsigned Width = 8) (
  input logic clk_i, input logic rst_ni,
  input logic in_valid_i, output logic in_ready_o, input logic [Width-1:0] in_data_i,
  output logic out_valid_o, input logic out_ready_i, output logic [Width-1:0] out_data_o
);
  assign out_valid_o = in_valid_i;
  assign in_ready_o = out_ready_i;
  assign out_data_o = in_data_i;
endmodule
"""


# ---- the helpers, one by one


def test_printable() -> None:
    assert printable("layer1.conv größe 名前") == "layer1.conv größe 名前"
    assert printable("a\nb\t\x1b[31m\u202e\0\ud800") == "a\\nb\\t\\x1b[31m\\u202e\\x00\\ud800"
    assert printable("a\nb\r", keep="\n") == "a\nb\\r"


def test_shortened() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abc…fg"


def test_comment_stays_on_its_line() -> None:
    assert comment("a\nexec rm \\") == "a/nexec rm /"


def test_markdown_cell() -> None:
    assert markdown_cell("xc7z020clg484-1") == "xc7z020clg484-1"
    assert markdown_cell("a|b\n`<c>`") == "a\\|b\\\\n\\`\\<c\\>\\`"


def test_pass_option() -> None:
    assert pass_option("/opt/xplat-1.0/k_1") == "/opt/xplat-1.0/k_1"
    assert pass_option("2xz7020") == "2xz7020"
    assert pass_option("a b,c}é") == "a%20b%2Cc%7D%C3%A9"


def test_file_names() -> None:
    assert file_name("xplat_fifo.sv") == "xplat_fifo.sv"
    assert file_name("my fifo;.sv") == "my_fifo_.sv"
    assert file_name("Fifo.sv", ["fifo.sv", "Fifo_1.sv"]) == "Fifo_2.sv"


def test_header_that_cannot_be_listed(tmp_path: Path) -> None:
    from xplat.hardware.emit.sources import copy_sources

    (tmp_path / "my types.svh").write_text("")
    with pytest.raises(KernelError, match=r"header '.*my types\.svh' has characters that file lists do not allow"):
        copy_sources([tmp_path / "my types.svh"], tmp_path / "out")


def test_slang_reads_every_argument(tmp_path: Path) -> None:
    for name in ("a b", "it's", 'a"b', "$a;b", "a\\b", "größe", "(1)[2]{3}"):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "top.sv"
        file.write_text("module top; endmodule\n")
        driver = pyslang.driver.Driver()
        driver.addStandardArgs()
        assert driver.parseCommandLine(slang_command(["slang", "--top", "top", str(file)])), name
        assert driver.processOptions() and driver.parseAllSources(), name


@pytest.mark.parametrize("name", ["\ud800", "a\udfffb"])
def test_halves_of_characters_are_refused(name: str) -> None:
    with pytest.raises(ModelImportError, match="incomplete Unicode character"):
        xplat.import_model(Hostile((name,)), X[:1])
