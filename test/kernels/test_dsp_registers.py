# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Registers around a multiplier lie inside its DSP, in Yosys' netlist for 7-series."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from area import FAMILIES, synthesis

from xplat.support.yosys import run_yosys

REGISTERS = ("AREG", "BREG", "MREG", "PREG")


@pytest.mark.parametrize(
    ("module", "params"),
    [
        ("xplat_linear", {"In": 64, "Out": 64, "InLanes": 8, "OutLanes": 4, "Shift": 7}),
        ("xplat_matmul", {"Rows": 16, "Sum": 64, "Out": 16, "SumLanes": 8, "OutLanes": 2, "Transposed": 1, "Shift": 7}),
    ],
    ids=["linear", "matmul"],
)
def test_registers_of_multipliers(module: str, params: dict[str, int], tmp_path: Path) -> None:
    """Of all products A, B and M; P of every second one, whose DSP adds two products up."""
    script = synthesis(module, params, FAMILIES["series7"].command)
    problem = run_yosys([*script, "write_json netlist.json"], tmp_path)
    assert problem is None
    cells = json.loads((tmp_path / "netlist.json").read_text())["modules"][module]["cells"].values()
    found = [[int(cell["parameters"][name], 2) for name in REGISTERS] for cell in cells if cell["type"] == "DSP48E1"]
    products = 8 * params["OutLanes"]
    assert len(found) == products
    # The window's register lies in front of the operand's, in the same DSP: two of A.
    assert all(min(a, b, m) >= 1 for a, b, m, _ in found)
    assert sorted(p for *_, p in found) == [0] * (products // 2) + [1] * (products // 2)
