# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Views of a design for people: report and picture."""
