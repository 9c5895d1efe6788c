# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`make bench-formats`: what a multiply-accumulate takes in each number format, by Yosys for UltraScale+ without DSPs.

In fixed point it is what one more term adds to `xplat_mac`, from 16 terms to 32: its product and its part of the adder
tree. In a block format it is the whole of `xplat_block_dot`, divided by the elements of a block:
products, adder tree, and the shift to the accumulator's grid. Registers of operands count in both. Yosys packs no two
functions into one LUT, and folds no adder into another's carry chain, so a vendor's tool needs less.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common import BUILD, conditions, print_conditions, print_table, write_json

from xplat.formats import BlockFormat, Integer, Mx, MxInteger, NumberFormat, Signs, mantissa_fraction, parse
from xplat.support.paths import kernels_dir
from xplat.support.yosys import run_yosys

TERMS = (16, 32)
ACCUMULATOR_BITS, ACCUMULATOR_FRACTION = 24, 8
CELLS = ("pkg", "tree", "requant", "result_fifo", "sums", "mac", "block_dot")

PAIRS = (
    ("int8", "int8"), ("int8", "uint8"), ("int4", "int4"), ("int4", "uint4"), ("int4", "int8"), ("int2", "int8"),
    ("ternary", "int8"), ("binary", "int8"), ("int2", "uint2"), ("binary", "int4"),
    ("msfp4", "msfp4"), ("mxint8", "mxint8"), ("mxfp4", "mxfp4"), ("mxfp6", "mxfp6"),
)  # fmt: skip
"""Formats of weight and value. The hardware of ternary weights is that of `int2`, which are -2 to 1."""

PUBLISHED = (
    ("HG-PIPE, DeiT-tiny, 3 to 4 bits", "about 45 LUT, all in (derived)", "arXiv 2407.17879"),
    ("MASE, bert-base, int8", "411 LUT, all in (1.3 GOPS/kLUT at 267 MHz)", "Cheng et al. 2023, table VI"),
    ("MASE, bert-base, MSFP of 4 bits", "148 LUT, all in (3.6 GOPS/kLUT at 267 MHz)", "Cheng et al. 2023, table VI"),
    ("FINN's RTL, 4 bits", "a quarter of a DSP48E2; of 8 bits a half", "finn-rtllib"),
)
"""Design, what a multiply-accumulate in a cycle takes there, and source."""


@dataclass(frozen=True)
class Count:
    """LUTs and flip-flops of a module."""

    luts: float
    flip_flops: float


def synthesize(module: str, parameters: Mapping[str, int]) -> Count:
    """Counts what Yosys makes of a module without DSPs."""
    rtl = kernels_dir() / "common" / "rtl"
    sources = " ".join(str(rtl / f"xplat_{cell}.sv") for cell in CELLS)
    values = " ".join(f"-G {key}={value}" for key, value in parameters.items())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "stat.json"
        script = [
            f"read_slang -D SYNTHESIS -I {rtl} --top {module} {values} {sources}",
            f"synth_xilinx -family xcup -noiopad -flatten -nodsp -top {module}",
            f"tee -q -o {out} stat -json",
        ]
        if problem := run_yosys(script, Path(folder)):
            raise SystemExit(f"{module} {dict(parameters)}: {problem}")
        cells = json.loads(out.read_text())["design"]["num_cells_by_type"]
    luts = sum(count for name, count in cells.items() if name.startswith(("LUT", "SRL")))
    return Count(luts, sum(count for name, count in cells.items() if name.startswith("FD")))


def of_integers(weight: Integer | Signs, value: Integer) -> Count:
    """What one more term takes."""
    few, many = (
        synthesize(
            "xplat_mac",
            {
                "Terms": terms, "TotalTerms": 64, "InWidth": value.width, "WeightWidth": weight.width, "HasBias": 0,
                "InUnsigned": int(value.signed is False),
            },
        )
        for terms in TERMS
    )  # fmt: skip
    more = TERMS[1] - TERMS[0]
    return Count((many.luts - few.luts) / more, (many.flip_flops - few.flip_flops) / more)


def of_blocks(weight: BlockFormat, value: BlockFormat) -> Count:
    """What a term of the product of two blocks takes."""
    whole = synthesize(
        "xplat_block_dot",
        {
            "Terms": value.block,
            "LeftWidth": value.element_bits,
            "RightWidth": weight.element_bits,
            "TwosComplement": int(isinstance(value, MxInteger)),
            "LeftExponent": value.element.exponent if isinstance(value, Mx) else 0,
            "RightExponent": weight.element.exponent if isinstance(weight, Mx) else 0,
            "AccWidth": ACCUMULATOR_BITS,
            "Shift": ACCUMULATOR_FRACTION - mantissa_fraction(value) - mantissa_fraction(weight),
        },
    )
    return Count(whole.luts / value.block, whole.flip_flops / value.block)


def measure(weight: NumberFormat, value: NumberFormat) -> Count:
    """What a multiply-accumulate of these formats takes."""
    if isinstance(weight, Integer | Signs) and isinstance(value, Integer):
        return of_integers(weight, value)
    assert isinstance(weight, BlockFormat) and isinstance(value, BlockFormat)
    return of_blocks(weight, value)


def main() -> int:
    """Prints the table, and what others have published."""
    rows = []
    for names in PAIRS:
        print(f"{' x '.join(names)} ...", file=sys.stderr, flush=True)
        weight, value = (parse(name) for name in names)
        count = measure(weight, value)
        print(f"  {count.luts:.1f} LUTs, {count.flip_flops:.1f} flip-flops", file=sys.stderr, flush=True)
        rows.append(
            {
                "weight": names[0], "value": names[1], "bits": weight.bits_per_element + value.bits_per_element,
                "luts": round(count.luts, 1), "flip_flops": round(count.flip_flops, 1),
            }
        )  # fmt: skip
    print_table([tuple(rows[0]), *(tuple(row.values()) for row in rows)])
    print()
    print_table([("published", "figure", "source"), *PUBLISHED])
    print()
    figures = conditions()
    print_conditions(figures)
    file = write_json(BUILD / "bench" / "formats.json", {"conditions": figures, "formats": rows})
    print(f"figures: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
