# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What holds the parameters that kernels take in order: ROMs, RAMs that are filled after reset, memories outside."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat import ir
from xplat.api.design import Design
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import simulate_samples
from xplat.mlir import text_of
from xplat.support.errors import MappingError, XplatError


@dataclass(frozen=True)
class Emitted:
    """A design whose parameters of two layers are in memories of a kind, but for one bias, which is in a ROM."""

    kind: str
    design: Design
    folder: Path


def network() -> nn.Module:
    torch.manual_seed(0)
    layers = {"conv": nn.Conv2d(2, 3, 3), "act": nn.Tanh(), "flat": nn.Flatten(), "fc": nn.Linear(12, 5)}
    return nn.Sequential(OrderedDict(layers)).eval()


@pytest.fixture(scope="module")
def samples() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(12, 2, 4, 4)


@pytest.fixture(scope="module", params=["outside", "ram", "ultra_ram"])
def emitted(request: pytest.FixtureRequest, samples: torch.Tensor, tmp_path_factory: pytest.TempPathFactory) -> Emitted:
    kind = request.param
    mapping = {"*": {"memories": kind}}
    design = xplat.compile(network(), "u250", example_inputs=samples[:1], calibration=samples, mapping=mapping)
    text = text_of(design.mapped)
    # Both layers have weights, biases and shifts; the table of tanh is read by addresses.
    assert text.count(f" kind {kind}") == 6 and "@act_table" in text
    lines = [
        line.replace(f" kind {kind}", "") if line.lstrip().startswith("xplat.rom @conv_bias ") else line
        for line in text.split("\n")
    ]
    mixed = Design(design.graph, ir.Module.parse("\n".join(lines), design.mapped.context))
    return Emitted(kind, mixed, mixed.emit(tmp_path_factory.mktemp(kind) / "design"))


def test_ports(emitted: Emitted) -> None:
    words = {port["name"]: port for port in read_manifest(emitted.folder)["words"]}
    assert set(words) == {"conv_weight", "conv_shift", "fc_weight", "fc_bias", "fc_shift"}
    for port in words.values():
        lines = (emitted.folder / "mem" / port["file"]).read_text().split()
        assert len(lines) == port["count"] and len(lines[0]) == -(-port["bits"] // 4)
        assert port["kind"] == emitted.kind
    readme = (emitted.folder / "README.md").read_text()
    outside = emitted.kind == "outside"
    assert ("`conv_weight`, words of a parameter memory outside the device" in readme) == outside
    assert (f"`conv_weight`, words that fill a parameter memory ({emitted.kind}) after reset" in readme) != outside


def test_style(emitted: Emitted) -> None:
    """The family says what each memory is made of: these are too small for blocks, also where UltraRAM is asked for."""
    rtl = "\n".join(file.read_text() for file in (emitted.folder / "rtl").glob("*.sv"))
    found = re.findall(r"(xplat_r[ao]m\w*) #\((?:[^;]|\n)*?\.Style\(\"(\w+)\"\)", rtl)
    filled = 0 if emitted.kind == "outside" else 5
    cells = [cell for cell, _ in found]
    # A bias in a ROM, and the table of tanh.
    assert [cells.count(cell) for cell in ("xplat_ram_stream", "xplat_rom_stream")] == [filled, 1]
    assert set(cells) <= {"xplat_ram_stream", "xplat_rom_stream", "xplat_rom"}
    assert {style for _, style in found} == {"distributed"}


def test_large_memory_in_ultra_ram(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, samples = nn.Sequential(OrderedDict(fc=nn.Linear(512, 16))).eval(), torch.randn(4, 512)
    fc = {"memories": "ultra_ram", "unroll": {"k": 1, "n": 1}}
    design = xplat.compile(model, "u250", example_inputs=samples[:1], calibration=samples, mapping={"fc": fc})
    text = (design.emit(tmp_path / "design") / "rtl" / "fpga0.sv").read_text()
    # 65,536 bits of weights; biases and shifts are few.
    assert re.findall(r"\.Style\(\"(\w+)\"\)", text).count("ultra") == 1


def test_words_in_time(emitted: Emitted, samples: torch.Tensor) -> None:
    simulation = simulate_samples(emitted.folder, [samples], assertions=True)
    assert torch.equal(simulation.outputs[0], emitted.design.reference(samples))
    assert simulation.cycles_per_sample[-1] == emitted.design.report().cycles_per_sample


def test_words_that_are_late(emitted: Emitted, samples: torch.Tensor) -> None:
    for stalls in (0.2, 0.8):
        simulation = simulate_samples(emitted.folder, [samples], assertions=True, backpressure=stalls, seed=1)
        assert torch.equal(simulation.outputs[0], emitted.design.reference(samples))


def test_area(samples: torch.Tensor) -> None:
    """Each kind takes what it is made of: 1 MiB of weights is in block RAM, in UltraRAM, or nowhere on the device."""
    wide = nn.Sequential(nn.Linear(1024, 1024, bias=False)).eval()
    x = torch.randn(2, 1024)

    def used(memories: str) -> dict[str, int]:
        design = xplat.compile(
            wide,
            "u250",
            example_inputs=x[:1],
            calibration=x,
            target_cycles=16384,
            mapping={"0": {"memories": memories, "unroll": {"n": 1, "k": 64}}},
        )
        return dict(design.report().devices[0].used)

    rom, ram, ultra, outside = map(used, ("rom", "ram", "ultra_ram", "outside"))
    assert rom.get("uram", 0) == 0 and rom["bram36"] >= 228 and ram["bram36"] == rom["bram36"]
    # The shifts, 6 bits for each of 1024 channels, are too few for an UltraRAM.
    assert outside.get("bram36", 0) == 0 and ultra["bram36"] == 1
    # Words of 64 weights: eight UltraRAMs side by side, and 16,384 of them: four below each other.
    assert ultra["uram"] == 32
    assert rom["lut"] < outside["lut"] < ram["lut"]


def test_no_such_memory(samples: torch.Tensor) -> None:
    with pytest.raises(MappingError, match="'memories' is 'flash', expected one of 'rom', 'outside'"):
        xplat.compile(network(), "u250", example_inputs=samples[:1], mapping={"fc": {"memories": "flash"}})
    with pytest.raises(XplatError, match="device family @series7 has no part 'ultra_ram_stream'"):
        xplat.compile(
            network(),
            "z7020",
            example_inputs=samples[:1],
            calibration=samples,
            mapping={"*": {"memories": "ultra_ram"}},
        )
