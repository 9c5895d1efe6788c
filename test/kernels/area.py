# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Synthesizes kernels with Yosys and records what they need: `python test/kernels/area.py [kernel …]`.

For every configuration below: `read_slang`, `synth_xilinx -family xc7 -noiopad`, counted into
`hw_kernels/<kernel>/qor.csv`. Numbers are Yosys', without placement; parameter memories stay
outside the kernels and are not counted. `--errors` compares the tables with the formulas instead.
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
        dict(Rows=1, In=64, Out=64, InLanes=16, OutLanes=8, Shift=7),
        dict(Rows=1, In=64, Out=64, InLanes=16, OutLanes=8, InWidth=4, WeightWidth=4, Shift=4),
    ],
    "linear_sparse": [
        dict(Rows=1, In=64, Out=64, Group=4, Kept=2, InLanes=1, OutLanes=1, Shift=7),
        dict(Rows=1, In=64, Out=64, Group=4, Kept=2, InLanes=4, OutLanes=4, Shift=7),
        dict(Rows=1, In=64, Out=64, Group=4, Kept=1, InLanes=16, OutLanes=4, Shift=7),
        dict(Rows=8, In=256, Out=64, Group=8, Kept=2, InLanes=16, OutLanes=2, Shift=7),
        dict(Rows=1, In=512, Out=64, Group=16, Kept=4, InLanes=4, OutLanes=2, Shift=7, PerChannelShift=1),
        dict(Rows=1, In=64, Out=64, Group=4, Kept=2, InLanes=8, OutLanes=4, InWidth=4, WeightWidth=4, Shift=4),
        dict(Rows=1, In=64, Out=64, Group=64, Kept=16, InLanes=8, OutLanes=2, Shift=7),
        dict(Rows=4, In=64, Out=16, Group=2, Kept=1, InLanes=8, OutLanes=4, Shift=7, HasBias=0),
        dict(Rows=1, In=32, Out=64, Group=32, Kept=8, InLanes=32, OutLanes=2, InWidth=4, WeightWidth=4, Shift=4),
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


# The formulas of docs/KernelRtl.md, over the symbols of `symbols`.


def ceildiv(a: int, b: int) -> int:
    return -(-a // b)


def memory_lut(bits: int, words: int) -> int:
    """LUTs of a two-port memory in LUTs: 3 bits of 64 words, or 6 bits of 32, in four."""
    full, any_ = (words + 31) // 64, (words + 63) // 64
    return 4 * ceildiv(bits, 3) * full + 4 * ceildiv(bits, 6) * (any_ - full)


def memory_bram18(bits: int, words: int) -> int:
    width = 36 if words <= 512 else 18 if words <= 1024 else 9
    return ceildiv(bits, width) * ceildiv(words, 2048)


def in_luts(bits: int, words: int) -> bool:
    """Yosys weighs half a block RAM as 64 LUTs, counted in whole banks of 64 words."""
    return 4 * ceildiv(bits, 3) * ceildiv(words, 64) <= 64 * memory_bram18(bits, words)


def symbols(kernel: str, params: Mapping[str, int]) -> dict[str, int]:
    """Names of the formulas for one recorded configuration."""
    p = dict(
        InWidth=8,
        WeightWidth=8,
        OutWidth=8,
        InLanes=1,
        OutLanes=1,
        Lanes=1,
        UnrollKh=1,
        UnrollKw=1,
        HasBias=1,
        PerChannelShift=0,
        Shift=0,
        Mode=0,
    ) | dict(params)
    s = dict(
        bx=p["InWidth"],
        bw=p["WeightWidth"],
        hb=p["HasBias"],
        pc=p["PerChannelShift"],
        w=int(kernel != "linear"),
        copies=p["UnrollKh"] * p["UnrollKw"],
        p_out=p["OutLanes"],
        lanes=p["InLanes"],
        avg=p["Mode"],
        left=max(0, -p["Shift"]),
    )
    s["by"] = p["OutWidth"]
    s["places"] = result_places(kernel, p)
    if kernel == "linear_sparse":
        lanes, group, kept = max(p["InLanes"], p["Group"]), p["Group"], p["Kept"]
        narrow = int(p["InLanes"] < group)
        slots = ceildiv(p["InLanes"] * kept, group) if narrow else kept
        s |= dict(lanes=lanes, group=group, narrow=narrow, terms=slots * lanes // group, depth=2 * p["In"] // lanes + 2)
        return s | dict(m=s["p_out"] * s["terms"], low=int(s["bx"] + s["bw"] <= 8), bits=lanes * s["bx"], w=0)
    if kernel in ("depthwise_conv2d", "pool2d", "global_avg_pool2d"):
        s |= dict(p_out=p["Lanes"], lanes=p["Lanes"])
    s["terms"] = s["copies"] * (s["lanes"] if kernel in ("linear", "conv2d") else 1)
    s["m"] = s["p_out"] * s["terms"]
    s["low"] = int(s["bx"] + s["bw"] <= 8)
    s["bits"] = s["lanes"] * s["bx"]
    if kernel == "linear":
        s["depth"] = 2 * p["In"] // p["InLanes"] + 2
    elif kernel == "global_avg_pool2d":
        pixels = p["Height"] * p["Width"]
        s |= dict(depth=p["Channels"] // p["Lanes"], bits=p["Lanes"] * (s["bx"] + (pixels - 1).bit_length()))
        s["np"] = int((1 << 40) % pixels > 0)
    else:
        s["np"] = int((1 << 40) % (p["KernelH"] * p["KernelW"]) > 0)
        s["depth"] = window_depth(p, p.get("InChannels", p.get("Channels", 0)) // s["lanes"])
    return s


def tree_stages(terms: int, radix: int) -> int:
    stages = 0
    while terms > 1:
        terms, stages = ceildiv(terms, radix), stages + 1
    return stages


def result_places(kernel: str, p: Mapping[str, int]) -> int:
    """Places of the result FIFO: latency over cycles per result."""
    if kernel == "global_avg_pool2d":
        return 9
    terms = p["UnrollKh"] * p["UnrollKw"]
    if kernel == "linear":
        terms, folds = p["InLanes"], p["In"] // p["InLanes"]
    elif kernel == "linear_sparse":
        lanes, kept = max(p["InLanes"], p["Group"]), p["Kept"]
        slots = kept if p["InLanes"] >= p["Group"] else ceildiv(p["InLanes"] * kept, p["Group"])
        terms, folds = slots * lanes // p["Group"], p["In"] // lanes * ceildiv(kept, slots)
    else:
        folds = p["KernelH"] * p["KernelW"] // terms
        if kernel == "conv2d":
            terms *= p["InLanes"]
            folds *= p["InChannels"] // p.get("Groups", 1) // p["InLanes"]
    maximum = kernel == "pool2d" and not p["Mode"]
    stages = tree_stages(terms, 2) + 10 if maximum else tree_stages(terms, 4) + 12
    return ceildiv(folds + stages + (kernel == "linear_sparse" and p["InLanes"] < p["Group"]), folds)


def window_depth(p: Mapping[str, int], b: int) -> int:
    h, w, oh, ow = p["InHeight"], p["InWidth_px"], p["OutHeight"], p["OutWidth_px"]
    kh, kw, sh, sw, ph, pw = (p[n] for n in ("KernelH", "KernelW", "StrideH", "StrideW", "PadH", "PadW"))
    total = h * w * b
    return (
        max((kh - 1 - ph) * w * b, (h - 1) * w * b - ((h + ph - kh) * total) // (sh * oh))
        + max((kw - pw) * b, w * b - ((w + pw - kw) * total) // (sw * oh * ow))
        + max(ceildiv(ph * total, sh * oh), ceildiv((oh - 1) * total, oh) - ((oh - 1) * sh - ph) * w * b)
        + max(ceildiv((pw + sw) * total, sw * oh * ow), ceildiv(total, oh) - ((ow - 1) * sw - pw) * b)
        + 2
    )


def formulas(kernel: str, s: Mapping[str, int]) -> dict[str, int]:
    """LUTs, flip-flops, DSPs and halves of block RAM of one configuration."""
    found = datapath(kernel, s)
    return found | dict(lut=found["lut"] + memory_lut(s["p_out"] * s["by"], s["places"]))


def datapath(kernel: str, s: Mapping[str, int]) -> dict[str, int]:
    """The same without the memory of the result FIFO."""
    bx, bits, copies, p_out, m, low = s["bx"], s["bits"], s["copies"], s["p_out"], s["m"], s["low"]
    both = bx + s["bw"]
    in_lut = in_luts(bits, s["depth"])
    store = copies * (memory_lut(bits, s["depth"]) if in_lut else 0)
    bram18 = copies * (0 if in_lut else memory_bram18(bits, s["depth"]))
    if kernel in ("linear", "linear_sparse", "conv2d", "depthwise_conv2d"):
        banks = (3 * copies * bits * (ceildiv(s["depth"], 64) - 1)) // 5 if in_lut else 0
        second = (s["terms"] - 1) // 4  # adders behind the first register of a tree
        lut = 102 + 75 * s["w"] + 6 * copies + p_out * ((7 * both) // 3 + 47 * s["hb"] + 270 * s["pc"])
        lut += low * ((15 * m * bx * s["bw"]) // 8 + (11 * (m - p_out) * both) // 10)
        lut += (1 - low) * (m + p_out * second * both)
        ff = 132 + 70 * s["w"] + 11 * copies + (2 * bits) // 3 + copies * bits
        ff += p_out * ((second > 0) * both + 49 + 45 * s["hb"] + 38 * s["pc"] + both // 2)
        ff += low * ((19 * m * both) // 10) + (1 - low) * ((3 * m) // 2)
        if kernel == "linear_sparse":
            lut += (3 * m * bx * s["group"]) // 8
            ff += s["narrow"] * bits + bits + in_lut * ((3 * bits) // 4) - (2 * bits) // 3 - 14
        return dict(lut=lut + banks + store, ff=ff, dsp=(1 - low) * m, bram18=bram18)
    wide = bx + s["left"]
    dsp = p_out * s["np"] * (1 + (wide > 10))
    if kernel == "pool2d":
        lut, ff = 116 + 20 * copies + store, 89 + 30 * copies + (copies + 1) * bits
        if s["avg"]:
            lut += p_out * (16 + (4 * bx) // 5 + (s["terms"] * bx) // 5 + 4 * s["np"] * wide)
            ff += p_out * (20 + (10 * bx) // 3 + (14 * s["np"] * wide) // 3)
        else:
            lut += m * bx
            ff += (8 * p_out * bx) // 3 + p_out * bx * max(0, copies - 2)
        return dict(lut=lut, ff=ff, dsp=dsp * s["avg"], bram18=bram18)
    lut = 30 + p_out * (30 + (3 * wide) // 2 + 22 * s["np"]) + store
    return dict(lut=lut, ff=44 + p_out * (39 + wide + 59 * s["np"]), dsp=dsp, bram18=bram18)


def errors(kernel: str) -> None:
    """Prints how far the formulas are from the recorded table."""
    with table(kernel).open() as f:
        rows = list(csv.DictReader(f))
    off: dict[str, list[float]] = {"lut": [], "ff": [], "dsp": [], "bram18": []}
    for row in rows:
        params = {k: int(v) for k, v in row.items() if v and k not in (*RESULTS, "yosys")}
        for name, value in formulas(kernel, symbols(kernel, params)).items():
            measured = int(row[name])
            off[name].append(abs(value - measured) / max(1, measured))
    for name, e in off.items():
        print(f"{kernel:18s} {name:6s} mean {100 * sum(e) / len(e):4.1f} %  worst {100 * max(e):4.1f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", help="all when none is named")
    parser.add_argument("--errors", action="store_true", help="do not synthesize; print the formulas' errors")
    args = parser.parse_args()
    for kernel in args.kernels or CONFIGS:
        if not args.errors:
            record(kernel)
        if kernel not in FOLDERS:
            errors(kernel)


if __name__ == "__main__":
    main()
