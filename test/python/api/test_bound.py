# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The bound of a mapping against all mappings: every unroll of every node on every device, for tiny graphs.

The search below knows the contracts of test/lit/Inputs/mapping.mlir by heart and shares no code with the compiler. It
leaves out what only costs (links, width converters, forks, routes), so a mapping may need more than its best one, but
the bound may not.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
import torch

import xplat
from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import XplatError

CONTRACTS = Path(__file__).parents[2] / "lit" / "Inputs" / "mapping.mlir"
MEMORY_BITS = 8
"""Bits that the memory of a device moves in a cycle."""


@dataclass(frozen=True)
class Choice:
    """One unroll of a node."""

    cycles: int
    lut: int
    dsp: int


@dataclass(frozen=True)
class Case:
    """A chain of linear layers, perhaps with activations or a connection around it, and its system."""

    widths: tuple[int, ...]
    relu: bool
    residual: bool
    luts: tuple[int, ...]
    dsps: tuple[int, ...]
    share: str

    @staticmethod
    def draw(seed: int, *, layers: int, devices: int) -> Case:
        rng = random.Random(seed)
        residual = rng.random() < 0.3
        widths = [rng.choice([2, 3, 4, 6]) for _ in range(layers + 1)]
        if residual:
            widths[-1] = widths[0]
        return Case(
            tuple(widths),
            rng.random() < 0.5,
            residual,
            tuple(rng.choice([150, 250, 400, 4000]) for _ in range(devices)),
            tuple(rng.randint(2, 20) for _ in range(devices)),
            rng.choice(["0.3", "0.5", "0.8", "0.9", "1.0"]),
        )


def divisors(extent: int) -> list[int]:
    return [factor for factor in range(1, extent + 1) if extent % factor == 0]


def lanes(width: int, lut_per_lane: int) -> list[Choice]:
    return [Choice(width // lanes, lut_per_lane * lanes, 0) for lanes in divisors(width)]


def linear(inputs: int, outputs: int) -> list[Choice]:
    return [
        Choice(max(outputs // p_n * (inputs // p_k), inputs // p_k), 8 * p_n, p_n * p_k)
        for p_n in divisors(outputs)
        for p_k in divisors(inputs)
    ]


def nodes_of(case: Case) -> list[list[Choice]]:
    """The choices of each node; the first and the last one are the host's."""
    nodes = [lanes(case.widths[0], 0)]
    for inputs, outputs in itertools.pairwise(case.widths):
        nodes.append(linear(inputs, outputs))
        if case.relu:
            nodes.append(lanes(outputs, 10))
    if case.residual:
        nodes.append(lanes(case.widths[-1], 20))
    return [*nodes, lanes(case.widths[-1], 0)]


def best_of_all(case: Case, share: str) -> int | None:
    """The fewest cycles of any combination of unrolls and devices within the budgets; none where nothing fits."""
    rooms = zip(case.luts, case.dsps, strict=True)
    budgets = [tuple(math.floor(Fraction(share) * amount) for amount in kinds) for kinds in rooms]
    nodes = nodes_of(case)
    boundary_bits = {0: 8 * case.widths[0], len(nodes) - 1: 8 * case.widths[-1]}
    best: int | None = None

    def place(index: int, cycles: int, used: list[list[int]]) -> None:
        """All that can follow; what is not faster than the best one is left."""
        nonlocal best
        if best is not None and cycles >= best:
            return
        if index == len(nodes):
            best = cycles
            return
        for choice in nodes[index]:
            for device, (lut, dsp) in enumerate(budgets):
                now = used[device]
                bits = now[2] + boundary_bits.get(index, 0)
                if now[0] + choice.lut > lut or now[1] + choice.dsp > dsp:
                    continue
                slowest = max(cycles, choice.cycles, -(-bits // MEMORY_BITS))
                now_used = [now[0] + choice.lut, now[1] + choice.dsp, bits]
                place(index + 1, slowest, [*used[:device], now_used, *used[device + 1 :]])

    place(0, 1, [[0, 0, 0] for _ in budgets])
    return best


def text_of(case: Case) -> str:
    """The graph and its system."""
    lines = ["!q = !quant.uniform<i8:f32, 6.25e-02>"]
    for index, (lut, dsp) in enumerate(zip(case.luts, case.dsps, strict=True)):
        lines.append(f"""xplat.device @kind{index} fpga part "xc7z020clg484-1" clock_mhz 100.0
            resources <lut = {lut}, ff = 1000, dsp = {dsp}, bram36 = 4> source "for tests" {{
          xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "for tests"
          xplat.port @link count 2 rate_gbps 80.0 latency_ns 40.0 source "for tests"
        }}""")
    lines.append("xplat.system @tiny {")
    lines += [f"  xplat.instance @d{index} of @kind{index}" for index in range(len(case.luts))]
    if len(case.luts) == 2:
        lines.append("  xplat.cable @c @d0 port @link to @d1 port @link")
    lines.append("}")
    first, last = case.widths[0], case.widths[-1]
    body = [f"%0 = xplat.host_input %x : tensor<1x{first}xf32> -> tensor<1x{first}x!q>"]
    value = 0
    for layer, (inputs, outputs) in enumerate(itertools.pairwise(case.widths)):
        lines.append(f"xplat.param @w{layer} : tensor<{outputs}x{inputs}x!q>")
        body.append(
            f"%{value + 1} = xplat.linear %{value} weight @w{layer} : tensor<1x{inputs}x!q> -> tensor<1x{outputs}x!q>"
        )
        value += 1
        if case.relu:
            body.append(f"%{value + 1} = xplat.relu %{value} : tensor<1x{outputs}x!q> -> tensor<1x{outputs}x!q>")
            value += 1
    if case.residual:
        one = f"tensor<1x{last}x!q>"
        body.append(f"%{value + 1} = xplat.add %{value}, %0 : {one}, {one} -> {one}")
        value += 1
    body.append(f"%y = xplat.host_output %{value} : tensor<1x{last}x!q> -> tensor<1x{last}xf32>")
    lines.append(f"func.func @forward(%x: tensor<1x{first}xf32>) -> tensor<1x{last}xf32> {{")
    return "\n".join([*lines, *(f"  {line}" for line in body), f"  return %y : tensor<1x{last}xf32>", "}"])


def mapping_of(case: Case) -> tuple[int, int, int] | None:
    """Cycles, bound and bound of the whole devices that the compiler writes; none where it finds no mapping."""
    pipeline = (
        f"xplat-link-library{{files={CONTRACTS}}},xplat-hardware{{system=tiny max-utilization={case.share}}},"
        f"xplat-verify-mapping{{max-utilization={case.share}}}"
    )
    try:
        module = run_pipeline(ir.Module.parse(text_of(case), ir.Context()), pipeline, where="test")
    except XplatError:
        return None
    mapping = next(op for op in module.body.operations if isinstance(op, xp.MappingOp))
    bound = mapping.bound_cycles.value
    assert (mapping.max_utilization is None) == (float(case.share) == 1)
    whole = mapping.device_bound_cycles.value if mapping.device_bound_cycles is not None else bound
    return mapping.cycles.value, bound, whole


def compare(cases: list[Case]) -> None:
    mapped = binding = 0
    for case in cases:
        found = mapping_of(case)
        if found is None:
            continue
        cycles, bound, whole = found
        best, best_of_whole = best_of_all(case, case.share), best_of_all(case, "1")
        assert best is not None and best_of_whole is not None, case
        assert whole <= bound <= best <= cycles, (case, found, best)
        assert whole <= best_of_whole, (case, found, best_of_whole)
        if len(case.luts) == 1 and case.luts[0] == 4000:  # one resource of one device: nothing is left to lose
            assert (bound, whole) == (best, best_of_whole), (case, found)
        mapped += 1
        binding += whole < bound
    assert mapped > len(cases) // 3
    assert 0 < binding < mapped


@pytest.mark.parametrize("devices", [1, 2])
def test_no_mapping_beats_the_bound(devices):
    compare([Case.draw(seed, layers=2, devices=devices) for seed in range(24)])


@pytest.mark.long
@pytest.mark.parametrize("devices", [1, 2])
@pytest.mark.parametrize("layers", [1, 3])
def test_no_mapping_beats_the_bound_of_more_graphs(devices, layers):
    compare([Case.draw(1000 + seed, layers=layers, devices=devices) for seed in range(200)])


def test_the_report_tells_when_the_share_binds():
    torch.manual_seed(0)
    model, samples = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 8)), 32
    calibration = torch.randn(samples, 64)
    reports = {
        share: xplat.compile(
            model.eval(), "z7020", example_inputs=calibration[:1], calibration=calibration, max_utilization=share
        ).report()
        for share in (0.2, 1.0)
    }
    share, whole = reports[0.2], reports[1.0]
    assert share.share_binds and share.bound_cycles > share.device_bound_cycles == whole.bound_cycles
    assert "with 20% of each device" in str(share) and "limited by the share: the whole devices would allow" in str(
        share
    )
    assert not whole.share_binds and whole.device_bound_cycles == whole.bound_cycles
    assert "of each device, set" not in str(whole) and "share" not in str(whole)
    data = json.loads(share.json())
    assert data["max_utilization"] == 0.2 and data["share_binds"] is True
    assert data["device_bound_cycles"] == share.device_bound_cycles
