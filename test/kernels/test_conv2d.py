# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""xplat_conv2d: bits, cycles, latency."""

from __future__ import annotations

import random

import pytest
from kernel_checks import check
from kernel_reference import Case, conv2d

CASES = [
    dict(ic=3, oc=4, h=6, w=7, pad=(1, 1)),
    dict(ic=4, oc=4, h=5, w=5, il=2, ol=2, ukw=3, stride=(2, 2), pad=(1, 1), per_channel=True),
    dict(ic=4, oc=8, h=6, w=6, groups=2, il=2, ol=2, ukh=3, ukw=3, bias=False, shift=9),
    dict(ic=1, oc=1, h=1, w=1, k=(1, 1), shift=0),
    dict(ic=8, oc=16, h=4, w=4, k=(1, 1), il=2, ol=16, iw=4, ww=4, ow=6, shift=-2),
    dict(ic=2, oc=2, h=7, w=5, k=(5, 3), stride=(1, 2), pad=(4, 2), il=2, ol=2, ukh=5, ukw=3),
    dict(ic=2, oc=4, h=9, w=4, k=(2, 3), stride=(3, 1), pad=(0, 1), ol=4, ow=16, shift=2),
]


def test_conv2d() -> None:
    check("conv2d", [conv2d(i, **c) for i, c in enumerate(CASES)])


def random_case(rng: random.Random, seed: int) -> Case:
    """A legal configuration, small and biased to the corners."""
    groups = rng.choice([1, 1, 1, 2, 3])
    il, ol = rng.choice([1, 2, 3]), rng.choice([1, 2, 4])
    k = (rng.choice([1, 2, 3, 5]), rng.choice([1, 2, 3, 5]))
    pad = (rng.randrange(k[0]), rng.randrange(k[1]))
    return conv2d(
        seed,
        ic=groups * il * rng.randint(1, 3),
        oc=groups * ol * rng.randint(1, 2),
        h=max(1, k[0] - 2 * pad[0]) + rng.randrange(6),
        w=max(1, k[1] - 2 * pad[1]) + rng.randrange(6),
        k=k,
        stride=(rng.randint(1, 3), rng.randint(1, 3)),
        pad=pad,
        groups=groups,
        ol=ol,
        il=il,
        ukh=rng.choice([1, k[0]]),
        ukw=rng.choice([1, k[1]]),
        iw=rng.choice([2, 4, 8, 12]),
        ww=rng.choice([2, 4, 8]),
        ow=rng.choice([2, 4, 8, 16]),
        shift=rng.randint(-3, 12),
        bias=rng.random() < 0.7,
        per_channel=rng.random() < 0.4,
        samples=6,
    )


def test_conv2d_random() -> None:
    rng = random.Random(11)
    check("conv2d_random", [random_case(rng, i) for i in range(8)])


@pytest.mark.long
@pytest.mark.parametrize("batch", range(10))
def test_conv2d_random_long(batch: int) -> None:
    rng = random.Random(1000 + batch)
    check(f"conv2d_long{batch}", [random_case(rng, i) for i in range(16)])
