# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What everything else uses: errors, text, files and progress. Knows nothing of models or hardware."""
