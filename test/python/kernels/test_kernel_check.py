# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat kernel new` writes a folder that passes `xplat kernel check`, and the check finds every kind of mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import xplat
from xplat.cli import main
from xplat.kernels.check import check_folders
from xplat.kernels.skeleton import SKELETONS, new_kernel
from xplat.support.errors import KernelError, OutputDirError, SimulationError

HALF_UP = "if (Right != 0 && (quotient <<< Right) == shifted + half && quotient[0]) quotient = quotient - 1;"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_kernel("mine", "relu", tmp_path / "a, b" / "mine")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def refused(folder: Path, *parts: str) -> None:
    with pytest.raises(KernelError) as error:
        check_folders(folder, random_cases=0)
    for part in parts:
        assert part in str(error.value)


# The page of docs/HowTo has another one of them checked.
@pytest.mark.parametrize("op", ["abs", *(pytest.param(op, marks=pytest.mark.long) for op in SKELETONS if op != "abs")])
def test_every_skeleton_passes(op: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["kernel", "new", "mine", "--op", op]) == 0
    assert main(["kernel", "check", "mine", "--random-cases", "2"]) == 0
    assert "@mine: 6 cases pass" in capsys.readouterr().out


def test_wrong_rounding_and_lint(folder: Path) -> None:
    edit(folder / "rtl" / "mine.sv", HALF_UP, "")
    edit(folder / "rtl" / "mine.sv", "  logic valid_q,", "  logic idle, valid_q,")
    refused(folder, "@mine", "elements are wrong", "case 1", "expected", "xplat.relu %x", "lint", "mine.sv", "idle")


def test_wrong_formulas(folder: Path) -> None:
    edit(folder / "kernel.mlir", "cycles (n * (c floordiv p_c))", "cycles (n * (c floordiv p_c) + 1)")
    edit(folder / "kernel.mlir", "latency (1)", "latency (2)")
    refused(folder, "the contract says 7 cycles per sample but it takes 6", "the contract says latency 2 but it is 1")


def test_broken_protocol(folder: Path) -> None:
    # The data changes while the beat waits.
    edit(folder / "rtl" / "mine.sv", "    if (slot_free) data_q <=", "    data_q <=")
    refused(folder, "an assertion fired", "data changed while stalled")


def test_beats_too_many(folder: Path) -> None:
    # The last beat comes again and again while nothing comes in.
    edit(folder / "rtl" / "mine.sv", "valid_q <= spare_valid_q | in_valid_i;", "valid_q <= in_valid_i | valid_q;")
    refused(folder, "stalls 0/0", "beats more came than the")


def test_no_recovery_from_reset(folder: Path) -> None:
    edit(folder / "rtl" / "mine.sv", "      valid_q <= 1'b0;", "      valid_q <= valid_q;")
    refused(folder, "reset in cycle")


PATHS = {
    "in_ready_o = ~spare_valid_q;": "in_ready_o = ~spare_valid_q & (slot_free | ~out_ready_i);",
    "out_valid_o = valid_q;": (
        "out_valid_o = valid_q & (slot_free | ~out_ready_i) & (in_valid_i | ~(in_valid_i & valid_q));"
    ),
}
"""What the kernel does stays the same, but there are paths from port to port."""


def test_paths_from_port_to_port(folder: Path) -> None:
    for old, new in PATHS.items():
        edit(folder / "rtl" / "mine.sv", old, new)
    refused(
        folder,
        "case 0",
        "`ready` of 'x' depends on `ready` of result 0",
        "buffer (1)",
        "`valid` of result 0 waits for its `ready`",
        "`valid` of result 0 depends on `valid` of 'x'",
    )


@pytest.mark.long
def test_combinational_ready_that_the_contract_states(folder: Path) -> None:
    old, new = next(iter(PATHS.items()))
    edit(folder / "rtl" / "mine.sv", old, new)
    edit(folder / "kernel.mlir", "buffer (2)", "buffer (1)")
    assert check_folders(folder, random_cases=0) == {"mine": 4}


def test_case_that_the_contract_refuses(folder: Path) -> None:
    edit(folder / "case.py", "case(8, 4, (8, 4), 4)", "case(20, 4, (8, 4), 4)")
    refused(folder, "case0 is xplat.relu %x", "does not fit", "case.py")


def test_mistakes_in_the_folder(folder: Path) -> None:
    file = folder / "case.py"
    text = file.read_text()
    file.write_text(text.replace("def cases()", "def casesss()"))
    refused(folder, "has no function 'cases'")
    file.write_text(text + "\n1 / 0\n")
    refused(folder, "ZeroDivisionError", f"case.py:{len(text.splitlines()) + 2}")
    file.write_text("def cases():\n    return []\n")
    refused(folder, "no case for @mine")
    file.unlink()
    refused(folder, "has no case.py", "add-a-kernel.md")


def test_new_refuses(tmp_path: Path, folder: Path) -> None:
    for name, op, part in (
        ("My", "relu", "small letters"),
        ("linear", "relu", "has a kernel"),
        ("mine", "softmax", "no skeleton"),
    ):
        with pytest.raises(KernelError, match=part):
            new_kernel(name, op, tmp_path / "new")
    with pytest.raises(OutputDirError, match="exists"):
        new_kernel("mine", "relu", folder)


def test_assertions_in_a_whole_design(folder: Path) -> None:
    edit(folder / "rtl" / "mine.sv", "    if (slot_free) data_q <=", "    data_q <=")
    model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU()).eval()
    x = torch.randn(6, 8)
    design = xplat.compile(model, "z7020", example_inputs=x[:1], calibration=x, kernels=folder)
    assert "mine" in {node.kernel for node in design.report().nodes}
    with pytest.raises(SimulationError, match="assertion of the RTL does not hold"):
        design.simulate(x, backpressure=0.5, assertions=True)
