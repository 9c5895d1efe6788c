# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Clock-domain crossings with random ratios and phases of their clocks, stalls, and resets that end in any order.

No beat is lost, none is invented, and without stalls one passes in each cycle of the slower clock; through a link with
the credits that keep it busy, one in the cycles that its phits take. The assertions of the cells are on.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from xplat.hardware.clocks import SystemClock
from xplat.hardware.emit.testbench import testbench as bench
from xplat.hardware.layout import Layout
from xplat.hardware.manifest import SOURCES
from xplat.hardware.sim import verilator
from xplat.hardware.streams import StreamPort
from xplat.support.paths import kernels_dir

HERE = Path(__file__).resolve().parent
RATIOS = ((1, 1), (5, 2), (2, 5), (1, 16), (16, 1), (7, 6))


@dataclass(frozen=True)
class Crossing:
    """A module between two clocks, with beats of `width` bits. Shallow crossings have few beats: others set the pace.

    `phits`: cycles of the operand's clock that a beat takes.
    """

    module: str
    params: str
    width: int
    source: str
    target: str
    beats: int
    phits: int = 1

    @property
    def clocks(self) -> str:
        source, target = self.source, self.target
        own = f".clk_i({target}_clk_i), .rst_ni({target}_rst_ni)"
        return f"{own}, .in_clk_i({source}_clk_i), .in_rst_ni({source}_rst_ni)"


PLAIN = (
    Crossing("xplat_cdc", ".DataWidth(37), .Depth(16)", 37, "a", "b", 400),
    Crossing("xplat_cdc", ".DataWidth(5), .Depth(64)", 5, "b", "a", 400),
    Crossing("xplat_cdc", ".DataWidth(8), .Depth(4)", 8, "a", "b", 40),
)
# 12 bits in 3 phits over 4 cycles there and back: 1 + (2 · 4 + 3) / 3 credits, rounded up.
LINKS = (
    Crossing("tb_link_clocks", ".DataWidth(12), .PhitWidth(4), .Credits(5), .Cycles(4)", 12, "a", "b", 400, 3),
    Crossing("tb_link_clocks", ".DataWidth(9), .PhitWidth(9), .Credits(10), .Cycles(3)", 9, "b", "a", 40),
)


def built(crossings: Sequence[Crossing], folder: Path) -> verilator.Executable:
    """The crossings side by side in a system of two clocks."""
    rtl = folder / "rtl"
    rtl.mkdir()
    sources = [*kernels_dir().glob("common/rtl/*"), *kernels_dir().glob("link/rtl/*"), *HERE.glob("tb_link*.sv")]
    for source in sources:
        shutil.copy(source, rtl)
    ports = ["input logic a_clk_i, a_rst_ni, b_clk_i, b_rst_ni"]
    body = []
    for index, crossing in enumerate(crossings):
        word = f"logic [{crossing.width - 1}:0]"
        ports += [
            f"input {word} in{index}, input logic in{index}_valid, output logic in{index}_ready",
            f"output {word} out{index}, output logic out{index}_valid, input logic out{index}_ready",
        ]
        body.append(
            f"  {crossing.module} #({crossing.params}) u_{index} ({crossing.clocks}, "
            f".in_valid_i(in{index}_valid), .in_ready_o(in{index}_ready), .in_data_i(in{index}), "
            f".out_valid_o(out{index}_valid), .out_ready_i(out{index}_ready), .out_data_o(out{index}));"
        )
    (rtl / "crossings.sv").write_text("\n".join([f"module crossings ({', '.join(ports)});", *body, "endmodule", ""]))
    names = sorted({file.name for file in rtl.glob("*.sv")} - {"xplat_pkg.sv"})
    lines = ["+incdir+rtl", "rtl/xplat_pkg.sv", *(f"rtl/{name}" for name in names)]
    (folder / SOURCES).write_text("\n".join(lines) + "\n")
    inputs = [StreamPort(f"in{i}", Layout.standard((1, one.beats), 1), one.width, 0) for i, one in enumerate(crossings)]
    outputs = [
        StreamPort(f"out{i}", Layout.standard((1, one.beats), 1), one.width, 0) for i, one in enumerate(crossings)
    ]
    clocks = []
    for name in ("a", "b"):
        streams = [f"in{index}" for index, one in enumerate(crossings) if one.source == name]
        streams += [f"out{index}" for index, one in enumerate(crossings) if one.target == name]
        clocks.append(SystemClock(f"{name}_clk_i", f"{name}_rst_ni", 100.0, 1, tuple(streams)))
    (folder / "tb").mkdir()
    (folder / "tb" / "main.cpp").write_text(bench(inputs, outputs, clocks))
    return verilator.build(folder, top="crossings", assertions=True, optimize=False)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> verilator.Executable:
    return built(PLAIN, tmp_path_factory.mktemp("cdc"))


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> verilator.Executable:
    return built(LINKS, tmp_path_factory.mktemp("links"))


def cross(
    crossings: Sequence[Crossing],
    executable: verilator.Executable,
    folder: Path,
    periods: Sequence[int],
    stall: float,
    seed: int,
) -> int:
    """Sends random beats and checks what comes out; returns the time from the first to the last beat."""
    generator = np.random.default_rng(seed)
    sent = []
    for index, crossing in enumerate(crossings):
        words = -(-crossing.width // 32)
        data = generator.integers(0, 1 << 32, (crossing.beats, words), dtype=np.uint32)
        data[:, -1] &= np.uint32((1 << (crossing.width - 32 * (words - 1))) - 1)
        data.tofile(folder / f"in{index}.bin")
        sent.append(data)
    files = [str(folder / f"{kind}{index}.bin") for kind in ("in", "out") for index in range(len(crossings))]
    arguments = ["1", repr(stall), str(seed), str(4000 * max(periods)), *files, *map(str, periods)]
    run = subprocess.run([str(executable.path), *arguments], capture_output=True, text=True, check=False)
    where = f"periods {periods}, stalls {stall}, seed {seed}"
    assert run.returncode == 0, f"{where}: {run.stdout}{run.stderr}"
    for index, data in enumerate(sent):
        received = np.fromfile(folder / f"out{index}.bin", dtype=np.uint32).reshape(data.shape)
        assert np.array_equal(received, data), f"{where}: crossing {index}"
    first, done = (int(re.search(rf"XPLAT_{what} (\d+)", run.stdout)[1]) for what in ("FIRST", "DONE"))
    return done - first


@pytest.mark.parametrize("ratio", RATIOS)
def test_clocks_in_simple_ratios(plain: verilator.Executable, tmp_path: Path, ratio: tuple[int, int]) -> None:
    for seed in range(4):
        took = cross(PLAIN, plain, tmp_path, ratio, 0.0, seed) / max(ratio)
        # 399 intervals, the way through (five cycles at most, four of them of the other clock), and resets that end
        # up to 16 cycles apart.
        assert 399 <= took <= 399 + 6 + 5 + 16 * max(ratio) / min(ratio)
        cross(PLAIN, plain, tmp_path, ratio, 0.3, seed)


def test_random_clocks(plain: verilator.Executable, tmp_path: Path) -> None:
    generator = random.Random(0)
    for seed in range(40):
        periods = (generator.randint(1, 1000), generator.randint(1, 1000))
        cross(PLAIN, plain, tmp_path, periods, generator.choice([0.0, 0.1, 0.6]), seed)


@pytest.mark.parametrize("ratio", RATIOS)
def test_links_between_clocks(links: verilator.Executable, tmp_path: Path, ratio: tuple[int, int]) -> None:
    for seed in range(4):
        took = cross(LINKS, links, tmp_path, ratio, 0.0, seed)
        # The serializer sets the pace, or the reading clock, and nothing else.
        pace = max(LINKS[0].phits * ratio[0], ratio[1])
        assert 399 * pace <= took <= 399 * pace + 40 * max(ratio) + 16 * sum(ratio)
        cross(LINKS, links, tmp_path, ratio, 0.4, seed)
