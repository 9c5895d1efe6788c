# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks whose elements move, from PyTorch to simulated RTL: bit for bit, in the cycles that are promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch

import xplat
from xplat.api.design import Design
from xplat.testing.movement import C2f, MixerBlock, RandomMovement, ShuffleUnit, SuperResolution, UNet

#: Network, shape of a sample, kernels that it has to use, and a layer for each of two devices.
NETWORKS = {
    "unet": (UNet, (1, 6, 8), {"concat", "upsample"}, ("down", "deep")),
    "c2f": (C2f, (3, 5, 4), {"concat", "slice"}, ("first", "inner.0")),
    "shuffle": (ShuffleUnit, (3, 4, 4), {"concat", "slice", "reorder_transpose"}, ("stem", "branch.0")),
    "mixer": (MixerBlock, (6, 8), {"reorder_transpose"}, ("embed", "tokens")),
    "pixels": (SuperResolution, (1, 4, 5), {"pad", "reorder_transpose"}, ("first", "last")),
}


def compiled(network: str, target: str, *, mapping: Mapping[str, Any] | None = None, **options: Any) -> Any:
    """The design and six samples; the reference is near PyTorch's float result."""
    factory, shape, kernels, _ = NETWORKS[network]
    torch.manual_seed(1)
    model, x = factory().eval(), torch.randn(32, *shape)
    design = xplat.compile(model, target, example_inputs=x[:1], calibration=x, mapping=mapping, **options)
    assert kernels <= {node.kernel for node in design.report().nodes}
    with torch.no_grad():
        expected = model(x)
    noise = (design.reference(x) - expected).square().mean() / expected.square().mean()
    assert noise < 0.01
    return design, x[:6]


def check(design: Design, x: torch.Tensor, **options: Any) -> None:
    simulation = design.simulate(x, **options)
    assert torch.equal(simulation.outputs, design.reference(x))
    if not options.get("backpressure"):
        assert simulation.cycles_per_sample[-1] == design.report().cycles_per_sample


DEFAULT = {"c2f", "pixels"}
LONG_UNLESS_DEFAULT = [pytest.param(n, marks=() if n in DEFAULT else pytest.mark.long) for n in NETWORKS]


@pytest.mark.parametrize("network", LONG_UNLESS_DEFAULT)
def test_one_device(network: str) -> None:
    check(*compiled(network, "z7020"))


@pytest.mark.long
@pytest.mark.parametrize("network", NETWORKS)
def test_two_devices(network: str) -> None:
    first, second = NETWORKS[network][3]
    places = {first: {"device": "fpga0"}, second: {"device": "fpga1"}}
    design, x = compiled(network, "2xz7020", mapping=places)
    assert {node.device for node in design.report().nodes} == {"fpga0", "fpga1"}
    check(design, x)
    check(design, x, backpressure=0.4, seed=3)


@pytest.mark.long
@pytest.mark.parametrize("network", NETWORKS)
def test_slower_targets_and_other_widths(network: str) -> None:
    fast = compiled(network, "z7020")[0].report().cycles_per_sample
    design, x = compiled(network, "z7020", quantize="int10", target_cycles=3 * fast)
    check(design, x)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(24))
def test_random_networks(seed: int) -> None:
    torch.manual_seed(seed)
    model = RandomMovement(seed).eval()
    x = torch.randn(16, *model.input_shape)
    design = xplat.compile(
        model,
        ["zu9eg", "2xz7020"][seed % 2],
        example_inputs=x[:1],
        calibration=x,
        quantize=f"int{[8, 6, 12][seed % 3]}",
        max_utilization=[0.8, 0.3][seed % 2],
    )
    check(design, x[:4])
    check(design, x[:4], backpressure=0.3, seed=seed)
