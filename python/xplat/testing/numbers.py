# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Number formats and numbers that are hard to round, for tests."""

from __future__ import annotations

import torch

FORMAT_NAMES = (
    "fp32 fixed8.4 fixed2.0 fixed16.-3 ufixed8.4 ufixed2.0 msfp2 msfp4 msfp4b32 msfp9 msfp16 "
    "mxint8 mxfp8 mxfp8e5m2 mxfp6 mxfp6e3m2 mxfp4 "
    "mxfp4b16 e4m3 e5m2 e3m2 e2m3 e2m1 minifloat-e5m4 minifloat-e1m1 minifloat-e7m10"
).split()
"""One name of every kind of format."""


def adversarial() -> torch.Tensor:
    """float32: ties and their neighbours at every scale, powers of two, limits, zeros, subnormals, noise; 64 | size."""
    generator = torch.Generator().manual_seed(5)
    mantissas = torch.arange(0, 64, dtype=torch.float64) / 32
    exponents = torch.arange(-24, 24, dtype=torch.float64)
    grid = (mantissas[:, None] * torch.exp2(exponents)[None, :]).flatten().to(torch.float32)
    special = torch.tensor(
        [448, 449, 463.9, 464, 464.1, 480, 57344, 61440, 65504, 1e-45, 1.2e-38, 3.4e38, 3.4028235e38]
    )
    noise = torch.randn(2000, generator=generator) * torch.exp2(20 * torch.randn(2000, generator=generator))
    magnitudes = torch.cat([grid, special, noise.abs()])
    near = torch.cat(
        [magnitudes, torch.nextafter(magnitudes, magnitudes * 2), torch.nextafter(magnitudes, magnitudes * 0)]
    )
    largest = torch.finfo(torch.float32).max
    values = torch.cat([near, -near]).clamp(-largest, largest)
    values = values[torch.randperm(len(values), generator=generator)]
    return values[: len(values) // 64 * 64]


def hard_blocks() -> torch.Tensor:
    """Rows [n, 70]: zeros, one outlier, huge, tiny, -0, equal values, a wide range; a short last block."""
    generator = torch.Generator().manual_seed(6)
    noise = torch.randn(6, 70, generator=generator)
    outlier = noise[0].clone()
    outlier[3] = 1e6
    rows = [
        torch.zeros(70),
        -torch.zeros(70),
        outlier,
        noise[1] * 1e38,
        noise[2] * 1e-38,
        noise[3] * 1e-44,
        torch.full((70,), 0.75),
        torch.full((70,), torch.finfo(torch.float32).max),
        noise[4] * torch.exp2(30 * noise[5]),
        torch.cat([torch.zeros(32), noise[0, :38]]),
    ]
    return torch.stack(rows).clamp(-3.4e38, 3.4e38)
