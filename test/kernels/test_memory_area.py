# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What families say of parameter memories, beside what Yosys makes of them."""

from __future__ import annotations

import pytest
from memory_area import Memory, predicted, table


@pytest.mark.parametrize("memory", table(), ids=str)
def test_memory(memory: Memory) -> None:
    found = predicted(memory)
    if memory.kind == "kernel":
        assert found["ff"] == memory.measured["ff"]
        assert found["lut"] == pytest.approx(memory.measured["lut"], rel=0.1)
    # Blocks are exact; of LUTs and registers a few more or less are the counter's.
    for name in ("bram36", "ebr"):
        assert found[name] == memory.measured[name]
    for name in ("lut", "ff"):
        assert abs(found[name] - memory.measured[name]) <= max(0.25 * memory.measured[name], 12)
    # Yosys puts several words beside each other, where depth is left over; a family counts 72 bits for each.
    assert memory.measured["uram"] <= found["uram"] <= 2 * memory.measured["uram"]
