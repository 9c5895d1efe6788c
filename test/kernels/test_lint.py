# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every cell is clean under slang and Verilator -Wall, at its defaults and at the edges. Kernels: see test_folders."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyslang
import pytest

from xplat.target.kernel_check import read_contracts
from xplat.target.library import kernel_files

ROOT = Path(__file__).resolve().parents[2]
RTL_DIRS = sorted(ROOT.glob("hw_kernels/*/rtl"))
PACKAGE = ROOT / "hw_kernels/common/rtl/xplat_pkg.sv"
CONFIGS: dict[str, list[dict[str, int]]] = {
    "xplat_wire_delay": [{}, dict(Cycles=0), dict(Cycles=3, Width=4)],
    "xplat_skid": [{}, dict(DataWidth=1)],
    "xplat_sync": [{}, dict(Width=5)],
    "xplat_reset_tree": [{}, dict(Leaves=16), dict(Leaves=17), dict(Leaves=1100)],
    "xplat_cdc_store": [{}, dict(DataWidth=1, Depth=4)],
    "xplat_widen": [{}, dict(DataWidth=1, Ratio=5)],
    "xplat_narrow": [{}, dict(DataWidth=1, Ratio=5)],
    "xplat_gearbox": [{}, dict(UnitWidth=1, InUnits=5, OutUnits=3)],
    "xplat_polynomial_lane": [{}, dict(Degree=1, Bits2=0), dict(Ranges=32, Longest=10, Shortest=7, OutUnsigned=1)],
    "xplat_rom": [{}, dict(Depth=1, Width=1)],
    "xplat_rom_stream": [{}, dict(Depth=1, Width=1), dict(Depth=1024)],
    "xplat_ram_stream": [{}, dict(Depth=1, Width=1), dict(Depth=5000, Width=64)],
    "xplat_parameter_port": [{}, dict(Width=1), dict(Late=1, Places=3)],
    "xplat_requant": [{}, dict(Shift=9), dict(PerChannelShift=1, InWidth=12, Lanes=3), dict(Shift=-7)],
    "xplat_round_div": [{}, dict(Divisor=1), dict(Divisor=64, Shift=5), dict(Divisor=7, Shift=-8)],
    "xplat_block_dot": [{}, dict(LeftExponent=2, RightExponent=2, Shift=-3), dict(Terms=1, TwosComplement=1, Folds=3)],
    "xplat_block_walk": [{}, dict(Beats=5), dict(Beats=3, BlockBeats=1)],
    "xplat_block_parameters": [{}, dict(Beats=5, Late=1), dict(BlockBeats=1)],
    "xplat_block_mac": [
        {},
        dict(Terms=32, TotalTerms=64),
        dict(Terms=4, TotalTerms=24, HasBias=0),
        dict(Terms=24, TotalTerms=216, Positions=3, Row=24),
    ],
    "xplat_block_element": [{}, dict(ElemWidth=8, Exponent=4), dict(ElemWidth=8, TwosComplement=1, InWidth=2)],
    "xplat_tree": [{}, dict(Terms=1), dict(Terms=65), dict(Terms=9, Maximum=1, Lanes=3)],
    "xplat_loop": [{}, dict(Count=1), dict(Count=5), dict(First=1)],
    "xplat_travel": [{}, dict(Wrap=-1, MoveWidth=3)],
    "xplat_member": [{}, dict(Window=4, Offset=0), dict(Window=12, Offset=8)],
    "xplat_pixel_walk": [{}],
    "xplat_bank_phase": [{}, dict(Banks=1), dict(Banks=4, First=-1)],
    "xplat_bank_plan": [{}, dict(Banks=1, Taps=1), dict(Taps=2, Dilation=2), dict(ByBank=1), dict(Masked=0)],
    "xplat_bank_walk": [{}, dict(RowBanks=3, ColBanks=2, RowsAhead=1, ColsAhead=1)],
    "xplat_window_store": [{}, dict(UnrollKh=1, DilationW=2), dict(UnrollKw=4, DilationW=2, AnyOrder=1)],
    "xplat_window_buffer": [
        {},
        dict(UnrollKh=3, UnrollKw=3),
        dict(UnrollKh=3, UnrollKw=3, AnyOrder=1, PadLowest=1),
        dict(UnrollKw=3, DilationW=3),
    ],
    "xplat_pixel_window": [
        {},
        dict(UnrollKw=3, Pixels=2),
        dict(UnrollKh=3, UnrollKw=3, Pixels=2, StrideW=2, DilationW=2, OutWidth=4),
    ],
    "xplat_sums": [{}, dict(Pixels=2, OutLanes=3, PerChannelShift=1), dict(HasBias=0), dict(PerChannelShift=1, Late=1)],
    "xplat_row_buffer": [{}, dict(Rows=3, InFolds=2, OutFolds=4, Passes=2)],
    "xplat_factors": [{}, dict(Transposed=1, RightLanes=2, LeftLanes=2, OutLanes=3)],
    "xplat_mac": [{}, dict(Pixels=2, OutLanes=3, Terms=2, TotalTerms=4), dict(SharedInput=0, OutLanes=3)],
    "xplat_result_fifo": [{}, dict(Depth=3)],
    "xplat_pipeline": [{}, dict(InWidth=1, OutWidth=1, Stages=5)],
    "xplat_wait": [{}, dict(DataWidth=1)],
    "xplat_matrix_buffer": [{}, dict(Transposed=0, SumLanes=2, OutLanes=3, Matrices=3)],
    "xplat_div_lane": [{}, dict(Shift=3)],
    "xplat_sqrt_lane": [{}, dict(Shift=1)],
}
# Two-state flags need a sized value on the command line.
FLAGS = {
    "HasBias",
    "PerChannelShift",
    "SharedInput",
    "Maximum",
    "Transposed",
    "AnyOrder",
    "PadLowest",
    "ByBank",
    "Masked",
    "TwosComplement",
    "OutUnsigned",
    "Late",
}


def source(module: str) -> Path:
    (path,) = ROOT.glob(f"hw_kernels/*/rtl/{module}.sv")
    return path


def test_every_module_is_listed() -> None:
    kernels = {op.rtl_module.value for file in kernel_files() for op in read_contracts(file) if op.rtl_module}
    kernels |= {f"{module}_{end}" for module in kernels for end in ("tx", "rx")}
    found = {p.stem for d in RTL_DIRS for p in d.glob("*.sv")} - {"xplat_pkg"}
    assert found - kernels == set(CONFIGS)


@pytest.mark.parametrize("module", CONFIGS)
def test_verilator(module: str) -> None:
    for config in CONFIGS[module]:
        flags = [f"-G{k}={v}" if k not in FLAGS else f"-G{k}=1'b{v}" for k, v in config.items()]
        for define in ([], ["-DSYNTHESIS"]):
            run = subprocess.run(
                [
                    "verilator",
                    "--lint-only",
                    "-Wall",
                    "--assert",
                    *define,
                    *(f"-I{d}" for d in RTL_DIRS),
                    *flags,
                    "--top-module",
                    module,
                    str(PACKAGE),
                    str(source(module)),
                ],
                capture_output=True,
                text=True,
            )
            assert run.returncode == 0 and not run.stderr, f"{config}:\n{run.stderr}"


@pytest.mark.parametrize("define", ["XPLAT_SIMULATION", "SYNTHESIS"])
def test_slang(define: str, tmp_path: Path) -> None:
    lines = []
    for module, configs in CONFIGS.items():
        for i, config in enumerate(configs):
            params = ", ".join(f".{k}({v})" for k, v in config.items())
            lines.append(f"  {module} #({params}) u_{module}_{i} ();")
    top = tmp_path / "top.sv"
    top.write_text("\n".join(["module top;", *lines, "endmodule", ""]))
    files = [str(p) for d in RTL_DIRS for p in sorted(d.glob("*.sv")) if p != PACKAGE]
    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    # The instances of the generated top are left open on purpose; a cast to a parametrised width
    # is useless in some instances and needed in others.
    args = [
        "slang",
        "-Wextra",
        "-Wno-unconnected-port",
        "-Wno-empty-body",
        "-Wno-useless-cast",
        "-Werror",
        "-D",
        define,
        "--top",
        "top",
        *(f"-I{d}" for d in RTL_DIRS),
        str(PACKAGE),
        *files,
        str(top),
    ]
    assert driver.parseCommandLine(" ".join(args))
    assert driver.processOptions() and driver.parseAllSources()
    compilation = driver.createCompilation()
    driver.reportCompilation(compilation, True)
    assert driver.reportDiagnostics(True)
