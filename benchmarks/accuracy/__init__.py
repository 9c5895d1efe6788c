# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What number formats cost in accuracy, with real weights and data, before and after fine-tuning.

Read `docs/HowTo/measure-accuracy.md`; run with `make bench-accuracy`.
"""
