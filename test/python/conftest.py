"""Fixtures shared by the Python tests."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_configure() -> None:
    # Programs of this environment (xplat-opt, xplat) before any others.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture
def context() -> Iterator[object]:
    """A fresh MLIR context that knows xplat, in force for the test."""
    from xplat.ir import Context, Location

    with Context() as ctx, Location.unknown():
        yield ctx
