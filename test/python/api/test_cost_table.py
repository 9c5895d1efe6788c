# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A device whose costs were measured is one file: an `xplat.device` with a cost table, and a system of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat.support.errors import PassError, SystemDescriptionError

X = torch.rand(8, 16, generator=torch.Generator().manual_seed(1))
MEASURED = (
    "xplat.measurement @linear where {n = 8, k = 16, p_n = 1, p_k = 4} cycles 48 latency 20 area <lut = 90>",
    "xplat.measurement @linear where {n = 8, k = 16, p_n = 2, p_k = 4} cycles 25 latency 20 area <lut = 170>",
)
FILE = """
xplat.device @edge fpga part "xc7z020clg484-1" clock_mhz 100.0
    resources <lut = 5000, ff = 10000, dsp = 20, bram36 = 10> source "for tests" {{
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "for tests"
}}
xplat.cost_table @bench of @edge source "for tests" {{
  {measurements}
}}
xplat.system @lab {{
  xplat.instance @fpga0 of @edge
}}
"""


def compiled(folder: Path, measurements: tuple[str, ...], **options: object) -> xplat.Design:
    file = folder / "lab.mlir"
    file.write_text(FILE.format(measurements="\n  ".join(measurements)))
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(16, 8), nn.ReLU())
    # Kernels that were not measured are left out of it, whichever the library has.
    only = {"0": {"kernel": "linear"}}
    return xplat.compile(model, file, example_inputs=X[:1], calibration=X, mapping=only, **options)  # type: ignore[arg-type]


def test_the_fastest_measurement_wins(tmp_path: Path) -> None:
    # With signs, so that the ReLU is a node of its own.
    design = compiled(tmp_path, MEASURED, quantize="sint8")
    report = design.report()
    linear = next(node for node in report.nodes if node.kernel == "linear")
    # 25 cycles for four beats: a beat every 7 cycles.
    assert (linear.cycles, linear.latency, linear.unroll) == (28, 20, {"m": 1, "n": 2, "k": 4})
    assert linear.area["lut"] == 170 and report.cycles_per_sample == 28
    relu = next(node for node in report.nodes if node.kernel == "relu")
    assert relu.cycles <= 8, "what the table does not name has its contract's costs"


def test_the_cheapest_that_reaches_the_target(tmp_path: Path) -> None:
    linear = next(n for n in compiled(tmp_path, MEASURED, target_cycles=50).report().nodes if n.kernel == "linear")
    assert linear.unroll == {"m": 1, "n": 1, "k": 4}


def test_what_was_not_measured_cannot_be_had(tmp_path: Path) -> None:
    other = "xplat.measurement @linear where {n = 9} cycles 48 latency 20 area <lut = 90>"
    with pytest.raises(PassError, match=r"cost table @bench of @edge has no measurement of it with m = 1, n = 8"):
        compiled(tmp_path, (other,))


def test_a_wrong_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemDescriptionError, match="at least one cycle"):
        compiled(tmp_path, ("xplat.measurement @linear where {} cycles 0 latency 1 area <>",))
