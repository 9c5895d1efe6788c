# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds and runs the simulation of an emitted design with Verilator.

Executables are kept by the digest of everything that goes into them, so a design is built once. Verilator's own
runtime is compiled once for all designs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xplat.hardware.manifest import SOURCES
from xplat.support.errors import SimulationError, ToolMissingError
from xplat.support.progress import Progress, logged

PREFIX = "Vtop"
FLAGS = (
    *("--cc", "--exe", "-O3", "--x-assign", "fast", "--x-initial", "fast"),
    # No warnings about the style of users' kernels; errors are reported.
    *("-Wno-lint", "-Wno-style", "-Wno-fatal", "--output-split", "30000"),
    # Loops over lanes stay loops: unrolled, a thousand multipliers are twenty megabytes of code.
    *("--unroll-count", "4"),
)
# The generated code runs at -O1 almost as fast as at -O2 and compiles in two thirds of the time.
MAKE_FLAGS = ("OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O2")
SPLIT_BYTES = 2_000_000
"""Generated code up to this size is one unit; above it, two cores save more time than the headers cost twice."""

KEPT_SIMULATORS = 1000
"""About half a megabyte each; `make test` alone uses two hundred."""


@dataclass(frozen=True)
class Executable:
    """A built simulator of one top module."""

    path: Path
    top: str


def cache_dir() -> Path:
    """Where built simulators are kept: `$XPLAT_CACHE`, else `xplat` in the user's cache folder.

    A folder for temporary files when neither can be written.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xplat"
    for folder in (Path(os.environ.get("XPLAT_CACHE") or home), Path(tempfile.gettempdir()) / f"xplat-{os.getuid()}"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise SimulationError("found no writable folder for simulators", hint="set XPLAT_CACHE to one")


def find_verilator() -> str:
    """Path of the program. Raises `ToolMissingError`."""
    path = shutil.which("verilator")
    if path is None:
        raise ToolMissingError(
            "Verilator is not installed, so the design cannot be simulated",
            hint="install it: apt-get install verilator (5.006 or later)",
        )
    return path


@cache
def _version(program: str) -> str:
    finished = subprocess.run([program, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return finished.stdout.strip()


def build(
    folder: Path,
    *,
    top: str,
    bench: Path | None = None,
    extra: Sequence[Path] = (),
    prefix: str = PREFIX,
    assertions: bool = False,
    optimize: bool = True,
    progress: Progress = logged,
) -> Executable:
    """The simulator of module `top` of an emitted design; built when it is not at hand.

    `bench`: the main program, by default the folder's own, verilated with the name `prefix`. `extra`: sources beside
    those of the folder. `assertions`: stop with a message when one of the RTL's does not hold. `optimize`: run fast
    rather than be built fast.
    Raises `ToolMissingError` without Verilator, a C++ compiler or make, `SimulationError` when they refuse the design.
    """
    verilator = find_verilator()
    for tool in ("make", os.environ.get("CXX", "g++")):
        if shutil.which(tool) is None:
            raise ToolMissingError(
                f"'{tool}' is not installed, so the simulator cannot be built", hint="apt-get install g++ make"
            )
    bench = bench or folder / "tb" / "main.cpp"
    flags = (*FLAGS, "--prefix", prefix, "--assert" if assertions else "--noassert")
    make_flags = MAKE_FLAGS if optimize else (*MAKE_FLAGS, "OPT_FAST=-O0")
    digest = hashlib.sha256("\0".join((_version(verilator), top, *flags, *make_flags)).encode())
    for file in (*_sources(folder), bench, *extra):
        digest.update(f"\0{file.relative_to(folder)}\0".encode() + file.read_bytes())
    kept = cache_dir() / "simulators" / digest.hexdigest()[:24]
    with suppress(FileNotFoundError):
        os.utime(kept)
        return Executable(kept, top)
    progress("building the simulator (some seconds, once for this design) …")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xplat-verilator-") as scratch:
        objects = Path(scratch)
        # Make cannot quote paths: the bench is in the build folder, and the makefile contains no path of the user's.
        shutil.copyfile(bench, objects / "main.cpp")
        more = [str(file.relative_to(folder)) for file in extra]
        command = [verilator, *flags, "--top-module", top, "-Mdir", scratch, "-f", SOURCES, *more, "main.cpp"]
        _run(command, folder, "Verilator refused the design")
        _reuse_runtime(objects, verilator)
        size = sum(file.stat().st_size for file in objects.glob("*.cpp"))
        split = f"VM_PARALLEL_BUILDS={int(size > SPLIT_BYTES)}"
        make = ["make", "-s", "-C", scratch, "-f", f"{prefix}.mk", f"-j{os.cpu_count() or 1}", *make_flags, split]
        _run(make, folder, "the simulator did not compile")
        _keep_runtime(objects, verilator)
        # Two builds of one design end with the same file; the last one stays.
        staged = kept.with_suffix(f".{os.getpid()}")
        shutil.copy2(objects / prefix, staged)
        staged.replace(kept)
    _forget_oldest(kept.parent)
    return Executable(kept, top)


def _forget_oldest(store: Path) -> None:
    """Keeps the simulators that were used last."""
    used: dict[Path, float] = {}
    for file in store.iterdir():
        with suppress(FileNotFoundError):  # another process forgets or renames files at the same time
            used[file] = file.stat().st_mtime
    for file in sorted(used, key=lambda file: used[file], reverse=True)[KEPT_SIMULATORS:]:
        file.unlink(missing_ok=True)


def run(
    executable: Executable,
    folder: Path,
    *,
    samples: int,
    inputs: Sequence[Path],
    outputs: Sequence[Path],
    backpressure: float,
    seed: int,
    idle_limit: int,
) -> str:
    """Runs the simulator on beats in files; returns what it printed. Raises `SimulationError` when it crashes."""
    arguments = [str(samples), repr(backpressure), str(seed), str(idle_limit), *map(str, [*inputs, *outputs])]
    finished = subprocess.run(
        [str(executable.path), *arguments], cwd=folder / "mem", capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    printed = finished.stdout + finished.stderr
    if fired := re.search(r"^.*%Error.*(?:Assertion failed|assert).*$", printed, re.MULTILINE):
        raise SimulationError(
            f"an assertion of the RTL does not hold: {fired[0].strip()}",
            hint="correct the kernel; `xplat kernel check` simulates it alone",
        )
    if finished.returncode not in (0, 3):
        tail = "\n".join(printed.strip().splitlines()[-12:])
        raise SimulationError(f"the simulator ended with status {finished.returncode}:\n{tail}")
    return finished.stdout


def _sources(folder: Path) -> list[Path]:
    """The design's sources."""
    files = sorted(path for path in (folder / "rtl").rglob("*") if path.is_file())
    return [folder / SOURCES, *files]


def _run(command: Sequence[str], folder: Path, what: str) -> None:
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if finished.returncode:
        lines = (finished.stdout + finished.stderr).strip().splitlines()
        errors = [line for line in lines if "rror" in line] or lines
        raise SimulationError(f"{what}:\n" + "\n".join(errors[:12]), hint=f"the command was: {shlex.join(command)}")


def _runtime_store(verilator: str) -> Path:
    key = hashlib.sha256("\0".join((_version(verilator), os.environ.get("CXX", "g++"), *MAKE_FLAGS)).encode())
    return cache_dir() / "runtime" / key.hexdigest()[:16]


def _reuse_runtime(objects: Path, verilator: str) -> None:
    """Puts the compiled runtime where make looks for it."""
    for file in _runtime_store(verilator).glob("verilated*.[od]"):
        shutil.copy(file, objects / file.name)


def _keep_runtime(objects: Path, verilator: str) -> None:
    store = _runtime_store(verilator)
    store.mkdir(parents=True, exist_ok=True)
    for file in objects.glob("verilated*.o"):
        if not (store / file.name).exists():
            staged = store / f"{file.name}.{os.getpid()}"
            shutil.copy(file, staged)
            staged.replace(store / file.name)
