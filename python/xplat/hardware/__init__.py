# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From a mapped module to a folder of hardware, and its simulation."""
