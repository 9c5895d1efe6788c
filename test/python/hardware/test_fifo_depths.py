# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""FIFO depths of a periodic schedule against simulation: the proof of docs/Model.md, tried.

The depths are found without any simulation. Then a simulation whose sources always offer, run to its end, must find
neither a deadlock nor another period.
"""

import os
import re

import pytest
import torch

import xplat
from xplat import ir
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import PassError
from xplat.target.library import kernel_files, link_pass
from xplat.testing.networks import RandomNetwork, ResidualCnn, settle_batch_norm

SCHEDULE = "xplat-convert-to-dataflow,xplat-size-fifos{effort=0 simulation-limit=0}"
SIMULATE = "xplat-size-fifos{size=false}"


def mapped(model: torch.nn.Module, x: torch.Tensor, system: str, target: int) -> ir.Module:
    network = xplat.quantize(model, example_inputs=x[:1], calibration=x, quantize="int8").module
    devices = xplat.System.load(system)
    linked = devices.merged_into(network)
    linked = run_pipeline(linked, link_pass(kernel_files()), where="link kernels")
    options = f"system={devices.name} max-utilization=0.8 target-cycles={target}"
    return run_pipeline(linked, f"xplat-hardware{{{options}}}", where="map")


def check_seed(seed: int) -> None:
    model = RandomNetwork(seed)
    x = torch.rand(4, *model.input_shape)
    system = ("u250", "2xz7020", "4xz7020-ring")[seed % 3]
    target = (0, 900, 5000)[seed // 3 % 3]
    module = mapped(settle_batch_norm(model, x), x, system, target)
    run_pipeline(run_pipeline(module, SCHEDULE, where="schedule"), SIMULATE, where=f"simulate seed {seed}")


@pytest.mark.parametrize("seed", range(9))
def test_simulation_agrees(seed: int) -> None:
    check_seed(seed)


@pytest.mark.long
def test_simulation_agrees_with_drawn_networks() -> None:
    first = int(os.environ.get("XPLAT_SEED", "1000"))
    for seed in range(first, first + 100):
        check_seed(seed)


def test_simulation_notices_a_depth_that_is_too_small() -> None:
    x = torch.rand(8, 1, 8, 8)
    module = run_pipeline(mapped(settle_batch_norm(ResidualCnn(), x), x, "u250", 2048), SCHEDULE, where="schedule")
    text = re.sub(r"(xplat\.fifo \S+ depth) \d{3,}", r"\1 20", str(module))
    assert text != str(module)
    with pytest.raises(PassError, match=r"cycles per sample|deadlock"):
        run_pipeline(ir.Module.parse(text, module.context), SIMULATE, where="simulate")
