# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The C++ test bench of a system: a source for each input stream and each memory outside, a sink for each output.

The same program serves every simulation of a design: samples come from files, stalls from a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xplat.hardware.clocks import SystemClock
from xplat.hardware.streams import StreamPort, WordPort

TEMPLATE = Path(__file__).parent / "testbench.cpp"


def testbench(
    inputs: Sequence[StreamPort],
    outputs: Sequence[StreamPort],
    clocks: Sequence[SystemClock],
    words: Sequence[WordPort] = (),
) -> str:
    """The main program for a top module with these streams and clocks, verilated with the prefix `Vtop`."""
    streams = [
        f"{kind} {port.name}{{{index}, options, {port.beats}, {port.words}}};"
        for index, (kind, port) in enumerate(
            [("Source", port) for port in inputs] + [("Sink", port) for port in outputs]
        )
    ]
    streams += [
        f'Words {port.name}{{{len(inputs) + len(outputs) + index}, options, "{port.file}", {port.count}, '
        f"{-(-port.bits // 32)}}};"
        for index, port in enumerate(words)
    ]
    streams.append(f"const std::vector<const Sink *> sinks = {{{', '.join(f'&{port.name}' for port in outputs)}}};")
    own = [f"{{top->{clock.clock}, top->{clock.reset}, {clock.ticks}}}" for clock in clocks]
    works = {name: f"clocks[{index}].works()" for index, clock in enumerate(clocks) for name in clock.streams}
    drive = [f"if ({works[p.name]}) {p.name}.offer(top->{p.name}_valid, top->{p.name});" for p in inputs]
    drive += [f"if ({works[p.name]}) {p.name}.offer(top->{p.name}_valid, top->{p.name});" for p in words]
    drive += [f"if ({works[p.name]}) {p.name}.allow(top->{p.name}_ready);" for p in outputs]
    sample = [
        f"if ({works[name]}) moved |= {name}.advance(top->{name}_ready);"
        for name in [p.name for p in inputs] + [p.name for p in words]
    ]
    sample += [
        f"if ({works[p.name]}) moved |= {p.name}.take(top->{p.name}_valid, top->{p.name}, cycle);" for p in outputs
    ]
    text = TEMPLATE.read_text().replace("// @PERIODS@", f"const int periods = {5 + len(inputs) + len(outputs)};")
    for indent, name, lines in (
        (2, "STREAMS", streams),
        (2, "CLOCKS", [f"std::vector<Clock> clocks = {{{', '.join(own)}}};"]),
        (4, "DRIVE", drive),
        (4, "SAMPLE", sample),
    ):
        text = text.replace(f"// @{name}@", f"\n{' ' * indent}".join(lines))
    return text
