# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What memories take, by Yosys and by the families: `python test/kernels/memory_area.py` measures
`memories.csv` again, with kinds behind it those alone.

A row is a memory of `Depth` words of `Width` bits, of one kind, on one family: a RAM inside a kernel, or the cell that
holds the words of parameters and, where these may be late, the FIFO in the kernel. ROMs have random contents.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from area import FAMILIES, Synthesis, count_cells

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.support.paths import families_dir
from xplat.target.library import link_pass

FILE = Path(__file__).with_name("memories.csv")
SIZES = ((8, 16), (8, 64), (32, 64), (12, 200), (64, 300), (64, 1024), (128, 64), (24, 3), (512, 2048))
KERNEL_SIZES = (
    (8, 2),
    (4, 4),
    (1, 16),
    (5, 3),
    (16, 20),
    (8, 33),
    (32, 64),
    (64, 100),
    (36, 512),
    (40, 300),
    (9, 1500),
)
ULTRA_SIZES = (*SIZES, (72, 4096), (64, 5000))
RESOURCES = ("lut", "ff", "bram36", "ebr", "uram")

WRAPPER = """
module memory_top (
  input  logic clk_i, rst_ni, in_valid_i, out_ready_i, begin_i,
  input  logic [{width}-1:0] in_data_i,
  output logic in_ready_o, out_valid_o, may_begin_o,
  output logic [{width}-1:0] out_data_o
);
  logic valid, ready;
  logic [{width}-1:0] data;
  {memory}
  if ({late}) begin : gen_late
    xplat_parameter_port #(.Width({width}), .Late(1'b1)) u_port (
      .clk_i, .rst_ni, .in_valid_i(valid), .in_ready_o(ready), .in_data_i(data), .may_begin_o, .begin_i,
      .take_i(out_ready_i), .data_o(out_data_o));
    assign out_valid_o = valid;
  end else begin : gen_in_time
    assign {{ready, out_valid_o, out_data_o, may_begin_o}} = {{out_ready_i, valid, data, begin_i}};
  end
endmodule
"""
OUTSIDE = "assign {valid, in_ready_o, data} = {in_valid_i, ready, in_data_i};"
FILL = ".in_valid_i, .in_ready_o, .in_data_i, "
KERNEL_RAM = """
module memory_top (
  input  logic clk_i, write_i,
  input  logic [{address}-1:0] write_addr_i, read_addr_i,
  input  logic [{width}-1:0] in_data_i,
  output logic [{width}-1:0] out_data_o
);
  (* no_rw_check, ram_style = "{style}" *) logic [{width}-1:0] mem [{depth}];
  always_ff @(posedge clk_i) begin
    if (write_i) mem[write_addr_i] <= in_data_i;
    out_data_o <= mem[read_addr_i];
  end
endmodule
"""
KINDS = ("rom", "ram", "ultra_ram", "outside", "kernel")
"""What holds the words of parameters, and a RAM inside a kernel, whose read has a register."""


@cache
def choose_style(family: str, memory: str, *size: int) -> str:
    """What the family tells tools that a memory of this size is made of."""
    module = ir.Module.parse((families_dir() / f"{family}.mlir").read_text(), ir.Context())
    family_op = module.body.operations[0]
    return xp.choose_memory_style(family_op, memory, list(size))


def memory_of(family: str, kind: str, width: int, depth: int, contents: Path) -> str:
    """What stands between the port of words and the kernel."""
    if kind == "outside":
        return OUTSIDE
    cell, name, port = ("rom", f', .MemFile("{contents}")', "") if kind == "rom" else ("ram", "", FILL)
    style = choose_style(family, f"{kind}_stream", width, depth)
    parameters = f'.Width({width}), .Depth({depth}), .Style("{style}"){name}'
    return (
        f"xplat_{cell}_stream #({parameters}) u_memory ({port}.clk_i, .rst_ni, "
        ".out_valid_o(valid), .out_ready_i(ready), .out_data_o(data));"
    )


@dataclass(frozen=True)
class Memory:
    """A row of the table: a memory, and what it takes of each resource of its family."""

    family: str
    kind: str
    width: int
    depth: int
    measured: dict[str, int]

    def __str__(self) -> str:
        return f"{self.family} {self.kind} {self.width}x{self.depth}"


def table() -> list[Memory]:
    with FILE.open() as file:
        return [
            Memory(
                row["family"],
                row["kind"],
                int(row["width"]),
                int(row["depth"]),
                {name: int(row[name] or 0) for name in RESOURCES},
            )
            for row in csv.DictReader(file)
        ]


def source_of(family: str, kind: str, width: int, depth: int, contents: Path) -> str:
    if kind == "kernel":
        style = choose_style(family, "ram", width, depth)
        address = max(1, (depth - 1).bit_length())
        return KERNEL_RAM.format(width=width, depth=depth, address=address, style=style)
    memory = memory_of(family, kind, width, depth, contents)
    return WRAPPER.format(width=width, late=int(kind != "rom"), memory=memory)


def measure(family: str, kind: str, width: int, depth: int) -> dict[str, int]:
    """What Yosys makes of the memory."""
    synthesis: Synthesis = FAMILIES[family]
    generator = random.Random(width * depth)
    with tempfile.TemporaryDirectory() as tmp:
        contents = Path(tmp) / "words.mem"
        contents.write_text("".join(f"{generator.getrandbits(width):x}\n" for _ in range(depth)))
        top = Path(tmp) / "memory_top.sv"
        top.write_text(source_of(family, kind, width, depth, contents))
        ultra = " -uram" if kind == "ultra_ram" else ""
        counts, _ = count_cells("memory_top", {}, synthesis, command=synthesis.command + ultra, more=[top])
    return {name: counts.get(name, 0) for name in ("lut", "ff", "bram18", "ebr", "uram")}


def predicted(memory: Memory) -> dict[str, int]:
    """What the family says of it, by a kernel that has nothing but the memory."""
    size = f"({memory.width}, {memory.depth})"
    fixed, clause, area = "", "", f"ram {size} ram_multiplexer {size} ram_register {size[:-1]}, {memory.width})"
    if memory.kind != "kernel":
        fixed, area = f"fixed = #xplat.config<memories = {memory.kind}>, ", ""
        clause = f"memory weight ({memory.width}) x ({memory.depth})"
    text = f"""
!q = !quant.uniform<i8:f32, 1.0>
xplat.device @d fpga part "p" family @{memory.family} clock_mhz 100.0 resources <lut = 1> source "test" {{
}}
xplat.system @s {{
  xplat.instance @a of @d
}}
xplat.kernel @k implements "xplat.linear" rtl "k" files ["k.sv"] {{
  streams in ["in"] out ["out"]
  {clause}
  cycles (1) latency (1) buffer (1) area {area}
}}
xplat.param @w : tensor<4x4x!q>
func.func @f(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {{
  %0 = xplat.linear %x weight @w {{{fixed}config = #xplat.config<kernel = @k, place = <@s::@a>>}}
      : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}}
"""
    module = ir.Module.parse(text, ir.Context())
    family = families_dir() / f"{memory.family}.mlir"
    costed = run_pipeline(module, f"{link_pass([family])},xplat-annotate-cost", where="test")
    (node,) = nodes_of(costed)
    area = node.area.as_dict()
    return {name: area.get(name, 0) for name in RESOURCES}


def wanted() -> list[tuple[str, str, int, int]]:
    """Family, kind, width and depth of every row."""
    return [
        (family, kind, width, depth)
        for family in FAMILIES
        for kind in KINDS
        if kind != "ultra_ram" or family == "ultrascale_plus"
        for width, depth in {"ultra_ram": ULTRA_SIZES, "kernel": KERNEL_SIZES}.get(kind, SIZES)
    ]


def main() -> None:
    kinds = sys.argv[1:] or list(KINDS)
    known = {(row.family, row.kind, row.width, row.depth): row.measured for row in table()} if FILE.exists() else {}
    for row in wanted():
        if row[1] not in kinds and row in known:
            continue
        counts = measure(*row)
        counts["bram36"] = -(-counts.pop("bram18") // 2)
        known[row] = counts
        print(*row, counts, flush=True)
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "kind", "width", "depth", *RESOURCES])
        writer.writerows([*row, *(known[row][name] for name in RESOURCES)] for row in wanted())


if __name__ == "__main__":
    main()
