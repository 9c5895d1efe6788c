# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The clocks of an emitted system: one for all its devices, or one for each where they differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class SystemClock:
    """A clock of the top module.

    `clock`, `reset`: its ports; `mhz`; `ticks`: how many cycles of the clocks' lowest common multiple, in which times
    of the system are counted, are one of its cycles; `streams`: the streams at ports of the system that belong to it.
    """

    clock: str
    reset: str
    mhz: float
    ticks: int
    streams: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def jitter(clocks: list[dict[str, Any]]) -> int:
    """Ticks by which intervals of the same length may differ: samples leave at edges of a clock of several."""
    return max((clock["ticks"] for clock in clocks), default=0) if len(clocks) > 1 else 0
