# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of two linear layers, one of them with the kernel of this folder: compiled, simulated, compared."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

import xplat

HERE = Path(__file__).parent


def compiled() -> tuple[xplat.Design, torch.Tensor]:
    """The design, and samples."""
    torch.manual_seed(0)
    layers = {"hidden": nn.Linear(16, 8), "act": nn.ReLU(), "fc": nn.Linear(8, 4)}
    samples = torch.randn(64, 16)
    design = xplat.compile(
        nn.Sequential(OrderedDict(layers)),
        "z7020",
        example_inputs=samples[:1],
        calibration=samples,
        # Nodes that a kernel of this folder fits are bound to it, the others to built-in kernels …
        kernels=HERE,
        # … unless the mapping says otherwise.
        mapping={"hidden": {"kernel": "linear"}, "fc": {"kernel": "shift_add_linear", "unroll": {"k": 8}}},
        target="1M/s",
    )
    return design, samples


def main() -> None:
    """Prints the report; ends with an error where the hardware does not equal the reference."""
    design, samples = compiled()
    report = design.report()
    print(report)
    nodes = {node.name: node for node in report.nodes}
    assert nodes["fc"].kernel == "shift_add_linear" and nodes["fc"].area.get("dsp", 0) == 0
    simulation = design.simulate(samples[:4], assertions=True)
    assert torch.equal(simulation.outputs, design.reference(samples[:4]))
    assert simulation.cycles_per_sample[-1] == report.cycles_per_sample
    print(f"{simulation.outputs.numel()} results equal the reference in every bit")


if __name__ == "__main__":
    main()
