# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_pool2d and xplat_global_avg_pool2d: bits, cycles, latency."""

from __future__ import annotations

import random

import pytest
from kernel_checks import check
from kernel_reference import Case, global_avg_pool2d, pool2d

POOL = [
    dict(average=False, c=4, h=6, w=6, lanes=2),
    dict(average=False, c=3, h=7, w=7, k=(3, 3), pad=(1, 1), ukh=3, ukw=3, lanes=3),
    dict(average=False, c=2, h=5, w=6, k=(3, 2), stride=(1, 1), pad=(2, 1), ukw=2, iw=6, shift=2),
    dict(average=True, c=4, h=6, w=4, lanes=4, ukh=2, ukw=2),
    dict(average=True, c=2, h=5, w=7, k=(3, 3), stride=(1, 2), pad=(1, 1), ukw=3),
    dict(average=True, c=1, h=7, w=5, k=(5, 3), pad=(4, 2), shift=-5, ow=12, ukh=5),
    dict(average=True, c=2, h=9, w=9, k=(3, 5), stride=(3, 3), shift=3, ow=4, lanes=2),
    dict(average=False, c=1, h=5, w=5, k=(2, 2), ceil=True),
    dict(average=True, c=2, h=6, w=5, k=(3, 2), pad=(1, 0), ceil=True, shift=-1),
    dict(average=True, c=1, h=1, w=1, k=(1, 1), stride=(1, 1), iw=4, ow=3),
]
GLOBAL = [
    dict(c=4, h=4, w=4, lanes=2),
    dict(c=1, h=7, w=7),
    dict(c=6, h=3, w=5, lanes=2, shift=-4, ow=16),
    dict(c=2, h=1, w=1, lanes=1),
    dict(c=8, h=2, w=3, lanes=8, shift=1, ow=4),
]


def test_pooling() -> None:
    check(
        "pooling",
        [pool2d(i, **c) for i, c in enumerate(POOL)] + [global_avg_pool2d(i, **c) for i, c in enumerate(GLOBAL)],
    )


def random_pool(rng: random.Random, seed: int) -> Case:
    lanes = rng.choice([1, 2, 3])
    k = (rng.choice([1, 2, 3, 5]), rng.choice([1, 2, 3, 5]))
    pad = (rng.randrange(k[0]), rng.randrange(k[1]))
    return pool2d(
        seed,
        average=rng.random() < 0.6,
        c=lanes * rng.randint(1, 4),
        h=max(1, k[0] - 2 * pad[0]) + rng.randrange(7),
        w=max(1, k[1] - 2 * pad[1]) + rng.randrange(7),
        k=k,
        stride=(rng.randint(1, 3), rng.randint(1, 3)),
        pad=pad,
        lanes=lanes,
        ukh=rng.choice([1, k[0]]),
        ukw=rng.choice([1, k[1]]),
        iw=rng.choice([2, 4, 8, 16]),
        ow=rng.choice([2, 4, 8, 16]),
        shift=rng.randint(-6, 6),
        samples=6,
    )


@pytest.mark.long
@pytest.mark.parametrize("batch", range(5))
def test_pooling_random_long(batch: int) -> None:
    rng = random.Random(2000 + batch)
    check(f"pooling_long{batch}", [random_pool(rng, i) for i in range(20)])
