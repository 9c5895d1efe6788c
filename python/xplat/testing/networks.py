# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small networks that together use every kernel, and a generator of random ones.

Each class takes images of shape [batch, channels, 8, 8] unless it says otherwise and gives [batch, classes].
"""

from __future__ import annotations

import random
from collections.abc import Callable

import torch
from torch import Tensor, nn


class Function(nn.Module):
    """A function of tensors of any shape as a module."""

    def __init__(self, function: Callable[..., Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *operands: Tensor) -> Tensor:
        return self.function(*operands)


class Mlp(nn.Module):
    """Three linear layers on the flattened image."""

    def __init__(self, *, inputs: int = 64, hidden: int = 32, classes: int = 10) -> None:
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.fc1(torch.flatten(x, 1)))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


class PlainCnn(nn.Module):
    """Convolutions, a strided one and a grouped one, max pooling, and a linear layer behind a real flatten."""

    def __init__(self, *, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 12, 3, stride=2, padding=1, groups=2)
        self.pool = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(12, 12, 1)
        self.fc = nn.Linear(12 * 2 * 2, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.conv1(x))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.conv3(x))
        return self.fc(torch.flatten(x, 1))


class ResidualBlock(nn.Module):
    """Two convolutions around a skip connection, which is projected when the shape changes."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.project: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.project = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.project(x))


class ResidualCnn(nn.Module):
    """A stem, an identity block, a strided block with a projection, global average pooling, a linear layer."""

    def __init__(self, *, width: int = 16, classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.block1 = ResidualBlock(width, width)
        self.block2 = ResidualBlock(width, 2 * width, stride=2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn(self.stem(x)))
        x = self.block2(self.block1(x))
        return self.fc(torch.flatten(self.pool(x), 1))


class DepthwiseCnn(nn.Module):
    """Depthwise-separable convolutions with average pooling, as in MobileNet."""

    def __init__(self, *, width: int = 8, classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.depthwise = nn.Conv2d(width, width, 3, stride=1, padding=1, groups=width, bias=False)
        self.bn_depthwise = nn.BatchNorm2d(width)
        self.pointwise = nn.Conv2d(width, 2 * width, 1, bias=False)
        self.bn_pointwise = nn.BatchNorm2d(2 * width)
        self.pool = nn.AvgPool2d(2)
        self.depthwise2 = nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1, groups=2 * width)
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn(self.stem(x)))
        x = torch.relu(self.bn_depthwise(self.depthwise(x)))
        x = torch.relu(self.bn_pointwise(self.pointwise(x)))
        x = torch.relu(self.depthwise2(self.pool(x)))
        return self.fc(x.mean(dim=(2, 3)))


def settle_batch_norm(model: nn.Module, samples: Tensor) -> nn.Module:
    """Gives batch normalisation the statistics of `samples`, as training would; returns the model in eval mode."""
    model.train()
    with torch.no_grad():
        for _ in range(20):
            model(samples)
    return model.eval()


class _Stage(nn.Module):
    """One drawn operation, with or without batch normalisation and ReLU behind it."""

    def __init__(self, operation: nn.Module, *, norm: nn.Module | None, relu: bool, keeps_shape: bool) -> None:
        super().__init__()
        self.operation = operation
        self.norm = norm if norm is not None else nn.Identity()
        self.relu = relu
        self.keeps_shape = keeps_shape

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.operation(x))
        return torch.relu(x) if self.relu else x


def _draw_stage(rng: random.Random, channels: int, size: int) -> tuple[_Stage, int, int]:
    """A stage for a [channels, size, size] operand, and the channels and size of its result."""
    kind = rng.choice(["conv", "conv", "conv", "depthwise", "grouped", "max", "avg"])
    kernel = rng.choice([k for k in (1, 2, 3, 5) if k <= size])
    stride = rng.choice([1, 1, 1, 2])
    if kind in ("max", "avg"):
        padding = rng.randint(0, kernel // 2)
        pool = nn.MaxPool2d if kind == "max" else nn.AvgPool2d
        operation: nn.Module = pool(kernel, stride=stride, padding=padding)
        outputs = channels
    else:
        padding = rng.randint(0, kernel - 1)
        groups, outputs = 1, rng.choice([2, 3, 4, 6, 8])
        if kind == "depthwise":
            groups, outputs = channels, channels
        elif kind == "grouped" and channels % 2 == 0:
            groups, outputs = 2, rng.choice([2, 4, 6])
        operation = nn.Conv2d(
            channels, outputs, kernel, stride=stride, padding=padding, groups=groups, bias=rng.random() < 0.5
        )
    result = (size + 2 * padding - kernel) // stride + 1
    norm = nn.BatchNorm2d(outputs) if kind not in ("max", "avg") and rng.random() < 0.4 else None
    keeps_shape = outputs == channels and result == size
    return _Stage(operation, norm=norm, relu=rng.random() < 0.6, keeps_shape=keeps_shape), outputs, result


class RandomNetwork(nn.Module):
    """A chain of stages drawn from `seed`, now and then with a residual connection around one.

    `input_shape` is the shape of one sample that it takes: (channels, height, width).
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        rng = random.Random(seed)
        torch.manual_seed(seed)
        channels, size = rng.choice([1, 2, 3, 4]), rng.choice([5, 6, 8, 9])
        self.input_shape = (channels, size, size)
        self.stages = nn.ModuleList()
        self.skips: list[bool] = []
        for _ in range(rng.randint(2, 5)):
            stage, channels, size = _draw_stage(rng, channels, size)
            self.stages.append(stage)
            self.skips.append(stage.keeps_shape and rng.random() < 0.5)
        self.global_pool = rng.random() < 0.5
        features = channels if self.global_pool else channels * size * size
        self.head = nn.Linear(features, rng.choice([3, 4, 5, 10]))

    def forward(self, x: Tensor) -> Tensor:
        for stage, skip in zip(self.stages, self.skips, strict=True):
            x = stage(x) + x if skip else stage(x)
        x = x.mean(dim=(2, 3)) if self.global_pool else torch.flatten(x, 1)
        return self.head(x)
