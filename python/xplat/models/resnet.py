# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ResNet (He et al., 2016, arXiv:1512.03385), with the stride of a bottleneck on its 3x3 convolution.

Module names, and so state-dict keys, are torchvision's: its published weights load.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

STAGES = (64, 128, 256, 512)
"""Channels of the four stages, before a bottleneck's expansion."""


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut: [batch, in, H, W] to [batch, width, H/stride, W/stride]."""

    expansion = 1

    def __init__(self, channels: int, width: int, *, stride: int = 1, downsample: nn.Module | None = None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x)) + shortcut)


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolution and a shortcut; gives four times `width` channels."""

    expansion = 4

    def __init__(self, channels: int, width: int, *, stride: int = 1, downsample: nn.Module | None = None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * self.expansion, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + shortcut)


class ResNet(nn.Module):
    """Images [batch, 3, H, W] to logits [batch, classes]; `layers` is the number of blocks of each stage."""

    layer1: nn.Sequential
    layer2: nn.Sequential
    layer3: nn.Sequential
    layer4: nn.Sequential

    def __init__(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        layers: Sequence[int],
        *,
        stages: Sequence[int] = STAGES,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, stages[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(stages[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        channels = stages[0]
        for index, (width, count) in enumerate(zip(stages, layers, strict=True)):
            blocks: list[nn.Module] = []
            for position in range(count):
                stride = 2 if index > 0 and position == 0 else 1
                blocks.append(
                    block(channels, width, stride=stride, downsample=_shortcut(block, channels, width, stride))
                )
                channels = width * block.expansion
            self.add_module(f"layer{index + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def _shortcut(
    block: type[BasicBlock] | type[Bottleneck], channels: int, width: int, stride: int
) -> nn.Sequential | None:
    """The layers that bring the shortcut to the block's shape; None where it has that shape already."""
    results = width * block.expansion
    if stride == 1 and channels == results:
        return None
    return nn.Sequential(nn.Conv2d(channels, results, 1, stride=stride, bias=False), nn.BatchNorm2d(results))


def resnet18() -> ResNet:
    """ResNet-18 for ImageNet: images [batch, 3, 224, 224]."""
    return ResNet(BasicBlock, (2, 2, 2, 2))


def resnet50() -> ResNet:
    """ResNet-50 for ImageNet: images [batch, 3, 224, 224]."""
    return ResNet(Bottleneck, (3, 4, 6, 3))


def small_resnet18() -> ResNet:
    """ResNet-18's kinds of blocks with few channels: images [batch, 3, 32, 32]."""
    return ResNet(BasicBlock, (2, 1, 1, 1), stages=(8, 12, 16, 16), classes=10)


def small_resnet50() -> ResNet:
    """ResNet-50's kinds of blocks with few channels: images [batch, 3, 32, 32]."""
    return ResNet(Bottleneck, (2, 1, 1, 1), stages=(4, 6, 8, 8), classes=10)
