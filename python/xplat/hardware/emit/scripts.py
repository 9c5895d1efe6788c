# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts that take an emitted design to other tools, and the folder's own description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xplat.hardware.manifest import SOURCES
from xplat.support.text import comment, markdown_cell, tcl_word


@dataclass(frozen=True)
class DeviceTarget:
    """A device of the design.

    `top`: its module, an identifier; `part`: as its vendor orders it, any text; `clock_mhz`: its clock; `link_clocks`:
    the ports of clocks that come with the streams of other devices, and these clocks; `link_ports`: the ports of
    these streams and resets, and the port of the clock that each is on.
    """

    top: str
    part: str
    clock_mhz: float
    link_clocks: dict[str, float] = field(default_factory=dict)
    link_ports: dict[str, str] = field(default_factory=dict)


OUTSIDE_SHARE = 0.4
"""Of a period: what a path through a port may take outside the module. An assumption about the design around it."""


def vivado_script(device: DeviceTarget) -> str:
    """A project script for AMD Vivado: synthesis and implementation of one device, with reports."""
    return f"""\
# Builds {device.top} for {comment(device.part)}: vivado -mode batch -source vivado_{device.top}.tcl
set root [file dirname [file normalize [info script]]]
create_project -force {device.top} [file join $root build_{device.top}] -part {tcl_word(device.part)}
set_property target_language Verilog [current_project]

# {SOURCES} lists sources in order, relative to this folder.
set list [open [file join $root {SOURCES}]]
foreach line [split [read $list] "\\n"] {{
  set line [string trim $line]
  if {{$line eq ""}} {{ continue }}
  if {{[string match "+incdir+*" $line]}} {{
    set_property include_dirs [file join $root [string range $line 8 end]] [current_fileset]
  }} else {{
    add_files -norecurse [file join $root $line]
  }}
}}
close $list
foreach file [glob -nocomplain -directory [file join $root mem] *.mem] {{ add_files -norecurse $file }}
add_files -fileset constrs_1 -norecurse [file join $root clock_{device.top}.xdc]
set_property top {device.top} [current_fileset]
set_property verilog_define SYNTHESIS [current_fileset]
update_compile_order -fileset sources_1

# The module is a block inside a larger design: its ports are not pins ({device.clock_mhz:g} MHz in
# clock_{device.top}.xdc).
set_property -name {{STEPS.SYNTH_DESIGN.ARGS.MORE OPTIONS}} -value {{-mode out_of_context}} -objects [get_runs synth_1]
launch_runs synth_1 -jobs 4
wait_on_run synth_1
open_run synth_1
opt_design
place_design
phys_opt_design
route_design
report_utilization -hierarchical -file [file join $root utilization_{device.top}.rpt]
report_timing_summary -file [file join $root timing_{device.top}.rpt]
"""


def clock_constraint(device: DeviceTarget) -> str:
    """The device's clock, those that come with streams of other devices, and what paths through ports take outside."""

    def create(name: str, port: str, mhz: float) -> str:
        return f"create_clock -name {name} -period {1000.0 / mhz:.3f} [get_ports {port}]"

    lines = [create("clk", "clk_i", device.clock_mhz)]
    for port, mhz in device.link_clocks.items():
        lines += [
            create(port, port, mhz),
            "# Gray codes and words that lie still cross between the two: a path may take a cycle of the faster one.",
        ]
        limit = f"{1000.0 / max(mhz, device.clock_mhz):.3f}"
        for source, target in ((port, "clk"), ("clk", port)):
            lines.append(f"set_max_delay -datapath_only -from [get_clocks {source}] -to [get_clocks {target}] {limit}")
    others = list(device.link_clocks)
    for index, port in enumerate(others):
        for other in others[index + 1 :]:
            lines.append(f"set_clock_groups -asynchronous -group {port} -group {other}")
    return "\n".join(lines + _port_delays(device)) + "\n"


def _port_delays(device: DeviceTarget) -> list[str]:
    """Paths through ports, `ready` among them: each is on the clock of its stream."""
    lines = [f"# A path through a port has {OUTSIDE_SHARE:.0%} of the period outside this module."]

    def limit(clock: str, mhz: float, ports: str) -> None:
        for direction, side in (("input", "IN"), ("output", "OUT")):
            chosen = f"[get_ports -quiet -filter {{DIRECTION == {side} && {ports}}}]"
            lines.append(f"set_{direction}_delay -clock {clock} {OUTSIDE_SHARE * 1000.0 / mhz:.3f} {chosen}")

    # Ports of several bits are called like each of these, with an index behind.
    clocks = ["clk_i", *device.link_clocks]
    limit("clk", device.clock_mhz, " && ".join(f"NAME !~ {port}*" for port in [*clocks, *device.link_ports]))
    for port, mhz in device.link_clocks.items():
        own = [f"NAME =~ {name}*" for name, clock in device.link_ports.items() if clock == port]
        limit(port, mhz, f"({' || '.join(own)})")
    return lines


def yosys_script(devices: Sequence[DeviceTarget]) -> str:
    """Synthesis for area by Yosys with the slang front end, device by device."""
    lines = [
        "# Area by Yosys: run in this folder's mem/, where the memories are: cd mem && yosys -m slang -s ../yosys.ys",
        "# (with pyosys the slang front end is built in)",
    ]
    for device in devices:
        family = "xcup" if device.part.startswith(("xcu", "xcv", "xck", "xcz")) else "xc7"
        lines += [
            "design -reset",
            f"read_slang -DSYNTHESIS --top {device.top} -F ../{SOURCES}",
            f"synth_xilinx -family {family} -noiopad -top {device.top}",
            f"tee -o ../area_{device.top}.json stat -json",
        ]
    return "\n".join(lines) + "\n"


def readme(*, top: str, direct_top: str, devices: Sequence[DeviceTarget], streams: Sequence[str]) -> str:
    """The README of the emitted folder."""
    joined = f"`{top}` joins them by links, `{direct_top}` joins them directly, both for simulation."
    if direct_top == top:
        joined = f"`{top}` is the system, for simulation."
    table = "\n".join(f"| `{device.top}` | {markdown_cell(device.part)} |" for device in devices)
    ports = "\n".join(f"- {stream}" for stream in streams)
    return f"""\
# Hardware written by xplat

| device module | part |
|---|---|
{table}

{joined}

- `rtl/`: SystemVerilog made for this design; `rtl/kernels/`: the kernels and cells it uses
- `files.f`: all of it in order, with `{top}` as the top module, for `verilator -f`, `slang -f` and others; try
  `verilator --lint-only -f files.f`
- `{SOURCES}`: the same without a top module, for another one
- `mem/`: parameter memories, one file each, read by `$readmemh` by plain name: simulate in this folder
- `tb/main.cpp`: test bench for Verilator; its head says how to run it. To build it:
  `verilator --cc --exe --build --prefix Vtop -f files.f ../tb/main.cpp`
- `vivado_DEVICE.tcl`, `clock_DEVICE.xdc`: project of each device
- `yosys.ys`: area by Yosys
- `design.json`: the same for programs

Streams of the host (`NAME`, `NAME_valid`, `NAME_ready`). `order` lists the dimensions as they travel, outermost
first; `beat` is the tile of them that makes a beat, in the same order, its first element in the low bits:

{ports}

Names in quotes are the model's. A result that the model gives more than once, or that is equal to another, leaves at
one port; `design.json` says for each of the model's results, in order, which port that is.
"""
