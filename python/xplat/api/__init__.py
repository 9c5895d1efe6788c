# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The interface for users: `compile`, and the design that it returns, with all that can be done to it."""
