# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Says what a long-running step is doing, and how long each stage took.

Lines of progress go to the logger `xplat` unless the caller takes them. On a terminal, one more line at the bottom of
the screen says what runs at present and for how long; it is gone afterwards.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xplat.support.text import printable, shortened

Progress = Callable[[str], None]
"""Called with one line whenever something worth telling begins or ends."""

LOGGER = logging.getLogger("xplat")
PATIENCE = 2.0
"""Seconds after which the line on the terminal counts them."""


def silent(message: str) -> None:
    """Reports no progress."""


def logged(message: str) -> None:
    """Progress for the logger `xplat`, at level INFO."""
    LOGGER.info("%s", message)


def to_stderr(message: str) -> None:
    """Progress for a person at a terminal: standard output stays free for results."""
    STATUS.clear()
    print(message, file=sys.stderr, flush=True)


class StatusLine:
    """The line at the bottom of a terminal that shows what runs: a name, a bar where the end is known, seconds.

    Nothing is drawn where standard error is no terminal or the logger `xplat` is set to report errors alone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown = False
        self._part: tuple[int, int] | None = None

    def part(self, done: int, total: int) -> None:
        """How much of what runs at present is done."""
        self._part = (done, total)

    def clear(self) -> None:
        """Takes the line away, before something else is printed."""
        with self._lock:
            if self._shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                self._shown = False

    def draw(self, text: str) -> None:
        """Shows `text` instead of what is there."""
        with self._lock:
            sys.stderr.write(f"\r\x1b[K{shortened(printable(text), 78)}")
            sys.stderr.flush()
            self._shown = True

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """While the block runs, says so. Compiler passes hold the interpreter, so that their seconds stand still."""
        if not (sys.stderr is not None and sys.stderr.isatty() and LOGGER.isEnabledFor(logging.WARNING)):
            yield
            return
        start, done = time.monotonic(), threading.Event()

        def count() -> None:
            while not done.wait(0.5):
                if (seconds := time.monotonic() - start) > PATIENCE:
                    self.draw(f"{name} … {seconds:.0f} s{_bar(self._part)}")

        self._part = None
        self.draw(f"{name} …")
        counter = threading.Thread(target=count, daemon=True)
        counter.start()
        try:
            yield
        finally:
            done.set()
            counter.join()
            self.clear()


BAR = 20
"""Characters of a bar."""


def _bar(part: tuple[int, int] | None) -> str:
    """` [#####     ] 25 of 100`; nothing where the end is not known."""
    if part is None:
        return ""
    done, total = part
    filled = BAR * min(done, total) // max(total, 1)
    return f" [{'#' * filled}{' ' * (BAR - filled)}] {done} of {total}"


STATUS = StatusLine()


class ToStandardError(logging.Handler):
    """Messages of the logger for `to_stderr`."""

    def emit(self, record: logging.LogRecord) -> None:
        """Prints the message by itself, without level and time."""
        to_stderr(record.getMessage())


@contextmanager
def talking(level: int) -> Iterator[None]:
    """While the block runs, messages of `level` and above go to standard error."""
    handler, before = ToStandardError(), (LOGGER.level, LOGGER.propagate)
    LOGGER.addHandler(handler)
    LOGGER.setLevel(level)
    LOGGER.propagate = False  # a handler of the root logger would say all twice
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(before[0])
        LOGGER.propagate = before[1]


class Stages:
    """Times named stages in order. `seconds` holds the wall-clock seconds of each finished stage."""

    def __init__(self, progress: Progress = logged) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        self.progress(f"{name} …")
        with STATUS.running(name):
            yield
        self.seconds[name] = time.perf_counter() - start
        self.progress(f"{name}: {self.seconds[name]:.2f} s")
