# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples as beats: the order in which a tensor travels, and how its elements lie in words.

A rank-4 tensor (N, C, H, W) travels as N, H, W, C; every other rank row-major. Lane 0 of a beat is its low bits.
Files hold each beat as little-endian 32-bit words.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from xplat.formats import FixedPoint

WORD_BITS = 32


@dataclass(frozen=True)
class StreamPort:
    """A stream at the boundary of the system.

    `name`: its port in the top module; `shape`: of one sample as it travels, with the leading 1; `lanes`: elements a
    beat; `width`, `fractional_bits`: an element q of `width` bits means q · 2^-fractional_bits. The host moves
    elements between its own tensor, of shape `host_shape`, and the stream's: from the source, seen in the extents
    `view` with its dimensions permuted by `permutation`, to the target, row-major. Of an input the source is the
    host's tensor, of an output it is the stream's.
    """

    name: str
    shape: tuple[int, ...]
    lanes: int
    width: int
    fractional_bits: int
    host_shape: tuple[int, ...] | None = None
    """None: the stream's own shape."""
    view: tuple[int, ...] = ()
    permutation: tuple[int, ...] = ()

    @property
    def elements(self) -> int:
        """Elements of one sample."""
        return int(np.prod(self.shape))

    @property
    def beats(self) -> int:
        """Beats of one sample."""
        return self.elements // self.lanes

    @property
    def beat_bits(self) -> int:
        """Bits of one beat."""
        return self.lanes * self.width

    @property
    def words(self) -> int:
        """32-bit words that hold one beat."""
        return -(-self.beat_bits // WORD_BITS)

    @property
    def format(self) -> FixedPoint:
        """The number format of its elements."""
        return FixedPoint(width=self.width, fractional_bits=(self.fractional_bits,))

    def to_dict(self) -> dict[str, Any]:
        """Plain data; what the host does not do is left out."""
        moves = ("host_shape", "view", "permutation")
        return {key: value for key, value in asdict(self).items() if self.view or key not in moves}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> StreamPort:
        """Inverse of `to_dict`."""
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return StreamPort(**fields)

    # ---- values and integers

    def quantize(self, samples: torch.Tensor) -> np.ndarray:
        """What the host sends for `samples` [batch, …] in float: int64 [samples, elements] in order of travel."""
        integers = self._moved(self.format.to_integers(samples).reshape(-1, *self._held)).reshape(-1, *self.shape)
        if len(self.shape) == 4:
            integers = integers.permute(0, 1, 3, 4, 2)
        return integers.reshape(len(integers), -1).numpy()

    def dequantize(self, integers: np.ndarray) -> torch.Tensor:
        """What the host reads from int64 [samples, elements] in order of travel: float32 [batch, …], exactly.

        As in the reference, samples lie one behind the other along the first dimension, whatever that is.
        """
        values = self.format.to_values(torch.from_numpy(np.ascontiguousarray(integers)))
        if len(self.shape) == 4:
            batch, channels, height, width = self.shape
            values = values.reshape(-1, batch, height, width, channels).permute(0, 1, 4, 2, 3)
        values = self._moved(values.reshape(-1, *self.shape)).float()
        if not self._held:
            return values.reshape(() if len(integers) == 1 else (-1,))
        return values.reshape(-1, *self._held[1:]).contiguous()

    @property
    def _held(self) -> tuple[int, ...]:
        """Shape of one sample as the host holds it."""
        return self.shape if self.host_shape is None else self.host_shape

    def _moved(self, values: torch.Tensor) -> torch.Tensor:
        """Samples [samples, …] with their elements moved by the host; the shape is another."""
        if not self.view:
            return values
        permutation = [0, *(dim + 1 for dim in self.permutation)]
        return values.reshape(len(values), *self.view).permute(permutation)

    # ---- integers and words

    def pack(self, integers: np.ndarray) -> np.ndarray:
        """uint32 [samples · beats, words] from int64 [samples, elements]."""
        beats = integers.reshape(-1, self.lanes)
        bits = np.zeros((len(beats), self.words * WORD_BITS), dtype=np.uint8)
        for bit in range(self.width):
            bits[:, bit : self.beat_bits : self.width] = (beats >> bit) & 1
        return np.packbits(bits, axis=1, bitorder="little").view("<u4")

    def unpack(self, words: np.ndarray) -> np.ndarray:
        """int64 [samples, elements] from uint32 words, inverse of `pack`."""
        beats = words.reshape(-1, self.words)
        bits = np.unpackbits(np.ascontiguousarray(beats, dtype="<u4").view(np.uint8), axis=1, bitorder="little")
        integers = np.zeros((len(beats), self.lanes), dtype=np.int64)
        for bit in range(self.width):
            weight = -(1 << bit) if bit == self.width - 1 else 1 << bit
            integers += bits[:, bit : self.beat_bits : self.width].astype(np.int64) * weight
        return integers.reshape(-1, self.elements)
