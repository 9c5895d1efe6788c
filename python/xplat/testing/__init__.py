# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks and data for tests, the demo and the benchmarks."""
