#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the build tree's package and programs those of a virtual environment.

    dev_install.py VENV BUILD

After it, `import xplat`, `xplat` and `xplat-opt` of that environment are the
ones of the build tree: no installation, and an edit of a Python source counts
at once.
"""

import sys
from pathlib import Path

PROGRAM = """\
#!{python}
import sys

from xplat.cli import main

sys.exit(main())
"""


def main() -> None:
    venv, build = (Path(argument).absolute() for argument in sys.argv[1:])
    (site,) = venv.glob("lib/python3.*/site-packages")
    (site / "xplat-build-tree.pth").write_text(f"{build / 'python_packages'}\n")

    program = venv / "bin" / "xplat"
    program.write_text(PROGRAM.format(python=venv / "bin" / "python"))
    program.chmod(0o755)

    opt = venv / "bin" / "xplat-opt"
    opt.unlink(missing_ok=True)
    opt.symlink_to(build / "bin" / "xplat-opt")


if __name__ == "__main__":
    main()
