# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A model of the zoo: how to build it, whole and small, its inputs, and the published figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from xplat.support.errors import ModelImportError

Inputs = tuple[torch.Tensor, ...]


@dataclass(frozen=True)
class Published:
    """Figures from the literature. `gflops` counts a multiply-accumulate as two operations."""

    gflops: float
    parameters_m: float
    """Millions."""
    source: str
    counting: str
    """The definition of an operation in the source's count."""
    counted_nodes: tuple[str, ...] = ()
    """Kinds of nodes whose operations it counts beside multiply-accumulates."""


@dataclass(frozen=True)
class ModelSpec:
    """One model of the zoo. `build` and `build_small` give random weights; nothing is downloaded.

    The small model is of the same family, with the same kinds of layers, for tests that run it.
    """

    name: str
    task: str
    build: Callable[[], nn.Module]
    build_small: Callable[[], nn.Module]
    input_shape: tuple[int, ...]
    """Of one sample: channels, height, width; or tokens."""
    small_input_shape: tuple[int, ...]
    vocabulary: int | None = None
    """How many token ids there are; None for a model of images."""
    small_vocabulary: int | None = None
    max_tokens: int | None = None
    """How many positions the whole model knows; None for a model of images."""
    published: Published | None = None
    aliases: tuple[str, ...] = ()

    @property
    def takes_tokens(self) -> bool:
        """Whether the input is token ids (int64) and not an image (float32)."""
        return self.vocabulary is not None

    def example_inputs(self, *, tokens: int | None = None, batch: int = 1, seed: int = 0) -> Inputs:
        """Random inputs [batch, …] of the whole model; `tokens` is another sequence length than the usual one.

        Raises `ModelImportError` for more tokens than the model has positions for.
        """
        if tokens is not None and self.max_tokens is not None and tokens > self.max_tokens:
            raise ModelImportError(
                f"a sequence of {tokens:,} tokens is longer than {self.name} has positions for",
                hint=f"give at most {self.max_tokens:,}",
            )
        shape = self.input_shape if tokens is None else (tokens,)
        return _random(shape, self.vocabulary, batch, seed)

    def small_inputs(self, *, batch: int = 1, seed: int = 0) -> Inputs:
        """Random inputs [batch, …] of the small model."""
        return _random(self.small_input_shape, self.small_vocabulary, batch, seed)


def _random(shape: tuple[int, ...], vocabulary: int | None, batch: int, seed: int) -> Inputs:
    generator = torch.Generator().manual_seed(seed)
    if vocabulary is None:
        return (torch.randn(batch, *shape, generator=generator),)
    return (torch.randint(0, vocabulary, (batch, *shape), generator=generator),)
