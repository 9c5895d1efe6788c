# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Resources are what the devices of a system call theirs: reports, limits, and RTL for a device of another vendor."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat.support.errors import PassError
from xplat.testing.networks import PlainCnn, settle_batch_norm

X = torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(0))
VECTORS = torch.randn(32, 8, generator=torch.Generator().manual_seed(0))
TWO_VENDORS = """
xplat.system @lab {
  xplat.instance @first of @z7020
  xplat.instance @second of @ulx3s
  xplat.cable @cable @first port @link to @second port @link
}
"""
WITHOUT_MULTIPLIERS = """
xplat.device @plain fpga part "p" family @ecp5 clock_mhz 50.0
    resources <lut = 83640, ff = 83640, ebr = 208> source "for tests" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "for tests"
}
xplat.system @lab {
  xplat.instance @fpga0 of @plain
}
"""


def test_rtl_for_another_vendor() -> None:
    torch.manual_seed(1)
    design = xplat.compile(settle_batch_norm(PlainCnn(), X), "ulx3s", example_inputs=X[:1], calibration=X)
    report = design.report()
    assert report.resources == ("lut", "ff", "mult18", "ebr")
    (device,) = report.devices
    assert list(device.used) == list(device.budget) == ["lut", "ff", "mult18", "ebr"]
    assert 0 < device.used["mult18"] <= device.budget["mult18"] == 156
    assert sum(node.area["mult18"] for node in report.nodes) == device.used["mult18"]
    simulation = design.simulate(X[:16])
    assert torch.equal(simulation.outputs, design.reference(X[:16]))
    assert simulation.steady and set(simulation.cycles_per_sample) == {report.cycles_per_sample}


def test_a_report_has_the_resources_of_all_devices(tmp_path: Path) -> None:
    (file := tmp_path / "lab.mlir").write_text(TWO_VENDORS)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8))
    mapping = {"0": {"device": "first"}, "1": {"device": "second"}}
    design = xplat.compile(model, file, example_inputs=VECTORS[:1], calibration=VECTORS, mapping=mapping)
    report = design.report()
    assert report.resources == ("lut", "ff", "dsp", "bram36", "mult18", "ebr")
    used = {node.name: node.area for node in report.nodes if node.op == "linear"}
    assert list(used["0"]) == ["lut", "ff", "dsp", "bram36"] and used["0"]["dsp"] > 0
    assert list(used["1"]) == ["lut", "ff", "mult18", "ebr"] and used["1"]["mult18"] > 0
    lines = {line.split()[0]: line.split() for line in str(report).splitlines() if line.split()}
    assert lines["device"] == ["device", "MHz", *report.resources]
    # Behind name and clock: four words for each of the two resources that both have, then those of one device.
    assert lines["first"][-2:] == lines["second"][10:12] == ["-", "-"]


def test_a_resource_that_the_device_lacks_is_named(tmp_path: Path) -> None:
    (file := tmp_path / "lab.mlir").write_text(WITHOUT_MULTIPLIERS)
    with pytest.raises(PassError, match="it needs 1 mult18 but 0 may be used"):
        xplat.compile(nn.Linear(8, 8), file, example_inputs=VECTORS[:1], calibration=VECTORS)
