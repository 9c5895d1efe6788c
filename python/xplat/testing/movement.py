# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks whose elements move: concatenated, cut apart, shuffled, transposed, padded, repeated."""

from __future__ import annotations

import random
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

Shape = tuple[int, int, int]
"""Channels, height, width."""
Step = Callable[[torch.Tensor], torch.Tensor]


class UNet(nn.Module):
    """Two levels with a skip connection, concatenated along the channels."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.down = nn.Conv2d(1, width, 3, padding=1)
        self.deep = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.up = nn.Conv2d(3 * width, width, 3, padding=1)
        self.head = nn.Conv2d(width, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, 1, h, w], even h and w → [n, 2, h, w]."""
        skip = self.down(x).relu()
        deep = self.deep(F.max_pool2d(skip, 2)).relu()
        joined = torch.cat([F.interpolate(deep, scale_factor=2.0), skip], dim=1)
        return self.head(self.up(joined).relu())


class C2f(nn.Module):
    """Halves of the channels, one of which goes through bottlenecks; all that comes out between, concatenated."""

    def __init__(self, inputs: int = 3, width: int = 4, bottlenecks: int = 2) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, 2 * width, 1)
        self.inner = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(bottlenecks))
        self.last = nn.Conv2d((2 + bottlenecks) * width, 2 * width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, inputs, h, w] → [n, 2 · width, h, w]."""
        parts = list(self.first(x).relu().chunk(2, 1))
        for layer in self.inner:
            parts.append(layer(parts[-1]).relu() + parts[-1])
        return self.last(torch.cat(parts, 1)).relu()


class ShuffleUnit(nn.Module):
    """Half of the channels passes, the other half goes through convolutions; then the halves are mixed."""

    def __init__(self, channels: int = 8) -> None:
        super().__init__()
        half = channels // 2
        self.stem = nn.Conv2d(3, channels, 1)
        self.branch = nn.Sequential(
            nn.Conv2d(half, half, 1),
            nn.ReLU(),
            nn.Conv2d(half, half, 3, padding=1, groups=half),
            nn.Conv2d(half, half, 1),
        )
        self.shuffle = nn.ChannelShuffle(2)
        self.last = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, 3, h, w] → [n, 4, h, w]."""
        passed, taken = self.stem(x).relu().chunk(2, 1)
        return self.last(self.shuffle(torch.cat([passed, self.branch(taken)], 1)))


class MixerBlock(nn.Module):
    """Tokens are mixed along the sequence and along the channels: a transposition that no neighbour can take in."""

    def __init__(self, tokens: int = 6, channels: int = 8) -> None:
        super().__init__()
        self.embed = nn.Linear(channels, channels)
        self.tokens = nn.Linear(tokens, tokens)
        self.channels = nn.Linear(channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, tokens, channels] → the same."""
        x = self.embed(x).relu()
        x = x + self.tokens(x.transpose(1, 2)).relu().transpose(1, 2)
        return self.channels(x)


class SuperResolution(nn.Module):
    """A border of a constant, and pixels made of channels."""

    def __init__(self, width: int = 2, factor: int = 2) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, width * factor**2, 3)
        self.shuffle = nn.PixelShuffle(factor)
        self.last = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, 1, h, w] → [n, 1, factor · h, factor · w]."""
        x = F.pad(x, (1, 1, 1, 1), value=0.5)
        return self.last(self.shuffle(self.first(x).relu()))


class RandomMovement(nn.Module):
    """Convolutions with random movement between them: parts, joins, orders, borders, repeated pixels."""

    def __init__(self, seed: int, steps: int = 5) -> None:
        super().__init__()
        rng = random.Random(seed)
        shape = (2 * rng.randint(1, 2), 2 * rng.randint(1, 3), 2 * rng.randint(1, 3))
        self.input_shape = shape
        self.layers = nn.ModuleList()
        self.steps: list[Step] = []
        for _ in range(steps):
            shape = self._add(rng, *shape)

    def _add(self, rng: random.Random, c: int, h: int, w: int) -> Shape:
        """A step and a convolution behind it; the shape that comes out."""
        candidates: list[Step] = [
            lambda x: x.transpose(2, 3),
            lambda x: F.channel_shuffle(x, 2),
            lambda x: torch.cat([x, x.relu(), x], 1),
            lambda x: torch.cat([x[:, c // 2 :], -x], 1),
            lambda x: torch.cat([x.relu(), x], 2),
            lambda x: torch.cat([x, 0.5 * x], 3),
            lambda x: x[:, : c - c // 2, :, w // 2 :],
            lambda x: x[:, ::2, ::2],
        ]
        low, high, value = rng.randint(0, 2), rng.randint(0, 2), rng.choice([0.0, -0.75])
        candidates.append(lambda x: F.pad(x, (low, high, high, low), value=value))
        if h * w <= 24:
            candidates.append(lambda x: F.interpolate(x, scale_factor=2.0))
        if c % 4 == 0:
            candidates.append(lambda x: F.pixel_shuffle(x, 2))
        if h % 2 == 0 and w % 2 == 0:
            candidates.append(lambda x: F.pixel_unshuffle(x, 2))
        step = rng.choice(candidates)
        self.steps.append(step)
        _, moved, *pixels = step(torch.zeros(1, c, h, w)).shape
        size, channels = rng.choice([1, 3]), 2 * rng.randint(1, 3)
        self.layers.append(nn.Conv2d(moved, channels, size, padding=size // 2))
        return channels, pixels[0], pixels[1]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Shape [n, *input_shape] → what the last layer gives."""
        for step, layer in zip(self.steps, self.layers, strict=True):
            x = layer(step(x)).relu()
        return x
