# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machinery of `make bench-timing`, without the tools that it runs: which files, which figures, which cases."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))

from timing.__main__ import chosen, read_before, table, write_before  # noqa: E402
from timing.cases import CASES  # noqa: E402
from timing.measure import Timing, largest_fan_out, readable, sources  # noqa: E402

TIMING = Timing(180.0, "a_q", "b_q", 3, 40, "step", 4.5, "c_q", "FDRE after 3 cells")


def test_sources_are_those_of_the_module_and_what_it_instantiates() -> None:
    files = [file.stem for file in sources("xplat_linear", ROOT / "hw_kernels")]
    assert files[0] == "xplat_pkg"
    assert {"xplat_linear", "xplat_mac", "xplat_tree", "xplat_window_buffer", "xplat_result_fifo"} <= set(files)
    assert "xplat_fifo" not in files


def test_every_case_names_a_module_and_three_sizes_each() -> None:
    for case in CASES:
        assert list(ROOT.glob(f"hw_kernels/*/rtl/{case.module}.sv")), case.name
    kernels = [case.kernel for case in CASES]
    assert {kernels.count(kernel) for kernel in kernels} == {3}
    assert len({case.name for case in CASES}) == len(CASES)


def test_fan_out_counts_inputs_that_are_no_clock() -> None:
    def cell(clock: int, data: int, out: int) -> dict[str, dict[str, object]]:
        directions = {"CLK": "input", "DI": "input", "Q": "output"}
        return {"port_directions": directions, "connections": {"CLK": [clock], "DI": [data], "Q": [out]}}

    netlist = {
        "modules": {
            "top": {
                "cells": {"a": cell(2, 3, 4), "b": cell(2, 3, 5), "c": cell(2, 5, 6)},
                "netnames": {"clk_i": {"bits": [2]}, "shared.data": {"bits": [3]}, "shared": {"bits": [3]}},
            }
        }
    }
    assert largest_fan_out(netlist, "top") == (2, "shared")


def test_names_of_cells_become_those_of_registers() -> None:
    assert readable("u_mac.data_q_TRELLIS_FF_Q_11") == "u_mac.data_q"


def test_figures_beside_those_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = tmp_path / "before.csv"
    write_before(stored, {"fifo 64x64": Timing(90.0, "", "", 9, 8, "", 9.0, "", "")})
    monkeypatch.setattr("timing.__main__.BEFORE", stored)
    header, row, new = table({"fifo 64x64": TIMING, "linear 8x4": TIMING}, read_before())
    assert row[header.index("ratio")] == "2.00"
    assert new[header.index("ratio")] == "–"


def test_stored_figures_are_of_cases_that_there_are() -> None:
    assert set(read_before()) <= {case.name for case in CASES}


def test_a_case_that_there_is_not() -> None:
    with pytest.raises(SystemExit, match="no case begins with nothing; there are: linear 1x1"):
        chosen(["nothing"])
