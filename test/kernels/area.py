"""Synthesizes kernels with Yosys and records what they need: `python test/kernels/area.py [kernel …]`.

For every configuration below: `read_slang`, `synth_xilinx -family xc7 -noiopad`, counted into
`hw_kernels/<kernel>/qor.csv`. Numbers are Yosys', without placement; parameter memories stay
outside the kernels and are not counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# LUTs behind one primitive: memories and shift registers are LUTs used as storage.
LUTS = {
    "LUT1": 1,
    "LUT2": 1,
    "LUT3": 1,
    "LUT4": 1,
    "LUT5": 1,
    "LUT6": 1,
    "SRL16E": 1,
    "SRLC32E": 1,
    "RAM32X1D": 2,
    "RAM64X1D": 2,
    "RAM128X1D": 4,
    "RAM32M": 4,
    "RAM64M": 4,
    "RAM32X1S": 1,
    "RAM64X1S": 1,
}
LUTRAM = {k for k in LUTS if k.startswith(("RAM", "SRL"))}
FLIP_FLOPS = {"FDRE", "FDSE", "FDCE", "FDPE"}
BRAM36_HALVES = {"RAMB18E1": 1, "RAMB36E1": 2}
RESULTS = ("lut", "lutram", "ff", "dsp", "bram18")


def conv(ic: int, oc: int, size: int, k: int, **more: int) -> dict[str, int]:
    stride, pad = more.pop("stride", 1), more.pop("pad", k // 2)
    out = (size + 2 * pad - k) // stride + 1
    base = dict(
        InChannels=ic,
        OutChannels=oc,
        InHeight=size,
        InWidth_px=size,
        OutHeight=out,
        OutWidth_px=out,
        KernelH=k,
        KernelW=k,
        StrideH=stride,
        StrideW=stride,
        PadH=pad,
        PadW=pad,
        Shift=7,
    )
    return base | more


def window(c: int, size: int, k: int, **more: int) -> dict[str, int]:
    """A depthwise or pooling configuration."""
    base = conv(c, c, size, k, **more)
    return {"Channels": c} | {n: v for n, v in base.items() if n not in ("InChannels", "OutChannels")}


CONFIGS: dict[str, list[dict[str, int]]] = {
    "linear": [
        dict(Rows=1, In=64, Out=64, InLanes=1, OutLanes=1, Shift=7),
        dict(Rows=1, In=64, Out=64, InLanes=4, OutLanes=4, Shift=7),
        dict(Rows=1, In=64, Out=64, InLanes=2, OutLanes=8, Shift=7),
        dict(Rows=8, In=256, Out=64, InLanes=16, OutLanes=1, Shift=7),
        dict(Rows=1, In=512, Out=64, InLanes=4, OutLanes=2, Shift=7, PerChannelShift=1),
        dict(Rows=1, In=64, Out=64, InLanes=4, OutLanes=4, InWidth=4, WeightWidth=4, Shift=4),
        dict(Rows=1, In=64, Out=64, InLanes=8, OutLanes=4, InWidth=4, WeightWidth=4, Shift=4),
        dict(Rows=4, In=64, Out=16, InLanes=8, OutLanes=4, Shift=7, HasBias=0),
    ],
    "conv2d": [
        conv(16, 16, 16, 3),
        conv(16, 16, 16, 3, InLanes=4, OutLanes=4),
        conv(16, 16, 32, 3, InLanes=2, OutLanes=2, UnrollKh=3),
        conv(8, 8, 16, 3, UnrollKh=3, UnrollKw=3, OutLanes=2),
        conv(64, 64, 8, 1, InLanes=8, OutLanes=4),
        conv(16, 16, 16, 3, InLanes=4, OutLanes=4, InWidth=4, WeightWidth=4),
        conv(16, 32, 16, 3, stride=2, InLanes=2, OutLanes=2, PerChannelShift=1),
        conv(8, 8, 12, 5, Groups=2, InLanes=2, OutLanes=2, pad=0),
    ],
    "depthwise_conv2d": [
        window(16, 16, 3),
        window(16, 16, 3, Lanes=4),
        window(16, 16, 3, UnrollKh=3, UnrollKw=3),
        window(32, 14, 3, Lanes=2, UnrollKw=3, stride=2),
        window(16, 8, 5, Lanes=4, UnrollKh=5),
        window(16, 16, 3, Lanes=4, InWidth=4, WeightWidth=4),
        window(16, 16, 3, Lanes=2, PerChannelShift=1),
    ],
    "pool2d": [
        window(16, 16, 2, stride=2, pad=0, Shift=0),
        window(16, 16, 2, stride=2, pad=0, Shift=0, Lanes=4, UnrollKh=2, UnrollKw=2),
        window(16, 16, 3, Lanes=2, UnrollKh=3, UnrollKw=3, Shift=0),
        window(64, 8, 3, Lanes=8, Shift=0, InWidth=4, OutWidth=4),
        window(16, 16, 2, stride=2, pad=0, Shift=0, Mode=1),
        window(16, 16, 3, Lanes=4, Shift=0, Mode=1),
        window(16, 16, 3, Lanes=2, UnrollKh=3, UnrollKw=3, Shift=-2, Mode=1),
        window(64, 8, 5, Lanes=8, Shift=0, Mode=1, InWidth=4, OutWidth=4),
    ],
    "global_avg_pool2d": [
        dict(Channels=64, Height=7, Width=7, Lanes=1),
        dict(Channels=64, Height=7, Width=7, Lanes=4),
        dict(Channels=512, Height=4, Width=4, Lanes=2),
        dict(Channels=64, Height=8, Width=8, Lanes=8, InWidth=4, OutWidth=4),
        dict(Channels=16, Height=14, Width=14, Lanes=16),
        dict(Channels=1280, Height=7, Width=7, Lanes=4, OutWidth=16, Shift=-4),
    ],
    "rewidth": [
        dict(ElemWidth=8, InLanes=1, OutLanes=4),
        dict(ElemWidth=8, InLanes=8, OutLanes=2),
        dict(ElemWidth=8, InLanes=6, OutLanes=4),
        dict(ElemWidth=4, InLanes=16, OutLanes=4),
        dict(ElemWidth=8, InLanes=16, OutLanes=16),
    ],
    "fifo": [
        dict(DataWidth=8, Depth=2),
        dict(DataWidth=32, Depth=16),
        dict(DataWidth=64, Depth=64),
        dict(DataWidth=32, Depth=512),
        dict(DataWidth=64, Depth=2048),
    ],
}
FOLDERS = {"rewidth": "common", "fifo": "common"}


def synthesize(kernel: str, params: Mapping[str, int]) -> dict[str, int | str]:
    """Counts of one configuration; Yosys runs in a process of its own."""
    module = f"xplat_{kernel}"
    sources = [str(ROOT / "hw_kernels/common/rtl/xplat_pkg.sv")] + [
        str(p) for p in sorted(ROOT.glob("hw_kernels/*/rtl/*.sv")) if p.stem != "xplat_pkg"
    ]
    with tempfile.TemporaryDirectory() as tmp:
        out = Path(tmp) / "stat.json"
        flags = " ".join(f"-G {k}={v}" for k, v in params.items())
        script = [
            f"read_slang -D SYNTHESIS -I {ROOT}/hw_kernels/common/rtl --top {module} {flags} " + " ".join(sources),
            f"synth_xilinx -family xc7 -noiopad -flatten -top {module}",
            f"tee -q -o {out} stat -json",
        ]
        code = "import sys, pyosys.libyosys as ys\nd = ys.Design()\nfor line in sys.argv[1:]: ys.run_pass(line, d)\n"
        done = subprocess.run([sys.executable, "-c", code, *script], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{kernel} {dict(params)}: {(done.stdout + done.stderr)[-3000:]}")
        stat = json.loads(out.read_text())
    cells = {k: int(v) for k, v in stat["design"]["num_cells_by_type"].items()}
    known = set(LUTS) | FLIP_FLOPS | set(BRAM36_HALVES)
    ignored = {"CARRY4", "MUXF7", "MUXF8", "INV", "BUFG", "DSP48E1"}
    if unknown := set(cells) - known - ignored:
        raise SystemExit(f"{kernel}: primitives with no count: {sorted(unknown)}")
    return {
        "lut": sum(n * cells.get(k, 0) for k, n in LUTS.items()),
        "lutram": sum(LUTS[k] * cells.get(k, 0) for k in LUTRAM),
        "ff": sum(cells.get(k, 0) for k in FLIP_FLOPS),
        "dsp": cells.get("DSP48E1", 0),
        "bram18": sum(n * cells.get(k, 0) for k, n in BRAM36_HALVES.items()),
        "yosys": str(stat["creator"]).split(" (")[0],
    }


def table(kernel: str) -> Path:
    if kernel in FOLDERS:
        return ROOT / "hw_kernels" / FOLDERS[kernel] / f"qor_{kernel}.csv"
    return ROOT / "hw_kernels" / kernel / "qor.csv"


def record(kernel: str) -> None:
    """Writes the kernel's table anew."""
    names = list(dict.fromkeys(n for c in CONFIGS[kernel] for n in c))
    rows = []
    for params in CONFIGS[kernel]:
        start = time.monotonic()
        counts = synthesize(kernel, params)
        rows.append([params.get(n, "") for n in names] + list(counts.values()))
        print(f"{kernel} {params} {counts} {time.monotonic() - start:.0f} s", flush=True)
    with table(kernel).open("w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow([*names, *RESULTS, "yosys"])
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kernels", nargs="*", default=list(CONFIGS))
    args = parser.parse_args()
    for kernel in args.kernels:
        record(kernel)


if __name__ == "__main__":
    main()
