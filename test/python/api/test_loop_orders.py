# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two kernels of a linear layer with different loop orders: the search takes each where it is better."""

from __future__ import annotations

import torch
from torch import nn

import xplat

X = torch.rand(4, 784, generator=torch.Generator().manual_seed(1)) * 2 - 1


def mapped(**options: object) -> tuple[str, xplat.Report]:
    """The kernel of the only layer, and the report. The design computes what the reference does, in the time that was
    predicted."""
    torch.manual_seed(0)
    model = nn.Linear(784, 10).eval()
    design = xplat.compile(model, "z7020", example_inputs=X[:1], calibration=X, **options)  # type: ignore[arg-type]
    simulation = design.simulate(X, assertions=True)
    assert torch.equal(simulation.outputs, design.reference(X))
    report = design.report()
    assert set(simulation.cycles_per_sample) == {report.cycles_per_sample}
    assert simulation.latency_cycles == report.latency_cycles
    return next(node.kernel for node in report.nodes if node.op == "linear"), report


def test_input_stationary_at_full_rate() -> None:
    """With a multiplier for each output nothing is left to be gained by keeping a row."""
    kernel, report = mapped()
    assert kernel == "linear_input_stationary"
    other, without = mapped(mapping={"*": {"kernel": "linear"}})
    assert other == "linear" and without.cycles_per_sample == report.cycles_per_sample
    assert report.latency_cycles < without.latency_cycles


def test_output_stationary_where_there_is_time_for_fewer_multipliers() -> None:
    kernel, _ = mapped(target_cycles=7840)
    assert kernel == "linear"
