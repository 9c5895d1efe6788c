# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A kernel of the user's own, from a folder outside xplat: bound before the built-in one, emitted and simulated."""

from __future__ import annotations

import shutil

import torch

import xplat
from xplat.support.paths import kernels_dir
from xplat.testing.networks import Mlp


def test_a_kernel_of_ones_own(tmp_path):
    home = tmp_path / "my kernels"  # a space, as people have them
    for folder in ("common", "linear"):
        shutil.copytree(kernels_dir() / folder, home / folder)
    contract = home / "linear" / "kernel.mlir"
    contract.write_text(contract.read_text().replace("@linear", "@my_linear"))
    torch.manual_seed(0)
    images = torch.rand(8, 1, 8, 8)
    design = xplat.compile(
        Mlp().eval(), "z7020", example_inputs=images[:1], calibration=images, kernels=[home / "linear"]
    )
    kernels = {node.op: node.kernel for node in design.report().nodes}
    assert kernels["linear"] == "my_linear"
    assert torch.equal(design.simulate(images[:4]).outputs, design.reference(images[:4]))


def test_a_path_with_a_comma(tmp_path):
    """Lists of files in options of passes are separated by commas."""
    home = tmp_path / "a,b"
    for folder in ("common", "linear"):
        shutil.copytree(kernels_dir() / folder, home / folder)
    images = torch.rand(2, 1, 8, 8)
    design = xplat.compile(Mlp().eval(), "z7020", example_inputs=images, kernels=[home / "linear"])
    assert str(home) in str(design.mapped.operation.get_asm(enable_debug_info=True))
