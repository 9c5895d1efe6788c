# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The process that CIRCT runs in: `circt_worker.py SOURCE.mlir DIRECTORY ANSWER.json PIPELINE`.

Runs PIPELINE on the modules of SOURCE and writes them to DIRECTORY; the errors, a list of texts, go to ANSWER.
ANSWER is missing when CIRCT aborted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(source: str, directory: str, answer: str, pipeline: str) -> None:
    """Verifies, lowers and exports one module."""
    import pycde.circt as circt
    from pycde.circt import ir, passmanager

    errors: list[str] = []

    def collect(diagnostic: Any) -> bool:
        if diagnostic.severity == ir.DiagnosticSeverity.ERROR:
            errors.append(f"{diagnostic.location}: {diagnostic.message}")
        return True

    with ir.Context() as context:
        circt.register_dialects(context)
        context.attach_diagnostic_handler(collect)
        try:
            module = ir.Module.parse(Path(source).read_text(encoding="utf-8"))
            passmanager.PassManager.parse(pipeline).run(module.operation)
            circt.export_split_verilog(module, directory)
        except Exception as error:
            errors.append(str(error))
    Path(answer).write_text(json.dumps(errors))


if __name__ == "__main__":
    main(*sys.argv[1:])
