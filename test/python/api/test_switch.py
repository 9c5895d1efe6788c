# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Systems whose devices hang on a switch: names, mapping over many boards, and the RTL of a small one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.support.errors import PassError
from xplat.target.system import SWITCH_LATENCY_NS, System, describe_known
from xplat.testing.networks import ResidualCnn, settle_batch_norm
from xplat.views.report import Report

X = torch.randn(32, 16, generator=torch.Generator().manual_seed(0))


class Branches(nn.Module):
    """One layer whose result several others read, each as large as a device is to be."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.stem = nn.Linear(16, 16)
        self.branches = nn.ModuleList(nn.Linear(16, 16) for _ in range(count))

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.stem(x))
        total = self.branches[0](y)
        for branch in list(self.branches)[1:]:
            total = total + branch(y)
        return total


def chain(count: int) -> nn.Module:
    return nn.Sequential(*(nn.Linear(16, 16) for _ in range(count)))


def compiled(model: nn.Module, system: str | System, *, share: float) -> xplat.Design:
    torch.manual_seed(0)
    return xplat.compile(model, system, example_inputs=X[:1], calibration=X, max_utilization=share)


# 270 multipliers of each board may be used: one layer of 256.
SHARE = 0.022


def within_ports(report: Report) -> bool:
    return all(cable.sent <= cable.bits and cable.received <= cable.bits for cable in report.cables)


def test_name() -> None:
    system = System.load("13xu250-switch")
    assert len(system.instances) == 13
    assert system.text.count("to @switch") == 26, "both ports of every board"
    assert f"latency_ns {SWITCH_LATENCY_NS}" in system.text
    assert "switch   every port of each device linked to one switch" in describe_known()
    assert System.load("1xzu9eg-switch").text.count("to @switch") == 4


def test_thirteen_boards_in_a_row() -> None:
    report = compiled(chain(13), "13xu250-switch", share=SHARE).report()
    assert len({node.device for node in report.nodes}) == 13
    assert within_ports(report)
    assert sum(cable.sent for cable in report.cables) == sum(cable.received for cable in report.cables) > 0
    # Every layer in one cycle: nothing that crosses slows it down.
    assert report.cycles_per_sample == compiled(chain(13), "13xu250", share=SHARE).report().cycles_per_sample
    text = str(report)
    assert "use of cables, bits of each cycle" in text and "switch" in text


def test_one_board_feeds_several() -> None:
    design = compiled(Branches(6), "8xu250-switch", share=SHARE)
    report = design.report()
    places = {node.name: node.device for node in report.nodes}
    homes = {places[f"branches.{index}"] for index in range(6)}
    assert len(homes) > 3
    assert within_ports(report)
    links = [op for op in nodes_of(design.mapped) if isinstance(op, xp.LinkOp)]
    # 400 ns of the ports and those of the switch, at 250 MHz.
    assert {link.latency_cycles.value for link in links} == {round((400 + SWITCH_LATENCY_NS) / 4)}
    assert all(link.arrival is not None for link in links)
    # Each crosses in one hop, where a chain would take it through the boards between.
    assert report.cycles_per_sample <= cycles_on_a_chain(Branches(6), "8xu250")


def cycles_on_a_chain(model: nn.Module, system: str) -> float:
    try:
        return compiled(model, system, share=SHARE).report().cycles_per_sample
    except PassError:
        return float("inf")


@pytest.fixture(scope="module")
def small() -> tuple[xplat.Design, Tensor]:
    """A residual network over three boards with one port each, so that two streams may share it."""
    torch.manual_seed(1)
    images = torch.randn(32, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    model = settle_batch_norm(ResidualCnn(width=4), images)
    system = System.from_text(
        """
        xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0
            resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "AMD DS190" {
          xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "board manual"
          xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "board manual"
        }
        xplat.system @rack {
          xplat.instance @a of @board
          xplat.instance @b of @board
          xplat.instance @c of @board
          xplat.switch @net latency_ns 45.0 source "data sheet"
          xplat.cable @an @a port @link to @net
          xplat.cable @bn @b port @link to @net
          xplat.cable @cn @c port @link to @net
        }
        """
    )
    options = {"example_inputs": images[:1], "calibration": images, "max_utilization": 0.12}
    return xplat.compile(model, system, **options), images


@pytest.mark.parametrize("links", [True, False])
def test_rtl_is_exact_at_the_predicted_rate(small: tuple[xplat.Design, Tensor], links: bool) -> None:
    design, images = small
    report = design.report()
    assert {node.device for node in report.nodes} == {"a", "b", "c"}, "expected a real split"
    assert within_ports(report)
    assert all(link.latency_cycles.value == 13 for link in nodes_of(design.mapped) if isinstance(link, xp.LinkOp))
    simulation = design.simulate(images[:5], links=links)
    assert torch.equal(simulation.outputs, design.reference(images[:5]))
    if links:  # which hold beats, too: without them paths that join have less room
        assert set(simulation.cycles_per_sample) == {report.cycles_per_sample}


def test_back_pressure(small: tuple[xplat.Design, Tensor]) -> None:
    design, images = small
    simulation = design.simulate(images[:5], backpressure=0.6, seed=3)
    assert torch.equal(simulation.outputs, design.reference(images[:5]))


def test_saves_loads_and_plots(small: tuple[xplat.Design, Tensor], tmp_path: Path) -> None:
    design, _ = small
    again = xplat.Design.load(design.save(tmp_path / "design"))
    assert again.report() == design.report()
    pytest.importorskip("matplotlib")
    assert "switch" in design.plot(tmp_path / "picture.svg").read_text()
