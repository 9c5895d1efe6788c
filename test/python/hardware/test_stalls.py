# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network in which every input of every kernel starves and every output stalls at random: values stay exact, no beat
is lost, and nothing stands still."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import xplat
from xplat.hardware.manifest import SOURCES
from xplat.hardware.sim import simulate_samples

GATE = """
// Lets beats pass in one cycle out of two, at random; what was offered once stays.
module stall_gate #(parameter int unsigned Count = 1) (
  input  logic             clk_i,
  input  logic [Count-1:0] valid_i,
  output logic [Count-1:0] ready_o,
  output logic [Count-1:0] valid_o,
  input  logic [Count-1:0] ready_i
);
  logic [Count-1:0] open_q;
  assign valid_o = valid_i & open_q;
  assign ready_o = ready_i & open_q;
  always_ff @(posedge clk_i) open_q <= (valid_o & ~ready_i) | Count'($urandom);
endmodule
"""


WORDS = ("weight", "bias", "shift")


class Residual(nn.Module):
    """Blocks of two convolutions around a connection, on images of 4 x 4 pixels: five kernels each."""

    def __init__(self, blocks: int, width: int = 4) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.full = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(blocks))
        self.each = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1, groups=width) for _ in range(blocks))
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(4 * width, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for full, each in zip(self.full, self.each, strict=True):
            x = x + 0.5 * each(torch.relu(full(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


def ports_of(text: str) -> list[tuple[str, str]]:
    """Direction and name of the ports in a list of ports."""
    found: list[tuple[str, str]] = []
    direction = ""
    for piece in re.sub(r"//.*", "", text).split(","):
        words = re.findall(r"\w+", piece)
        direction = words[0] if words[0] in ("input", "output") else direction
        found.append((direction, words[-1]))
    return found


def gated(text: str) -> str:
    """A module as `NAME_inside`, and one of its name around it that has a gate at every stream between kernels."""
    head = re.search(r"^module (\w+)\s*(#\(.*?^\))?\s*\((.*?)\);", text, re.MULTILINE | re.DOTALL)
    assert head is not None
    name, parameters, list_of_ports = head[1], head[2] or "", head[3]
    settings = ", ".join(f".{own}({own})" for own in re.findall(r"parameter\s[^=]*?(\w+)\s*=", parameters))
    ports = dict((port, way) for way, port in ports_of(list_of_ports))
    lines, inside = [], {port: port for port in ports}
    for port, way in ports.items():
        # Words of ROMs are never late, and the kernels are built for that.
        if (stream := re.fullmatch(r"(\w+)_valid(_[io])?", port)) is None or stream[1] in WORDS:
            continue
        back = {"_i": "_o", "_o": "_i", None: ""}[stream[2]]
        valid, ready = port, f"{stream[1]}_ready{back}"
        inside[valid], inside[ready] = f"{valid}_inside", f"{ready}_inside"
        lines.append(f"  logic [$bits({valid})-1:0] {valid}_inside, {ready}_inside;")
        outer = f"valid_{'i' if way == 'input' else 'o'}({valid}), .ready_{'o' if way == 'input' else 'i'}({ready})"
        inner = (
            f"valid_{'o' if way == 'input' else 'i'}({valid}_inside), "
            f".ready_{'i' if way == 'input' else 'o'}({ready}_inside)"
        )
        lines.append(f"  stall_gate #($bits({valid})) gate_{stream[1]} (.clk_i, .{outer}, .{inner});")
    assert lines
    connections = ", ".join(f".{port}({wire})" for port, wire in inside.items())
    lines.append(f"  {name}_inside #({settings}) u_inside ({connections});")
    wrapper = "\n".join([head[0], *lines, "endmodule", ""])
    return text.replace(f"module {name}", f"module {name}_inside", 1) + wrapper


def gate_everything(folder: Path) -> int:
    """Puts gates around the kernels of an emitted folder of one device; how many instances have them."""
    device = (folder / "rtl" / "fpga0.sv").read_text()
    count = 0
    for file in [*folder.glob("rtl/*.sv"), *folder.glob("rtl/kernels/*.sv")]:
        used = len(re.findall(rf"^\s*{file.stem}\b", device, re.MULTILINE))
        if used and file.stem not in ("fpga0", "xplat_rom", "xplat_rom_stream", "xplat_reset_tree"):
            file.write_text(gated(file.read_text()))
            count += used
    (folder / "rtl" / "stall_gate.sv").write_text(GATE)
    sources = folder / SOURCES
    sources.write_text(sources.read_text() + "rtl/stall_gate.sv\n")
    return count


def check(tmp_path: Path, *, blocks: int, kernels: int, samples: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(samples, 1, 4, 4)
    design = xplat.compile(Residual(blocks).eval(), "u250", example_inputs=x[:1], calibration=x[:64])
    folder = design.emit(tmp_path / "design")
    assert gate_everything(folder) >= kernels
    run = simulate_samples(folder, [x], backpressure=0.5, assertions=True)
    expected = design.reference(x)
    assert isinstance(expected, Tensor)
    assert len(run.intervals) == samples - 1
    assert torch.equal(run.outputs[0], expected)
    # Gates that did nothing would show the cycles that the design promises.
    assert run.mean_cycles is not None and run.mean_cycles > 2 * design.report().cycles_per_sample


def test_stalls_everywhere(tmp_path: Path) -> None:
    check(tmp_path, blocks=1, kernels=8, samples=60)


@pytest.mark.long
def test_sixty_kernels(tmp_path: Path) -> None:
    check(tmp_path, blocks=12, kernels=60, samples=100_000)
