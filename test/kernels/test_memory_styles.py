# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What RTL is told that its memories are made of is what Yosys makes of them, also where it would choose otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from area import FAMILIES, LUT_MEMORY, count_cells
from memory_area import choose_style

ECP5 = FAMILIES["ecp5"]
WINDOW = {"InHeight": 8, "InWidth_px": 8, "OutHeight": 7, "OutWidth_px": 7, "StrideH": 1, "StrideW": 1}
FACTORS = {"Rows": 4, "Sum": 8, "Out": 8, "OutLanes": 2}
# Small memories, which Yosys puts into LUTs if nobody tells it otherwise.
SMALL: list[tuple[str, Mapping[str, int], str]] = [
    ("xplat_fifo", {"DataWidth": 8, "Depth": 20}, "RamStyle"),
    ("xplat_cdc", {"DataWidth": 8, "Depth": 16}, "RamStyle"),
    ("xplat_pool2d", WINDOW, "RamStyle"),
    ("xplat_linear", {"In": 16, "Out": 8}, "RamStyle"),
    ("xplat_matmul", FACTORS, "RamStyle"),
    ("xplat_matmul", FACTORS, "MatrixStyle"),
    ("xplat_reorder", {"DataWidth": 8, "Window": 8, "Count0": 2, "Count1": 4, "Stride0": 4, "Stride1": 1}, "RamStyle"),
    ("xplat_repeat", {"Depth": 9}, "RamStyle"),
    ("xplat_reduce", {"Repeats": 16, "Kept": 16}, "RamStyle"),
    ("xplat_ram_stream", {"Width": 8, "Depth": 20}, "Style"),
    ("xplat_rom_stream", {"Width": 8, "Depth": 20}, "Style"),
]


def count(module: str, params: Mapping[str, int | str], tmp: Path) -> dict[str, int]:
    if module == "xplat_rom_stream":
        words = tmp / "words.mem"
        words.write_text("".join(f"{(37 * i) % 256:x}\n" for i in range(int(params["Depth"]))))
        params = {**params, "MemFile": str(words)}
    return count_cells(module, params, ECP5, command=ECP5.command)[0]


@pytest.mark.parametrize(
    ("module", "params", "style"), SMALL, ids=lambda value: value if isinstance(value, str) else ""
)
def test_small_memory_in_a_block(module: str, params: Mapping[str, int], style: str, tmp_path: Path) -> None:
    assert count(module, {**params, style: "block"}, tmp_path)["ebr"] == 1


def test_large_memory_in_luts_or_registers(tmp_path: Path) -> None:
    fifo = {"DataWidth": 9, "Depth": 500}
    told = {style: count("xplat_fifo", {**fifo, "RamStyle": style}, tmp_path) for style in ("auto", "distributed")}
    assert told["auto"]["ebr"] == 1
    assert told["distributed"]["ebr"] == 0
    assert told["distributed"][LUT_MEMORY] > 0
    few = count("xplat_fifo", {"DataWidth": 9, "Depth": 12, "RamStyle": "registers"}, tmp_path)
    assert few["ebr"] == few[LUT_MEMORY] == 0


def test_large_rom_in_luts(tmp_path: Path) -> None:
    rom = {"Width": 9, "Depth": 500}
    assert count("xplat_rom_stream", {**rom, "Style": "auto"}, tmp_path)["ebr"] == 1
    assert count("xplat_rom_stream", {**rom, "Style": "distributed"}, tmp_path)["ebr"] == 0


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("memory", ["ram", "rom_stream", "rom_lookup", "ram_stream"])
def test_family_chooses(family: str, memory: str) -> None:
    """Few words go into LUTs, however few bits they are, many into blocks."""
    assert choose_style(family, memory, 4, 4) == "distributed"
    assert choose_style(family, memory, 16, 8) == "distributed"
    assert choose_style(family, memory, 16, 4096) == "block"


def test_another_count_of_numbers() -> None:
    with pytest.raises(ValueError, match="by as many numbers"):
        choose_style("ecp5", "ram", 8)


def test_ultra_ram() -> None:
    assert choose_style("ultrascale_plus", "ultra_ram_stream", 72, 4096) == "ultra"
    # What a block RAM holds is not worth an UltraRAM.
    assert choose_style("ultrascale_plus", "ultra_ram_stream", 72, 512) == "block"
    assert choose_style("series7", "ultra_ram_stream", 72, 512) == "auto"
