# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Combinational paths between the ports of an emitted design, found in Yosys' netlist.

Every cell that is no register is taken to lead from each of its inputs to each of its outputs, and a memory from the
address of a port that has no clock to its data. So no path is missed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xplat.hardware.manifest import SOURCES
from xplat.support.errors import SimulationError
from xplat.support.yosys import run_yosys

REGISTER = re.compile(r"^\$_?(?:s|a|al|ad)?(?:d?ff|dffsr|dlatch)")
"""Types of cells from whose inputs no path leads on in the same cycle."""
READ = re.compile(r"^\$mem(?:rd)?(?:_v2)?$")


@dataclass(frozen=True)
class Netlist:
    """Bits of the ports, and for each bit those that depend on it in the same cycle."""

    ports: Mapping[str, frozenset[int]]
    readers: Mapping[int, frozenset[int]]

    @staticmethod
    def of(folder: Path, top: str) -> Netlist:
        """The netlist of an emitted folder. Raises `SimulationError` when Yosys refuses it."""
        file = folder / "mem" / "netlist.json"
        file.parent.mkdir(exist_ok=True)
        commands = [
            f"read_slang -D SYNTHESIS --top {top} -F ../{SOURCES}",
            "proc",
            "flatten",
            "opt_clean",
            f"write_json {file.name}",
        ]
        if problem := run_yosys(commands, file.parent):
            raise SimulationError(f"Yosys cannot read the hardware: {problem}")
        module = json.loads(file.read_text())["modules"][top]
        file.unlink()
        readers: dict[int, set[int]] = defaultdict(set)
        for cell in module["cells"].values():
            for sources, targets in _ways(cell):
                for bit in _bits(sources):
                    readers[bit].update(_bits(targets))
        ports = {name: frozenset(_bits(port["bits"])) for name, port in module["ports"].items()}
        return Netlist(ports, {bit: frozenset(found) for bit, found in readers.items()})

    def reached(self, port: str) -> set[str]:
        """Ports that a change of this one reaches in the same cycle."""
        seen = set(self.ports[port])
        waiting = list(seen)
        while waiting:
            for bit in self.readers.get(waiting.pop(), ()):
                if bit not in seen:
                    seen.add(bit)
                    waiting.append(bit)
        return {name for name, bits in self.ports.items() if name != port and bits & seen}


def _bits(connection: Iterable[Any]) -> list[int]:
    """Nets of a connection; constants are text."""
    return [bit for bit in connection if isinstance(bit, int)]


def _ways(cell: Mapping[str, Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Inputs and outputs of a cell between which paths lead."""
    kind, pins, ways = cell["type"], cell["connections"], cell["port_directions"]
    if REGISTER.match(kind):
        return
    if READ.match(kind):
        name = "RD_" if "RD_DATA" in pins else ""
        clocked = cell["parameters"][f"{name}CLK_ENABLE"]
        if "0" in str(clocked):
            yield pins[f"{name}ADDR"], pins[f"{name}DATA"]
        return
    sources = [bit for pin, bits in pins.items() if ways.get(pin) == "input" for bit in bits]
    targets = [bit for pin, bits in pins.items() if ways.get(pin) == "output" for bit in bits]
    if targets:
        yield sources, targets
