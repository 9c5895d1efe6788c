# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Synthesizes kernels with Yosys and records what they need: `python test/kernels/area.py [kernel …]`.

For every row of a table `hw_kernels/<kernel>/qor.csv`: `read_slang`, `synth_xilinx -family xc7 -noiopad`. A new row is
a line with its parameters and any numbers. Numbers are Yosys', without placement; parameter memories stay outside the
kernels and are not counted. `--errors` compares the tables with the contracts instead.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.kernels.check import Folder
from xplat.kernels.network import Network
from xplat.mlir import entry_of
from xplat.target.library import kernel_files

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
TABLES = {
    file.stem.removeprefix("qor_") if file.stem != "qor" else file.parent.name: file
    for file in sorted(ROOT.glob("hw_kernels/*/qor*.csv"))
}
"""The table of each kernel; a folder with several has `qor_<kernel>.csv`."""


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


def record(kernel: str) -> None:
    """Measures the rows of the kernel's table again."""
    with TABLES[kernel].open() as file:
        names = [name for name in csv.DictReader(file).fieldnames or () if name not in (*RESULTS, "yosys")]
    lines = []
    for params, _ in rows(TABLES[kernel]):
        start = time.monotonic()
        counts = synthesize(kernel, params)
        lines.append([params.get(n, "") for n in names] + list(counts.values()))
        print(f"{kernel} {params} {counts} {time.monotonic() - start:.0f} s", flush=True)
    with TABLES[kernel].open("w", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow([*names, *RESULTS, "yosys"])
        writer.writerows(lines)


def evaluate(expr: ir.AffineExpr, symbols: Sequence[int]) -> int:
    """Value of a formula: this file's own reading of it, not the compiler's."""
    if isinstance(expr, ir.AffineConstantExpr):
        return expr.value
    if isinstance(expr, ir.AffineSymbolExpr):
        return symbols[expr.position]
    left, right = evaluate(expr.lhs, symbols), evaluate(expr.rhs, symbols)
    if isinstance(expr, ir.AffineAddExpr):
        return left + right
    if isinstance(expr, ir.AffineMulExpr):
        return left * right
    if isinstance(expr, ir.AffineFloorDivExpr):
        return left // right
    if isinstance(expr, ir.AffineCeilDivExpr):
        return -(-left // right)
    assert isinstance(expr, ir.AffineModExpr)
    return left % right


def rom_cost(kernel: xp.KernelOp, symbols: Sequence[int]) -> tuple[int, int]:
    """LUTs and flip-flops of the parameter memories: a LUT a bit for 64 words (for weights a register too), unless
    block RAM, which has its own register, is cheaper."""
    total = registers = 0
    for memory in map(xp.MemoryPortAttr, kernel.memories):
        bits, words = (evaluate(formula, symbols) for formula in memory.size.results)
        width = 36 if words <= 512 else 18 if words <= 1024 else 9
        luts = bits * -(-words // 64)
        if words and luts <= 64 * -(-bits // width) * -(-words // 2048):
            total += luts
            registers += bits if memory.name in ("weight", "index") else 0
    return total, registers


def tables_of_kernels() -> list[Path]:
    """The tables of folders whose cases say which node has the parameters of a row."""
    return [file for file in TABLES.values() if hasattr(cases_of(file), "measured")]


def cases_of(table: Path) -> ModuleType:
    """The `case.py` beside a table."""
    return Folder.load(table.parent / "kernel.mlir").module or ModuleType("none")


def rows(table: Path) -> list[tuple[dict[str, int], dict[str, int]]]:
    """Parameters of the RTL and what was measured, row by row."""
    with table.open() as file:
        found = list(csv.DictReader(file))
    return [
        (
            {key: int(value) for key, value in row.items() if value and key not in (*RESULTS, "yosys")},
            {key: int(row[key]) for key in RESULTS},
        )
        for row in found
    ]


def predicted(table: Path, params: Mapping[str, int]) -> dict[str, int]:
    """What the contract says of a row. The measurements leave the parameter memories out, so they are taken off."""
    folder = Folder.load(table.parent / "kernel.mlir")
    case = cases_of(table).measured(params)
    network = Network.of([(folder.kernel_of(case), case)], kernel_files(), seed=0)
    node = next(op for op in entry_of(network.module).body.blocks[0].operations if xp.node_name(op) == "case0")
    kernels = {op.sym_name.value: op for op in network.module.body.operations if isinstance(op, xp.KernelOp)}
    area = node.area.as_dict()
    luts, registers = rom_cost(kernels[node.kernel.value], list(xp.kernel_symbols(node).values()))
    return {"lut": area["lut"] - luts, "ff": area["ff"] - registers, "dsp": area["dsp"]}


def errors(table: Path) -> None:
    """Prints how far the contract is from the recorded table."""
    off: dict[str, list[float]] = {"lut": [], "ff": [], "dsp": []}
    for params, measured in rows(table):
        for name, value in predicted(table, params).items():
            off[name].append(abs(value - measured[name]) / max(1, measured[name]))
    for name, e in off.items():
        print(f"{table.parent.name:18s} {name:6s} mean {100 * sum(e) / len(e):4.1f} %  worst {100 * max(e):4.1f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", help="all when none is named")
    parser.add_argument("--errors", action="store_true", help="do not synthesize; print the formulas' errors")
    args = parser.parse_args()
    for kernel in args.kernels or TABLES:
        if not args.errors:
            record(kernel)
        if TABLES[kernel] in tables_of_kernels():
            errors(TABLES[kernel])


if __name__ == "__main__":
    main()
