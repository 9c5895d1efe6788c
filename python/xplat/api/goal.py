# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The user's goal for a design: the objective, and the throughput to reach, in samples per second or in cycles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xplat.support.errors import InputError

OBJECTIVES = ("throughput", "latency", "area")
_RATE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*([kM]?)\s*/\s*s\s*", re.ASCII)
_SCALE = {"": 1.0, "k": 1e3, "M": 1e6}


@dataclass(frozen=True)
class Goal:
    """`objective`: one of `OBJECTIVES`; `per_second`, `cycles`: the target, at most one of both."""

    objective: str = "throughput"
    per_second: float | None = None
    cycles: int | None = None

    @staticmethod
    def of(objective: str, target: str | None, target_cycles: int | None) -> Goal:
        """From the options of `xplat.compile`. Raises `InputError` for those that make no sense."""
        if objective not in OBJECTIVES:
            raise InputError(f"expected an objective but got {objective!r}", hint=f"one of {', '.join(OBJECTIVES)}")
        if target is not None and target_cycles is not None:
            raise InputError("expected target or target_cycles but got both", hint="leave one of them out")
        if target_cycles is not None and target_cycles < 1:
            raise InputError(
                f"expected target_cycles of at least 1 but got {target_cycles}",
                hint="leave it out for the fastest design",
            )
        return Goal(objective, None if target is None else samples_per_second(target), target_cycles)


def samples_per_second(target: str) -> float:
    """The number in `"5000/s"`, `"5k/s"` or `"1.5M/s"`. Raises `InputError`."""
    found = _RATE.fullmatch(target) if isinstance(target, str) else None
    value = float(found[1]) * _SCALE[found[2]] if found else 0.0
    if not 0.0 < value < float("inf"):
        raise InputError(
            f"expected a target such as '5000/s' but got {target!r}", hint="samples per second: 5000/s, 5k/s"
        )
    return value
