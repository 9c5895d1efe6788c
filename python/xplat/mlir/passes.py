# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs pass pipelines and turns their diagnostics into errors that a user can act on.

A failing pipeline leaves the module as it was (the passes run on a copy), and its error carries the
diagnostic with its notes, the user's own source line, and the `xplat-opt` command that reproduces it.
"""

from __future__ import annotations

import hashlib
import linecache
import logging
import shlex
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from xplat import ir
from xplat.mlir.modules import MLIRError, copy_of, text_of
from xplat.passmanager import PassManager
from xplat.support.errors import PassError
from xplat.support.text import pass_option

Value = bool | int | float | str | Path | Sequence[str | Path]
"""Of an option of a pass. Texts may hold any character: passes that take names or paths decode them."""


def pass_text(name: str, **options: Value | None) -> str:
    """A pass or a pipeline with options as text: `pass_text("xplat-hardware", max_utilization=0.8)`.

    `_` in a name stands for `-`. An option that is None is left to the pass.
    """
    given = [f"{key.replace('_', '-')}={_option(value)}" for key, value in options.items() if value is not None]
    return f"{name}{{{' '.join(given)}}}" if given else name


def _option(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str | Path):
        return pass_option(str(value))
    return ",".join(_option(item) for item in value)


def run_pipeline(module: ir.Module, pipeline: str, *, where: str) -> ir.Module:
    """Runs `pipeline` (passes of a module, e.g. `"xplat-bind-kernels,canonicalize"`) on a copy of `module`.

    `where` names the stage in the error. Returns the transformed copy. Raises `PassError`.
    """
    copy = copy_of(module)
    start = time.perf_counter()
    try:
        with copy.context:
            copy.operation.verify()
            PassManager.parse(f"builtin.module({pipeline})").run(copy.operation)
    except MLIRError as error:
        raise _failure(error, module, pipeline, where) from None
    except ValueError as error:  # an option of the user's that the pass cannot read
        raise PassError(f"{where}: {error}") from None
    logging.getLogger("xplat").debug("%s: %.2f s for %s", where, time.perf_counter() - start, pipeline)
    return copy


def _failure(error: MLIRError, module: ir.Module, pipeline: str, where: str) -> PassError:
    lines = []
    for diagnostic in error.error_diagnostics:
        lines += _describe(diagnostic, indent="")
    message = "\n".join(lines) or str(error)
    text = text_of(module)
    # One file for one module, however often it fails.
    name = f"xplat-{hashlib.sha256(text.encode()).hexdigest()[:12]}.mlir"
    reproducer = Path(tempfile.gettempdir()) / name
    hint = None
    try:
        reproducer.write_text(text, encoding="utf-8")
        passes = f"builtin.module({pipeline})"
        hint = f"reproduce with: xplat-opt --pass-pipeline={shlex.quote(passes)} {shlex.quote(str(reproducer))}"
    except OSError:
        pass  # a full or read-only temporary folder must not hide the diagnostic
    return PassError(f"{where}: {message}", hint=hint)


def _describe(diagnostic: ir.DiagnosticInfo, *, indent: str, above: str = "") -> list[str]:
    where, text = source_line(diagnostic.location), source_text(diagnostic.location)
    lines = [f"{indent}{where + ': ' if where and where != above else ''}{diagnostic.message}"]
    if text and where != above:
        lines.append(f"{indent}    {text}")
    for note in diagnostic.notes:
        # MLIR adds the whole operation; the reproducer has it too.
        if not note.message.startswith("see current operation"):
            lines += _describe(note, indent=indent + "  ", above=where)
    return lines


def _file_location(location: ir.Location) -> tuple[str, int] | None:
    if location.is_a_file():
        # Text that came from no file.
        return None if location.filename == "-" else (location.filename, location.start_line)
    if location.is_a_name():
        return _file_location(location.child_loc)
    if location.is_a_fused():
        for part in location.locations:
            if found := _file_location(part):
                return found
    return None


def file_line(location: ir.Location) -> str:
    """`file:line` of the user's own file; empty when the location knows none."""
    found = _file_location(location)
    return f"{found[0]}:{found[1]}" if found and found[1] else ""


def source_line(location: ir.Location) -> str:
    """`module path (file:line)` as far as the location knows them."""
    name, file = location.name_str if location.is_a_name() else "", file_line(location)
    return f"{name} ({file})" if name and file else name or file


def source_text(location: ir.Location) -> str:
    """The line of the user's own file that the location names; empty when it cannot be read."""
    found = _file_location(location)
    if found is None or not found[0].endswith(".py"):
        return ""
    return linecache.getline(found[0], found[1]).strip()
