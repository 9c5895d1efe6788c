# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat import`: figures of a model, how its operations would be supported, and mistakes that are explained."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from xplat import ir, models
from xplat.cli import main
from xplat.frontend import import_model
from xplat.frontend.check import check_graph, table
from xplat.frontend.check.hls import NotLowerable, lower_to_linalg

MODEL = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        return self.fc(x.mean((2, 3)))


class Rare(Net):
    def forward(self, x):
        x = super().forward(x)
        x = torch.cumprod(x, 1)
        return torch.logsumexp(x, 1, keepdim=True)


class Ids(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 4)

    def forward(self, ids):
        return self.table(ids)


def make_model():
    return Net()


def with_inputs():
    return Net(), torch.randn(1, 3, 16, 16)


def make_rare():
    return Rare()


def make_ids():
    return Ids()


def make_nothing():
    return 3


def leave():
    raise SystemExit


def make_undefined():
    class Undefined(nn.Module):
        def forward(self, x):
            y = x[x > 0]
            return torch.bernoulli(x) + y.sum()

    return Undefined()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(MODEL)
    return path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["import", "--quiet", *arguments]) == 0
    return capsys.readouterr().out


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["import", "--quiet", *arguments]) == 1
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return error


def test_figures_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "resnet18")
    assert "xplat.conv2d" in text and "11.69 M (without values)" in text
    assert "3.628 GFLOPs" in text and "3.64 GFLOPs (MASE, Table V)" in text and "ratio 0.999" in text


def test_another_sequence_length_has_no_published_figures(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "bert-base", "--sequence-length", "32")
    assert "108.31 M" in text and "MASE" not in text


def test_the_graph_is_written_with_its_values(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    state = models.get("resnet18").build().state_dict()
    save_file(state, tmp_path / "weights.safetensors")
    torch.save(state, tmp_path / "weights.pt")
    for suffix in ("safetensors", "pt"):
        text = output(
            capsys,
            "resnet18",
            "--state-dict",
            str(tmp_path / f"weights.{suffix}"),
            "-o",
            str(tmp_path / "out" / "net.mlir"),
        )
        assert "without values" not in text
        with ir.Context():
            module = ir.Module.parse((tmp_path / "out" / "net.mlir").read_text())
        assert "xplat.conv2d" in str(module)
        written = load_file(tmp_path / "out" / "net.safetensors")
        assert all(torch.equal(written[key], value) for key, value in state.items())


@pytest.mark.parametrize(
    "arguments", [["make_model", "--input-shape", "3,16,16"], ["with_inputs"], ["Net", "--input-shape", "3,16,16"]]
)
def test_check_of_a_model_that_kernels_run(
    capsys: pytest.CaptureFixture[str], file: Path, arguments: list[str]
) -> None:
    text = output(capsys, f"{file}:{arguments[0]}", "--check", *arguments[1:])
    assert "@conv2d (RTL xplat_conv2d)" in text and "relu" not in text.split("operation")[1]  # it has no sign instead
    assert f"conv ({file}:14)" in text and f"fc ({file}:15)" in text
    assert "xplat.batch_norm" not in text.split("operation")[1]  # it is folded
    rows = [line.split() for line in text.split("operation")[1].splitlines() if line.startswith("xplat.")]
    assert [row[0] for row in rows if row[3] != "kernel"] == []


def test_example_inputs_in_the_file(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(MODEL + "\nexample_inputs = torch.randn(2, 3, 16, 16)\n")
    assert "330" in output(capsys, f"{file}:make_model")
    file.write_text(MODEL + "\n\ndef example_inputs():\n    return torch.randn(2, 3, 16, 16)\n")
    assert "330" in output(capsys, f"{file}:make_model")


def test_token_ids_for_a_model_of_the_users(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert "xplat.embedding" in output(capsys, f"{file}:make_ids", "--sequence-length", "8")


def test_check_says_what_goes_through_hls_and_what_stays_on_the_host(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    text = output(capsys, f"{file}:make_rare", "--check", "--input-shape", "3,16,16")
    rows = {line.split("  ")[0]: line for line in text.splitlines()}
    assert (
        "host" in rows["xplat.aten aten.cumprod.default"]
        and "tm_tensor.scan" in rows["xplat.aten aten.cumprod.default"]
    )
    assert "HLS" in rows["xplat.aten aten.logsumexp.default"]
    assert f"cumprod ({file}:21)" in text


def test_check_of_attention() -> None:
    spec = models.get("bert-base")
    supports = check_graph(import_model(spec.build_small(), spec.small_inputs()))
    found = {support.kind: support for support in supports}
    assert found["xplat.linear"].how == "kernel"
    assert found["xplat.attention"].how in ("kernel", "HLS") and len(found["xplat.attention"].places) == 2
    assert "bert.encoder.layer.0.attention.self" in found["xplat.attention"].places[0]
    assert "xplat.attention" in table(supports)


# One of each kind by default.
KINDS = ("resnet18", "mobilenetv3_small", "bert-base", "llama-1.1b", "unet", "mixer_base_16")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in KINDS else [pytest.mark.long]) for name in models.names()]
)
def test_check_of_every_model_of_the_zoo(name: str) -> None:
    spec = models.get(name)
    graph = import_model(spec.build_small(), spec.small_inputs())
    supports = check_graph(graph)
    assert {support.kind for support in supports if support.how == "host"} <= {"xplat.host_input"}
    assert all(place for support in supports for place in support.places)
    text = table(supports).splitlines()
    assert [line.split()[0] for line in text[-3:]] == ["kernel", "HLS", "host"]
    assert text[-1].endswith("0.0% of the multiply-accumulates")


def test_lowering_is_tried_for_real() -> None:
    shape = ((2, 8), torch.float32)
    assert "linalg.generic" in lower_to_linalg(lambda x: torch.softmax(x, -1), [shape])
    assert "linalg.matmul" in lower_to_linalg(lambda x, w: x @ w.T, [shape, ((4, 8), torch.float32)])
    with pytest.raises(NotLowerable, match=r"tm_tensor\.scan"):
        lower_to_linalg(lambda x: x.cumsum(0), [shape])
    with pytest.raises(NotLowerable, match="linalg_inv"):
        lower_to_linalg(torch.linalg.inv, [((4, 4), torch.float32)])


def test_all_import_errors_are_shown_at_once(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    error = failure(capsys, f"{file}:make_undefined", "--check", "--input-shape", "4")
    assert f"{file}:" in error and "2 things" in error
    assert "aten.index.Tensor" in error and "aten.bernoulli.default" in error


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["resnet81"], "did you mean resnet18"),
        (["resnet18", "--sequence-length", "8"], "takes images"),
        (["bert-base", "--sequence-length", "0"], "at least 1 but got 0"),
        (["resnet18", "--input-shape", "3,8,8"], "models of your own"),
        (["resnet18", "--state-dict", "missing.pt"], "cannot be read"),
        (["no.py:make"], "no file 'no.py'"),
        (["{file}:make_model"], "--input-shape"),
        (["{file}:make_model", "--input-shape", "3;4"], "expected a shape but got"),
        (["{file}:make_model", "--input-shape", "4,16,16"], "conv"),
        (["{file}:make_nothing", "--input-shape", "3"], "expected a torch.nn.Module"),
        (["{file}:nothing"], "has no 'nothing'"),
        (["{file}:make_model", "--input-shape", "0,16,16"], "expected extents of at least 1"),
        (["{file}:make_model", "--input-shape=-3,16,16"], "expected extents of at least 1"),
        (["{file}:make_model", "--input-shape", "3,1000000,1000000"], "does not fit into memory"),
        (["{file}:make_model", "--input-shape", "9" * 40], "does not fit into memory"),
        (["{file}:make_ids", "--sequence-length", "999999999999"], "does not fit into memory"),
        (["{file}:leave"], "leave' failed: SystemExit"),
        (["{file}:make_model", "--input-shape", "3,16,16", "-o", "graph.safetensors"], "cannot hold the graph"),
    ],
)
def test_mistakes_are_explained(
    capsys: pytest.CaptureFixture[str], file: Path, arguments: list[str], match: str
) -> None:
    assert match in failure(capsys, *(argument.format(file=file) for argument in arguments))


def test_a_state_dict_of_another_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    save_file(models.get("resnet18").build_small().state_dict(), tmp_path / "small.safetensors")
    error = failure(capsys, "resnet18", "--state-dict", str(tmp_path / "small.safetensors"))
    assert "conv1.weight: expected shape [64, 3, 7, 7] but got [8, 3, 7, 7]" in error and "… and" in error
    torch.save({"a": 1}, tmp_path / "numbers.pt")
    assert "no state dict" in failure(capsys, "resnet18", "--state-dict", str(tmp_path / "numbers.pt"))


def test_a_graph_without_its_values_is_not_written(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "graph.safetensors").mkdir(parents=True)
    arguments = [f"{file}:make_model", "--input-shape", "3,16,16", "-o", str(out / "graph.mlir")]
    assert "graph.safetensors': it is not an ordinary file" in failure(capsys, *arguments)
    assert [path.name for path in out.iterdir()] == ["graph.safetensors"]
    (out / "graph.safetensors").rmdir()
    output(capsys, *arguments)
    assert sorted(path.name for path in out.iterdir()) == ["graph.mlir", "graph.safetensors"]


def test_a_dataclass_whose_annotations_are_texts(
    capsys: pytest.CaptureFixture[str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    file.write_text(f"{lines}{MODEL}\n\n@dataclass\nclass Settings:\n    width: int = 8\n")
    monkeypatch.delitem(sys.modules, "model", raising=False)
    assert "xplat.conv2d" in output(capsys, f"{file}:with_inputs")
    assert "model" not in sys.modules


def test_mistakes_in_the_users_file_have_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "boom.py"
    file.write_text(
        'from torch import nn\nCFG = {}\ndef head(): return nn.Linear(CFG["width"], 4)\ndef make(): head()\n'
    )
    assert f"{file}:3: " in failure(capsys, f"{file}:make", "--input-shape", "8")
    file.write_text("from torch import nn\n\nx = nn.Missing\n")
    assert f"{file}:3: " in failure(capsys, f"{file}:make", "--input-shape", "8")
    file.write_text("x = (\n")
    assert f"{file}:1: " in failure(capsys, f"{file}:make", "--input-shape", "8")


def test_a_file_without_a_name_of_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert "name its model: net.py:make_model" in failure(capsys, "net.py")


@pytest.mark.parametrize("folder", [".", "/", "out.mlir/"])
def test_a_folder_is_no_file_for_the_graph(
    capsys: pytest.CaptureFixture[str], file: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert "is a folder" in failure(capsys, f"{file}:with_inputs", "-o", folder)
    assert {path.name for path in file.parent.iterdir()} <= {file.name, "__pycache__"}


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(models.names())


def test_the_check_says_why_and_how_much(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "padded.py"
    file.write_text(
        "from torch import nn\ndef make(): return nn.Sequential(nn.Conv2d(3, 8, 3, padding=3), nn.ReLU())\n"
    )
    text = output(capsys, f"{file}:make", "--check", "--input-shape", "3,9,9")
    (row,) = (line for line in text.splitlines() if line.startswith("xplat.aten aten.conv2d"))
    assert "100.0%" in row and "padding [3, 3] is not smaller than the kernel" in row
    assert "73.01 kFLOPs for a sample" in text
