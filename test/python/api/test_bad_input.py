# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every mistake that a user makes gets a message that names it and says what to do: no traceback, no half output."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import xplat
from xplat.cli import main
from xplat.cli.files import load_samples
from xplat.support.errors import (
    DesignFileError,
    InputError,
    KernelError,
    ModelImportError,
    OutputDirError,
    PassError,
    SystemDescriptionError,
    ToolMissingError,
    XplatError,
)
from xplat.support.paths import kernels_dir
from xplat.testing.networks import Mlp, PlainCnn

IMAGES = torch.randn(8, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def compile_(model, system="z7020", *, images=IMAGES, **options):
    return xplat.compile(model.eval(), system, example_inputs=images[:1], calibration=images, **options)


def message(error, *parts):
    text = str(error.value)
    for part in parts:
        assert part in text, f"expected '{part}' in:\n{text}"
    assert "Traceback" not in text


def test_unsupported_ops_are_listed_at_once():
    class Net(nn.Module):
        def forward(self, x):
            return torch.cumprod(torch.sort(x, dim=-1).values, dim=-1)

    # They import, calibrate and run; hardware is where they end.
    with pytest.raises(PassError) as error:
        compile_(Net())
    message(error, "no kernel implements 'xplat.aten'", "sort", "cumprod")
    assert str(error.value).count("test_bad_input.py:") == 2


def test_what_no_graph_can_hold_is_listed_at_once():
    class Net(nn.Module):
        def forward(self, x):
            return torch.fft.fft(x + torch.rand_like(x)).real + torch.bernoulli(x)

    with pytest.raises(ModelImportError) as error:
        compile_(Net())
    message(error, "3 things", "aten.rand_like.default: the result is random", "complex", "bernoulli")
    assert str(error.value).count("test_bad_input.py:") == 3


def test_dynamic_shape():
    class Net(nn.Module):
        def forward(self, x):
            return x[x > 0]

    with pytest.raises(ModelImportError) as error:
        compile_(Net())
    message(error, "shape")


def test_wrong_example_inputs():
    with pytest.raises(ModelImportError) as error:
        compile_(PlainCnn(), images=torch.randn(4, 3, 8, 8))
    message(error, "conv1")


def test_wrong_number_of_inputs():
    with pytest.raises(ModelImportError):
        xplat.compile(PlainCnn().eval(), "z7020", example_inputs=(IMAGES[:1], IMAGES[:1]))


def test_nan_weights():
    model = PlainCnn()
    with torch.no_grad():
        model.conv2.weight[0, 0, 0, 0] = float("nan")
    with pytest.raises(XplatError) as error:
        compile_(model)
    message(error, "conv2.weight", "NaN")


def test_nan_calibration():
    images = IMAGES.clone()
    images[3] = float("nan")
    with pytest.raises(XplatError):
        compile_(PlainCnn(), images=images)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ({"pixels": IMAGES}, "calibration data has no input 'x'"),
        ([{"labels": IMAGES}], "calibration data has no input 'x'"),
        (np.array(["a", "b"]), "calibration data is a NumPy array of type <U1, expected numbers"),
        ([np.array([IMAGES, None], dtype=object)], "NumPy array of type object, expected numbers"),
        (IMAGES.flatten(1).numpy().astype(np.int8), r"has type torch.int8, expected floating point"),
        ("images.npy", "calibration data is a str, expected tensors"),
        (7, "calibration data is a int, expected tensors"),
        ([1.0], "a sample of the calibration data is a float"),
        (IMAGES.to("meta"), "is on the meta device"),
        (torch.nested.nested_tensor([IMAGES[0], IMAGES[1]]), "is nested"),
    ],
)
def test_calibration_data_that_is_none(data, match):
    with pytest.raises(XplatError, match=match) as error:
        xplat.quantize(Mlp(), calibration=data, example_inputs=IMAGES[:1].flatten(1))
    assert error.value.hint is not None or "meta" in match


def test_sparse_weights():
    graph = xplat.import_model(nn.Linear(4, 2), torch.zeros(1, 4))
    with pytest.raises(ModelImportError, match=r"weight: expected a dense tensor but got layout torch\.sparse_coo"):
        graph.with_state_dict({"weight": torch.zeros(2, 4).to_sparse(), "bias": torch.zeros(2)})


def test_unknown_system():
    with pytest.raises(SystemDescriptionError) as error:
        compile_(Mlp(), "2xz7021")
    message(error, "z7021", "z7020", "u250")


def test_malformed_system_file(tmp_path):
    file = tmp_path / "lab.mlir"
    file.write_text("xplat.system @lab {\n  xplat.instance @a off @z7020\n}\n")
    with pytest.raises(SystemDescriptionError) as error:
        compile_(Mlp(), file)
    message(error, "lab.mlir:2")


@pytest.mark.parametrize(
    ("options", "match"),
    [({"max_utilization": 80}, "expected max_utilization in"), ({"target_cycles": 0}, "at least 1 but got 0")],
)
def test_limits_are_checked_before_the_work(options, match):
    said = []
    with pytest.raises(InputError, match=match):
        xplat.compile(Mlp(), "z7020", example_inputs=IMAGES[:1], calibration=IMAGES, progress=said.append, **options)
    assert said == []


def test_model_that_cannot_fit():
    class Big(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(64, 4096)
            self.fc2 = nn.Linear(4096, 4096)

        def forward(self, x):
            return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))

    with pytest.raises(PassError) as error:
        compile_(Big())
    message(error, "bram36", "112 may be used", "it would fit with", "fc2")


def test_unknown_format():
    with pytest.raises(XplatError) as error:
        compile_(Mlp(), quantize="int99")
    message(error, "int99")


def test_kernel_folder_with_a_wrong_port(tmp_path):
    shutil.copytree(kernels_dir(), tmp_path / "kernels")
    rtl = tmp_path / "kernels" / "linear" / "rtl" / "xplat_linear.sv"
    text = rtl.read_text().replace(".in_ready_o,", ".in_ready_o(in_rdy_o),")
    rtl.write_text(text.replace("  in_ready_o,", "  in_rdy_o,"))
    with pytest.raises(KernelError) as error:
        compile_(Mlp(), kernels=[tmp_path / "kernels" / "linear"])
    message(error, "in_ready_o", "in_rdy_o", "xplat_linear")


def test_kernel_folder_without_kernel(tmp_path):
    with pytest.raises(KernelError) as error:
        compile_(Mlp(), kernels=[tmp_path])
    message(error, "kernel.mlir")


@pytest.fixture(scope="module")
def design():
    return compile_(Mlp())


def test_verilator_missing(design, monkeypatch, tmp_path):
    # Every program of the environment except Verilator.
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*") if Path(folder).is_dir() else ():
            link = tmp_path / program.name
            if not program.name.startswith("verilator") and not link.exists():
                link.symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError) as error:
        design.simulate(IMAGES[:1])
    message(error, "erilator", "apt")


def test_unwritable_output(design, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    for call in (design.emit, design.save):
        with pytest.raises(OutputDirError) as error:
            call(blocker / "folder")
        message(error, "file")
    assert blocker.read_text() == "in the way"


def test_simulating_wrong_shapes(design):
    with pytest.raises(XplatError) as error:
        design.simulate(torch.randn(2, 1, 7, 8))
    message(error, "8")


def test_folder_without_design(tmp_path):
    with pytest.raises(DesignFileError) as error:
        xplat.Design.load(tmp_path)
    message(error, "xplat.json")


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "no/such/folder"],
        ["compile", "missing.py:make", "--system", "z7020", "--input-shape", "1,8,8", "-o", "out"],
        ["compile", "nocolon", "--system", "z7020", "-o", "out"],
    ],
)
def test_command_line_errors_are_one_message(arguments, capsys):
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert told(captured.err).startswith("xplat: ") and "Traceback" not in captured.err
    assert captured.out == ""


def told(errors):
    """What the command line says, without its progress."""
    return "".join(line for line in errors.splitlines(keepends=True) if not line.endswith("…\n"))


MODEL = """
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(8, 4)
        self.right = nn.Linear(8, 4)

    def forward(self, x, y):
        return torch.relu(self.left(x)) + torch.relu(self.right(y))


class Ids(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 4)

    def forward(self, ids):
        return self.table(ids)
"""


@pytest.fixture
def model_file(tmp_path):
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    return file


def failure(capsys, *arguments):
    """What the command line says of a mistake."""
    assert main([str(argument) for argument in arguments]) == 1
    error = told(capsys.readouterr().err)
    assert error.startswith("xplat: ") and "Traceback" not in error
    return error


def test_shapes_that_are_none(model_file, tmp_path, capsys):
    compile_two = ["compile", f"{model_file}:Two", "--system=z7020", "--output", tmp_path / "design", "--quiet"]
    assert "expected extents of at least 1" in failure(capsys, *compile_two, "--input-shape=-8")
    assert "does not fit into memory" in failure(capsys, *compile_two, "--input-shape=99999999999")


def test_calibration_of_two_inputs_on_the_command_line(model_file, tmp_path, capsys):
    np.savez(tmp_path / "two.npz", *torch.randn(2, 5, 8).numpy())
    command = ["compile", f"{model_file}:Two", "--system=z7020", "--calibration", str(tmp_path / "two.npz")]
    assert main([*command, "--quiet", "--output", str(tmp_path / "design")]) == 0
    assert [tuple(shape) for shape in xplat.Design.load(tmp_path / "design").graph.input_shapes] == [(8,), (8,)]


def test_types_of_calibration_data(model_file, tmp_path, capsys):
    np.save(tmp_path / "ids.npy", np.arange(6).reshape(2, 3))
    np.save(tmp_path / "complex.npy", np.ones((2, 3), dtype=np.complex64))
    command = ["compile", f"{model_file}:Ids", "--system=z7020", "--quiet", "--output", tmp_path / "design"]
    # Ids stay what they are.
    assert main([str(word) for word in [*command, "--calibration", tmp_path / "ids.npy"]]) == 0
    assert "complex numbers" in failure(capsys, *command, "--calibration", tmp_path / "complex.npy")
    np.save(tmp_path / "bytes.npy", np.zeros((2, 3), dtype=np.uint8))
    (samples,) = load_samples(str(tmp_path / "bytes.npy"))
    assert samples.dtype == torch.float32


def test_no_samples_to_simulate(design, tmp_path, capsys):
    design.save(tmp_path / "design")
    for count in ("0", "-1"):
        assert "give --samples 1 or more" in failure(capsys, "simulate", tmp_path / "design", "--samples", count)
    with pytest.raises(InputError) as error:
        design.simulate(IMAGES[:0])
    message(error, "there are no samples")


@pytest.mark.parametrize("file", ["mapped.mlir", "graph/graph.mlir"])
def test_designs_without_a_network(file, design, tmp_path, capsys):
    folder = design.save(tmp_path / "design")
    (folder / file).write_text("module {}")
    assert f"holds a broken {'graph' if '/' in file else 'design'}" in failure(capsys, "report", folder)
    shutil.copy(design.save(tmp_path / "whole") / "graph" / "graph.mlir", folder / "graph" / "graph.mlir")
    shutil.copy(folder / "graph" / "graph.mlir", folder / "mapped.mlir")
    assert "'mapped.mlir' has no 'xplat.mapping'" in failure(capsys, "report", folder)
