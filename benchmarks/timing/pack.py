# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Moves registers of an ECP5 netlist into the multipliers and block RAMs beside them.

Yosys leaves the registers inside MULT18X18D and DP16KD unused. Vendors' tools move flip-flops there, and so does Yosys
itself for the DSPs of 7-series. The circuit computes the same in the same cycles; only places change. A flip-flop moves
if it has neither reset nor enable and has the clock of the cell. In front of a multiplier it may stay beside its copy,
for what else reads it; behind a cell it moves only if it is all that reads the cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Bit = int | str
MULTIPLIER = "MULT18X18D"
MEMORIES = ("DP16KD", "PDPW16KD")


class Packer:
    """The cells of one module, with what drives and what reads each net."""

    def __init__(self, module: dict[str, Any]) -> None:
        self.cells: dict[str, dict[str, Any]] = module["cells"]
        self.plain: dict[str, dict[str, Any]] = {n: c for n, c in self.cells.items() if is_plain(c)}
        self.driver: dict[Bit, str] = {cell["connections"]["Q"][0]: name for name, cell in self.plain.items()}
        self.readers: dict[Bit, list[str]] = defaultdict(list)
        for name, cell in self.cells.items():
            for pin, bits in cell["connections"].items():
                if cell["port_directions"][pin] == "input":
                    for bit in bits:
                        self.readers[bit].append(name)
        for port in module["ports"].values():
            if port["direction"] == "output":
                for bit in port["bits"]:
                    self.readers[bit].append("")

    def remove(self, name: str) -> None:
        cell = self.cells.pop(name)
        del self.plain[name]
        del self.driver[cell["connections"]["Q"][0]]
        for pin in ("DI", "CLK", "LSR"):
            for bit in cell["connections"].get(pin, []):
                self.readers[bit].remove(name)

    def clock(self, name: str) -> Bit:
        bit: Bit = self.plain[name]["connections"]["CLK"][0]
        return bit

    def behind(self, cell: dict[str, Any], pins: Iterable[str], clock: Bit | None) -> Bit | None:
        """Moves the flip-flops that alone read the pins into the cell; the clock that they had, if they could move."""
        used = [pin for pin in pins if self.readers[cell["connections"][pin][0]]]
        flops: dict[str, str] = {}
        for pin in used:
            readers = self.readers[cell["connections"][pin][0]]
            if len(readers) != 1 or readers[0] not in self.plain:
                return None
            flops[pin] = readers[0]
        clocks = {self.clock(name) for name in flops.values()}
        if len(clocks) != 1 or clock not in (None, *clocks):
            return None
        for pin, name in flops.items():
            cell["connections"][pin] = self.cells[name]["connections"]["Q"]
            self.remove(name)
        return clocks.pop()

    def before(self, name: str, pins: Iterable[str], clock: Bit | None) -> Bit | None:
        """Moves copies of the flip-flops that drive the pins into the cell; removes those that nothing else reads."""
        cell = self.cells[name]
        driven = [pin for pin in pins if not isinstance(cell["connections"][pin][0], str)]
        flops = {pin: self.driver.get(cell["connections"][pin][0]) for pin in driven}
        clocks = {self.clock(flop) if flop else None for flop in flops.values()}
        if len(clocks) != 1 or None in clocks or clock not in (None, *clocks):
            return None
        for pin, flop in flops.items():
            assert flop
            (bit,) = cell["connections"][pin]
            cell["connections"][pin] = self.cells[flop]["connections"]["DI"]
            self.readers[bit].remove(name)
            self.readers[cell["connections"][pin][0]].append(name)
            if not self.readers[bit]:
                self.remove(flop)
        return clocks.pop()


def is_plain(cell: dict[str, Any]) -> bool:
    """Whether a cell is a flip-flop without reset and enable."""
    parameters, connections = cell["parameters"], cell["connections"]
    return (
        cell["type"] == "TRELLIS_FF"
        and parameters.get("CEMUX", "CE").strip() == "1"
        and parameters.get("CLKMUX", "CLK") == "CLK"
        and connections.get("LSR", ["0"]) == ["0"]
        and "M" not in connections
    )


def pack_multiplier(packer: Packer, name: str) -> None:
    cell = packer.cells[name]
    products = [f"P{index}" for index in range(36)]
    registers = []
    clock: Bit | None = None
    # One register behind the multiplier is that of the output; of two, the first one is that in the middle.
    for register in ("OUTPUT", "PIPELINE"):
        moved = packer.behind(cell, products, clock)
        if moved is not None:
            clock = moved
            registers.append(register)
    for side in "AB":
        moved = packer.before(name, [f"{side}{index}" for index in range(18)], clock)
        if moved is not None:
            clock = moved
            registers.append(f"INPUT{side}")
    for register in registers:
        cell["parameters"] |= {
            f"REG_{register}_CLK": "CLK0",
            f"REG_{register}_CE": "CE0",
            f"REG_{register}_RST": "RST0",
        }
    if clock is not None:
        cell["connections"] |= {"CLK0": [clock], "CE0": ["1"], "RST0": ["0"]}
        cell["port_directions"] |= {"CLK0": "input", "CE0": "input", "RST0": "input"}


def pack_memory(packer: Packer, name: str) -> None:
    cell = packer.cells[name]
    for port in "AB" if cell["type"] == "DP16KD" else ("",):
        pins = [pin for pin in cell["connections"] if pin.startswith(f"DO{port}")]
        (clock,) = cell["connections"][f"CLK{port or 'R'}"]
        if packer.behind(cell, pins, clock) is not None:
            cell["parameters"][f"REGMODE_{port}" if port else "REGMODE"] = "OUTREG"


def pack_registers(netlist: dict[str, Any], top: str) -> None:
    """Moves registers into the cells beside them, in place."""
    packer = Packer(netlist["modules"][top])
    for name, cell in list(packer.cells.items()):
        if cell["type"] == MULTIPLIER:
            pack_multiplier(packer, name)
        elif cell["type"] in MEMORIES:
            pack_memory(packer, name)
