# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`python -m xplat.cli`: the command `xplat`."""

import sys

from xplat.cli.program import main

sys.exit(main())
