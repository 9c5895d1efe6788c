# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MobileNetV2 with ImageNet weights on 20 photographs.

There are no other photographs to train on, so the quantized model learns to do what the float model does on random
crops of most of the photographs, without their labels; the last few are held out and shown beside them.
"""

from __future__ import annotations

from pathlib import Path

import torch
from common import sqnr
from torch import Tensor, nn

from accuracy import datasets
from accuracy.task import Figures, Metric, RelativeFineTuning, Task, predict, top1
from xplat.models.mobilenet import mobilenetv2
from xplat.support.progress import Progress, silent

SEEN = 16
"""Photographs that fine-tuning crops; the other four are held out."""

CALIBRATED = 8
"""Photographs that scales are chosen on. With all of the sixteen, one whose values in the last blocks are thirty times
the others' would choose scales that leave nothing of the rest in four bits."""


def crop(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """`count` random squares of at least three quarters of the height, scaled to the whole, half of them mirrored."""
    size = images.shape[-1]
    results = []
    for _ in range(count):
        index, mirror = (int(torch.randint(0, bound, (), generator=generator)) for bound in (len(images), 2))
        side = int(torch.randint(size * 3 // 4, size + 1, (), generator=generator))
        top, left = torch.randint(0, size - side + 1, (2,), generator=generator).tolist()
        part = images[index : index + 1, :, top : top + side, left : left + side]
        part = nn.functional.interpolate(part, (size, size), mode="bilinear", align_corners=False)
        results.append(part.flip(3) if mirror else part)
    return torch.cat(results)


class MobileNetOnPhotographs(Task):
    """Top-1, and how close the logits come to those of float."""

    name, title = "mobilenetv2", "MobileNetV2 on ImageNet photographs"
    measured = (
        f"top-1 and SQNR of the logits on foolbox's 20 photographs, calibrated on {CALIBRATED} of them; fine-tuning "
        f"distils the float model on random crops of {SEEN} of them without labels, so that only the figures of the "
        f"other {20 - SEEN} tell of photographs it has not seen"
    )
    policy = (
        "input, first convolution, depthwise convolutions, pooling and classifier int8; results of blocks "
        "(projection, addition) and of the last convolution int8"
    )
    kept = {  # noqa: RUF012
        "x": "int8",
        "features.0": "int8",
        "features.1": "int8",
        "features.*.conv.1": "int8",
        "features.*.conv.2": {"value": "int8"},
        "features.*.add": "int8",
        "features.18": {"value": "int8"},
        "adaptive_avg_pool2d": "int8",
        "classifier": "int8",
    }
    metrics = (
        Metric("top1", "top-1 of 20", digits=2),
        Metric("sqnr_db", "SQNR dB", checked=False, digits=1),
        Metric("held_out_top1", f"top-1 of {20 - SEEN} held out", checked=False, digits=2),
        Metric("held_out_sqnr_db", "held-out SQNR dB", checked=False, digits=1),
    )
    calibrated = CALIBRATED
    trained: dict[str, object] = {}  # noqa: RUF012
    tuning = RelativeFineTuning(steps=24, batch=8, learning_rate=1e-3)

    def prepare(self, folder: Path, *, force: bool = False, progress: Progress = silent) -> None:
        """Loads photographs and weights."""
        self.model = mobilenetv2()
        self.model.load_state_dict(datasets.mobilenetv2_weights())
        self.model.eval()
        photographs = datasets.photographs()
        self.images, self.labels = photographs.images, photographs.labels
        self.calibration = (self.images[: self.calibrated],)
        self.logits = predict(self.model, self.images, batch=4)

    def evaluate(self, net: nn.Module) -> Figures:
        """Over all photographs, and over those that are held out."""
        logits = predict(net, self.images, batch=4)
        return {
            "top1": top1(logits, self.labels),
            "sqnr_db": sqnr(self.logits, logits),
            "held_out_top1": top1(logits[SEEN:], self.labels[SEEN:]),
            "held_out_sqnr_db": sqnr(self.logits[SEEN:], logits[SEEN:]),
        }

    def loss(self, net: nn.Module, generator: torch.Generator) -> Tensor:
        """Power of the logits' error relative to that of the float model's logits."""
        images = crop(self.images[:SEEN], self.tuning.batch, generator)
        with torch.no_grad():
            wanted = self.model(images)
        return nn.functional.mse_loss(net(images), wanted) / wanted.square().mean()
