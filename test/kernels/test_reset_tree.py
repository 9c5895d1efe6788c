# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reset of a device is a tree of registers that synthesis leaves as it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from xplat.support.yosys import run_yosys

RTL = Path(__file__).resolve().parents[2] / "hw_kernels/common/rtl"
USERS = """\
module top #(parameter int unsigned Leaves = 1) (
  input logic clk_i, rst_ni, input logic [Leaves-1:0] d_i, output logic open_o, output logic [Leaves-1:0] q_o
);
  logic [Leaves-1:0] reset;
  xplat_reset_tree #(.Leaves(Leaves)) u_tree (.clk_i, .rst_ni, .open_o, .leaf_no(reset));
  for (genvar i = 0; i < Leaves; i++) begin : gen_user
    always_ff @(posedge clk_i) q_o[i] <= reset[i] ? d_i[i] : 1'b0;
  end
endmodule
"""
"""A register at each leaf."""


@pytest.mark.parametrize(("leaves", "inner"), [(1, 0), (16, 0), (17, 2), (300, 19 + 2)])
@pytest.mark.parametrize("command", ["synth_ecp5 -noflatten", "synth_ecp5 -abc9", "synth_xilinx -family xc7 -flatten"])
def test_registers_stay(tmp_path: Path, leaves: int, inner: int, command: str) -> None:
    (tmp_path / "top.sv").write_text(USERS)
    problem = run_yosys(
        [
            f"read_slang -D SYNTHESIS -I {RTL} --top top -G Leaves={leaves} {RTL}/xplat_reset_tree.sv top.sv",
            f"{command} -top top",
            "flatten",
            "write_json netlist.json",
        ],
        tmp_path,
    )
    assert problem is None
    modules = json.loads((tmp_path / "netlist.json").read_text())["modules"].values()
    (module,) = (module for module in modules if "top" in module["attributes"])
    flops = [cell for cell in module["cells"].values() if cell["type"] in ("TRELLIS_FF", "FDRE")]
    # The users, the leaves, what is between them and the port. Where this is nothing, `open_o` is like a leaf.
    assert len(flops) in (2 * leaves + inner + 1, 2 * leaves + bool(inner))
    pins = [bit for cell in flops for pin in ("D", "DI", "R", "LSR") for bit in cell["connections"].get(pin, [])]
    readers = Counter(bit for bit in pins if isinstance(bit, int))
    assert max(readers.values()) <= 17
