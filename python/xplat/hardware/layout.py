# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How a tensor travels: in which sequence its elements come, and how the elements of a beat lie in words.

The compiler's stream types say it; this is the same for the host, which packs samples and unpacks results. Lane 0 of
a beat is its low bits. Files hold each beat as little-endian 32-bit words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xplat.dialects import xplat as xp
from xplat.formats.block import EXPONENT_BITS

WORD_BITS = 32


@dataclass(frozen=True)
class Layout:
    """The layout of a stream.

    `shape`: the tensor's, in the model's order; `order`: its dimensions as they travel, outermost first; `beat`: the
    extents of the tile that is one beat, in that order. Beats come in the order of their tiles, and lane i of a beat is
    the i-th element of its tile, walked in the same order.
    """

    shape: tuple[int, ...]
    order: tuple[int, ...]
    beat: tuple[int, ...]

    @staticmethod
    def of(stream: xp.StreamType) -> Layout:
        """The layout that a type says."""
        return Layout(tuple(stream.shape), tuple(stream.order), tuple(stream.beat))

    @staticmethod
    def standard(shape: Sequence[int], lanes: int) -> Layout:
        """The one in which the compiler lets a tensor travel when nobody chooses another: `lanes` elements a beat, or
        whole fibers of the innermost dimension where these are more than it has."""
        order, beat = xp.default_order(len(shape)), xp.default_beat(list(shape), lanes)
        return Layout(tuple(shape), tuple(order), tuple(beat))

    def __str__(self) -> str:
        """As in the text of a stream type, whole."""
        order, beat = (", ".join(map(str, values)) for values in (self.order, self.beat))
        return f"order = ({order}), beat = ({beat})"

    @property
    def lanes(self) -> int:
        """Elements of one beat."""
        return math.prod(self.beat)

    @property
    def elements(self) -> int:
        """Elements of one sample."""
        return math.prod(self.shape)

    @property
    def beats(self) -> int:
        """Beats of one sample."""
        return self.elements // self.lanes

    def travel(self, samples: np.ndarray) -> np.ndarray:
        """The elements of [samples, *shape] in the sequence in which they travel: [samples, elements]."""
        return self._tiles(samples, inverse=False).reshape(len(samples), -1)

    def restore(self, elements: np.ndarray) -> np.ndarray:
        """Inverse of `travel`."""
        return self._tiles(elements, inverse=True).reshape(len(elements), *self.shape)

    def _tiles(self, values: np.ndarray, *, inverse: bool) -> np.ndarray:
        """Dimensions split into the place of the tile and the place in the tile; tiles outermost, or back."""
        tile = dict(zip(self.order, self.beat, strict=True))
        split = [part for dim, extent in enumerate(self.shape) for part in (extent // tile[dim], tile[dim])]
        permutation = [2 * dim for dim in self.order] + [2 * dim + 1 for dim in self.order]
        if inverse:
            split = [split[dim] for dim in permutation]
            permutation = [int(dim) for dim in np.argsort(permutation)]
        return values.reshape(len(values), *split).transpose(0, *(dim + 1 for dim in permutation))


def pack_bits(elements: np.ndarray, width: int, shared: int = 0) -> np.ndarray:
    """uint8 [beats, bytes], low byte first, of integers [beats, lanes + shared].

    The low `width` bits of each lane are kept, and above the lanes `shared` exponents of 8 bits.
    """
    lanes = elements.shape[1] - shared
    parts = [_bits(elements[:, :lanes], width), _bits(elements[:, lanes:], EXPONENT_BITS)]
    return np.packbits(np.concatenate(parts, axis=1), axis=1, bitorder="little")


def _bits(elements: np.ndarray, width: int) -> np.ndarray:
    bits = np.zeros((len(elements), elements.shape[1] * width), dtype=np.uint8)
    for bit in range(width):
        bits[:, bit::width] = (elements >> bit) & 1
    return bits


def pack_words(elements: np.ndarray, width: int, shared: int = 0) -> np.ndarray:
    """uint32 [beats, words] of integers [beats, lanes + shared], as in `pack_bits`."""
    packed = pack_bits(elements, width, shared)
    return np.pad(packed, ((0, 0), (0, -packed.shape[1] % (WORD_BITS // 8)))).view("<u4")


def unpack_words(words: np.ndarray, lanes: int, width: int, *, shared: int = 0, signed: bool = True) -> np.ndarray:
    """int64 [beats, lanes + shared], inverse of `pack_words`; `signed`: whether the highest bit of a lane is its
    sign."""
    bits = np.unpackbits(np.ascontiguousarray(words, dtype="<u4").view(np.uint8), axis=1, bitorder="little")
    exponents = bits[:, lanes * width : lanes * width + shared * EXPONENT_BITS]
    parts = [_integers(bits[:, : lanes * width], width, signed), _integers(exponents, EXPONENT_BITS, False)]
    return np.concatenate(parts, axis=1)


def _integers(bits: np.ndarray, width: int, signed: bool) -> np.ndarray:
    elements = np.zeros((len(bits), bits.shape[1] // width), dtype=np.int64)
    for bit in range(width):
        weight = -(1 << bit) if signed and bit == width - 1 else 1 << bit
        elements += bits[:, bit::width].astype(np.int64) * weight
    return elements
