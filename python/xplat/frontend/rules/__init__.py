# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: one for each operation of PyTorch, a file for each family. The rules register themselves."""

import xplat.frontend.rules.borders
import xplat.frontend.rules.constant
import xplat.frontend.rules.elementwise
import xplat.frontend.rules.functions
import xplat.frontend.rules.masks
import xplat.frontend.rules.matrix
import xplat.frontend.rules.pool
import xplat.frontend.rules.products
import xplat.frontend.rules.quantized
import xplat.frontend.rules.recurrent
import xplat.frontend.rules.reduce
import xplat.frontend.rules.shape
import xplat.frontend.rules.volume
import xplat.frontend.rules.weighted  # noqa: F401
