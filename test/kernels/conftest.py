# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lets the tests import the harness beside them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
