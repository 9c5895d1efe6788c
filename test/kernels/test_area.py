# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Area formulas of the contracts against what Yosys measured (hw_kernels/*/qor.csv)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from area import predicted, rows, tables_of_kernels

#: Largest deviation of LUTs and flip-flops that a formula may have; docs/KernelRtl.md states those it has.
BAND = 0.25


def measurements() -> list[Any]:
    return [
        pytest.param(table, params, measured, id=f"{table.parent.name}{index}")
        for table in tables_of_kernels()
        for index, (params, measured) in enumerate(rows(table))
    ]


@pytest.mark.parametrize(("table", "params", "measured"), measurements())
def test_area(table: Path, params: dict[str, int], measured: dict[str, int]) -> None:
    area = predicted(table, params)
    assert area["dsp"] == measured["dsp"]
    assert area["ff"] == pytest.approx(measured["ff"], rel=BAND)
    assert area["lut"] == pytest.approx(measured["lut"], rel=BAND)
