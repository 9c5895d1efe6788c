# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Designs as xplat emits them: element-wise nodes, and a network that fills most of a small device."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

import xplat
from xplat.hardware.manifest import SOURCES
from xplat.testing.networks import Function, ResidualCnn

from .sources import Sources


def emitted(
    model: nn.Module, device: str, calibration: tuple[Tensor, ...], formats: str, scratch: Path, router: str
) -> Sources:
    """The model's hardware on one device of a kind, written to `scratch`, made of the kernels that xplat was installed
    with."""
    examples = tuple(samples[:1] for samples in calibration)
    design = xplat.compile(
        model.eval(),
        device,
        example_inputs=examples,
        calibration=calibration if len(calibration) > 1 else calibration[0],
        quantize=formats,
    )
    folder = design.emit(scratch / "hardware")
    (top,) = design.report().devices
    files = sorted(file for part in ("rtl", "mem") for file in (folder / part).rglob("*") if file.is_file())
    memories = folder / "mem"
    memories.mkdir(exist_ok=True)
    command = f"read_slang -D SYNTHESIS --top {top.name} -F ../{SOURCES}"
    content = b"".join(file.read_bytes() for file in files)
    return Sources(command, top.name, content, memories, router=router)


WRAPPER = """\
module timed(input logic clk_i, rst_ni, {inputs} input logic out0_ready, output logic {readies}, out0_valid,
             output logic [{high}:0] out0);
  logic [{high}:0] {registers};
  always_ff @(posedge clk_i) {{{registers}}} <= {{{operands}}};
  {top} u_node(.clk_i, .rst_ni, .out0_ready, .out0_valid, .out0, {connections});
endmodule
"""
"""A node with registers for its operands, since paths from ports are not timed."""


@dataclass(frozen=True)
class Elementwise:
    """An element-wise node whose operands come from registers."""

    text: str
    function: Callable[..., Tensor]
    operands: int
    formats: str = "int8"

    @property
    def name(self) -> str:
        return f"element-wise {self.text} {self.formats}"

    def sources(self, kernels: Path, scratch: Path) -> Sources:
        torch.manual_seed(0)
        calibration = tuple(torch.randn(64, 4) for _ in range(self.operands))
        node = emitted(Function(self.function), "ulx3s", calibration, self.formats, scratch, "router1")
        rtl = scratch / "hardware" / "rtl"
        (high,) = re.findall(r"output \[(\d+):0\] out0\b", (rtl / f"{node.top}.sv").read_text())
        names = [f"in{index}" for index in range(self.operands)]
        wrapper = WRAPPER.format(
            top=node.top,
            high=high,
            inputs=" ".join(f"input logic [{high}:0] {name}, input logic {name}_valid," for name in names),
            readies=", ".join(f"{name}_ready" for name in names),
            registers=", ".join(f"{name}_q" for name in names),
            operands=", ".join(names),
            connections=", ".join(f".{name}({name}_q), .{name}_valid, .{name}_ready" for name in names),
        )
        (rtl / "timed.sv").write_text(wrapper)
        command = node.command.replace(f"--top {node.top}", "--top timed") + " ../rtl/timed.sv"
        return replace(node, command=command, top="timed", content=node.content + wrapper.encode())


@dataclass(frozen=True)
class WholeDevice:
    """The residual network of `make demo` in int8, with random weights, as fast as one device of the kind allows."""

    device: str

    @property
    def name(self) -> str:
        return f"device {self.device}"

    def sources(self, kernels: Path, scratch: Path) -> Sources:
        torch.manual_seed(0)
        # The default router does not end on it in half an hour.
        return emitted(ResidualCnn(), self.device, (torch.rand(8, 1, 8, 8),), "int8", scratch, "router2")


ELEMENTWISE = [
    Elementwise("relu(x+y)", lambda x, y: torch.relu(x + y), 2),
    Elementwise("relu(x+y)", lambda x, y: torch.relu(x + y), 2, "int16"),
    Elementwise("x*y", lambda x, y: x * y, 2),
    Elementwise("x*x*y+relu(x-y)", lambda x, y: x * x * y + torch.relu(x - y), 2),
    Elementwise("x*x*y+relu(x-y)", lambda x, y: x * x * y + torch.relu(x - y), 2, "int16"),
    Elementwise("min(|x|-y,z)*z", lambda x, y, z: torch.minimum(x.abs() - y, z) * z, 3),
]
DEVICES = [WholeDevice("ulx3s")]
