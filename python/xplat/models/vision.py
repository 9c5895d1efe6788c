# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A vision transformer, an MLP-Mixer and a U-Net.

State-dict keys are those of torchvision's `vit_b_16` and of timm's `mixer_b16_224`: their weights load.
"""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# ---- vision transformer (Dosovitskiy et al., 2021, arXiv:2010.11929)


class SelfAttention(nn.Module):
    """Attention over tokens [batch, tokens, width] with query, key and value from one projection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, width = x.shape
        projected = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        query, key, value = (
            part.reshape(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for part in projected.chunk(3, dim=-1)
        )
        mixed = F.scaled_dot_product_attention(query, key, value)
        return self.out_proj(mixed.transpose(1, 2).reshape(batch, tokens, width))


class EncoderBlock(nn.Module):
    """Attention and a multi-layer perceptron, each behind a normalisation and beside a shortcut."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=1e-6)
        self.self_attention = SelfAttention(width, heads)
        self.ln_2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(width, hidden), nn.GELU(), nn.Dropout(0.0), nn.Linear(hidden, width), nn.Dropout(0.0)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attention(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    """Learned positions, the blocks, a last normalisation."""

    def __init__(self, tokens: int, width: int, heads: int, hidden: int, depth: int) -> None:
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.empty(1, tokens, width).normal_(std=0.02))
        self.layers = nn.Sequential()
        for index in range(depth):
            self.layers.add_module(f"encoder_layer_{index}", EncoderBlock(width, heads, hidden))
        self.ln = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return self.ln(self.layers(x + self.pos_embedding))


class VisionTransformer(nn.Module):
    """Images [batch, channels, size, size] to logits [batch, classes], through patches and a class token."""

    def __init__(
        self,
        *,
        size: int = 224,
        patch: int = 16,
        width: int = 768,
        depth: int = 12,
        heads: int = 12,
        hidden: int = 3072,
        classes: int = 1000,
        channels: int = 3,
    ) -> None:
        super().__init__()
        self.conv_proj = nn.Conv2d(channels, width, patch, stride=patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.encoder = Encoder((size // patch) ** 2 + 1, width, heads, hidden, depth)
        self.heads = nn.Sequential()
        self.heads.add_module("head", nn.Linear(width, classes))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(len(x), -1, -1), x], dim=1)
        return self.heads(self.encoder(x)[:, 0])


# ---- MLP-Mixer (Tolstikhin et al., 2021, arXiv:2105.01601)


class Mlp(nn.Module):
    """Two linear layers on the last dimension."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.act(self.fc1(x)))


class MixerBlock(nn.Module):
    """Mixes across tokens, then across channels: [batch, tokens, width] to the same."""

    def __init__(self, tokens: int, width: int, token_hidden: int, channel_hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.mlp_tokens = Mlp(tokens, token_hidden)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp_channels = Mlp(width, channel_hidden)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.mlp_tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.mlp_channels(self.norm2(x))


class PatchEmbedding(nn.Module):
    """Images [batch, 3, H, W] to tokens [batch, H·W/patch², width]."""

    def __init__(self, patch: int, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, stride=patch)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x).flatten(2).transpose(1, 2)


class MlpMixer(nn.Module):
    """Images [batch, 3, size, size] to logits [batch, classes], without attention."""

    def __init__(
        self,
        *,
        size: int = 224,
        patch: int = 16,
        width: int = 768,
        depth: int = 12,
        token_hidden: int = 384,
        channel_hidden: int = 3072,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        tokens = (size // patch) ** 2
        self.stem = PatchEmbedding(patch, width)
        self.blocks = nn.Sequential(*(MixerBlock(tokens, width, token_hidden, channel_hidden) for _ in range(depth)))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm(self.blocks(self.stem(x))).mean(dim=1))


# ---- U-Net (Ronneberger et al., 2015, arXiv:1505.04597), padded and with batch normalisation


class DoubleConvolution(nn.Sequential):
    """Twice: 3x3 convolution, batch normalisation, ReLU; height and width stay."""

    def __init__(self, channels: int, results: int) -> None:
        super().__init__(
            nn.Conv2d(channels, results, 3, padding=1, bias=False),
            nn.BatchNorm2d(results),
            nn.ReLU(inplace=True),
            nn.Conv2d(results, results, 3, padding=1, bias=False),
            nn.BatchNorm2d(results),
            nn.ReLU(inplace=True),
        )


class UpBlock(nn.Module):
    """Doubles height and width, joins the encoder's features of that size, convolves."""

    def __init__(self, channels: int, results: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, results, 2, stride=2)
        self.conv = DoubleConvolution(2 * results, results)

    def forward(self, x: Tensor, features: Tensor) -> Tensor:
        return self.conv(torch.cat([features, self.up(x)], dim=1))


class UNet(nn.Module):
    """Images [batch, channels, H, W] to logits of every pixel [batch, classes, H, W].

    H and W are multiples of 2 to the power of `depth`.
    """

    def __init__(self, *, channels: int = 3, classes: int = 2, width: int = 64, depth: int = 4) -> None:
        super().__init__()
        widths = [width << level for level in range(depth + 1)]
        self.stem = DoubleConvolution(channels, width)
        self.pool = nn.MaxPool2d(2)
        self.down = nn.ModuleList(DoubleConvolution(a, b) for a, b in pairwise(widths))
        self.up = nn.ModuleList(UpBlock(b, a) for a, b in zip(widths[-2::-1], widths[:0:-1], strict=True))
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        features = [self.stem(x)]
        for block in self.down:
            features.append(block(self.pool(features[-1])))
        x = features.pop()
        for block in self.up:
            x = block(x, features.pop())
        return self.head(x)


def vit_base_16() -> VisionTransformer:
    """ViT-B/16 for ImageNet: images [batch, 3, 224, 224]."""
    return VisionTransformer()


def mixer_base_16() -> MlpMixer:
    """Mixer-B/16 for ImageNet: images [batch, 3, 224, 224]."""
    return MlpMixer()


def unet() -> UNet:
    """The U-Net of five levels for two classes: images [batch, 3, 256, 256]."""
    return UNet()


def small_vit() -> VisionTransformer:
    """Two blocks of a vision transformer: images [batch, 3, 16, 16]."""
    return VisionTransformer(size=16, patch=4, width=24, depth=2, heads=3, hidden=48, classes=10)


def small_mixer() -> MlpMixer:
    """Two blocks of a mixer: images [batch, 3, 16, 16]."""
    return MlpMixer(size=16, patch=4, width=24, depth=2, token_hidden=12, channel_hidden=48, classes=10)


def small_unet() -> UNet:
    """A U-Net of three levels: images [batch, 3, 16, 16]."""
    return UNet(width=8, depth=2)
