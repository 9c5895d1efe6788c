# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From PyTorch to simulated RTL: every network, bit for bit, on one device and on two.

The reference is checked against PyTorch elsewhere (test_interpreter.py, test_quantization.py); here the RTL has to
equal it on every element, and the simulated cycles per sample have to equal the prediction.
"""

from __future__ import annotations

import pytest
import torch

import xplat
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, RandomNetwork, ResidualCnn, settle_batch_norm

SAMPLES = 6


def samples_for(shape, count=SAMPLES, seed=0):
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(seed))


def norm_first():
    """A normalisation of vectors that no weight in front of it can take in."""
    bn, rest = torch.nn.BatchNorm1d(16), torch.nn.Sequential(torch.nn.Linear(16, 8), torch.nn.ReLU())
    return torch.nn.Sequential(bn, rest, torch.nn.Linear(8, 4))


def build(factory, shape, seed=1):
    torch.manual_seed(seed)
    return settle_batch_norm(factory(), samples_for(shape, 32, seed))


def check(design, images, **options):
    simulation = design.simulate(images, **options)
    reference = design.reference(images)
    assert simulation.outputs.shape == reference.shape
    assert torch.equal(simulation.outputs, reference)
    return simulation


NETWORKS = {
    "mlp": (Mlp, (1, 8, 8)),
    "rows": (lambda: torch.nn.Sequential(torch.nn.Linear(8, 4), torch.nn.ReLU(), torch.nn.Linear(4, 6)), (5, 8)),
    "plain": (PlainCnn, (1, 8, 8)),
    "residual": (lambda: ResidualCnn(width=4), (1, 8, 8)),
    "depthwise": (lambda: DepthwiseCnn(width=4), (1, 8, 8)),
}


@pytest.mark.parametrize("network", NETWORKS)
def test_one_device(network):
    factory, shape = NETWORKS[network]
    design = xplat.compile(
        build(factory, shape), "z7020", example_inputs=samples_for(shape, 1), calibration=samples_for(shape, 32)
    )
    report = design.report()
    assert {node.device for node in report.nodes} == {"fpga0"}
    assert report.bound_cycles <= report.cycles_per_sample
    simulation = check(design, samples_for(shape, seed=3))
    assert set(simulation.cycles_per_sample) == {report.cycles_per_sample}


def test_a_normalisation_of_vectors():
    shape = (16,)
    model = build(norm_first, shape)
    design = xplat.compile(
        model, "z7020", example_inputs=samples_for(shape, 1), calibration=samples_for(shape, 32), quantize="int8"
    )
    check(design, samples_for(shape, seed=3))


@pytest.mark.parametrize("network", [name for name in NETWORKS if name != "rows"])
def test_two_devices(network):
    factory, shape = NETWORKS[network]
    # With a fifth of each device, two are faster than one for every network here.
    design = xplat.compile(
        build(factory, shape),
        "2xz7020",
        example_inputs=samples_for(shape, 1),
        calibration=samples_for(shape, 32),
        max_utilization=0.2,
    )
    report = design.report()
    assert {node.device for node in report.nodes} == {"fpga0", "fpga1"}, "expected a real split"
    images = samples_for(shape, seed=4)
    with_links = check(design, images)
    assert set(with_links.cycles_per_sample) == {report.cycles_per_sample}
    without_links = check(design, images, links=False)
    assert set(without_links.cycles_per_sample) == {report.cycles_per_sample}


def test_back_pressure_changes_times_and_not_values():
    factory, shape = NETWORKS["residual"]
    design = xplat.compile(
        build(factory, shape), "2xz7020", example_inputs=samples_for(shape, 1), calibration=samples_for(shape, 32)
    )
    images = samples_for(shape, seed=5)
    free = check(design, images)
    stalled = check(design, images, backpressure=0.95, seed=7)
    assert max(stalled.cycles_per_sample) > max(free.cycles_per_sample)


def test_a_slower_target_uses_less_hardware():
    factory, shape = NETWORKS["plain"]
    model, calibration = build(factory, shape), samples_for(shape, 32)
    arguments = {"example_inputs": calibration[:1], "calibration": calibration}
    fast = xplat.compile(model, "z7020", **arguments).report()
    slow = xplat.compile(model, "z7020", target_cycles=4 * fast.cycles_per_sample, **arguments).report()
    assert fast.cycles_per_sample < slow.cycles_per_sample <= 4 * fast.cycles_per_sample
    assert slow.devices[0].used["dsp"] < fast.devices[0].used["dsp"]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_random_networks(seed):
    model = RandomNetwork(seed)
    shape = model.input_shape
    settle_batch_norm(model, samples_for(shape, 32, seed))
    width = [8, 6, 4, 10, 8][seed % 5]
    system = ["z7020", "2xz7020"][seed % 2]
    targets = [None, 2000, 700]
    design = xplat.compile(
        model,
        system,
        example_inputs=samples_for(shape, 1),
        calibration=samples_for(shape, 32),
        quantize=f"int{width}",
        target_cycles=targets[seed % 3],
        max_utilization=0.8 if system == "z7020" else 0.6,
    )
    simulation = check(design, samples_for(shape, seed=100 + seed), backpressure=0.0)
    assert set(simulation.cycles_per_sample) == {design.report().cycles_per_sample}
    check(design, samples_for(shape, seed=200 + seed), backpressure=0.3, seed=seed, links=seed % 4 < 2)
