"""Says what a long-running step is doing, and how long each stage took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]
"""Called with one line whenever something worth telling begins or ends."""


def silent(message: str) -> None:
    """Reports no progress."""


def to_stderr(message: str) -> None:
    """Progress for a person at a terminal: standard output stays free for results."""
    print(message, file=sys.stderr, flush=True)


class Stages:
    """Times named stages in order. `seconds` holds the wall-clock seconds of each finished stage."""

    def __init__(self, progress: Progress = silent) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        self.progress(f"{name} …")
        yield
        self.seconds[name] = time.perf_counter() - start
        self.progress(f"{name}: {self.seconds[name]:.2f} s")
