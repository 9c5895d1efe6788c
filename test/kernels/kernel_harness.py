# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs RTL modules in Verilator: several configurations in one model, streams from files.

For cells that have no contract; kernels are checked by `xplat.kernels`. A `Dut` names a module, its parameters and its
streams. `Bench` puts any
number of them side by side in one generated `tb.sv`, compiles it once, and `run` plays the beats
with optional random stalls at both ends and returns what came out and when.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build" / "kernels"
RTL_DIRS = sorted(ROOT.glob("hw_kernels/*/rtl"))
PACKAGE = ROOT / "hw_kernels/common/rtl/xplat_pkg.sv"

MAIN = """\
#include "Vtb.h"
#include "verilated.h"
#include <cstdio>
#include <cstdlib>
#include <memory>

// Usage: tb <max cycles> +dir=<folder> +in_stall=<0..256> +out_stall=<0..256>
int main(int argc, char **argv) {
  auto context = std::make_unique<VerilatedContext>();
  context->commandArgs(argc, argv);
  auto tb = std::make_unique<Vtb>(context.get());
  const long max = std::atol(argv[1]);
  long cycle = 0;
  for (; cycle < max && !tb->done_o; ++cycle) {
    tb->rst_ni = cycle >= 4;
    tb->clk_i = 0;
    tb->eval();
    tb->clk_i = 1;
    tb->eval();
  }
  // A few more cycles would show surplus beats.
  for (int i = 0; i < 64; ++i) {
    tb->clk_i = 0;
    tb->eval();
    tb->clk_i = 1;
    tb->eval();
  }
  tb->final();
  std::printf("cycles %ld done %d\\n", cycle, int(tb->done_o));
  return 0;
}
"""


@dataclass(frozen=True)
class Dut:
    """One module instance of a bench.

    `ins` and `outs` map a stream's prefix to its width in bits, and to its beats or their number.
    """

    module: str
    params: Mapping[str, int]
    ins: Mapping[str, tuple[int, Sequence[int]]]
    outs: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Trace:
    """Beats of one stream: the cycle in which each was transferred, and its data."""

    cycles: list[int]
    data: list[int]


@dataclass(frozen=True)
class Result:
    """What a run showed for one `Dut`, by stream prefix, and everything printed."""

    ins: dict[str, list[int]]
    outs: dict[str, Trace]
    log: str


@functools.cache
def verilator_include() -> Path:
    root = subprocess.run(
        ["verilator", "--getenv", "VERILATOR_ROOT"], check=True, capture_output=True, text=True
    ).stdout.strip()
    return Path(root) / "include"


def _compile(source: Path, target: Path, *flags: str) -> None:
    inc = verilator_include()
    subprocess.run(
        [
            "g++",
            "-std=c++17",
            "-O1",
            "-w",
            f"-I{inc}",
            f"-I{inc}/vltstd",
            f"-I{source.parent}",
            *flags,
            "-c",
            str(source),
            "-o",
            str(target),
        ],
        check=True,
    )


@functools.cache
def _runtime() -> list[Path]:
    """Verilator's own run-time library, compiled once."""
    folder = BUILD / "runtime"
    folder.mkdir(parents=True, exist_ok=True)
    objects = []
    for name in ("verilated", "verilated_threads"):
        obj = folder / f"{name}.o"
        if not obj.exists():
            part = folder / f"{name}.{os.getpid()}.o"
            _compile(verilator_include() / f"{name}.cpp", part)
            part.rename(obj)
        objects.append(obj)
    return objects


def _top(duts: Sequence[Dut]) -> str:
    body: list[str] = []
    dones: list[str] = []
    for n, dut in enumerate(duts):
        p = f"d{n}"
        ports = [".clk_i", ".rst_ni"]
        for k, (prefix, (width, beats)) in enumerate(dut.ins.items()):
            s = f"{p}_{prefix}"
            body += [
                f"  logic {s}_valid, {s}_ready;",
                f"  logic [{width - 1}:0] {s}_data;",
                f"  tb_source #(.Width({width}), .Beats({len(beats)}), .Seed({n * 16 + k + 1}),"
                f' .Name("{s}")) u_{s} (.clk_i, .rst_ni, .cycle_i(cycle_q), .stall_i(in_stall),'
                f" .valid_o({s}_valid), .ready_i({s}_ready), .data_o({s}_data));",
            ]
            ports += [f".{prefix}_valid_i({s}_valid)", f".{prefix}_ready_o({s}_ready)", f".{prefix}_data_i({s}_data)"]
        for k, (prefix, (width, count)) in enumerate(dut.outs.items()):
            s = f"{p}_{prefix}"
            body += [
                f"  logic {s}_valid, {s}_ready, {s}_done;",
                f"  logic [{width - 1}:0] {s}_data;",
                f"  tb_sink #(.Width({width}), .Beats({count}), .Seed({n * 16 + k + 9}),"
                f' .Name("{s}")) u_{s} (.clk_i, .rst_ni, .cycle_i(cycle_q), .stall_i(out_stall),'
                f" .valid_i({s}_valid), .ready_o({s}_ready), .data_i({s}_data),"
                f" .done_o({s}_done));",
            ]
            dones.append(f"{s}_done")
            ports += [f".{prefix}_valid_o({s}_valid)", f".{prefix}_ready_i({s}_ready)", f".{prefix}_data_o({s}_data)"]
        params = ", ".join(f".{k}({v})" for k, v in dut.params.items())
        body.append(f"  {dut.module} #({params}) {p} ({', '.join(ports)});")
    return "\n".join(
        [
            "module tb (input logic clk_i, input logic rst_ni, output logic done_o);",
            "  int unsigned cycle_q;",
            "  logic [8:0] in_stall, out_stall;",
            "  initial begin",
            '    if ($value$plusargs("in_stall=%d", in_stall) == 0) in_stall = 0;',
            '    if ($value$plusargs("out_stall=%d", out_stall) == 0) out_stall = 0;',
            "  end",
            "  always_ff @(posedge clk_i) cycle_q <= rst_ni ? cycle_q + 1 : 0;",
            *body,
            f"  assign done_o = {' & '.join(dones)};",
            "endmodule",
            "",
        ]
    )


class Bench:
    """Several `Dut`s in one Verilator model; built on construction unless cached."""

    def __init__(self, name: str, duts: Sequence[Dut]) -> None:
        self.duts = list(duts)
        top = _top(self.duts)
        sources = [f for d in RTL_DIRS for f in sorted(d.iterdir())] + sorted(HERE.glob("tb_*.sv"))
        key = hashlib.sha256()
        for text in [MAIN, top, *(f.read_text() for f in sources)]:
            key.update(text.encode())
        self.folder = BUILD / f"{name}-{key.hexdigest()[:12]}"
        self.program = self.folder / "tb"
        if not self.program.exists():
            self._build(name, top)

    def _build(self, name: str, top: str) -> None:
        for old in BUILD.glob(f"{name}-????????????"):
            shutil.rmtree(old, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / "tb.sv").write_text(top)
        (self.folder / "main.cpp").write_text(MAIN)
        obj = self.folder / "obj"
        subprocess.run(
            [
                "verilator",
                "--cc",
                "--assert",
                "--x-assign",
                "fast",
                "-Wno-lint",
                "-Wno-fatal",
                "--output-split",
                "0",
                "--top-module",
                "tb",
                "--prefix",
                "Vtb",
                "--Mdir",
                str(obj),
                *(f"-I{d}" for d in RTL_DIRS),
                f"-I{HERE}",
                str(PACKAGE),
                str(self.folder / "tb.sv"),
            ],
            check=True,
        )
        whole = obj / "whole.cc"
        parts = [p.name for p in sorted(obj.glob("*.cpp"))] + ["../main.cpp"]
        whole.write_text("".join(f'#include "{p}"\n' for p in parts))
        _compile(whole, obj / "whole.o", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TRACE=0")
        subprocess.run(
            ["g++", str(obj / "whole.o"), *map(str, _runtime()), "-pthread", "-o", str(self.folder / "tb.part")],
            check=True,
        )
        (self.folder / "tb.part").rename(self.program)

    def run(
        self, *, in_stall: int = 0, out_stall: int = 0, max_cycles: int = 2_000_000, tag: str = "run"
    ) -> list[Result]:
        """Plays all beats once. Stalls are chances in 256 a cycle."""
        work = self.folder / tag
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        for n, dut in enumerate(self.duts):
            for prefix, (_, beats) in dut.ins.items():
                _write_hex(work / f"d{n}_{prefix}.hex", beats)
        done = subprocess.run(
            [str(self.program), str(max_cycles), "+dir=.", f"+in_stall={in_stall}", f"+out_stall={out_stall}"],
            cwd=work,
            capture_output=True,
            text=True,
        )
        log = done.stdout + done.stderr
        if done.returncode != 0:
            raise AssertionError(f"simulation stopped: {log[-2000:]}")
        results = []
        for n, dut in enumerate(self.duts):
            ins = {p: [int(x) for x in (work / f"d{n}_{p}.log").read_text().split()] for p in dut.ins}
            outs = {}
            for p in dut.outs:
                rows = [r.split() for r in (work / f"d{n}_{p}.log").read_text().splitlines()]
                outs[p] = Trace([int(r[0]) for r in rows], [int(r[1], 16) for r in rows])
            results.append(Result(ins, outs, log))
        if not re.search(r"done 1", log):
            got = [{p: len(t.data) for p, t in r.outs.items()} for r in results]
            raise AssertionError(f"not finished after {max_cycles} cycles: {got}")
        return results


def _write_hex(path: Path, words: Sequence[int]) -> None:
    path.write_text("".join(f"{w:x}\n" for w in words))
