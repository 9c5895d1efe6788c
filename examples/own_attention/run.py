# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The attention of `attention.py` from PyTorch to simulated hardware, with the kernel of `shift_exp2/`."""

from __future__ import annotations

from pathlib import Path

import torch
from attention import ShiftAttention

import xplat

HERE = Path(__file__).parent
# The differences that go into the exponential have 16 bits, more than a table of results can have; powers have no sign.
FORMATS = {"default": "int8", "modules": {"sub": "int16", "power": "uint8"}}


def compiled() -> tuple[xplat.Design, torch.Tensor]:
    """The design, and samples of four vectors of eight numbers."""
    torch.manual_seed(0)
    samples = torch.randn(64, 4, 8)
    design = xplat.compile(
        ShiftAttention(8).eval(),
        "z7020",
        example_inputs=samples[:1],
        calibration=samples,
        quantize=FORMATS,
        kernels=HERE / "shift_exp2",
        target="100k/s",
    )
    return design, samples


def main() -> None:
    """Prints the report; ends with an error where the hardware does not equal the reference."""
    design, samples = compiled()
    report = design.report()
    print(report)
    assert {node.name: node.kernel for node in report.nodes}["power.shift_exp2"] == "shift_exp2"
    simulation = design.simulate(samples[:4])
    assert torch.equal(simulation.outputs, design.reference(samples[:4]))
    print(f"{simulation.outputs.numel()} results equal the reference in every bit")


if __name__ == "__main__":
    main()
