# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the examples' page says of errors. test/python/docs runs the examples themselves: README.md and the page name
them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import xplat
from xplat.kernels.check import check_folders
from xplat.support.errors import KernelError, MappingError
from xplat.target.kernel_check import check_kernel

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
LINEAR, ATTENTION = EXAMPLES / "own_linear", EXAMPLES / "own_attention"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy elsewhere, which finds xplat's cells as the original does."""
    return Path(shutil.copytree(LINEAR, tmp_path / "mine"))


def test_cells_of_xplat_are_found(folder: Path) -> None:
    assert check_kernel(folder) == ["shift_add_linear"]
    edit(folder / "rtl" / "shift_add_linear.sv", "xplat_row_buffer #", "xplat_row_bufer #")
    with pytest.raises(KernelError, match="unknown module 'xplat_row_bufer'"):
        check_kernel(folder)


def test_ports_that_the_contract_does_not_have(folder: Path) -> None:
    edit(folder / "kernel.mlir", "memory bias (p_n * bias_width) x (out_folds * has_bias)", "")
    with pytest.raises(KernelError, match="module 'shift_add_linear' has port 'bias_data_i'"):
        check_kernel(folder)


def test_a_module_without_late(folder: Path) -> None:
    edit(folder / "rtl" / "shift_add_linear.sv", "parameter bit Late = 1'b0,", "localparam bit Late = 1'b0,")
    with pytest.raises(KernelError, match="module 'shift_add_linear' has no parameter 'Late'"):
        check_kernel(folder)


def test_a_kernel_that_does_not_wait_for_words(folder: Path) -> None:
    """With ROMs it is right; the check finds it with memories that are late."""
    edit(folder / "rtl" / "shift_add_linear.sv", ".Late(Late)", ".Late(Late & 1'b0)")
    with pytest.raises(KernelError, match=r"of memories .* an assertion fired: .*Take"):
        check_folders(folder, random_cases=0)


def test_a_kernel_that_does_not_exist() -> None:
    x = torch.randn(4, 8)
    mapping = {"*": {"kernel": "shift_ad_linear"}}
    with pytest.raises(MappingError, match="'shift_ad_linear' does not exist, expected one for") as error:
        xplat.compile(nn.Linear(8, 4), "z7020", example_inputs=x, kernels=LINEAR, mapping=mapping)
    assert "shift_add_linear" in str(error.value)


def test_wide_exponentials_are_approximate_without_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ATTENTION)
    monkeypatch.delitem(sys.modules, "attention", raising=False)
    from attention import ShiftAttention

    x = torch.randn(4, 4, 8)
    formats = {"default": "int8", "modules": {"sub": "int16"}}
    design = xplat.compile(ShiftAttention(8).eval(), "z7020", example_inputs=x, quantize=formats)
    assert "polynomial" in {node.kernel for node in design.report().nodes}
