# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Areas by contracts and device families against what Yosys measured (hw_kernels/*/qor.<family>.csv)."""

from __future__ import annotations

from typing import Any

import pytest
from area import FAMILIES, Row, Table, predicted, tables_of_kernels

from xplat.target.system import known_families

#: Largest deviation of LUTs and flip-flops that a formula may have; docs/KernelRtl.md states those it has.
BAND = 0.25
#: A window read from a large buffer in LUTs: Yosys makes shift registers of LUTs (LUT memory) of the
#: registers behind it, which no fitted row has. Registers are overestimated, LUTs underestimated.
SHIFT_REGISTERS = {"Lanes": 6, "Mode": 0}


def is_known(table: Table, row: Row) -> bool:
    """Whether shift registers of LUTs make the row differ: that it has them, or that the family has none."""
    if table.family == "ecp5":
        # Without a division, most registers of the kernel stand in rows, which contracts count as shift registers.
        pixels = row.params["Height"] * row.params["Width"] if table.kernel == "global_avg_pool2d" else 0
        return pixels > 0 and pixels.bit_count() == 1
    return row.held_out and SHIFT_REGISTERS.items() <= row.params.items()


def measurements() -> list[Any]:
    return [
        pytest.param(
            table,
            row,
            id=f"{table.kernel}-{table.family}-{index}{'-held-out' if row.held_out else ''}",
            marks=[pytest.mark.xfail(reason="shift registers of LUTs", strict=True)] if is_known(table, row) else [],
        )
        for table in tables_of_kernels()
        for index, row in enumerate(table.rows())
    ]


@pytest.mark.parametrize(("table", "row"), measurements())
def test_area(table: Table, row: Row) -> None:
    area, measured = predicted(table, row.params), table.synthesis.resources(row.measured)
    # Multipliers and blocks of memory are exact.
    fabric = {"lut", "ff"}
    assert {name: amount for name, amount in area.items() if name not in fabric} == {
        name: amount for name, amount in measured.items() if name not in fabric
    }
    assert area["ff"] == pytest.approx(measured["ff"], rel=BAND)
    assert area["lut"] == pytest.approx(measured["lut"], rel=BAND)


def test_each_family_is_checked_with_rows_that_were_not_fitted() -> None:
    held_out = {table.family for table in tables_of_kernels() for row in table.rows() if row.held_out}
    assert sorted(held_out) == sorted(FAMILIES) == known_families()
