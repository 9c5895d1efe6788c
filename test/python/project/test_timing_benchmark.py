# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machinery of `make bench-timing`, without the tools that it runs: which files, which figures, which cases."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))

from timing.__main__ import chosen, promises, read_before, seeds, table, verdicts, write_before  # noqa: E402
from timing.cases import CASES  # noqa: E402
from timing.designs import DEVICES, ELEMENTWISE  # noqa: E402
from timing.measure import Timing, described, largest_fan_out, readable, ready_cells  # noqa: E402
from timing.pack import pack_registers  # noqa: E402
from timing.sources import files_of  # noqa: E402

TIMING = Timing(180.0, "a_q", "b_q", 3, 40, "step", None, ["  0.52"], 4.5, "c_q", "FDRE after 3 cells")


def test_sources_are_those_of_the_module_and_what_it_instantiates() -> None:
    files = [file.stem for file in files_of("xplat_linear", ROOT / "hw_kernels")]
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
    old = Timing(90.0, "", "", 9, 8, "", None, [], 9.0, "", "")
    write_before(stored, {"fifo 64x64": {1: old, 2: replace(old, mhz=80.0)}})
    monkeypatch.setattr("timing.__main__.BEFORE", stored)
    two = {1: TIMING, 2: replace(TIMING, mhz=126.0, path_from="c_q")}
    found = {"fifo 64x64": two, "linear 8x4": two}
    header, row, new = table(found, read_before())
    figures = dict(zip(header, row, strict=True))
    assert (figures["MHz"], figures["from"], figures["to"]) == ("153.0", "126.0", "180.0")
    assert (figures["ratio"], figures["least"]) == ("1.80", "1.57")  # 153 to 85, and 126 to 80
    assert figures["path"] == "c_q → b_q"
    assert new[header.index("ratio")] == "–"
    # A mean of other seeds is not compared.
    assert table({"fifo 64x64": two | {3: TIMING}}, read_before())[1][header.index("ratio")] == "–"
    assert table({"fifo 64x64": {2: TIMING}}, read_before())[1][header.index("ratio")] == "2.25"


def test_seeds() -> None:
    assert (seeds("3"), seeds("1-4")) == ([3], [1, 2, 3, 4])
    for text in ("", "a", "4-1", "1-", "-1"):
        with pytest.raises(ArgumentTypeError, match="a range such as 1-8"):
            seeds(text)


def test_stored_figures_are_of_cases_that_there_are() -> None:
    assert set(read_before()) <= {case.name for case in (*CASES, *ELEMENTWISE, *DEVICES)}


def test_designs_are_of_the_kernels_of_xplat() -> None:
    assert [case.name for case in chosen(["device"])] == [design.name for design in DEVICES]
    assert chosen([], own_kernels=True) == CASES
    with pytest.raises(SystemExit, match="no case begins with device"):
        chosen(["device"], own_kernels=True)


def test_a_case_that_there_is_not() -> None:
    with pytest.raises(SystemExit, match="no case begins with nothing; there are: linear 1x1"):
        chosen(["nothing"])


def test_paths_of_7_series_leave_their_share_of_the_period_to_wires() -> None:
    device, clock = max(promises("series7").items(), key=lambda entry: entry[1])
    limit = 600 / clock
    within, over = replace(TIMING, xc7_ns=limit), replace(TIMING, xc7_ns=limit + 0.01)
    assert f"of {device} ({clock:g} MHz); all of 1 within it" in verdicts({"fifo 64x64": {1: within}})[0]
    assert "over it: linear 8x4" in verdicts({"fifo 64x64": {1: within}, "linear 8x4": {1: over}})[0]


def test_a_clock_that_is_assumed_is_no_promise() -> None:
    assert promises("series7") == {"z7020": 100.0}
    assert promises("ultrascale_plus") == {}


def test_a_device_that_misses_its_promise() -> None:
    clock = promises("ecp5")["ulx3s"]
    placements = {1: replace(TIMING, mhz=clock), 2: replace(TIMING, mhz=clock - 1)}
    assert verdicts({"device ulx3s": {1: placements[1]}})[1].endswith("routed at least: kept")
    assert verdicts({"device ulx3s": placements})[1].endswith("routed at least: NOT kept")


def test_ways_from_ready_to_ready() -> None:
    def lut(a: int, z: int, kind: str = "LUT4", pin: str = "A") -> dict[str, Any]:
        return cell(kind, {pin: [a], "Z": [z]}, {pin: "input", "Z": "output"}, {})

    def cells(*, middle: str, pin: str = "A") -> int | None:
        ports = {
            "out_ready_i": {"direction": "input", "bits": [2]},
            "in_ready_o": {"direction": "output", "bits": [5]},
            "out_valid_o": {"direction": "output", "bits": [4]},
        }
        parts = {"a": lut(2, 3), "b": lut(3, 4, middle, pin), "c": lut(4, 5), "short": lut(2, 5)}
        return ready_cells({"modules": {"top": {"cells": parts, "ports": ports}}}, "top")

    assert cells(middle="LUT4") == 3
    assert cells(middle="TRELLIS_FF") == 1
    assert cells(middle="TRELLIS_DPR16X4", pin="DI") == 1  # a write shows after the clock
    assert cells(middle="TRELLIS_DPR16X4", pin="RAD") == 3
    none = {"cells": {"a": lut(2, 3)}, "ports": {"out_ready_i": {"direction": "input", "bits": [2]}}}
    assert ready_cells({"modules": {"top": none}}, "top") is None
    through = verdicts({"fifo 64x64": {1: TIMING}, "old": {1: replace(TIMING, ready_cells=3)}})[-1]
    assert through.endswith("without a register: old (3 cells)")
    assert verdicts({"fifo 64x64": {1: TIMING}})[-1].endswith("none in all of 1")


def test_a_carry_chain_is_one_line_of_a_path() -> None:
    def step(kind: str, delay: float, cell: str, port: str) -> dict[str, Any]:
        return {"type": kind, "delay": delay, "from": {"cell": cell}, "to": {"cell": cell, "port": port}}

    path = [
        step("clk-to-q", 0.5, "a", "Q"),
        step("routing", 1.0, "c0", "B"),
        step("logic", 0.4, "c0", "FCO"),
        step("routing", 0.0, "c1", "FCI"),
        step("logic", 0.3, "c1", "F"),
        step("routing", 0.2, "b", "DI"),
        step("setup", 0.1, "b", "DI"),
    ]
    assert [line.split() for line in described(path)] == [
        ["0.50", "0.50", "wire", "0.00", "clk-to-q", "a.Q"],
        ["2.20", "0.70", "wire", "1.00", "logic", "c1.F"],
        ["2.50", "0.10", "wire", "0.20", "setup", "b.DI"],
    ]


class Netlist:
    """A netlist for ECP5 as Yosys writes it, net 2 its clock; `outputs` are the nets at its ports."""

    def __init__(self, *outputs: int) -> None:
        self.cells: dict[str, dict[str, Any]] = {}
        ports = {"out": {"direction": "output", "bits": list(outputs)}}
        self.module = {"cells": self.cells, "ports": ports}

    def flop(self, name: str, data: int, out: int, **more: list[int | str]) -> None:
        connections = {"CLK": [2], "DI": [data], "LSR": ["0"], "Q": [out], **more}
        directions = {pin: "output" if pin == "Q" else "input" for pin in connections}
        parameters = {"CEMUX": "CE" if "CE" in more else "1 ", "CLKMUX": "CLK"}
        self.cells[name] = cell("TRELLIS_FF", connections, directions, parameters)

    def multiplier(self, left: int, right: int, out: int) -> dict[str, Any]:
        """18 bits of each factor, all but the lowest zero; one bit of the product is read."""
        connections: dict[str, list[int | str]] = {}
        for side, net in (("A", left), ("B", right)):
            connections |= {f"{side}{index}": [net if index == 0 else "0"] for index in range(18)}
        connections |= {f"P{index}": [out if index == 0 else 1000 + index] for index in range(36)}
        directions = {pin: "output" if pin.startswith("P") else "input" for pin in connections}
        self.cells["product"] = cell("MULT18X18D", connections, directions, {})
        return self.cells["product"]

    def memory(self, out: int) -> dict[str, Any]:
        connections = {"CLKA": [2], "CLKB": [2], "DOA0": [900], "DOB0": [out]}
        directions = {pin: "output" if pin.startswith("DO") else "input" for pin in connections}
        parameters = {"REGMODE_A": "NOREG", "REGMODE_B": "NOREG"}
        self.cells["memory"] = cell("DP16KD", connections, directions, parameters)
        return self.cells["memory"]

    def packed(self) -> set[str]:
        pack_registers({"modules": {"top": self.module}}, "top")
        return set(self.cells)


def cell(
    kind: str, connections: dict[str, Any], directions: dict[str, str], parameters: dict[str, str]
) -> dict[str, Any]:
    return {"type": kind, "connections": connections, "port_directions": directions, "parameters": parameters}


def registers(product: dict[str, Any]) -> set[str]:
    clocks = (name for name, value in product["parameters"].items() if name.endswith("_CLK") and value == "CLK0")
    return {name.removeprefix("REG_").removesuffix("_CLK") for name in clocks}


def test_registers_around_a_multiplier_move_into_it() -> None:
    netlist = Netlist(10)
    netlist.flop("left", 3, 4)
    netlist.flop("right", 5, 6)
    product = netlist.multiplier(4, 6, 7)
    netlist.flop("middle", 7, 8)
    netlist.flop("result", 8, 9)
    netlist.flop("more", 9, 10)
    assert netlist.packed() == {"product", "more"}
    assert registers(product) == {"INPUTA", "INPUTB", "PIPELINE", "OUTPUT"}
    assert (product["connections"]["A0"], product["connections"]["CLK0"]) == ([3], [2])


def test_a_register_that_something_else_reads_stays_beside_its_copy() -> None:
    netlist = Netlist(4, 9)
    netlist.flop("left", 3, 4)
    netlist.flop("right", 5, 6)
    product = netlist.multiplier(4, 6, 9)
    assert netlist.packed() == {"product", "left"}
    assert registers(product) == {"INPUTA", "INPUTB"}


def test_a_product_that_something_else_reads_keeps_its_register_outside() -> None:
    netlist = Netlist(7, 8)
    product = netlist.multiplier(3, 4, 7)
    netlist.flop("result", 7, 8)
    assert netlist.packed() == {"product", "result"}
    assert registers(product) == set()


@pytest.mark.parametrize("more", [{"LSR": [11]}, {"CE": [11]}])
def test_a_register_with_reset_or_enable_stays(more: dict[str, list[int | str]]) -> None:
    netlist = Netlist(8)
    product = netlist.multiplier(3, 4, 7)
    netlist.flop("result", 7, 8, **more)
    assert netlist.packed() == {"product", "result"}
    assert registers(product) == set()


def test_the_register_behind_a_block_ram_is_its_own() -> None:
    netlist = Netlist(8)
    memory = netlist.memory(7)
    netlist.flop("data", 7, 8)
    assert netlist.packed() == {"memory"}
    assert memory["connections"]["DOB0"] == [8]
    assert memory["parameters"] == {"REGMODE_A": "NOREG", "REGMODE_B": "OUTREG"}


def test_the_enable_of_that_register_becomes_the_memory_s() -> None:
    netlist = Netlist(8)
    memory = netlist.memory(7)
    netlist.flop("data", 7, 8, CE=[11])
    assert netlist.packed() == {"memory"}
    assert (memory["connections"]["DOB0"], memory["connections"]["OCEB"]) == ([8], [11])
    assert memory["parameters"] == {"REGMODE_A": "NOREG", "REGMODE_B": "OUTREG"}


@pytest.mark.parametrize("enable", [11, 12])
def test_a_port_of_36_bits_is_read_by_both_outputs(enable: int) -> None:
    netlist = Netlist(8, 9)
    memory = netlist.memory(7)
    memory["parameters"]["DATA_WIDTH_B"] = f"{36:032b}"
    netlist.flop("low", 900, 8, CE=[11])
    netlist.flop("high", 7, 9, CE=[enable])
    assert netlist.packed() == ({"memory"} if enable == 11 else {"memory", "low", "high"})
    assert memory["parameters"]["REGMODE_A"] == memory["parameters"]["REGMODE_B"]
    assert memory["parameters"]["REGMODE_B"] == ("OUTREG" if enable == 11 else "NOREG")
