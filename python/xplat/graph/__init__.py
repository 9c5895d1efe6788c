# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A model as a graph: nodes, state, structure, and what runs it: the reference and PyTorch."""
