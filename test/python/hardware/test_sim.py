# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulation of a hand-written design: bit-exact, with and without links, under back-pressure, and its errors."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from xplat.hardware.emit import emit
from xplat.hardware.layout import Layout
from xplat.hardware.sim import simulate, verilator
from xplat.hardware.streams import StreamPort
from xplat.support.errors import InputError, SimulationError, ToolMissingError
from xplat.testing import dataflow

IN = StreamPort("in0", Layout.standard((1, 8), 4), 8, 4)
OUT = StreamPort("out0", Layout.standard((1, 8), 2), 8, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return emit(dataflow.module(), dataflow.parameters(), tmp_path_factory.mktemp("sim") / "design")


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("backpressure", [0.0, 0.5])
def test_outputs_are_exact(folder: Path, links: bool, backpressure: float) -> None:
    x = dataflow.samples()
    run = simulate(folder, [IN.quantize(x)], links=links, backpressure=backpressure, seed=7)
    assert torch.equal(OUT.dequantize(run.outputs[0]), dataflow.expected(x))
    assert len(run.done) == len(x)
    if not backpressure:
        # The linear layer takes 8 cycles a sample, the links 4 beats of 2 phits or 2 beats of 4 phits.
        assert set(run.cycles_per_sample) == {8}


def test_stalls_depend_on_the_seed_alone(folder: Path) -> None:
    x = [IN.quantize(dataflow.samples())]
    first, again, other = (simulate(folder, x, backpressure=0.4, seed=seed).done for seed in (1, 1, 2))
    assert first == again != other


def test_occupancies(folder: Path) -> None:
    run = simulate(folder, [IN.quantize(dataflow.samples())])
    names = {fifo.name: fifo for fifo in run.fifos}
    assert set(names) == {"fpga1.xplat_fifo", "fpga1.fc_rx.u_fifo", "fpga1.skip_rx.u_fifo"}
    assert all(0 < fifo.max_occupancy <= fifo.depth for fifo in run.fifos)
    assert names["fpga1.xplat_fifo"].depth == 4


def test_standstill_says_where(tmp_path: Path) -> None:
    """With room for few beats beside a layer that needs sixteen, the skip path blocks the fork."""
    module = dataflow.module(features=64, credits=1, depth=2)
    folder = emit(module, dataflow.parameters(64), tmp_path / "design")
    with pytest.raises(SimulationError, match=r"stands still(.|\n)*beats wait at: .*fpga0\.") as caught:
        simulate(
            folder,
            [replace(IN, layout=Layout.standard((1, 64), 4)).quantize(dataflow.samples(features=64))],
            idle_limit=500,
        )
    assert "0 of 20 samples" in str(caught.value)


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("backpressure", [0.0, 0.3])
def test_streams_pass_through_a_device(tmp_path: Path, links: bool, backpressure: float) -> None:
    folder = emit(dataflow.chain(), {}, tmp_path / "design")
    integers = np.random.default_rng(0).integers(-256, 256, size=(9, 16))
    run = simulate(folder, [integers], links=links, backpressure=backpressure)
    assert np.array_equal(run.outputs[0], integers.clip(min=0))
    if not backpressure:
        # The slowest link takes 4 beats of 36 bits in 2 phits each.
        assert set(run.cycles_per_sample) == {8 if links else 4}


def test_bad_inputs(folder: Path) -> None:
    with pytest.raises(InputError, match=r"expected \[samples, 8\]"):
        simulate(folder, [np.zeros((2, 7), dtype=np.int64)])
    with pytest.raises(InputError, match="outside -128 to 127"):
        simulate(folder, [np.full((2, 8), 200)])
    with pytest.raises(InputError, match="one per input stream"):
        simulate(folder, [])
    with pytest.raises(InputError, match="probability"):
        simulate(folder, [np.zeros((2, 8), dtype=np.int64)], backpressure=1.0)


def test_without_verilator(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissingError, match="Verilator is not installed") as caught:
        simulate(folder, [np.zeros((2, 8), dtype=np.int64)])
    assert "apt-get install verilator" in str(caught.value)


def test_no_design_there(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="no emitted design"):
        simulate(tmp_path, [])


@pytest.mark.parametrize("width,lanes", [(8, 4), (3, 1), (5, 7), (16, 4), (32, 3)])
def test_beats_hold_what_was_packed(width: int, lanes: int) -> None:
    port = StreamPort("p", Layout.standard((1, 3 * lanes), lanes), width, 0)
    low, high = port.format.minimum, port.format.maximum
    integers = np.random.default_rng(0).integers(low, high + 1, size=(5, 3 * lanes))
    words = port.pack(integers)
    assert words.shape == (15, port.words)
    assert np.array_equal(port.unpack(words), integers)


def test_images_travel_channels_last() -> None:
    port = StreamPort("p", Layout.standard((1, 2, 2, 3), 2), 8, 0)
    image = torch.arange(12.0).reshape(1, 2, 2, 3)
    integers = port.quantize(image)
    assert integers[0, :4].tolist() == [0, 6, 1, 7]
    assert torch.equal(port.dequantize(integers), image)


def test_simulators_used_last_are_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = verilator.build(folder, top="xplat_system").path
    os.utime(kept, (1000, 1000))
    assert verilator.build(folder, top="xplat_system").path == kept
    assert kept.stat().st_mtime > 1000
    monkeypatch.setattr(verilator, "KEPT_SIMULATORS", 2)
    for age, name in enumerate(("new", "old", "older")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    verilator._forget_oldest(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"new", "old"}
