# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_depthwise_conv2d: bits, cycles, latency."""

from __future__ import annotations

import random

import pytest
from kernel_checks import check
from kernel_reference import Case, depthwise_conv2d

CASES = [
    dict(c=4, h=5, w=6, pad=(1, 1)),
    dict(c=4, h=6, w=6, pad=(1, 1), stride=(2, 2), lanes=2, ukh=3, ukw=3, per_channel=True),
    dict(c=3, h=5, w=5, k=(5, 3), pad=(2, 0), lanes=3, ukh=5, bias=False, iw=4, ow=6, shift=3),
    dict(c=2, h=4, w=3, k=(1, 2), ukw=2, shift=-1, ow=16),
]


def test_depthwise_conv2d() -> None:
    check("depthwise", [depthwise_conv2d(i, **c) for i, c in enumerate(CASES)])


def random_case(rng: random.Random, seed: int) -> Case:
    lanes = rng.choice([1, 2, 3])
    k = (rng.choice([1, 2, 3, 5]), rng.choice([1, 2, 3, 5]))
    pad = (rng.randrange(k[0]), rng.randrange(k[1]))
    return depthwise_conv2d(
        seed,
        c=lanes * rng.randint(1, 4),
        h=max(1, k[0] - 2 * pad[0]) + rng.randrange(7),
        w=max(1, k[1] - 2 * pad[1]) + rng.randrange(7),
        k=k,
        stride=(rng.randint(1, 3), rng.randint(1, 3)),
        pad=pad,
        lanes=lanes,
        ukh=rng.choice([1, k[0]]),
        ukw=rng.choice([1, k[1]]),
        iw=rng.choice([2, 4, 8]),
        ww=rng.choice([2, 4, 8]),
        ow=rng.choice([2, 4, 8, 16]),
        shift=rng.randint(-3, 9),
        bias=rng.random() < 0.7,
        per_channel=rng.random() < 0.4,
        samples=6,
    )


@pytest.mark.long
@pytest.mark.parametrize("batch", range(5))
def test_depthwise_random_long(batch: int) -> None:
    rng = random.Random(3000 + batch)
    check(f"depthwise_long{batch}", [random_case(rng, i) for i in range(16)])
