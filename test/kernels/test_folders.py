# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The one contract test: every kernel folder passes the check that users run on theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xplat.kernels.check import Folder, check_contracts
from xplat.support.paths import kernels_dir
from xplat.target.kernel_check import read_contracts
from xplat.target.library import contract_files


def groups() -> list[Any]:
    """Folders with RTL one by one; those without together, because their hardware is small."""
    contracts = contract_files(kernels_dir())
    rtl = [file for file in contracts if any(op.backend.keyword == "rtl" for op in read_contracts(file))]
    small = [file for file in contracts if file not in rtl]
    return [pytest.param([file], id=file.parent.name) for file in rtl] + [pytest.param(small, id="generated")]


@pytest.mark.parametrize("contracts", groups())
def test_folder(contracts: list[Path]) -> None:
    passed = check_contracts(contracts, random_cases=2)
    assert set(passed) == {kernel for file in contracts for kernel in Folder.load(file).kernels}
    assert all(passed.values())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("contracts", groups())
def test_random_cases(contracts: list[Path], seed: int) -> None:
    assert check_contracts(contracts, random_cases=16, seed=seed)
