# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Parameter memories as `$readmemh` files: how a parameter's elements lie in words is what its `xplat.rom` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.hardware.layout import Layout, pack_bits
from xplat.support.errors import EmitError


def memory_name(rom: xp.RomOp) -> str:
    """File of a memory, as the hardware names it."""
    return f"{rom.sym_name.value}.mem"


def pack_words(values: np.ndarray, *, permutation: Sequence[int], tile: Sequence[int], element_bits: int) -> np.ndarray:
    """Words as bytes, uint8 [words, bytes], low byte first, of the integers `values`.

    The dimensions are walked in the order `permutation`; of each, `tile` elements lie in a word. Outer indices,
    row-major, give the word; inner indices, row-major, the place in it, the first in the low bits.
    """
    layout = Layout(values.shape, tuple(permutation), tuple(tile))
    return pack_bits(layout.travel(values[np.newaxis]).reshape(-1, layout.lanes), element_bits)


def hex_lines(words: np.ndarray, word_bits: int) -> Iterator[str]:
    """One hexadecimal number a line for `$readmemh`."""
    digits = -(-word_bits // 4)
    for word in words:
        yield word[::-1].tobytes().hex()[-digits:] + "\n"


def write_memories(module: ir.Module, values: Mapping[str, torch.Tensor], directory: Path) -> list[Path]:
    """One file per `xplat.rom` of the module; `values` has stored integers by parameter. Returns the files."""
    directory.mkdir(parents=True, exist_ok=True)
    files = []
    for rom in module.body.operations:
        if not isinstance(rom, xp.RomOp):
            continue
        integers = _integers(rom, values)
        words = pack_words(
            integers, permutation=list(rom.permutation), tile=list(rom.tile), element_bits=rom.element_bits.value
        )
        if len(words) != rom.depth.value:
            raise EmitError(f"memory '{rom.sym_name.value}' has {len(words)} words, expected {rom.depth.value}")
        file = directory / memory_name(rom)
        file.write_text("".join(hex_lines(words, rom.word_bits.value)))
        files.append(file)
    return files


def _integers(rom: xp.RomOp, values: Mapping[str, torch.Tensor]) -> np.ndarray:
    if rom.param is None:
        return np.array(list(rom.values), dtype=np.int64)
    symbol = rom.param.value
    integers = values[symbol]
    if integers.is_floating_point():
        raise EmitError(f"parameter '{symbol}' is not quantized, so no memory can hold it")
    bits = rom.element_bits.value
    low, high = int(integers.min()), int(integers.max())
    # Numbers are signed; indices are not.
    if low < -(1 << (bits - 1)) or high >= 1 << (bits - 1 if low < 0 else bits):
        raise EmitError(f"parameter '{symbol}' has integers from {low} to {high}, which {bits} bits cannot hold")
    return integers.numpy()
