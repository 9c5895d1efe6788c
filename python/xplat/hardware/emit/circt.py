# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SystemVerilog from the lowered form, by CIRCT itself.

CIRCT is another MLIR than xplat's, so the two exchange text: the generic form that `xplat-lower-to-circt` makes.
It runs in a process of its own, because a bug there may abort the process, and reports what it has to say as
diagnostics.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from xplat.support.errors import EmitError

PIPELINE = (
    "builtin.module(lower-esi-to-physical, lower-esi-bundles, lower-esi-ports, lower-esi-to-hw, lower-esi-types, "
    "hw.module(lower-seq-fifo, lower-seq-hlmem, lower-seq-shiftreg), lower-seq-to-sv, canonicalize, cse, "
    "hw.module(prettify-verilog))"
)
"""Channels to valid/ready wires, registers to always blocks."""

UNKNOWN = "unknown MLIR operation"
"""The text that the exporter writes, without failing, where an op was not lowered."""


def export_verilog(hardware: str, directory: Path, *, timeout: float = 600.0) -> list[Path]:
    """Writes one `.sv` file per module of `hardware` (generic-form MLIR) into `directory`; returns them sorted.

    `timeout` in seconds. Raises `EmitError` with CIRCT's diagnostics when it refuses or fails.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xplat-circt-") as scratch:
        source, answer = Path(scratch) / "hardware.mlir", Path(scratch) / "answer.json"
        source.write_text(hardware, encoding="utf-8")
        # By path: the process needs CIRCT alone, wherever xplat was loaded from.
        worker = str(Path(__file__).with_name("circt_worker.py"))
        command = [sys.executable, "-P", worker, str(source), str(directory), str(answer), PIPELINE]
        try:
            finished = subprocess.run(
                command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise EmitError(f"CIRCT did not finish within {timeout:g} s") from None
        if not answer.exists():
            tail = "\n".join(finished.stderr.strip().splitlines()[-8:])
            raise EmitError(f"CIRCT ended with status {finished.returncode}: {tail}", hint=_hint(hardware))
        diagnostics = json.loads(answer.read_text())
    if diagnostics:
        raise EmitError("CIRCT refused the hardware:\n" + "\n".join(diagnostics), hint=_hint(hardware))
    files = sorted(directory.glob("*.sv"))
    for file in files:
        if UNKNOWN in file.read_text():
            raise EmitError(f"CIRCT could not write all of '{file.name}' as SystemVerilog", hint=_hint(hardware))
    return files


def _hint(hardware: str) -> str:
    """Keeps what CIRCT was given."""
    import hashlib

    name = f"xplat-{hashlib.sha256(hardware.encode()).hexdigest()[:12]}-hardware.mlir"
    kept = Path(tempfile.gettempdir()) / name
    try:
        kept.write_text(hardware, encoding="utf-8")
    except OSError:
        return "report this with the model that shows it"
    return f"what CIRCT was given is in {kept}"
