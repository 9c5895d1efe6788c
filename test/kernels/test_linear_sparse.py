# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_linear_sparse: bits, cycles, latency."""

from __future__ import annotations

from kernel_checks import check
from kernel_reference import linear_sparse

CASES = [
    dict(n=1, k=4, shift=0, rows=3),
    dict(n=10, k=16, il=4, ol=5),
    dict(n=6, k=16, il=8, ol=3, rows=2, per_channel=True),
    dict(n=8, k=24, kept=1, group=4, il=2, ol=2, rows=3, bias=False, ww=4, iw=6, ow=12, shift=3),
    dict(n=5, k=24, kept=3, group=8, il=2, rows=2),
    dict(n=4, k=24, kept=3, group=8, il=3, ol=4, rows=2, per_channel=True, shift=-4, iw=4, ow=16),
    dict(n=3, k=32, kept=4, group=8, il=4, ol=3, rows=2),
    dict(n=3, k=20, kept=7, group=20, il=5, rows=3, iw=4, ww=2, shift=2),
    dict(n=2, k=20, kept=5, group=20, il=20, ol=2, rows=2),
    dict(n=4, k=48, kept=2, group=4, il=48, ol=2, rows=4),
    dict(n=1, k=64, kept=1, group=2, il=1, rows=2),
]


def test_linear_sparse() -> None:
    check("linear_sparse", [linear_sparse(i, **c) for i, c in enumerate(CASES)])
