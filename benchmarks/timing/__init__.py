# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The clock that kernels reach: `make bench-timing`."""
