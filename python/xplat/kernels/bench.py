# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The bench of a check: an emitted folder in Verilator with assertions on, a source or a sink at every port."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from xplat.hardware.emit.elaboration import slang_report
from xplat.hardware.manifest import SOURCES, read_manifest
from xplat.hardware.sim import verilator
from xplat.hardware.streams import StreamPort, WordPort
from xplat.support.errors import SimulationError
from xplat.support.progress import Progress, logged

HERE = Path(__file__).parent
TOP, PREFIX, MAIN = "contract", "Vcontract", "contract_main.cpp"
CELLS = ("contract_source.sv", "contract_sink.sv")
BENCH = "contract.sv"


@dataclass(frozen=True)
class Trace:
    """The traffic of one port: the cycle of each beat; of an output also its fields, int64 [beats, fields]."""

    cycles: list[int]
    elements: np.ndarray | None = None


@dataclass(frozen=True)
class Played:
    """One run: a trace for each input and each output, whether every beat that was expected has come, and what was
    printed."""

    inputs: list[Trace]
    outputs: list[Trace]
    done: bool
    cycles: int
    log: str


class Bench:
    """The emitted network in `folder`, built for `samples` samples."""

    def __init__(self, folder: Path, samples: int, progress: Progress = logged) -> None:
        self.folder = folder
        self.samples = samples
        manifest = read_manifest(folder)
        self.top = str(manifest["top"])
        self.inputs = [StreamPort.from_dict(port) for port in manifest["inputs"]]
        self.outputs = [StreamPort.from_dict(port) for port in manifest["outputs"]]
        self.words = [WordPort.from_dict(port) for port in manifest.get("words", [])]
        for words in self.words:
            (folder / "mem" / f"{words.name}.hex").write_text((folder / "mem" / words.file).read_text())
        tb = folder / "tb"
        for name in CELLS:
            (tb / name).write_text((HERE / name).read_text())
        (tb / BENCH).write_text(self._bench(self.top))
        (tb / MAIN).write_text((HERE / MAIN).read_text())
        self.executable = verilator.build(
            folder,
            top=TOP,
            bench=tb / MAIN,
            extra=[tb / BENCH, *(tb / name for name in CELLS)],
            prefix=PREFIX,
            assertions=True,
            optimize=False,
            progress=progress,
        )

    def codes(self, results: Sequence[torch.Tensor]) -> list[np.ndarray]:
        """Exact values [samples, …] of the outputs as codes [beats, fields] of their formats, in order of travel."""
        ports = zip(self.outputs, results, strict=True)
        return [port.quantize(values).reshape(-1, port.fields) for port, values in ports]

    def _bench(self, system: str) -> str:
        ports, cells, dones = [".clk_i", ".rst_ni"], [], []
        for index, port in enumerate(self.inputs):
            cells.append(self._cell("source", port, port.beats * self.samples, 2 * index + 1))
        for index, port in enumerate(self.outputs):
            cells.append(self._cell("sink", port, port.beats * self.samples, 2 * index + 2))
            dones.append(f"{port.name}_done")
        for index, words in enumerate(self.words):
            cells.append(self._word_source(words, 2 * (len(self.inputs) + len(self.outputs) + index) + 1))
        names = [port.name for port in (*self.inputs, *self.outputs)] + [port.name for port in self.words]
        for name in names:
            ports += [f".{name}", f".{name}_valid", f".{name}_ready"]
        return "\n".join(
            [
                f"module {TOP} (input logic clk_i, input logic rst_ni, output logic done_o);",
                "  int unsigned cycle_q;",
                "  logic [8:0] in_stall, out_stall, word_stall;",
                "  initial begin",
                '    if ($value$plusargs("in_stall=%d", in_stall) == 0) in_stall = 0;',
                '    if ($value$plusargs("out_stall=%d", out_stall) == 0) out_stall = 0;',
                '    if ($value$plusargs("word_stall=%d", word_stall) == 0) word_stall = 0;',
                "  end",
                "  always_ff @(posedge clk_i) cycle_q <= rst_ni ? cycle_q + 1 : 0;",
                *cells,
                f"  {system} u_system ({', '.join(ports)});",
                f"  assign done_o = {' & '.join(dones)};",
                "endmodule",
                "",
            ]
        )

    @staticmethod
    def _cell(kind: str, port: StreamPort, beats: int, seed: int) -> str:
        own, there = ("o", "i") if kind == "source" else ("i", "o")
        stall = "in_stall" if kind == "source" else "out_stall"
        lines = [
            f"  logic {port.name}_valid, {port.name}_ready;",
            f"  logic [{port.beat_bits - 1}:0] {port.name};",
        ]
        done = ""
        if kind == "sink":
            lines.append(f"  logic {port.name}_done;")
            done = f", .done_o({port.name}_done)"
        lines.append(
            f'  contract_{kind} #(.Width({port.beat_bits}), .Beats({beats}), .Seed({seed}), .Name("{port.name}")) '
            f"u_{port.name} (.clk_i, .rst_ni, .cycle_i(cycle_q), .stall_i({stall}), .valid_{own}({port.name}_valid), "
            f".ready_{there}({port.name}_ready), .data_{own}({port.name}){done});"
        )
        return "\n".join(lines)

    @staticmethod
    def _word_source(port: WordPort, seed: int) -> str:
        return "\n".join(
            [
                f"  logic {port.name}_valid, {port.name}_ready;",
                f"  logic [{port.bits - 1}:0] {port.name};",
                f'  contract_source #(.Width({port.bits}), .Beats({port.count}), .Seed({seed}), .Name("{port.name}"), '
                f".Repeat(1'b1)) u_{port.name} (.clk_i, .rst_ni, .cycle_i(cycle_q), .stall_i(word_stall), "
                f".valid_o({port.name}_valid), .ready_i({port.name}_ready), .data_o({port.name}));",
            ]
        )

    def play(
        self,
        integers: Sequence[np.ndarray],
        *,
        in_stall: int = 0,
        out_stall: int = 0,
        word_stall: int = 0,
        reset_at: int = 0,
        flip: int = -1,
        most: int = 1_000_000,
    ) -> Played:
        """Plays int64 [samples, beats · fields] for each input, in order of travel. Stalls are chances in 256 a cycle;
        `word_stall` is that of the memories outside.

        Raises `SimulationError` with the message of an assertion that fires.
        """
        work = self.folder / "mem"
        work.mkdir(exist_ok=True)
        for port, values in zip(self.inputs, integers, strict=True):
            digits = -(-port.beat_bits // 4)
            words = port.pack(values).astype("<u4")
            lines = (word.tobytes()[::-1].hex()[-digits:] for word in words)
            (work / f"{port.name}.hex").write_text("\n".join(lines) + "\n")
        stalls = [f"+in_stall={in_stall}", f"+out_stall={out_stall}", f"+word_stall={word_stall}"]
        command = [str(self.executable.path), str(most), str(reset_at), *stalls, f"+flip={flip}"]
        finished = subprocess.run(command, cwd=work, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        log = finished.stdout + finished.stderr
        end = re.search(r"^XPLAT_CYCLES (\d+) (\d)$", log, re.MULTILINE)
        if fired := re.search(r"^.*(?:%Error|Assertion failed).*$", log, re.MULTILINE):
            raise SimulationError(f"an assertion fired: {fired[0].strip()}")
        if finished.returncode or end is None:
            raise SimulationError(f"the simulator ended with status {finished.returncode}: {log.strip()[-1500:]}")
        return Played(
            [Trace([int(line) for line in self._log(port)]) for port in self.inputs],
            [self._output(port) for port in self.outputs],
            end[2] == "1",
            int(end[1]),
            log,
        )

    def _log(self, port: StreamPort) -> list[str]:
        """The lines since the last reset."""
        lines = (self.folder / "mem" / f"{port.name}.log").read_text().splitlines()
        return lines[len(lines) - lines[::-1].index("R") :] if "R" in lines else lines

    def _output(self, port: StreamPort) -> Trace:
        rows = [line.split() for line in self._log(port)]
        packed = [int(row[1], 16).to_bytes(port.words * 4, "little") for row in rows]
        words = np.frombuffer(b"".join(packed), dtype="<u4").reshape(len(rows), port.words)
        return Trace([int(row[0]) for row in rows], port.unpack_beats(words))


def lint(folder: Path, top: str, define: str) -> list[str]:
    """Messages of Verilator -Wall and slang -Wextra on the kernels' own files, as the cases configure them."""
    command = [verilator.find_verilator(), "--lint-only", "-Wall", "-Wno-fatal", "--assert", f"-D{define}"]
    command += ["--top-module", top, "-f", SOURCES]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    heads = [line for line in finished.stderr.splitlines() if re.match(r"%(?:Warning|Error)[^:]*: rtl/kernels/", line)]
    # A cast to a width that is a parameter is useless in some instances and needed in others.
    quiet = ["-Wno-unconnected-port", "-Wno-empty-body", "-Wno-useless-cast"]
    report = slang_report(folder, "-Wextra", *quiet, "-D", define, "--top", top)
    found = re.findall(r"^\S*(rtl/kernels/.*(?:warning|error):.*|slang cannot read .*)$", report, re.MULTILINE)
    return list(dict.fromkeys([*heads, *found]))
