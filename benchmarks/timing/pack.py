# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Moves registers of an ECP5 netlist into the multipliers and block RAMs beside them.

Yosys leaves the registers inside MULT18X18D and DP16KD unused. Vendors' tools move flip-flops there, and so does Yosys
itself for the DSPs of 7-series. The circuit computes the same in the same cycles; only places change. A flip-flop moves
if it has no reset and has the clock of the cell. Behind a block RAM it may have an enable, which becomes that of the
output register. In front of a multiplier it may stay beside its copy, for what else reads it; behind a cell it moves
only if it is all that reads the cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Bit = int | str
Control = tuple[Bit, Bit]
"""Clock and enable of a flip-flop."""
ALWAYS = "1"
MULTIPLIER = "MULT18X18D"
MEMORIES = ("DP16KD", "PDPW16KD")
WIDE = 36
"""Bits of a word with which a DP16KD reads by both of its outputs, as one port."""


class Packer:
    """The cells of one module, with what drives and what reads each net."""

    def __init__(self, module: dict[str, Any]) -> None:
        self.cells: dict[str, dict[str, Any]] = module["cells"]
        self.plain: dict[str, dict[str, Any]] = {n: c for n, c in self.cells.items() if is_plain(c)}
        """Flip-flops without reset, with or without enable."""
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
        for pin in ("DI", "CLK", "LSR", "CE"):
            for bit in cell["connections"].get(pin, []):
                self.readers[bit].remove(name)

    def control(self, name: str) -> Control:
        parameters, pins = self.plain[name]["parameters"], self.plain[name]["connections"]
        return pins["CLK"][0], ALWAYS if parameters.get("CEMUX", "CE").strip() == "1" else pins["CE"][0]

    def common(self, flops: Iterable[str], clock: Bit | None) -> Control | None:
        """Clock and enable, if all have the same, and this clock where one is given."""
        controls = {self.control(name) for name in flops}
        if len(controls) != 1 or clock not in (None, *(of for of, _ in controls)):
            return None
        return controls.pop()

    def behind(self, cell: dict[str, Any], pins: Iterable[str], clock: Bit | None, *, enable: bool) -> Control | None:
        """Moves the flip-flops that alone read the pins into the cell; clock and enable that they had, if they could
        move. `enable`: whether the cell has a place for an enable."""
        used = [pin for pin in pins if self.readers[cell["connections"][pin][0]]]
        flops: dict[str, str] = {}
        for pin in used:
            readers = self.readers[cell["connections"][pin][0]]
            if len(readers) != 1 or readers[0] not in self.plain:
                return None
            if self.plain[readers[0]]["connections"]["DI"] != cell["connections"][pin]:
                return None
            flops[pin] = readers[0]
        control = self.common(flops.values(), clock)
        if control is None or (control[1] != ALWAYS and not enable):
            return None
        for pin, name in flops.items():
            cell["connections"][pin] = self.cells[name]["connections"]["Q"]
            self.remove(name)
        return control

    def before(self, name: str, pins: Iterable[str], clock: Bit | None) -> Bit | None:
        """Moves copies of the flip-flops that drive the pins into the cell; removes those that nothing else reads."""
        cell = self.cells[name]
        driven = [pin for pin in pins if not isinstance(cell["connections"][pin][0], str)]
        if not all(cell["connections"][pin][0] in self.driver for pin in driven):
            return None
        flops = {pin: self.driver[cell["connections"][pin][0]] for pin in driven}
        control = self.common(flops.values(), clock)
        if control is None or control[1] != ALWAYS:
            return None
        for pin, flop in flops.items():
            (bit,) = cell["connections"][pin]
            cell["connections"][pin] = self.cells[flop]["connections"]["DI"]
            self.readers[bit].remove(name)
            self.readers[cell["connections"][pin][0]].append(name)
            if not self.readers[bit]:
                self.remove(flop)
        return control[0]


def is_plain(cell: dict[str, Any]) -> bool:
    """Whether a cell is a flip-flop without reset."""
    parameters, connections = cell["parameters"], cell["connections"]
    return (
        cell["type"] == "TRELLIS_FF"
        and parameters.get("CEMUX", "CE").strip() in ("1", "CE")
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
        control = packer.behind(cell, products, clock, enable=False)
        if control is not None:
            clock, _ = control
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
    for outputs, clock, mode, enable in read_ports(cell):
        pins = [pin for pin in cell["connections"] if pin.startswith(outputs)]
        control = packer.behind(cell, pins, cell["connections"][clock][0], enable=True)
        if control is not None:
            cell["parameters"] |= {parameter: "OUTREG" for parameter in mode}
            cell["connections"][enable] = [control[1]]
            cell["port_directions"][enable] = "input"
            packer.readers[control[1]].append(name)


def read_ports(cell: dict[str, Any]) -> Iterable[tuple[tuple[str, ...], str, tuple[str, ...], str]]:
    """Of each port that reads: names of outputs, clock, parameters for its output register, and enable of that."""
    if cell["type"] == "PDPW16KD":
        return [(("DO",), "CLKR", ("REGMODE",), "OCER")]
    if int(cell["parameters"].get("DATA_WIDTH_B", "0"), 2) == WIDE:
        return [(("DOA", "DOB"), "CLKB", ("REGMODE_A", "REGMODE_B"), "OCEB")]
    return [((f"DO{port}",), f"CLK{port}", (f"REGMODE_{port}",), f"OCE{port}") for port in "AB"]


def pack_registers(netlist: dict[str, Any], top: str) -> None:
    """Moves registers into the cells beside them, in place."""
    packer = Packer(netlist["modules"][top])
    for name, cell in list(packer.cells.items()):
        if cell["type"] == MULTIPLIER:
            pack_multiplier(packer, name)
        elif cell["type"] in MEMORIES:
            pack_memory(packer, name)
