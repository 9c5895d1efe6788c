# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elaborates an emitted design with slang."""

from __future__ import annotations

from pathlib import Path

from xplat.hardware.manifest import SOURCES, read_manifest
from xplat.support.errors import EmitError, SimulationError, ToolMissingError
from xplat.support.paths import plain_path
from xplat.support.text import slang_command


def check_elaboration(folder: str | Path) -> list[str]:
    """Slang's errors and warnings on every top module of an emitted design, each with its place.

    Empty for a clean design. Raises `ToolMissingError` without pyslang.
    """
    try:
        import pyslang.driver  # noqa: F401
    except ImportError:
        raise ToolMissingError("elaborating a design needs slang", hint="pip install 'xplat[synth]'") from None
    home = Path(folder).resolve()
    try:
        description = read_manifest(home)
    except SimulationError as error:
        raise EmitError(error.message, hint=error.hint) from None
    messages: list[str] = []
    with plain_path(home) as folder:
        for top in dict.fromkeys((description["top"], description["direct_top"])):
            if report := slang_report(folder, "--top", top):
                messages.append(f"top '{top}': {report.replace(str(folder), str(home)).strip()}")
    return messages


def slang_report(folder: Path, *arguments: str) -> str:
    """Slang's report on the sources of an emitted folder, with these arguments: errors, and warnings that are on."""
    import pyslang
    import pyslang.driver

    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    command = slang_command(["slang", *arguments, "-F", str(folder / SOURCES)])
    if not (driver.parseCommandLine(command) and driver.processOptions() and driver.parseAllSources()):
        return f"slang cannot read the files of '{folder}'"
    compilation = driver.createCompilation()
    quiet = (pyslang.DiagnosticSeverity.Ignored, pyslang.DiagnosticSeverity.Note)
    severity = driver.diagEngine.getSeverity
    diagnostics = [item for item in compilation.getAllDiagnostics() if severity(item.code, item.location) not in quiet]
    if not diagnostics:
        return ""
    return str(pyslang.DiagnosticEngine.reportAll(compilation.sourceManager, diagnostics))
