# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The target of a mapping: systems of devices, and libraries of kernels."""
