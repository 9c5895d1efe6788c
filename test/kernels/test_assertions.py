# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The assertions on streams fire when a stream breaks the protocol, also at the end of a simulation, and forgive a
break that a reset follows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

RTL = Path(__file__).resolve().parents[2] / "hw_kernels/common/rtl"
BENCH = """\
`include "xplat_assert.svh"
module top;
  logic clk_i = 1'b0, rst_ni = 1'b0, valid = 1'b0, ready = 1'b0;
  logic [7:0] data = 8'd1;
  int unsigned cycle = 0, break_at, change_at, reset_at, end_at;
  initial begin
    void'($value$plusargs("break=%d", break_at));
    void'($value$plusargs("change=%d", change_at));
    void'($value$plusargs("reset=%d", reset_at));
    void'($value$plusargs("end=%d", end_at));
  end
  always #1 clk_i = ~clk_i;
  always_ff @(posedge clk_i) begin
    cycle <= cycle + 1;
    rst_ni <= cycle > 3 && cycle != reset_at;
    valid <= cycle > 5 && cycle != break_at;
    data <= cycle == change_at ? 8'd2 : 8'd1;
    if (cycle == end_at) $finish;
  end
  `XPLAT_ASSERT_STREAM(Offered, valid, ready, data)
endmodule
"""
"""A beat that is never taken; `valid` falls for a cycle, or its data changes."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assertions")
    (folder / "top.sv").write_text(BENCH)
    command = ["verilator", "--binary", "--assert", "-Wno-fatal", f"-I{RTL}", "--top-module", "top", "top.sv"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "obj_dir" / "Vtop"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("+end=40", None),
        ("+break=12 +end=40", "valid fell before ready"),
        ("+break=12 +end=16", "valid fell before ready"),
        ("+change=12 +end=40", "data changed while stalled"),
        ("+change=12 +end=16", "data changed while stalled"),
        ("+break=12 +change=13 +reset=17 +end=40", None),
        ("+break=12 +reset=30 +end=40", "valid fell before ready"),
        ("+break=20 +reset=15 +end=40", "valid fell before ready"),
    ],
)
def test_breaks_of_the_protocol(bench: Path, flags: str, expected: str | None) -> None:
    run = subprocess.run([str(bench), *flags.split()], capture_output=True, text=True, check=False)
    found = run.stdout + run.stderr
    if expected is None:
        assert run.returncode == 0 and "Offered" not in found
    else:
        assert run.returncode != 0 and f"stream 'Offered': {expected}" in found
