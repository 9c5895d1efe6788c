# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels whose words come from RAMs that are filled after reset: values under stalls, a planted wrong bit, and a reset
in the middle, after which the RAMs are filled again. `xplat kernel check` does it with memories outside."""

from __future__ import annotations

import pytest

from xplat.kernels.check import Folder, check_late
from xplat.support.paths import kernels_dir
from xplat.target.library import kernel_files


@pytest.mark.parametrize("kernel", ["linear", "constant"])
def test_filled_memories(kernel: str) -> None:
    folder = Folder.load(kernels_dir() / kernel / "kernel.mlir")
    cases = [(folder.kernel_of(case), case) for case in folder.chosen[:3]]
    assert not check_late(cases, kernel_files(), seed=1, memories="ram")
