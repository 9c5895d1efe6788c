# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Synthesizes kernels with Yosys and records what they need: `python test/kernels/area.py [kernel …]`.

For every row of a table `hw_kernels/<kernel>/qor.<family>.csv`: `read_slang`, then the command of the family. A new row
is a line with its parameters and no numbers; with `held_out` 1 it checks the formulas and is not fitted. Numbers are
Yosys', without placement; parameter memories stay outside the kernels and are not counted. `--missing` measures the
rows without numbers alone; who changes what a kernel is synthesized to empties those that it does not measure again.
`--errors` compares the tables with the contracts and families instead.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from xplat.dialects import xplat as xp
from xplat.kernels.check import Folder
from xplat.kernels.network import Network
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.support.paths import families_dir
from xplat.support.yosys import run_yosys
from xplat.target.library import kernel_files

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Synthesis:
    """How Yosys synthesizes for a family, and what the primitives are.

    `cells`: by column of the tables, how many of it a cell of each name is. `halves`: resources of the family of which
    a column counts halves; the other columns are resources themselves, but for LUTs in use as memory, which are among
    all LUTs. `wires`: what comes with LUTs.
    """

    command: str
    cells: Mapping[str, Mapping[str, int]]
    wires: frozenset[str]
    halves: Mapping[str, str] = field(default_factory=dict)

    @property
    def no_parameters(self) -> tuple[str, ...]:
        """Columns of a table behind the parameters."""
        return (*self.cells, "held_out", "yosys")

    def resources(self, measured: Mapping[str, int]) -> dict[str, int]:
        """What a row takes of each resource of the family."""
        return {
            self.halves.get(column, column): -(-count // 2) if column in self.halves else count
            for column, count in measured.items()
            if column != LUT_MEMORY
        }


LUT_MEMORY = "lutram"
ULTRA_RAM = {"URAM288": "uram"}
"""Yosys uses it when it is told to."""
XILINX_LUTS = {f"LUT{inputs}": 1 for inputs in range(1, 7)}
SHIFT_REGISTERS = {"SRL16E": 1, "SRLC32E": 1}
XILINX_FLIP_FLOPS = {"FDRE": 1, "FDSE": 1, "FDCE": 1, "FDPE": 1}
XILINX_WIRES = frozenset({"CARRY4", "CARRY8", "MUXF7", "MUXF8", "MUXF9", "INV", "BUFG"})
SERIES7_MEMORY = SHIFT_REGISTERS | {
    "RAM32X1D": 2, "RAM64X1D": 2, "RAM128X1D": 4, "RAM32M": 4, "RAM64M": 4, "RAM32X1S": 1, "RAM64X1S": 1,
    "RAM128X1S": 2, "RAM256X1S": 4,
}  # fmt: skip
PLUS_MEMORY = SHIFT_REGISTERS | {
    "RAM32M16": 8, "RAM64M8": 8, "RAM32X1D": 2, "RAM64X1D": 2, "RAM32X1S": 1, "RAM64X1S": 1, "RAM128X1S": 2,
    "RAM256X1S": 4,
}  # fmt: skip
# Four bits of 16 words take three slices of two LUTs: one of them is the write port.
ECP5_MEMORY = {"TRELLIS_DPR16X4": 6}
FAMILIES = {
    "series7": Synthesis(
        "synth_xilinx -family xc7 -noiopad -flatten",
        {
            "lut": XILINX_LUTS | SERIES7_MEMORY,
            LUT_MEMORY: SERIES7_MEMORY,
            "ff": XILINX_FLIP_FLOPS,
            "dsp": {"DSP48E1": 1},
            "bram18": {"RAMB18E1": 1, "RAMB36E1": 2},
        },
        XILINX_WIRES,
        {"bram18": "bram36"},
    ),
    "ultrascale_plus": Synthesis(
        "synth_xilinx -family xcup -noiopad -flatten",
        {
            "lut": XILINX_LUTS | PLUS_MEMORY,
            LUT_MEMORY: PLUS_MEMORY,
            "ff": XILINX_FLIP_FLOPS,
            "dsp": {"DSP48E2": 1},
            "bram18": {"RAMB18E2": 1, "RAMB36E2": 2},
        },
        XILINX_WIRES,
        {"bram18": "bram36"},
    ),
    "ecp5": Synthesis(
        "synth_ecp5",
        {
            # A carry cell is a slice: two LUTs.
            "lut": {"LUT4": 1, "CCU2C": 2} | ECP5_MEMORY,
            LUT_MEMORY: ECP5_MEMORY,
            "ff": {"TRELLIS_FF": 1},
            "mult18": {"MULT18X18D": 1},
            "ebr": {"DP16KD": 1, "PDPW16KD": 1},
        },
        frozenset({"PFUMX", "L6MUX21"}),
    ),
}


@dataclass(frozen=True)
class Table:
    """The measurements of a kernel for one family: `qor.<family>.csv`, or `qor_<kernel>.<family>.csv` in a folder of
    several kernels."""

    file: Path

    @property
    def family(self) -> str:
        return self.file.suffixes[0].removeprefix(".")

    @property
    def synthesis(self) -> Synthesis:
        return FAMILIES[self.family]

    @property
    def kernel(self) -> str:
        stem = self.file.name.split(".")[0]
        return self.file.parent.name if stem == "qor" else stem.removeprefix("qor_")

    @property
    def folder(self) -> Folder:
        return Folder.load(self.file.parent / "kernel.mlir")

    @property
    def measured(self) -> Callable[[Mapping[str, int]], Any] | None:
        """What gives the case with a row's parameters: `measured` in the `case.py` beside the table, in a folder of
        several kernels `measured_<kernel>`."""
        name = "measured" if self.file.name.startswith("qor.") else f"measured_{self.kernel}"
        return getattr(self.folder.module, name, None)

    def rows(self) -> list[Row]:
        with self.file.open() as file:
            return [Row.read(row, self.synthesis) for row in csv.DictReader(file)]

    def write(self, rows: Sequence[Row]) -> None:
        names = {name: None for row in rows for name in row.params}
        with self.file.open() as file:
            names = {name: None for name in csv.DictReader(file).fieldnames or () if name in names} | names
        with self.file.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*names, *self.synthesis.no_parameters])
            for row in rows:
                counts = [row.measured.get(column, "") for column in self.synthesis.cells]
                writer.writerow([row.params.get(name, "") for name in names] + [*counts, int(row.held_out), row.yosys])


@dataclass(frozen=True)
class Row:
    """Parameters of the RTL and what was measured, nothing if it was not yet; `held_out`: not fitted."""

    params: dict[str, int]
    measured: dict[str, int]
    held_out: bool
    yosys: str

    @staticmethod
    def read(row: Mapping[str, str], synthesis: Synthesis) -> Row:
        params = {key: int(value) for key, value in row.items() if value and key not in synthesis.no_parameters}
        counts = {key: int(row[key]) for key in synthesis.cells if row[key]}
        return Row(params, counts, row.get("held_out") == "1", row["yosys"])


TABLES = [Table(file) for file in sorted(ROOT.glob("hw_kernels/*/qor*.csv"))]


def tables_of_kernels() -> list[Table]:
    """The tables of folders whose cases say which node has the parameters of a row."""
    return [table for table in TABLES if table.measured]


def synthesize(table: Table, params: Mapping[str, int]) -> tuple[dict[str, int], str]:
    """Counts of one configuration, and by which Yosys; it runs in a process of its own. What memories are made of is
    what a design says, where the table knows the node of the configuration; else Yosys chooses."""
    told: dict[str, int | str] = {**params}
    if table.measured:
        told |= styles(table, params)
    return count_cells(f"xplat_{table.kernel}", told, table.synthesis, command=table.synthesis.command)


def styles(table: Table, params: Mapping[str, int]) -> dict[str, str]:
    """What the RTL of a design says that the memories of a row's kernel are made of, by parameter."""
    network = network_of(table, params, families_dir() / f"{table.family}.mlir")
    lowered = str(run_pipeline(network.module, "xplat-lower-to-circt", where="measurement"))
    instance = next(line for line in lowered.splitlines() if 'instanceName = "case0"' in line)
    return dict(re.findall(r'"(\w+)": none = "(\w+)"', instance))


def synthesis(module: str, params: Mapping[str, int | str], command: str, more: Sequence[Path] = ()) -> list[str]:
    """What Yosys is told to synthesize a module of the kernels, or of the sources in `more`, by `command`."""
    sources = [str(ROOT / "hw_kernels/common/rtl/xplat_pkg.sv")] + [
        str(p) for p in [*sorted(ROOT.glob("hw_kernels/*/rtl/*.sv")), *more] if p.stem != "xplat_pkg"
    ]
    flags = " ".join(f'-G {k}="{v}"' if isinstance(v, str) else f"-G {k}={v}" for k, v in params.items())
    return [
        f"read_slang -D SYNTHESIS -I {ROOT}/hw_kernels/common/rtl --top {module} {flags} " + " ".join(sources),
        f"{command} -top {module}",
    ]


def count_cells(
    module: str, params: Mapping[str, int | str], family: Synthesis, *, command: str, more: Sequence[Path] = ()
) -> tuple[dict[str, int], str]:
    """The same of a module of the kernels, or of the sources in `more`, synthesized by `command`."""
    with tempfile.TemporaryDirectory() as tmp:
        out = Path(tmp) / "stat.json"
        script = [*synthesis(module, params, command, more), f"tee -q -o {out} stat -json"]
        if problem := run_yosys(script, Path(tmp)):
            raise SystemExit(f"{module} {dict(params)}: {problem}")
        stat = json.loads(out.read_text())
    cells = {k: int(v) for k, v in stat["design"]["num_cells_by_type"].items()}
    if unknown := set(cells) - family.wires.union(*family.cells.values(), ULTRA_RAM):
        raise SystemExit(f"{module}: primitives with no count: {sorted(unknown)}")

    counts = {
        column: sum(weight * cells.get(cell, 0) for cell, weight in weights.items())
        for column, weights in family.cells.items()
    }
    counts |= {column: cells[cell] for cell, column in ULTRA_RAM.items() if cell in cells}
    return counts, str(stat["creator"]).split(" (")[0]


def record(table: Table, missing: bool) -> None:
    """Measures the rows of the table again, or those alone that are `missing`; after each the table is complete."""
    rows = table.rows()
    for index, row in enumerate(rows):
        if missing and row.measured:
            continue
        start = time.monotonic()
        counts, yosys = synthesize(table, row.params)
        rows[index] = replace(row, measured=counts, yosys=yosys)
        print(f"{table.kernel} {row.params} {counts} {time.monotonic() - start:.0f} s", flush=True)
        table.write(rows)


@cache
def family_without_roms(name: str) -> str:
    """The text of a family in which parameter memories take nothing, as in the measurements."""
    text = (families_dir() / f"{name}.mlir").read_text()
    parts = r"(part (?:rom_stream|rom_lookup) \([^)]*\)).*?(?=\n  (?:part|//))"
    text, count = re.subn(parts, r"\1", text, flags=re.DOTALL)
    assert count == 2
    return text


def network_of(table: Table, params: Mapping[str, int], family: Path) -> Network:
    """The kernel with the parameters of a row, on a device of the family of a file."""
    assert table.measured is not None
    case = table.measured(params)
    return Network.of([(table.folder.kernel_of(case), case)], kernel_files(), seed=0, family=family)


def predicted(table: Table, params: Mapping[str, int]) -> dict[str, int]:
    """What contract and family say of a row."""
    with tempfile.TemporaryDirectory() as scratch:
        family = Path(scratch) / f"{table.family}.mlir"
        family.write_text(family_without_roms(table.family))
        network = network_of(table, params, family)
    node = next(op for op in nodes_of(network.module) if xp.node_name(op) == "case0")
    area = node.area.as_dict()
    return {name: area.get(name, 0) for name in table.synthesis.resources(dict.fromkeys(table.synthesis.cells, 0))}


def errors(table: Table) -> None:
    """Prints how far contract and family are from the recorded table, of fitted rows and of the others."""
    for held_out in (False, True):
        off: dict[str, list[float]] = defaultdict(list)
        for row in table.rows():
            if row.measured and row.held_out == held_out:
                measured = table.synthesis.resources(row.measured)
                for name, value in predicted(table, row.params).items():
                    off[name].append(abs(value - measured[name]) / max(1, measured[name]))
        for name, e in off.items():
            if e:
                rows = "held out" if held_out else "fitted"
                figures = f"mean {100 * sum(e) / len(e):4.1f} %  worst {100 * max(e):4.1f} %"
                print(f"{table.kernel:18s} {table.family:16s} {rows:8s} {name:4s} {figures}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", help="all when none is named")
    parser.add_argument("--family", choices=FAMILIES, help="of one family alone")
    parser.add_argument("--missing", action="store_true", help="only rows without numbers")
    parser.add_argument("--errors", action="store_true", help="do not synthesize; print the formulas' errors")
    args = parser.parse_args()
    for table in TABLES:
        if table.kernel not in (args.kernels or [table.kernel]) or table.family != (args.family or table.family):
            continue
        if not args.errors:
            record(table, args.missing)
        if table in tables_of_kernels():
            errors(table)


if __name__ == "__main__":
    main()
