# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_linear: bits, cycles, latency."""

from __future__ import annotations

from kernel_checks import check
from kernel_reference import linear

CASES = [
    dict(n=1, k=1, shift=0, rows=3),
    dict(n=10, k=16, il=4, ol=5),
    dict(n=4, k=4, il=4, ol=4, rows=4, per_channel=True),
    dict(n=6, k=20, il=20, ol=1, rows=2, bias=False, ww=4, iw=6, ow=12, shift=3),
    dict(n=8, k=6, il=3, ol=2, rows=3, shift=-4, iw=4, ow=16, per_channel=True),
    dict(n=3, k=70, il=70, ol=3, rows=2, iw=4, ww=2, shift=35),
    dict(n=2, k=8, il=1, ol=2, rows=1, per_channel=True, shift=29),
    dict(n=4, k=8, il=2, ol=1, rows=2, per_channel=True, shift=-29, iw=2, ww=2),
]


def test_linear() -> None:
    check("linear", [linear(i, **c) for i, c in enumerate(CASES)])
