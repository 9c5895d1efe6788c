# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""More operations of random modules: on integers, abrupt ones, and some that no importer can take."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from xplat.testing.operations import Function, Maker, fixed

# ---- on integers


def _embedding(owner: Any, x: Tensor) -> Function:
    return owner.add(nn.Embedding(10, owner.rng.choice((2, 4, 6)), padding_idx=owner.rng.choice((None, 0))))


def _lookup(owner: Any, x: Tensor) -> Function:
    table = owner.add(torch.randn(10, 3))
    return lambda x: table[x]


_INTEGERS: dict[str, Function] = {
    "to_float": lambda x: x.float() * 0.1,
    "one_hot": lambda x: F.one_hot(x, 10).float(),
    "arithmetic": lambda x: ((x + 1) * 2 % 7).to(torch.float32),
    "is_padding": lambda x: (x != 0).float(),
}

MAKING = tuple(
    replace(maker, floating=False)
    for maker in (*[Maker("embedding", _embedding)] * 3, Maker("lookup", _lookup), *fixed(_INTEGERS))
)

# ---- on the module's inputs alone

_ABRUPT: dict[str, Function] = {
    "threshold": lambda x: (x > 0).float(),
    "where": lambda x: torch.where(x > 0.2, x, torch.zeros_like(x)),
    "round": torch.round,
    "floor": torch.floor,
    "sign": torch.sign,
    "sort": lambda x: x.sort(-1).values,
    "topk": lambda x: x.topk(1, -1)[0],
    "argmax": lambda x: x.argmax(-1).float(),
    "max_positions": lambda x: x.max(-1).indices,
    "negative": lambda x: x.masked_fill(x < 0, -1.0),
}

ABRUPT = tuple(fixed(_ABRUPT))

# ---- at the end: where extremes are, and elements in order

_ORDER: dict[str, Function] = {
    "classes": lambda x: x.argmax(-1),
    "lowest_channels": lambda x: x.argmin(1, keepdim=True),
    "extremes_with_positions": lambda x: tuple(x.max(1)),
    "least_with_positions": lambda x: tuple(x.min(-1, keepdim=True)),
    "best": lambda x: tuple(x.topk(min(3, x.shape[-1]), -1)),
    "worst_channels": lambda x: x.topk(1, 1, largest=False).values,
    "in_order": lambda x: tuple(x.sort(stable=True, dim=-1)),
}

ORDER = tuple(fixed(_ORDER))

# ---- what no importer can take


class _Counter(nn.Module):
    """Keeps something from one call to the next."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: Tensor
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x + self.calls


_FORBIDDEN: dict[str, Function] = {
    "random": lambda x: x + torch.rand_like(x),
    "bernoulli": lambda x: x * torch.bernoulli(torch.full_like(x, 0.5)),
    "active_dropout": lambda x: F.dropout(x, 0.5, training=True),
    "selected": lambda x: x[x > -math.inf].sum(),
    "positions": lambda x: torch.nonzero(x).float().mean(),
    "branch": lambda x: x if x.sum() > -math.inf else -x,
    "item": lambda x: x * x.max().item(),
    "spectrum": lambda x: torch.fft.rfft(x).abs(),
    "memory": lambda x: x.as_strided((1, 1), (1, 1)),
}

FORBIDDEN = (
    *fixed(_FORBIDDEN),
    Maker("counter", lambda owner, x: owner.add(_Counter())),
    Maker("batch_statistics", lambda owner, x: owner.add(nn.BatchNorm2d(x.shape[1], track_running_stats=False))),
)
