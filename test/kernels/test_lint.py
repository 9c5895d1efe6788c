# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every module is clean under slang and Verilator -Wall, at its defaults and at the edges."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyslang
import pytest
from kernel_harness import PACKAGE, ROOT, RTL_DIRS

CONV = dict(
    InChannels=1,
    OutChannels=1,
    InHeight=1,
    InWidth_px=1,
    OutHeight=1,
    OutWidth_px=1,
    KernelH=1,
    KernelW=1,
    PadH=0,
    PadW=0,
)
POOL = dict(Channels=6, Lanes=3, KernelH=3, KernelW=3, UnrollKh=3, UnrollKw=3, PadH=1, PadW=1)

CONFIGS: dict[str, list[dict[str, int]]] = {
    "xplat_conv2d": [
        {},
        dict(CONV, HasBias=0, Shift=40),
        dict(
            InChannels=8,
            OutChannels=8,
            Groups=2,
            InLanes=4,
            OutLanes=2,
            UnrollKh=3,
            UnrollKw=3,
            PerChannelShift=1,
            InWidth=4,
            WeightWidth=3,
        ),
    ],
    "xplat_depthwise_conv2d": [
        {},
        dict(Channels=6, Lanes=3, UnrollKh=3, UnrollKw=3, PerChannelShift=1),
        dict(Channels=1, InHeight=9, OutHeight=4, StrideH=2, PadH=0, PadW=0, OutWidth_px=6),
    ],
    "xplat_linear": [
        {},
        dict(In=1, Out=1),
        dict(In=64, InLanes=64, Rows=3, Shift=-5, HasBias=0),
        dict(OutLanes=4, InLanes=2, PerChannelShift=1, OutWidth=16),
    ],
    "xplat_linear_sparse": [
        {},
        dict(In=12, Group=12, Kept=5, InLanes=4, Rows=2),
        dict(In=64, InLanes=64, Rows=3, Shift=-5, HasBias=0),
        dict(Group=2, Kept=1, OutLanes=4, InLanes=2, PerChannelShift=1, OutWidth=16),
    ],
    "xplat_pool2d": [
        {},
        dict(Mode=1),
        dict(POOL, Mode=0),
        dict(POOL, Mode=1, Shift=-3),
        dict(POOL, Mode=1, Shift=9),
    ],
    "xplat_global_avg_pool2d": [{}, dict(Channels=4, Lanes=4, Height=1, Width=1), dict(Shift=5)],
    "xplat_link_tx": [{}, dict(DataWidth=1, PhitWidth=1, Credits=1), dict(DataWidth=5)],
    "xplat_link_rx": [{}, dict(DataWidth=1, PhitWidth=1, Credits=1), dict(DataWidth=20)],
    "xplat_wire_delay": [{}, dict(Cycles=0), dict(Cycles=3, Width=4)],
    "xplat_skid": [{}, dict(DataWidth=1)],
    "xplat_fifo": [{}, dict(DataWidth=1, Depth=2), dict(Depth=5)],
    "xplat_fork": [{}, dict(NumOut=1, DataWidth=1)],
    "xplat_join": [{}, dict(WidthA=1, WidthB=1)],
    "xplat_rewidth": [{}, dict(InLanes=1, OutLanes=1, ElemWidth=1), dict(InLanes=4, OutLanes=1)],
    "xplat_rom": [{}, dict(Depth=1, Width=1)],
    "xplat_constant": [{}, dict(Beats=1, DataWidth=1), dict(Beats=5, DataWidth=24)],
    "xplat_requant": [{}, dict(Shift=9), dict(PerChannelShift=1, InWidth=12), dict(Shift=-7)],
    "xplat_round_div": [{}, dict(Divisor=1), dict(Divisor=64, Shift=5), dict(Divisor=7, Shift=-8)],
    "xplat_tree": [{}, dict(Terms=1), dict(Terms=65), dict(Terms=9, Maximum=1)],
    "xplat_loop": [{}, dict(Count=1), dict(Count=5)],
    "xplat_pixel_walk": [{}],
    "xplat_window_buffer": [{}],
    "xplat_mac": [{}],
    "xplat_result_fifo": [{}, dict(Depth=3)],
}
# Two-state flags need a sized value on the command line.
FLAGS = {"HasBias", "PerChannelShift", "Maximum"}


def source(module: str) -> Path:
    (path,) = ROOT.glob(f"hw_kernels/*/rtl/{module}.sv")
    return path


def test_every_module_is_listed() -> None:
    found = {p.stem for d in RTL_DIRS for p in d.glob("*.sv")} - {"xplat_pkg"}
    assert found == set(CONFIGS)


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
