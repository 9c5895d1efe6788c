# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Areas by contracts and device families against what Yosys measured (hw_kernels/*/qor.<family>.csv)."""

from __future__ import annotations

from typing import Any

import pytest
from area import FAMILIES, Row, Table, predicted, tables_of_kernels

from xplat.target.system import known_families

#: Largest deviation of LUTs and flip-flops that a formula may have; docs/KernelRtl.md states those it has.
BAND = 0.25


def measurements() -> list[Any]:
    return [
        pytest.param(
            table,
            row,
            id=f"{table.kernel}-{table.family}-{index}{'-held-out' if row.held_out else ''}",
        )
        for table in tables_of_kernels()
        for index, row in enumerate(table.rows())
        if row.measured
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
    held_out = {table.family for table in tables_of_kernels() for row in table.rows() if row.held_out and row.measured}
    assert sorted(held_out) == sorted(FAMILIES) == known_families()
