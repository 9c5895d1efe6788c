# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The C++ test bench of a system: a source for each input stream, a sink for each output stream.

The same program serves every simulation of a design: samples come from files, stalls from a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xplat.hardware.streams import StreamPort

TEMPLATE = Path(__file__).parent / "testbench.cpp"


def testbench(inputs: Sequence[StreamPort], outputs: Sequence[StreamPort]) -> str:
    """The main program for a top module with these streams, verilated with the prefix `Vtop`."""
    streams = [
        f"{kind} {port.name}{{{index}, options, {port.beats}, {port.words}}};"
        for index, (kind, port) in enumerate(
            [("Source", port) for port in inputs] + [("Sink", port) for port in outputs]
        )
    ]
    streams.append(f"const std::vector<const Sink *> sinks = {{{', '.join(f'&{port.name}' for port in outputs)}}};")
    drive = [f"{port.name}.offer(top->{port.name}_valid, top->{port.name});" for port in inputs]
    drive += [f"{port.name}.allow(top->{port.name}_ready);" for port in outputs]
    sample = [f"moved |= {port.name}.advance(top->{port.name}_ready);" for port in inputs]
    sample += [f"moved |= {port.name}.take(top->{port.name}_valid, top->{port.name}, cycle);" for port in outputs]
    text = TEMPLATE.read_text()
    for indent, name, lines in ((2, "STREAMS", streams), (4, "DRIVE", drive), (4, "SAMPLE", sample)):
        text = text.replace(f"// @{name}@", f"\n{' ' * indent}".join(lines))
    return text
