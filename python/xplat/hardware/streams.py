# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Samples as beats: what the host sends and reads at a stream of the system's boundary."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from xplat.formats import BlockFormat, Codes, FixedPoint, parse
from xplat.formats.block import EXPONENT_BITS
from xplat.hardware.layout import WORD_BITS, Layout, pack_words, unpack_words


@dataclass(frozen=True)
class StreamPort:
    """A stream at the boundary of the system.

    `name`: its port in the top module; `layout`: how a sample travels, whose shape has a leading 1; `width`,
    `fractional_bits`: an element q of `width` bits, with a sign unless `unsigned`, means q · 2^-fractional_bits.
    `integer`: they are indices, which the host holds as int64.
    `blocks`: the name of a block format instead, whose blocks run along the innermost dimension: then an element of
    `width` bits is what the format says, and above the elements of a beat lies an exponent for each block. The host
    moves elements between its own tensor, of shape `host_shape`, and the stream's: from the source, seen in the
    extents `view` with its dimensions permuted by `permutation`, to the target, row-major. Of an input the source is
    the host's tensor, of an output it is the stream's.
    """

    name: str
    layout: Layout
    width: int
    fractional_bits: int
    unsigned: bool = False
    integer: bool = False
    blocks: str = ""
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
    def exponents(self) -> int:
        """Shared exponents in one beat."""
        return max(1, self.lanes // self.block_format.block) if self.blocks else 0

    @property
    def fields(self) -> int:
        """Integers in one beat: its elements, and exponents that they share."""
        return self.lanes + self.exponents

    @property
    def beat_bits(self) -> int:
        """Bits of one beat."""
        return self.lanes * self.width + self.exponents * EXPONENT_BITS

    @property
    def words(self) -> int:
        """32-bit words that hold one beat."""
        return -(-self.beat_bits // WORD_BITS)

    @property
    def block_format(self) -> BlockFormat:
        """The block format of its elements."""
        form = parse(self.blocks)
        assert isinstance(form, BlockFormat)
        return form

    @property
    def format(self) -> FixedPoint:
        """The fixed point of its elements, where they have no block format."""
        return FixedPoint(width=self.width, fractional_bits=(self.fractional_bits,), unsigned=self.unsigned)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; what the host does not do is left out, and `unsigned`, `integer` where it is not."""
        left_out: tuple[str, ...] = () if self.view else ("host_shape", "view", "permutation")
        left_out += tuple(key for key in ("unsigned", "integer", "blocks") if not getattr(self, key))
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
        """What the host sends for `samples` [batch, …] in float: int64 [samples, beats · fields] in order of travel.

        The fields of a beat are its elements; in a block format, exponents of the blocks behind them.
        """
        if self.blocks:
            return self._encode(self._moved(samples.reshape(-1, *self._held)).reshape(-1, *self.shape))
        integers = self._moved(self.format.to_integers(samples).reshape(-1, *self._held)).reshape(-1, *self.shape)
        return self.layout.travel(integers.numpy())

    def dequantize(self, integers: np.ndarray) -> torch.Tensor:
        """What the host reads from int64 [samples, beats · fields] in order of travel: float32 [batch, …], exactly.

        Indices are int64.

        As in the reference, samples lie one behind the other along the first dimension, whatever that is.
        """
        if self.blocks:
            values = self._moved(self._decode(np.asarray(integers))).float()
        else:
            restored = torch.from_numpy(np.ascontiguousarray(self.layout.restore(np.asarray(integers))))
            values = self._moved(restored if self.integer else self.format.to_values(restored).float())
        if not self._held:
            return values.reshape(() if len(integers) == 1 else (-1,))
        return values.reshape(-1, *self._held[1:]).contiguous()

    @property
    def _block_dim(self) -> int:
        """The dimension of [samples, *shape] along which blocks run."""
        return self.layout.order[-1] + 1

    def _encode(self, values: torch.Tensor) -> np.ndarray:
        """Elements and exponents of [samples, *shape], as they travel."""
        dim, form = self._block_dim, self.block_format
        codes = form.encode(values, axis=dim)
        assert codes.exponents is not None
        each = codes.exponents.repeat_interleave(form.block, dim).narrow(dim, 0, values.shape[dim])
        elements, exponents = (self.layout.travel(part.numpy()) for part in (codes.elements, each))
        beats = [part.reshape(len(values), self.beats, self.lanes) for part in (elements, exponents)]
        shared = beats[1][:, :, :: min(form.block, self.lanes)]
        return np.concatenate([beats[0], shared], axis=2).reshape(len(values), -1)

    def _decode(self, fields: np.ndarray) -> torch.Tensor:
        """Inverse of `_encode`."""
        beats = fields.reshape(len(fields), self.beats, self.fields)
        each = beats[:, :, self.lanes :].repeat(min(self.block_format.block, self.lanes), axis=2)
        parts = [beats[:, :, : self.lanes], each]
        elements, exponents = (torch.from_numpy(self.layout.restore(part.reshape(len(fields), -1))) for part in parts)
        first = torch.arange(0, elements.shape[self._block_dim], self.block_format.block)
        codes = Codes(elements, exponents.index_select(self._block_dim, first))
        return self.block_format.decode(codes, axis=self._block_dim)

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
        """uint32 [samples · beats, words] from int64 [samples, beats · fields]."""
        return pack_words(integers.reshape(-1, self.fields), self.width, self.exponents)

    def unpack(self, words: np.ndarray) -> np.ndarray:
        """int64 [samples, beats · fields] from uint32 words, inverse of `pack`."""
        return self.unpack_beats(words.reshape(-1, self.words)).reshape(-1, self.beats * self.fields)

    def unpack_beats(self, words: np.ndarray) -> np.ndarray:
        """int64 [beats, fields] from uint32 [beats, words]."""
        signed = not self.unsigned and not self.blocks
        return unpack_words(words, self.lanes, self.width, shared=self.exponents, signed=signed)


@dataclass(frozen=True)
class WordPort:
    """A stream port of the top module at which the words of a parameter memory come in, in order.

    `file`: the words, in the folder `mem`, one hexadecimal number a line; `count` words of `bits`. `kind`: what they
    are for: `outside`, then they are needed again and again; `ram` or `ultra_ram`, which they fill once after reset.
    """

    name: str
    file: str
    count: int
    bits: int
    kind: str = "outside"

    def __str__(self) -> str:
        if self.kind == "outside":
            what, how = "words of a parameter memory outside the device", "in order, again and again"
        else:
            what, how = f"words that fill a parameter memory ({self.kind}) after reset", "in order, once"
        return f"`{self.name}`, {what}: {self.count} of {self.bits} bits, `mem/{self.file}`, {how}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @staticmethod
    def from_dict(port: dict[str, Any]) -> WordPort:
        """The port of plain data."""
        return WordPort(**port)
