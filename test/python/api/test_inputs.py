# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Inputs by keyword and by name, NumPy arrays in the place of tensors, steady state, and the picture's legend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import xplat
from xplat.api.design import Design
from xplat.cli import main
from xplat.graph.samples import as_tensors
from xplat.hardware.sim.simulation import Run
from xplat.support.errors import CalibrationError, InputError, ModelImportError
from xplat.views.plot import _Box, _counted, _legend

GENERATOR = torch.Generator().manual_seed(2)
X, EXTRA = torch.randn(40, 8, generator=GENERATOR), torch.randn(40, 6, generator=GENERATOR)
MODEL = """
import torch
from torch import nn


class Keyword(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.a = nn.Linear(8, 4)
        self.b = nn.Linear(6, 4)

    def forward(self, x, *, extra):
        return torch.relu(self.a(x)) + torch.relu(self.b(extra))
"""


def keyword() -> nn.Module:
    space: dict[str, Any] = {"__name__": "keyword_model"}
    exec(MODEL, space)
    model: nn.Module = space["Keyword"]().eval()
    return model


@pytest.fixture(scope="module")
def design() -> Design:
    return xplat.compile(
        keyword(),
        "z7020",
        example_inputs=X[:1],
        example_kwargs={"extra": EXTRA[:1]},
        calibration={"x": X, "extra": EXTRA},
    )


# ---- by keyword and by name


def test_a_model_with_inputs_by_keyword(design: Design) -> None:
    assert design.graph.input_names == ("x", "extra")
    reference = design.reference({"extra": EXTRA, "x": X})
    with torch.no_grad():
        assert (reference - keyword()(X, extra=EXTRA)).abs().max() < 0.2
        assert torch.equal(design.to_torch().eval()(X, extra=EXTRA), reference)
    assert torch.equal(design.reference((X, EXTRA)), reference)
    simulation = design.simulate({"extra": EXTRA.numpy(), "x": X})
    assert torch.equal(simulation.outputs, reference)
    assert simulation.steady and set(simulation.cycles_per_sample) == {design.report().cycles_per_sample}
    assert "in steady state, after" in str(simulation)
    short = design.simulate((X[:3], EXTRA[:3]))
    assert not short.steady and "not yet in steady state: simulate more than 3 samples" in str(short)


BATCHES: dict[str, Callable[[], Any]] = {
    "tuple": lambda: (X, EXTRA),
    "arrays": lambda: (X.numpy(), EXTRA.numpy()),
    "mapping": lambda: {"extra": EXTRA.double().numpy(), "x": X},
    "batches by name": lambda: ({"extra": EXTRA[i : i + 8], "x": X[i : i + 8], "labels": X} for i in range(0, 40, 8)),
    "batches in order": lambda: [[X[i : i + 8].numpy(), EXTRA[i : i + 8]] for i in range(0, 40, 8)],
    "with labels": lambda: [((X, EXTRA), torch.zeros(40)), ({"x": X, "extra": EXTRA}, np.zeros(40))],
    "loader": lambda: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, EXTRA), batch_size=16),
    "samples": lambda: [{"x": x, "extra": e} for x, e in zip(X.numpy(), EXTRA.numpy(), strict=True)],
}


@pytest.mark.parametrize("kind", BATCHES)
def test_calibration_data(design: Design, kind: str) -> None:
    examples = {"example_inputs": X[:1].numpy(), "example_kwargs": {"extra": EXTRA[:1].numpy()}}
    quantized = xplat.quantize(keyword(), calibration=BATCHES[kind](), **examples)
    assert torch.equal(quantized.reference((X, EXTRA)), design.reference((X, EXTRA)))


def test_example_inputs_calibrate_a_model_with_keywords(design: Design) -> None:
    for named in ({"extra": EXTRA}, {"extra": EXTRA.numpy()}):
        quantized = xplat.quantize(keyword(), example_inputs=X, example_kwargs=named)
        assert torch.equal(quantized.reference({"x": X, "extra": EXTRA}), design.reference((X, EXTRA)))
    everything = xplat.quantize(keyword(), example_kwargs={"extra": EXTRA, "x": X})
    assert torch.equal(everything.reference({"x": X, "extra": EXTRA}), design.reference((X, EXTRA)))


def test_names_that_do_not_fit(design: Design) -> None:
    for run in (design.reference, design.simulate):
        with pytest.raises(InputError, match="input has no input 'extra'\n  inputs: x, extra"):
            run({"x": X})
        with pytest.raises(InputError, match="input has 'mask', which the model does not take"):
            run({"x": X, "extra": EXTRA, "mask": X})
    with pytest.raises(CalibrationError, match="calibration data has no input 'extra'"):
        xplat.quantize(keyword(), example_inputs=X, example_kwargs={"extra": EXTRA}, calibration={"x": X})
    with pytest.raises(InputError, match="leave out example_kwargs"):
        xplat.compile(
            xplat.quantize(keyword(), example_inputs=X, example_kwargs={"extra": EXTRA}),
            "z7020",
            example_kwargs={"extra": EXTRA},
        )


def test_the_command_line_takes_inputs_by_name(
    design: Design, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keyword_model.py").write_text(MODEL)
    model = f"{tmp_path}/keyword_model.py:Keyword"
    np.savez(tmp_path / "data.npz", extra=EXTRA.numpy(), x=X.numpy())
    torch.save({"x": X, "extra": EXTRA}, tmp_path / "data.pt")
    assert main(["import", model, "--input-shape", "8", "--input-shape", "extra=6", "-q"]) == 0
    for index, options in enumerate(
        [
            ["--calibration", f"{tmp_path}/data.npz"],
            ["--calibration", f"{tmp_path}/data.pt", "--input-shape", "extra=6", "--input-shape", "x=8"],
        ]
    ):
        folder = f"{tmp_path}/design{index}"
        assert main(["compile", model, "--system", "z7020", "-o", folder, "-q", *options]) == 0
        inputs = {"x": X, "extra": EXTRA}
        assert torch.equal(Design.load(folder).reference(inputs), design.reference(inputs))
    capsys.readouterr()
    assert main(["simulate", folder, "--inputs", f"{tmp_path}/data.npz", "-q"]) == 0
    assert "mismatches   0 of 160 elements" in capsys.readouterr().out
    assert main(["simulate", folder, "-q"]) == 0
    assert "in steady state, after" in capsys.readouterr().out
    assert main(["import", model, "--input-shape", "extra=6", "--input-shape", "extra=6", "-q"]) == 1
    assert "--input-shape gives 'extra' twice" in capsys.readouterr().err


# ---- arrays


def test_arrays_of_every_kind_are_tensors() -> None:
    values = np.arange(12.0).reshape(3, 4)
    frozen = values.copy()
    frozen.setflags(write=False)
    record = np.zeros(3, dtype=[("a", "i1"), ("b", "f8")])
    record["b"] = values[:, 0]
    for array, wanted in [
        (values, values),
        (frozen, values),
        (values[::-1], values[::-1]),
        (values.astype(">f4"), values),
        (values.astype(np.longdouble), values),
        (values.T, values.T),
        (record["b"], values[:, 0]),
        (np.array(3.0), np.array(3.0)),
    ]:
        tensor = as_tensors(array)
        assert tensor.shape == wanted.shape and np.array_equal(tensor.numpy(), wanted)
    nested = as_tensors({"a": [values, (values,)], "b": 1})
    assert isinstance(nested["a"][1][0], torch.Tensor) and nested["b"] == 1


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        (np.array(["a"]), "NumPy array of type <U1, expected numbers"),
        (np.array([[1.0], None], dtype=object), "of type object, expected numbers"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "expected numbers"),
        (np.ma.masked_array(np.zeros((1, 8)), mask=np.ones((1, 8), dtype=bool)), "masked array"),
        (np.zeros((1, 8), dtype=np.uint8), r"torch\.uint8, expected floating point"),
        (np.zeros((1, 8), dtype=np.complex64), "complex64, expected floating point"),
        (np.zeros((1, 7)), r"shape \[1, 7\], expected \[batch, 8\]"),
        (np.float32(3.0), "is a float32, expected a tensor"),
        ([[0.0] * 8], "is a list, expected a tensor"),
    ],
)
def test_arrays_that_are_no_samples(bad: Any, match: str) -> None:
    quantized = xplat.quantize(nn.Linear(8, 4), example_inputs=X)
    with pytest.raises(InputError, match=match):
        quantized.reference(bad)
    if "shape" not in match:
        with pytest.raises(ModelImportError, match=r"example.input"):
            xplat.import_model(nn.Linear(8, 4), bad)
    with pytest.raises(CalibrationError):
        xplat.quantize(nn.Linear(8, 4), example_inputs=X, calibration=bad)


# ---- steady state


@pytest.mark.parametrize(
    ("latency", "intervals", "warm_up", "steady"),
    [
        (20, [18, 18, 20, 20, 20], 2, True),
        (20, [20] * 6, 1, True),
        (100, [18, 18, 20, 20], 3, False),
        (100, [20] * 7, 5, True),
        (100, [20] * 5 + [18, 22] * 3, 6, True),
        (20, [18, 19, 20, 21], 2, False),
        (20, [18], 0, False),
        (20, [], 0, False),
    ],
)
def test_warm_up_ends_where_intervals_repeat(latency: int, intervals: list[int], warm_up: int, steady: bool) -> None:
    done = [latency]
    for interval in intervals:
        done.append(done[-1] + interval)
    run = Run(outputs=(), first=0, done=tuple(done), fifos=())
    assert run.cycles_per_sample == tuple(intervals[run.warm_up :])
    assert run.steady == steady
    if steady:
        assert run.warm_up == warm_up


def test_random_stalls_have_no_period() -> None:
    done = (20, 31, 45, 50, 71, 80)
    assert Run((), 0, done, (), stalls=True).steady
    assert not Run((), 0, done, ()).steady


# ---- the picture


def test_the_legend_names_every_device() -> None:
    boxes = [_Box("a", "fpga0", (), False, False), _Box("link", "fpga1", (0,), True, True)]
    assert _legend(boxes, ["fpga0", "fpga1", "fpga2"]) == {
        "fpga0": (True, "fpga0: 1 node"),
        "fpga1": (True, "fpga1: no node, streams pass through"),
        "fpga2": (False, "fpga2: no node"),
    }


def test_one_is_singular() -> None:
    assert [_counted(count, "cycle") for count in (0, 1, 2, 1500)] == [
        "0 cycles",
        "1 cycle",
        "2 cycles",
        "1,500 cycles",
    ]


def test_the_picture_says_what_colours_mean(tmp_path: Path) -> None:
    design = xplat.compile(nn.Linear(8, 4), "2xz7020", example_inputs=X)
    text = design.plot(tmp_path / "design.svg").read_text()
    assert "<!-- fpga0: 3 nodes -->" in text and "<!-- fpga1: no node -->" in text
