# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of earlier releases that still work and say, in a `DeprecationWarning`, what replaced them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any


def warn(old: str, new: str, *, depth: int = 2) -> None:
    """Warns in the line of the caller `depth` frames up that `old` is now `new`."""
    warnings.warn(f"{old} is now {new}", DeprecationWarning, stacklevel=depth + 1)


def moved(old: str, new: str, get: Callable[[Any], Any]) -> Any:
    """A property of the name `old` that gives what `get` finds under the name `new`."""

    def read(self: Any) -> Any:
        warn(old, new)
        return get(self)

    read.__doc__ = f"Deprecated: use `{new}`."
    return property(read)
