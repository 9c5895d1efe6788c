# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MobileNetV2 (Sandler et al., 2018, arXiv:1801.04381) and V3 (Howard et al., 2019, arXiv:1905.02244).

Module names, and so state-dict keys, are torchvision's: its published weights load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn


def _divisible(channels: float, *, by: int = 8) -> int:
    """The multiple of `by` nearest to `channels`, but at least nine tenths of it."""
    rounded = max(by, int(channels + by / 2) // by * by)
    return rounded if rounded >= 0.9 * channels else rounded + by


def _convolution(
    channels: int,
    results: int,
    *,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
    norm: Callable[[int], nn.Module],
    activation: nn.Module | None = None,
) -> nn.Sequential:
    """Convolution without bias, normalisation, activation."""
    convolution = nn.Conv2d(
        channels, results, kernel, stride=stride, padding=(kernel - 1) // 2, groups=groups, bias=False
    )
    return nn.Sequential(convolution, norm(results), *([] if activation is None else [activation]))


class InvertedResidual(nn.Module):
    """V2's block: a wide depthwise convolution between two narrow 1x1 convolutions."""

    def __init__(self, channels: int, results: int, *, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels * expansion
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(_convolution(channels, wide, norm=nn.BatchNorm2d, activation=nn.ReLU6(inplace=True)))
        layers += [
            _convolution(
                wide,
                wide,
                kernel=3,
                stride=stride,
                groups=wide,
                norm=nn.BatchNorm2d,
                activation=nn.ReLU6(inplace=True),
            ),
            nn.Conv2d(wide, results, 1, bias=False),
            nn.BatchNorm2d(results),
        ]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and channels == results

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.residual else self.conv(x)


V2_BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""Expansion, channels, repeats, stride of each group of blocks."""


class MobileNetV2(nn.Module):
    """Images [batch, 3, H, W] to logits [batch, classes]."""

    def __init__(
        self,
        *,
        blocks: Sequence[tuple[int, int, int, int]] = V2_BLOCKS,
        first: int = 32,
        last: int = 1280,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        features: list[nn.Module] = [
            _convolution(3, first, kernel=3, stride=2, norm=nn.BatchNorm2d, activation=nn.ReLU6(inplace=True))
        ]
        channels = first
        for expansion, results, repeats, stride in blocks:
            for position in range(repeats):
                features.append(
                    InvertedResidual(channels, results, stride=stride if position == 0 else 1, expansion=expansion)
                )
                channels = results
        features.append(_convolution(channels, last, norm=nn.BatchNorm2d, activation=nn.ReLU6(inplace=True)))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, classes))

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(x.flatten(1))


@dataclass(frozen=True)
class V3Block:
    """A row of V3's tables: kernel size, channels inside and out, squeeze-and-excitation, hard swish, stride."""

    kernel: int
    wide: int
    results: int
    squeeze: bool
    swish: bool
    stride: int


V3_LARGE = (
    V3Block(3, 16, 16, False, False, 1),
    V3Block(3, 64, 24, False, False, 2),
    V3Block(3, 72, 24, False, False, 1),
    V3Block(5, 72, 40, True, False, 2),
    V3Block(5, 120, 40, True, False, 1),
    V3Block(5, 120, 40, True, False, 1),
    V3Block(3, 240, 80, False, True, 2),
    V3Block(3, 200, 80, False, True, 1),
    V3Block(3, 184, 80, False, True, 1),
    V3Block(3, 184, 80, False, True, 1),
    V3Block(3, 480, 112, True, True, 1),
    V3Block(3, 672, 112, True, True, 1),
    V3Block(5, 672, 160, True, True, 2),
    V3Block(5, 960, 160, True, True, 1),
    V3Block(5, 960, 160, True, True, 1),
)
V3_SMALL = (
    V3Block(3, 16, 16, True, False, 2),
    V3Block(3, 72, 24, False, False, 2),
    V3Block(3, 88, 24, False, False, 1),
    V3Block(5, 96, 40, True, True, 2),
    V3Block(5, 240, 40, True, True, 1),
    V3Block(5, 240, 40, True, True, 1),
    V3Block(5, 120, 48, True, True, 1),
    V3Block(5, 144, 48, True, True, 1),
    V3Block(5, 288, 96, True, True, 2),
    V3Block(5, 576, 96, True, True, 1),
    V3Block(5, 576, 96, True, True, 1),
)


class SqueezeExcitation(nn.Module):
    """Scales each channel by a number in [0, 1] that two layers compute from the channels' means."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.activation = nn.ReLU()
        self.scale_activation = nn.Hardsigmoid()

    def forward(self, x: Tensor) -> Tensor:
        return self.scale_activation(self.fc2(self.activation(self.fc1(self.avgpool(x))))) * x


def _v3_norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, eps=0.001, momentum=0.01)


class V3InvertedResidual(nn.Module):
    """V3's block: expansion, depthwise convolution, squeeze-and-excitation, projection."""

    def __init__(self, channels: int, block: V3Block) -> None:
        super().__init__()
        activation = nn.Hardswish if block.swish else nn.ReLU
        layers: list[nn.Module] = []
        if block.wide != channels:
            layers.append(_convolution(channels, block.wide, norm=_v3_norm, activation=activation(inplace=True)))
        layers.append(
            _convolution(
                block.wide,
                block.wide,
                kernel=block.kernel,
                stride=block.stride,
                groups=block.wide,
                norm=_v3_norm,
                activation=activation(inplace=True),
            )
        )
        if block.squeeze:
            layers.append(SqueezeExcitation(block.wide, _divisible(block.wide // 4)))
        layers.append(_convolution(block.wide, block.results, norm=_v3_norm))
        self.block = nn.Sequential(*layers)
        self.residual = block.stride == 1 and channels == block.results

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x) if self.residual else self.block(x)


class MobileNetV3(nn.Module):
    """Images [batch, 3, H, W] to logits [batch, classes]; `hidden` is the width of the classifier."""

    def __init__(self, blocks: Sequence[V3Block], *, hidden: int, first: int = 16, classes: int = 1000) -> None:
        super().__init__()
        features: list[nn.Module] = [
            _convolution(3, first, kernel=3, stride=2, norm=_v3_norm, activation=nn.Hardswish(inplace=True))
        ]
        channels = first
        for block in blocks:
            features.append(V3InvertedResidual(channels, block))
            channels = block.results
        features.append(_convolution(channels, 6 * channels, norm=_v3_norm, activation=nn.Hardswish(inplace=True)))
        self.features = nn.Sequential(*features)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * channels, hidden), nn.Hardswish(inplace=True), nn.Dropout(0.2), nn.Linear(hidden, classes)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def mobilenetv2() -> MobileNetV2:
    """MobileNetV2 for ImageNet: images [batch, 3, 224, 224]."""
    return MobileNetV2()


def mobilenetv3_small() -> MobileNetV3:
    """MobileNetV3-Small for ImageNet: images [batch, 3, 224, 224]."""
    return MobileNetV3(V3_SMALL, hidden=1024)


def mobilenetv3_large() -> MobileNetV3:
    """MobileNetV3-Large for ImageNet: images [batch, 3, 224, 224]."""
    return MobileNetV3(V3_LARGE, hidden=1280)


def small_mobilenetv2() -> MobileNetV2:
    """Three kinds of V2's blocks: images [batch, 3, 32, 32]."""
    return MobileNetV2(blocks=((1, 8, 1, 1), (6, 12, 2, 2), (6, 16, 1, 1)), first=8, last=32, classes=10)


def small_mobilenetv3_small() -> MobileNetV3:
    """The kinds of blocks in V3-Small: images [batch, 3, 32, 32]."""
    blocks = (
        V3Block(3, 8, 8, True, False, 2),
        V3Block(3, 24, 12, False, False, 1),
        V3Block(5, 32, 16, True, True, 2),
        V3Block(5, 40, 16, True, True, 1),
    )
    return MobileNetV3(blocks, hidden=32, first=8, classes=10)


def small_mobilenetv3_large() -> MobileNetV3:
    """The kinds of blocks in V3-Large: images [batch, 3, 32, 32]."""
    blocks = (
        V3Block(3, 8, 8, False, False, 1),
        V3Block(3, 24, 12, False, False, 2),
        V3Block(5, 32, 16, True, False, 2),
        V3Block(3, 40, 16, False, True, 1),
        V3Block(5, 48, 16, True, True, 1),
    )
    return MobileNetV3(blocks, hidden=32, first=8, classes=10)
