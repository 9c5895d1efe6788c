# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Systems by name and from files, and what is said about those that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.support.errors import SystemDescriptionError
from xplat.target.system import Instance, System, describe_known, known_devices

RACK = """
xplat.system @rack {
  xplat.instance @left of @z7020
  xplat.instance @right of @z7020
  xplat.cable @cable @left port @link to @right port @link
}
"""


def cables(system: System) -> list[tuple[str, str]]:
    with ir.Context():
        module = ir.Module.parse(system.text)
        (op,) = (op for op in module.body.operations if isinstance(op, xp.SystemOp))
        inner = op.body.blocks[0].operations
        return [(c.source.value, c.target.value) for c in inner if isinstance(c, xp.CableOp)]


def test_devices() -> None:
    assert {"z7020", "u250", "u280"} <= set(known_devices())
    text = describe_known()
    for part in (*known_devices(), "53,200 lut", "ring", "full"):
        assert part in text


@pytest.mark.parametrize("device", known_devices())
def test_single(device: str) -> None:
    system = System.load(device)
    assert system.instances == (Instance("fpga0", device),)
    assert cables(system) == []


def test_chain_ring_and_full() -> None:
    assert System.load("2xz7020").name == "2xz7020"
    assert cables(System.load("2xz7020")) == [("fpga0", "fpga1")]
    assert cables(System.load("3xu250-chain")) == [("fpga0", "fpga1"), ("fpga1", "fpga2")]
    assert cables(System.load("4xu250-ring"))[-1] == ("fpga3", "fpga0")
    assert cables(System.load("2xu250-ring")) == [("fpga0", "fpga1")]
    assert len(cables(System.load("3xu280-full"))) == 3


def test_file(tmp_path: Path) -> None:
    file = tmp_path / "rack.mlir"
    file.write_text(RACK)
    system = System.load(file)
    assert system.name == "rack"
    assert system.instances == (Instance("left", "z7020"), Instance("right", "z7020"))


def test_device_of_ones_own() -> None:
    text = (
        RACK.replace("@z7020", "@board")
        + """
    xplat.device @board fpga part "my-part" clock_mhz 50.0 resources <lut = 1000, ff = 2000> source "measured" {
      xplat.port @link count 1 rate_gbps 1.0 latency_ns 10.0 source "measured"
    }
    """
    )
    assert System.from_text(text).instances[0].device == "board"


def test_merge() -> None:
    with ir.Context():
        network = ir.Module.parse("xplat.param @w : tensor<2xf32>")
        merged = System.load("2xz7020").merged_into(network)
        kinds = [op.operation.name for op in merged.body.operations]
        assert sorted(kinds) == ["xplat.device", "xplat.family", "xplat.param", "xplat.system"]
        assert merged.operation.verify()
        assert len(network.body.operations) == 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("2xz7021", ["z7020", "u250", "did you mean '2xz7020'"]),
        ("gpu", ["unknown system 'gpu'", "u280"]),
        ("", ["unknown system ''"]),
        ("2xz7020-torus", ["'torus' is not a topology", "ring"]),
        ("0xz7020", ["no device"]),
        ("4xu280-full", ["needs 3 link ports", "u280 has 2", "4xu280-switch", "4xu280-ring"]),
        ("13xu250-full", ["needs 12 link ports", "13xu250-switch"]),
        ("13xu250-star", ["'star' is not a topology", "switch"]),
        ("nowhere/rack.mlir", ["there is no system file 'nowhere/rack.mlir'"]),
    ],
)
def test_unknown(name: str, parts: list[str]) -> None:
    with pytest.raises(SystemDescriptionError) as error:
        System.load(name)
    for part in parts:
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (
            "of @z7020\n  xplat.instance @right",
            "off @z7020\n  xplat.instance @right",
            [":3:24: ", "xplat.instance @left off"],
        ),
        ("@z7020", "@z7021", [":3:3: ", "@z7021", "known devices are"]),
        ("to @right port @link", "to @right port @ln", [":5:3: ", "has no port @ln"]),
        ("to @right", "to @middle", [":5:3: ", "@middle"]),
        ("to @right", "to @left", ["two different instances"]),
        ("@right of", "@left of", ["redefinition of symbol"]),
        (RACK, "", ["expected one 'xplat.system' but got 0"]),
        (RACK, RACK + RACK.replace("@rack", "@other"), ["expected one 'xplat.system' but got 2"]),
        (RACK, RACK.replace("@rack", "@z7020"), ["system and device have the same name, '@z7020'"]),
        ("}", "", ["rack.mlir:"]),
    ],
)
def test_malformed(old: str, new: str, parts: list[str], tmp_path: Path) -> None:
    file = tmp_path / "rack.mlir"
    file.write_text(RACK.replace(old, new))
    with pytest.raises(SystemDescriptionError) as error:
        System.load(file)
    for part in [*parts, "rack.mlir"]:
        assert part in str(error.value), str(error.value)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "rack.mlir"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SystemDescriptionError, match="cannot be read"):
        System.load(file)
