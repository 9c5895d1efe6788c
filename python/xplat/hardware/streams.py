# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples as beats: what the host sends and reads at a stream of the system's boundary."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from xplat.formats import FixedPoint
from xplat.hardware.layout import WORD_BITS, Layout, pack_words, unpack_words


@dataclass(frozen=True)
class StreamPort:
    """A stream at the boundary of the system.

    `name`: its port in the top module; `layout`: how a sample travels, whose shape has a leading 1; `width`,
    `fractional_bits`: an element q of `width` bits, with a sign unless `unsigned`, means q · 2^-fractional_bits. The
    host moves elements between its own tensor, of shape `host_shape`, and the stream's: from the source, seen in the
    extents `view` with its dimensions permuted by `permutation`, to the target, row-major. Of an input the source is
    the host's tensor, of an output it is the stream's.
    """

    name: str
    layout: Layout
    width: int
    fractional_bits: int
    unsigned: bool = False
    host_shape: tuple[int, ...] | None = None
    """None: the stream's own shape."""
    view: tuple[int, ...] = ()
    permutation: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample, with the leading 1, in the model's order."""
        return self.layout.shape

    @property
    def lanes(self) -> int:
        """Elements of one beat."""
        return self.layout.lanes

    @property
    def elements(self) -> int:
        """Elements of one sample."""
        return self.layout.elements

    @property
    def beats(self) -> int:
        """Beats of one sample."""
        return self.layout.beats

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
        return FixedPoint(width=self.width, fractional_bits=(self.fractional_bits,), unsigned=self.unsigned)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; what the host does not do is left out, and `unsigned` where there is a sign."""
        left_out: tuple[str, ...] = () if self.view else ("host_shape", "view", "permutation")
        if not self.unsigned:
            left_out += ("unsigned",)
        kept = {key: value for key, value in asdict(self).items() if key not in left_out}
        layout = kept.pop("layout")
        return {"name": kept.pop("name"), **layout, **kept}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> StreamPort:
        """Inverse of `to_dict`."""
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        layout = Layout(*(fields.pop(key) for key in ("shape", "order", "beat")))
        return StreamPort(layout=layout, **fields)

    # ---- values and integers

    def quantize(self, samples: torch.Tensor) -> np.ndarray:
        """What the host sends for `samples` [batch, …] in float: int64 [samples, elements] in order of travel."""
        integers = self._moved(self.format.to_integers(samples).reshape(-1, *self._held)).reshape(-1, *self.shape)
        return self.layout.travel(integers.numpy())

    def dequantize(self, integers: np.ndarray) -> torch.Tensor:
        """What the host reads from int64 [samples, elements] in order of travel: float32 [batch, …], exactly.

        As in the reference, samples lie one behind the other along the first dimension, whatever that is.
        """
        restored = self.layout.restore(np.asarray(integers))
        values = self._moved(self.format.to_values(torch.from_numpy(np.ascontiguousarray(restored)))).float()
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
        return pack_words(integers.reshape(-1, self.lanes), self.width)

    def unpack(self, words: np.ndarray) -> np.ndarray:
        """int64 [samples, elements] from uint32 words, inverse of `pack`."""
        elements = unpack_words(words.reshape(-1, self.words), self.lanes, self.width, signed=not self.unsigned)
        return elements.reshape(-1, self.elements)
