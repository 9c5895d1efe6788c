# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The vocabulary of a kernel folder's `case.py`: a node, its streams and its parameters.

A case is one node as it stands in a design: streams with their lanes, unroll factors, formats. Values are random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from xplat.formats import BlockFormat, FixedPoint, FixedSigns, NumberFormat, mlir_type
from xplat.hardware.layout import Layout

Inputs = Mapping[str, torch.Tensor]
"""Exact values, float64: of each input, shape [samples, …], and of each parameter, by name."""


def _element(width: int, fractional_bits: int | Sequence[int], unsigned: bool = False) -> str:
    if isinstance(fractional_bits, int):
        return f"!quant.uniform<{'u' if unsigned else 'i'}{width}:f32, {2.0**-fractional_bits:.17e}>"
    scales = ", ".join(f"{2.0**-bits:.17e}" for bits in fractional_bits)
    return f"!quant.uniform<i{width}:f32:0, {{{scales}}}>"


def _integers(generator: torch.Generator, width: int, shape: Sequence[int], unsigned: bool = False) -> torch.Tensor:
    """Uniform over the whole range, with both ends made likely."""
    low, high = (0, 2**width) if unsigned else (-(2 ** (width - 1)), 2 ** (width - 1))
    chance = torch.rand(tuple(shape), generator=generator)
    values = torch.randint(low, high, tuple(shape), generator=generator)
    return torch.where(chance < 0.03, low, torch.where(chance > 0.97, high - 1, values)).double()


def _blocks(generator: torch.Generator, form: BlockFormat, shape: Sequence[int], dim: int) -> torch.Tensor:
    """Values of the format whose blocks run along `dim`: of any magnitude within a block, and from block to block."""
    values = torch.randn(tuple(shape), generator=generator, dtype=torch.float64)
    places = torch.randint(-12, 4, tuple(shape), generator=generator)
    blocks = list(shape)
    blocks[dim] = -(-blocks[dim] // form.block)
    scales = torch.randint(-8, 8, tuple(blocks), generator=generator).repeat_interleave(form.block, dim)
    values = values * torch.exp2((places + scales.narrow(dim, 0, shape[dim])).double())
    # Some blocks of zeros.
    return form.round(torch.where(scales.narrow(dim, 0, shape[dim]) == 7, 0.0, values), axis=dim)


@dataclass(frozen=True)
class Stream:
    """A stream of fixed point: `shape` of one sample in PyTorch's order, with the leading 1; `lanes`: elements a beat.

    An element of `width` bits holds an integer q, with a sign unless `unsigned`, and means q · 2^-fractional_bits. With
    `rows`, elements are indices: integers from 0 to `rows` - 1. With `blocks`, elements have this block format, whose
    blocks run along the innermost dimension, whatever width and fractional bits are.
    """

    shape: tuple[int, ...]
    width: int = 8
    fractional_bits: int = 0
    lanes: int = 1
    unsigned: bool = False
    rows: int | None = None
    blocks: BlockFormat | None = None

    @property
    def tensor_type(self) -> str:
        """The type of its tensor, in MLIR's text."""
        return f"tensor<{self._extents}{self._number}>"

    @property
    def stream_type(self) -> str:
        """The type of the stream, in MLIR's text."""
        return f"!xplat.stream<{self._extents}{self._number}, {self.layout}>"

    @property
    def layout(self) -> Layout:
        """How it travels."""
        return Layout.standard(self.shape, self.lanes)

    @property
    def host_type(self) -> str:
        """The type of the host's tensor, in MLIR's text."""
        return f"tensor<{self._extents}{'f32' if self.rows is None else 'i64'}>"

    @property
    def format(self) -> NumberFormat:
        """The number format of its elements."""
        if self.blocks is not None:
            return replace(self.blocks, axis=self.layout.order[-1])  # type: ignore[type-var]
        return FixedPoint(self.width, (self.fractional_bits,), unsigned=self.unsigned)

    @property
    def _extents(self) -> str:
        return "".join(f"{extent}x" for extent in self.shape)

    @property
    def _number(self) -> str:
        if self.blocks is not None:
            return mlir_type(self.format)
        return _element(self.width, self.fractional_bits, self.unsigned) if self.rows is None else f"i{self.width}"

    def random(self, samples: int, generator: torch.Generator) -> torch.Tensor:
        """Values [samples, …] over the whole range."""
        if self.blocks is not None:
            return _blocks(generator, self.blocks, (samples, *self.shape), self.layout.order[-1] + 1)
        if self.rows is not None:
            return torch.randint(self.rows, (samples, *self.shape), generator=generator).double()
        integers = _integers(generator, self.width, (samples, *self.shape), self.unsigned)
        return integers * 2.0**-self.fractional_bits


@dataclass(frozen=True)
class Parameter:
    """A resident tensor of fixed point. `fractional_bits`: one number, or one for each slice along dimension 0.

    `magnitude`: bits of the random values (by default all of them). `kept`: (n, m), of m neighbours along the last
    dimension at most n are not zero. With `blocks`, elements have this block format, with blocks along dimension 1.
    With `signs`, they are binary or ternary, as `width` says.
    """

    shape: tuple[int, ...]
    width: int = 8
    fractional_bits: int | tuple[int, ...] = 0
    magnitude: int | None = None
    kept: tuple[int, int] | None = None
    blocks: BlockFormat | None = None
    signs: bool = False

    @property
    def tensor_type(self) -> str:
        """Its type, in MLIR's text."""
        if self.signs:
            return f"tensor<{self._extents}{mlir_type(self._signs)}>"
        if self.blocks is not None:
            return f"tensor<{self._extents}{mlir_type(replace(self.blocks, axis=1))}>"  # type: ignore[type-var]
        return f"tensor<{self._extents}{_element(self.width, self.fractional_bits)}>"

    @property
    def host_type(self) -> str:
        """The type of the model's own tensor, from which it is quantized, in MLIR's text."""
        return f"tensor<{self._extents}f32>"

    @property
    def attributes(self) -> str:
        """The attributes of its `xplat.param`, in MLIR's text."""
        if self.kept is None:
            return ""
        n, m = self.kept
        count = torch.Size(self.shape).numel() // m * n
        return f" {{sparsity = #xplat.sparsity<n = {n}, m = {m}, nonzeros = {count}>}}"

    @property
    def _extents(self) -> str:
        return "".join(f"{extent}x" for extent in self.shape)

    def random(self, generator: torch.Generator) -> torch.Tensor:
        """Values in its format."""
        if self.blocks is not None:
            return _blocks(generator, self.blocks, self.shape, 1)
        if self.signs:
            values = torch.randint(0, 2, self.shape, generator=generator).double() * 2 - 1
            if self.width > 1:
                values *= torch.randint(0, 2, self.shape, generator=generator)
        else:
            values = _integers(generator, min(self.width, self.magnitude or self.width), self.shape)
        if self.kept is not None:
            n, m = self.kept
            groups = values.reshape(-1, m)
            rank = torch.rand(groups.shape, generator=generator).argsort(1).argsort(1)
            values = torch.where(rank < n, groups, 0.0).reshape(self.shape)
        bits = torch.as_tensor(self.fractional_bits, dtype=torch.float64)
        return values * 2.0 ** -bits.reshape(-1, *[1] * (len(self.shape) - 1)) if bits.dim() else values * 2.0**-bits

    @property
    def _signs(self) -> FixedSigns:
        bits = (self.fractional_bits,) if isinstance(self.fractional_bits, int) else self.fractional_bits
        return FixedSigns(self.width, bits, per_channel=len(bits) > 1)


@dataclass(frozen=True)
class Case:
    """A node for a kernel to be: `op` in MLIR's text without attributes and types, `"xplat.add %a, %b"`.

    `inputs` and `parameters` have the names that `op` uses, `%a` and `@weight`. `unroll`: a factor for each loop of the
    node; none for an op without loops. `types`: what stands behind the colon, when it is not `A, B -> Y`; `{a}` in it
    is the type of input `a`, `{result}` that of the first result. `reference`: exact results from the exact inputs and
    parameters, rounded by the check; without it the node's own meaning, `xplat.interpreter`, is the reference.
    `kernel`: its symbol, where the folder has several. `result_device`: 1 for an op whose results come out on the
    second of the two devices of a check, `@pair::@fpga0` and `@pair::@fpga1`. `attributes`: more of the node, in MLIR's
    text without braces.
    """

    op: str
    inputs: Mapping[str, Stream]
    result: Stream | tuple[Stream, ...]
    unroll: tuple[int, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    types: str = ""
    reference: Callable[[Inputs], Any] | None = None
    kernel: str | None = None
    result_device: int = 0
    attributes: str = ""

    @property
    def results(self) -> tuple[Stream, ...]:
        """The streams of its results."""
        return self.result if isinstance(self.result, tuple) else (self.result,)

    def with_signs(self, signed: bool) -> Case:
        """The same with streams that all have a sign, or none."""
        own = [replace(stream, unsigned=not signed) for stream in self.results]
        return replace(
            self,
            inputs={name: replace(stream, unsigned=not signed) for name, stream in self.inputs.items()},
            result=tuple(own) if isinstance(self.result, tuple) else own[0],
        )

    def __str__(self) -> str:
        """The node in one line, for messages."""
        streams = [f"%{name} {_brief(stream)}" for name, stream in self.inputs.items()]
        resident = [f"@{name} {_brief(parameter)}" for name, parameter in self.parameters.items()]
        into = ", ".join(_brief(stream) for stream in self.results)
        unroll = f", unroll {list(self.unroll)}" if self.unroll else ""
        return f"{' '.join(self.op.split())}: {', '.join([*streams, *resident])} -> {into}{unroll}"


def _brief(held: Stream | Parameter) -> str:
    if held.blocks is not None:
        lanes = f", {held.lanes} a beat" if isinstance(held, Stream) else ""
        return f"[{'x'.join(map(str, held.shape))} {held.blocks}{lanes}]"
    bits = held.fractional_bits
    fraction = str(bits) if isinstance(bits, int) else "per channel"
    lanes = f", {held.lanes} a beat" if isinstance(held, Stream) else ""
    sign = "u" if isinstance(held, Stream) and held.unsigned else "i"
    if isinstance(held, Parameter) and held.signs:
        sign = "signs of "
    return f"[{'x'.join(map(str, held.shape))} {sign}{held.width} fraction {fraction}{lanes}]"
