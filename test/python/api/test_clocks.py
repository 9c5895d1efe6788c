# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two clocks in one system: a Z7020 at 100 MHz beside a U250 at 250 MHz.

Outputs are exact however the clocks lie to each other, each board runs at its own clock, and the time per sample is
the predicted one.
"""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import xplat
from xplat.cli.program import main
from xplat.dialects import xplat as xp
from xplat.hardware.emit.elaboration import check_elaboration
from xplat.mlir import nodes_of, origins_of
from xplat.support.errors import PassError
from xplat.target.system import System
from xplat.testing.networks import RandomNetwork, settle_batch_norm

SYSTEM = """
xplat.system @mixed {
  xplat.instance @slow of @z7020
  xplat.instance @fast of @u250
  xplat.cable @cable @slow port @link to @fast port @qsfp
}
"""
TICK_MHZ = 500
"""The lowest common multiple: a cycle of the Z7020 has five ticks, one of the U250 two."""
TICKS = {"slow": 5, "fast": 2}
X = torch.rand(24, 3, 8, 8, generator=torch.Generator().manual_seed(1))


class Net(nn.Module):
    """Two convolutions and a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 8, 3, padding=1)
        self.fc = nn.Linear(8 * 64, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(torch.relu(self.second(torch.relu(self.first(x)))).flatten(1))


def compiled(mapping: Any = None, **options: Any) -> xplat.Design:
    torch.manual_seed(0)
    return xplat.compile(
        Net(), System.from_text(SYSTEM), example_inputs=X[:1], calibration=X, mapping=mapping, **options
    )


def check_simulation(design: xplat.Design, x: torch.Tensor, **options: Any) -> None:
    """Outputs are those of the reference; in steady state samples leave in the predicted time."""
    report = design.report()
    simulation = design.simulate(x, assertions=True, **options)
    assert torch.equal(simulation.outputs, design.reference(x))
    if options.get("backpressure"):
        return
    assert simulation.steady
    # They leave at edges of one clock: what is between two samples is off by less than one of its cycles.
    steady = simulation.cycles_per_sample
    assert abs(sum(steady) - len(steady) * report.cycles_per_sample) <= max(TICKS.values())


FIRST_SLOW = {"first*": {"device": "slow"}, "second*": {"device": "fast"}, "fc": {"device": "fast"}}


@pytest.fixture(scope="module")
def design() -> xplat.Design:
    """The first layer on the slow board, and as much as the fast board does in the same time on that."""
    return compiled(FIRST_SLOW)


def test_each_board_counts_in_its_own_cycles(design: xplat.Design) -> None:
    report = design.report()
    assert {device.name: device.clock_mhz for device in report.devices} == {"slow": 100.0, "fast": 250.0}
    assert report.clock_mhz == TICK_MHZ
    assert {node.device for node in report.nodes} == {"slow", "fast"}
    ticks = {node.name: node.cycles * TICKS[node.device] for node in report.nodes}
    assert report.cycles_per_sample == max(ticks.values()) == ticks[report.bottleneck]
    assert Fraction(report.interval_ps) == Fraction(10**6 * report.cycles_per_sample, TICK_MHZ)
    assert "at 100 and 250 MHz" in str(report) and "us in steady state" in str(report)
    slow, fast = report.devices
    assert f"  slow:\n    100 MHz promised: {slow.promise}\n" in str(report)
    assert slow.estimated_mhz and f"    {slow.estimated_mhz:g} MHz estimated: {slow.estimate}\n" in str(report)
    assert fast.promise is None and "  fast:\n    250 MHz assumed, not promised\n" in str(report)
    crossings = [node for node in report.nodes if node.op == "cdc"]
    assert {node.device for node in crossings} == {"fast"}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_exact_however_the_clocks_lie(design: xplat.Design, seed: int) -> None:
    check_simulation(design, X, seed=seed)


def test_back_pressure_and_without_links(design: xplat.Design) -> None:
    check_simulation(design, X, seed=3, backpressure=0.5)
    check_simulation(design, X, seed=4, links=False, backpressure=0.2)


def test_latency_is_predicted_within_the_synchronizers(design: xplat.Design) -> None:
    predicted = design.report().latency_cycles
    crossings = sum(node.op == "cdc" for node in design.report().nodes)
    for seed in range(3):
        simulated = design.simulate(X[:2], seed=seed).latency_cycles
        assert abs(simulated - predicted) <= 2 * sum(TICKS.values()) * max(crossings, 1)


def test_the_slow_board_does_not_slow_the_fast_one() -> None:
    # All the work on the fast board, with factors that are fixed; the slow one only has the host's samples.
    fixed = {
        "*": {"device": "fast"},
        "first": {"unroll": {"oc": 1}},
        "x": {"device": "slow"},
    }
    mixed = compiled(fixed)
    report = mixed.report()
    bottleneck = next(node for node in report.nodes if node.name == report.bottleneck)
    assert bottleneck.device == "fast"
    torch.manual_seed(0)
    del fixed["x"]
    alone = xplat.compile(
        Net(),
        System.from_text(
            SYSTEM.replace("mixed", "alone").replace("@z7020", "@u250").replace("port @link", "port @qsfp")
        ),
        example_inputs=X[:1],
        calibration=X,
        mapping=fixed,
    ).report()
    assert report.interval_ps == alone.interval_ps
    assert report.samples_per_second == pytest.approx(alone.samples_per_second)
    check_simulation(mixed, X, seed=5)


def test_the_compiler_places_by_itself() -> None:
    """As much as reaches the target, within shares that one board alone does not hold."""
    design = compiled(target="100000/s", max_utilization=0.5)
    assert design.report().samples_per_second >= 100000
    check_simulation(design, X, seed=6)


def test_cycles_are_no_target() -> None:
    with pytest.raises(PassError, match="expected 'target-per-second' but got 'target-cycles': the devices' clocks"):
        compiled(target_cycles=1000)


def test_emitted_folder_names_each_clock(design: xplat.Design, tmp_path: Path) -> None:
    folder = design.emit(tmp_path / "hw")
    clocks = {clock["clock"]: clock for clock in json.loads((folder / "design.json").read_text())["clocks"]}
    assert {name: clock["ticks"] for name, clock in clocks.items()} == {"slow_clk_i": 5, "fast_clk_i": 2}
    slow, fast = ((folder / f"clock_{name}.xdc").read_text() for name in ("slow", "fast"))
    assert slow.startswith("create_clock -name clk -period 10.000 [get_ports clk_i]\n#")
    # Ports but clocks have 0.4 of a period of their clock outside.
    assert "set_input_delay -clock clk 4.000 [get_ports -quiet -filter {DIRECTION == IN && NAME !~ clk_i*}]\n" in slow
    assert "set_output_delay -clock clk 4.000 [get_ports -quiet -filter {DIRECTION == OUT && NAME !~ clk_i*}]\n" in slow
    assert "create_clock -name clk -period 4.000 [get_ports clk_i]" in fast
    assert "create_clock -name slow_clk_i -period 10.000 [get_ports slow_clk_i]" in fast
    assert "set_max_delay -datapath_only -from [get_clocks slow_clk_i] -to [get_clocks clk] 4.000" in fast
    on_slow = re.findall(r"set_(input|output)_delay -clock slow_clk_i 4\.000 .*DIRECTION == (\w+) && \((.*)\)}", fast)
    assert [found[:2] for found in on_slow] == [("input", "IN"), ("output", "OUT")]
    ports = re.findall(r"NAME =~ (\w+)\*", on_slow[0][2])
    header = (folder / "rtl" / "fast.sv").read_text()
    assert {"slow_rst_ni"} < set(ports) and all(re.search(rf"\b{port}\b", header) for port in ports)
    (on_own,) = re.findall(r"set_input_delay -clock clk 1\.600 .*DIRECTION == IN && (.*)}", fast)
    assert re.findall(r"NAME !~ (\w+)\*", on_own) == ["clk_i", "slow_clk_i", *ports]
    assert check_elaboration(folder) == []


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = tmp_path / "mixed.mlir"
    system.write_text(SYSTEM)
    model = tmp_path / "model.py"
    model.write_text(
        "import torch\n"
        "from torch import nn\n"
        "torch.manual_seed(0)\n"
        "model = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))\n"
        "example_inputs = torch.rand(8, 16)\n"
    )
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"0": {"device": "slow"}, "2": {"device": "fast"}}))
    arguments = ["compile", f"{model}:model", "--system", str(system), "--mapping", str(mapping)]
    assert main([*arguments, "--output", str(tmp_path / "design")]) in (0, None)
    assert main(["simulate", str(tmp_path / "design")]) in (0, None)
    assert "at 100 and 250 MHz" in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_random_networks(seed: int) -> None:
    """Random networks on two or three boards with random clocks, cut at a random place."""
    generator = random.Random(seed)
    network = RandomNetwork(seed)
    samples = torch.randn(24, *network.input_shape, generator=torch.Generator().manual_seed(seed))
    model = settle_batch_norm(network, samples)
    clocks = [generator.choice([50.0, 66.0, 75.0, 100.0, 125.0, 200.0, 250.0]) for _ in range(3)]
    boards = "\n".join(
        f"""
        xplat.device @board{index} fpga part "xc7z020clg484-1" clock_mhz {clock}
            resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "AMD DS190" {{
          xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "board manual"
          xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "board manual"
        }}"""
        for index, clock in enumerate(clocks)
    )
    text = f"""{boards}
        xplat.system @random {{
          xplat.instance @a of @board0
          xplat.instance @b of @board1
          xplat.instance @c of @board2
          xplat.cable @ab @a port @link to @b port @link
          xplat.cable @bc @b port @link to @c port @link
        }}
    """
    design = xplat.compile(
        model,
        System.from_text(text),
        example_inputs=samples[:1],
        calibration=samples,
        max_utilization=generator.choice([0.1, 0.2, 0.4]),
    )
    report = design.report()
    for stalls in (0.0, 0.5):
        simulation = design.simulate(samples, seed=seed, backpressure=stalls, assertions=True)
        assert torch.equal(simulation.outputs, design.reference(samples))
        if stalls == 0.0 and simulation.steady:
            steady = simulation.cycles_per_sample
            slack = max(clock["ticks"] for clock in clocks_of(design))
            assert abs(sum(steady) - len(steady) * report.cycles_per_sample) <= slack


def clocks_of(design: xplat.Design) -> list[dict[str, int]]:
    """Ticks of a cycle of each board in use."""
    report = design.report()
    return [{"ticks": round(report.clock_mhz / device.clock_mhz)} for device in report.devices]


def test_links_have_the_clock_of_the_sender(design: xplat.Design) -> None:
    nodes, origins = nodes_of(design.mapped), origins_of(design.mapped)
    links = [node.result for node in nodes if isinstance(node, xp.LinkOp)]
    crossed = [origins[node.input] for node in nodes if isinstance(node, xp.CdcOp)]
    assert links and links == crossed
