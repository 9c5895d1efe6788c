# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the user's model to an exported program, and the checks of what the user gives."""
