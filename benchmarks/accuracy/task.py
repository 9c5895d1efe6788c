# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a task is, and the training loop that all tasks share.

A task has a float model with real weights, data, a policy of number formats, and figures of merit. Everything that
decides a result is in `Task.settings`, so that results can be kept and found again.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from accuracy.cells import digest_of
from xplat.support.progress import Progress, silent

FORMATS = ("int8", "int6", "int4", "msfp5", "msfp4", "msfp3", "mxint8", "mxfp8", "mxfp6", "mxfp4")
"""Names as `xplat.quantize` takes them: fixed point, block floating point, OCP MX. Float32 is measured beside them."""

CALIBRATION = "mse"
"""How scales of fixed point are chosen: by the least squared error."""

CHECKED_FORMAT = "int4"
"""The format whose loss fine-tuning has to win back by `CHECKED_SHARE`."""

CHECKED_SHARE = 0.5

QUICK_STEPS = 4


Figures = dict[str, float | None]
"""A value for each metric by name; None for a ratio to a difference that is zero."""


@dataclass(frozen=True)
class Metric:
    """A figure of merit, larger is better; `checked`: fine-tuning is held to it; `digits`: behind the point."""

    name: str
    label: str
    checked: bool = True
    digits: int = 3

    def text(self, figures: Figures) -> str:
        """Its value, for people."""
        value = figures[self.name]
        return "exact" if value is None else f"{value:.{self.digits}f}"


@dataclass(frozen=True)
class FineTuning:
    """Adam with a learning rate that rises to `learning_rate` and falls to zero over `steps` batches of `batch`."""

    steps: int
    batch: int
    learning_rate: float


@dataclass(frozen=True)
class RelativeFineTuning(FineTuning):
    """The same with `learning_rate` times the root mean square of each weight as its learning rate.

    For weights whose scales lie far apart because a batch normalisation follows (compare Shazeer and Stern, 2018,
    arXiv:1804.04235, section 8). Biases and parameters of normalisations count as `vectors` large.
    """

    vectors: float = 0.1


class Task(ABC):
    """A float model, what it is measured by, and how it is fine-tuned.

    `quick`: few steps, to see that all works. Nothing is loaded before `prepare`.
    """

    name: str
    title: str
    measured: str
    """What the figures are taken on, and what fine-tuning sees: a sentence or two for the table's head."""
    policy: str
    """Which tensors keep a format of their own, in words."""
    kept: Mapping[str, Any]
    """The same as globs on module paths, as `xplat.quantize` takes them."""
    metrics: tuple[Metric, ...]
    tuning: FineTuning
    calibrated: int
    """Number of samples whose ranges choose the scales of fixed point."""
    calibration: tuple[Tensor, ...]
    """These samples."""
    trained: Mapping[str, Any]
    """What decides weights that are trained here, such as the number of epochs; empty when none are."""
    model: nn.Module
    """The float model, in evaluation mode."""

    def __init__(self, *, quick: bool = False) -> None:
        if quick:
            self.tuning = replace(self.tuning, steps=min(self.tuning.steps, QUICK_STEPS))

    @abstractmethod
    def prepare(self, folder: Path, *, force: bool = False, progress: Progress = silent) -> None:
        """Loads data and the float model; what has to be trained for it is kept in `folder`.

        `force`: trains it again.
        """

    @abstractmethod
    def evaluate(self, net: nn.Module) -> Figures:
        """A value for each metric. `net` takes and gives what the float model does."""

    @abstractmethod
    def loss(self, net: nn.Module, generator: torch.Generator) -> Tensor:
        """The loss of one batch of `tuning.batch` samples, drawn with the generator."""

    def settings(self) -> dict[str, Any]:
        """All that decides the task's figures, beside the number format and the code."""
        return {
            "task": self.name,
            "measured": self.measured,
            "kept": dict(self.kept),
            "tuning": asdict(self.tuning),
            "calibration": CALIBRATION,
            "calibrated": self.calibrated,
            "trained": dict(self.trained),
        }

    def request(self, number_format: str) -> dict[str, Any]:
        """What `xplat.quantize` is asked for."""
        return {"default": number_format, "modules": dict(self.kept)}


def fine_tune(task: Task, net: nn.Module, *, progress: Progress = silent) -> None:
    """Trains `net` in place on the task's own data, always the same batches; leaves it in evaluation mode."""
    tuning = task.tuning
    generator = torch.Generator().manual_seed(0)
    net.train()
    parameters = [parameter for parameter in net.parameters() if parameter.requires_grad]
    rates = [_learning_rate(tuning, parameter) for parameter in parameters]
    groups = [{"params": [parameter], "lr": rate} for parameter, rate in zip(parameters, rates, strict=True)]
    optimizer = torch.optim.Adam(groups)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=tuning.steps)
    told = time.monotonic()
    for step in range(tuning.steps):
        loss = task.loss(net, generator)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if time.monotonic() - told > 10:
            progress(f"  step {step + 1} of {tuning.steps}, loss {loss.item():.3f}")
            told = time.monotonic()
    net.eval()


def _learning_rate(tuning: FineTuning, parameter: Tensor) -> float:
    if not isinstance(tuning, RelativeFineTuning):
        return tuning.learning_rate
    size = parameter.detach().square().mean().sqrt().item() if parameter.dim() > 1 else tuning.vectors
    return tuning.learning_rate * size


def draw(count: int, size: int, generator: torch.Generator) -> Tensor:
    """`size` indices below `count`, [size]."""
    return torch.randint(0, count, (size,), generator=generator)


def predict(net: nn.Module, *inputs: Tensor, batch: int) -> Tensor:
    """The net's results for all samples, `batch` at a time, without gradients."""
    with torch.no_grad():
        parts = [net(*chunk) for chunk in zip(*(tensor.split(batch) for tensor in inputs), strict=True)]
    return torch.cat(parts)


def top1(logits: Tensor, labels: Tensor) -> float:
    """Share of samples whose largest logit is the label."""
    return (logits.argmax(dim=1) == labels).float().mean().item()


def pearson(first: Tensor, second: Tensor) -> float:
    """Correlation of two vectors; 0 when one of them is constant."""
    value = torch.corrcoef(torch.stack([first.double(), second.double()]))[0, 1]
    return value.item() if bool(value.isfinite()) else 0.0


def kept_weights(folder: Path, task: Task, model: nn.Module) -> bool:
    """Loads weights that an earlier run has trained in the same way; False when there are none that fit."""
    try:
        model.load_state_dict(torch.load(_weights_file(folder, task), weights_only=True))
    except (OSError, RuntimeError):  # none, or those of another model
        return False
    return True


def keep_weights(folder: Path, task: Task, model: nn.Module) -> None:
    """Keeps trained weights for later runs; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    file = _weights_file(folder, task)
    part = file.with_suffix(".part")
    torch.save(model.state_dict(), part)
    part.replace(file)


def _weights_file(folder: Path, task: Task) -> Path:
    return folder / f"{task.name}-{digest_of(task.trained)}.pt"
