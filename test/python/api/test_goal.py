# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Objectives and targets: in the user's units, reached or refused, and stated in the report."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

import xplat
from xplat.api.goal import Goal, samples_per_second
from xplat.support.errors import InputError, PassError
from xplat.testing.networks import Mlp

X = torch.rand(16, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def design(**options: Any) -> xplat.Design:
    torch.manual_seed(0)
    return xplat.compile(Mlp(), "z7020", example_inputs=X[:1], calibration=X, **options)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5000/s", 5e3), ("5k/s", 5e3), (" 1.5 M / s ", 1.5e6), ("2e4/s", 2e4), ("0.25/s", 0.25), ("7./s", 7.0)],
)
def test_rates(text: str, value: float) -> None:
    assert samples_per_second(text) == value


@pytest.mark.parametrize("text", ["5000", "5000/m", "/s", "-5/s", "0/s", "1e999/s", "5 000/s", "5K/s", "", 5000, "٥/s"])
def test_what_is_no_rate(text: Any) -> None:
    with pytest.raises(InputError, match="expected a target such as '5000/s' but got"):
        samples_per_second(text)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"objective": "speed"}, "expected an objective but got 'speed'"),
        ({"target": "5/s", "target_cycles": 5}, "target or target_cycles but got both"),
        ({"target": "5 samples"}, "expected a target such as '5000/s'"),
    ],
)
def test_what_is_wrong_is_said_before_the_work(options: dict[str, Any], match: str) -> None:
    said: list[str] = []
    with pytest.raises(InputError, match=match):
        design(progress=said.append, **options)
    assert said == []


def test_a_goal_is_one_target_at_most() -> None:
    assert Goal.of("latency", "5k/s", None) == Goal("latency", per_second=5000.0)
    assert Goal.of("throughput", None, 64) == Goal(cycles=64)


def test_a_target_is_reached_with_less_hardware() -> None:
    fast = design().report()
    wanted = fast.samples_per_second / 4
    slow = design(target=f"{wanted}/s").report()
    assert wanted <= slow.samples_per_second < fast.samples_per_second
    assert slow.devices[0].used["dsp"] < fast.devices[0].used["dsp"]
    assert slow.target_samples_per_second == wanted and slow.target_cycles is None
    assert f"asked for    at least {wanted:,.10g} samples/s, least area" in str(slow)
    cycles = int(fast.clock_mhz * 1e6 / wanted)
    other = design(target_cycles=cycles).report()
    assert other.cycles_per_sample == slow.cycles_per_sample and other.devices == slow.devices
    assert f"asked for    at most {cycles:,} cycles per sample, least area" in str(other)
    assert "asked for" not in str(fast) and json.loads(fast.json())["objective"] == "throughput"


def test_a_target_beyond_the_hardware_is_refused() -> None:
    with pytest.raises(PassError, match="but the target is 1 \\(60000000 samples per second\\); give a lower target"):
        design(target="60M/s")
    with pytest.raises(PassError, match="more than one sample in each cycle of the clock of 100 MHz"):
        design(target="200M/s")


def test_objectives() -> None:
    designs = [design(objective=objective) for objective in ("throughput", "latency", "area")]
    fast, short, small = (one.report() for one in designs)
    assert short.latency_cycles < fast.latency_cycles
    simulated = [one.simulate(X[:2]).latency_cycles for one in designs[:2]]
    assert simulated[1] < simulated[0]
    assert small.devices[0].used["dsp"] < fast.devices[0].used["dsp"]
    assert all(factor == 1 for node in small.nodes if node.op == "linear" for factor in node.unroll.values())
    assert "asked for    lowest latency" in str(short) and "asked for    least area" in str(small)


def test_the_lowest_latency_at_a_throughput() -> None:
    fast = design().report()
    wanted = fast.samples_per_second / 2
    short = design(objective="latency", target=f"{wanted}/s").report()
    least = design(target=f"{wanted}/s").report()
    assert short.samples_per_second >= wanted and short.latency_cycles < least.latency_cycles


def test_what_is_asked_is_saved_with_the_design(tmp_path: Any) -> None:
    made = design(objective="area", target="1k/s")
    loaded = xplat.Design.load(made.save(tmp_path / "design")).report()
    assert loaded == made.report()
    assert (loaded.objective, loaded.target_samples_per_second) == ("area", 1000.0)
