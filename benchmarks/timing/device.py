# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A whole device: a network that fills most of a small one, as xplat emits it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

import xplat
from xplat.hardware.manifest import SOURCES
from xplat.testing.networks import ResidualCnn

from .sources import Sources


@dataclass(frozen=True)
class WholeDevice:
    """The residual network of `make demo` in int8, with random weights, as fast as one device of the kind allows."""

    device: str

    @property
    def name(self) -> str:
        return f"device {self.device}"

    def sources(self, kernels: Path, scratch: Path) -> Sources:
        """Writes the hardware to `scratch`, made of the kernels that xplat was installed with."""
        torch.manual_seed(0)
        model, samples = ResidualCnn().eval(), torch.rand(8, 1, 8, 8)
        design = xplat.compile(model, self.device, example_inputs=samples[:1], calibration=samples, quantize="int8")
        emitted = design.emit(scratch / "hardware")
        (device,) = design.report().devices
        files = sorted(file for part in ("rtl", "mem") for file in (emitted / part).rglob("*") if file.is_file())
        command = f"read_slang -D SYNTHESIS --top {device.name} -F ../{SOURCES}"
        content = b"".join(file.read_bytes() for file in files)
        # The default router does not end on it in half an hour.
        return Sources(command, device.name, content, emitted / "mem", router="router2")


DEVICES = [WholeDevice("ulx3s")]
