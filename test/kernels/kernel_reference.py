# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exact integer references of the kernels and the packing of their streams and memories.

Values are integers held in float64 tensors; every intermediate stays below 2^53.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import torch
import torch.nn.functional as F
from kernel_harness import Dut, Trace, pack, unpack


def requant(acc: torch.Tensor, shift: torch.Tensor | int, width: int) -> torch.Tensor:
    """saturate(rne(acc / 2^shift)): acc an exact float64, shift broadcastable."""
    scale = torch.as_tensor(2.0, dtype=torch.float64) ** -torch.as_tensor(shift)
    return torch.clamp(torch.round(acc * scale), -(2.0 ** (width - 1)), 2.0 ** (width - 1) - 1)


def divide(total: torch.Tensor, divisor: int, shift: int, width: int) -> torch.Tensor:
    """saturate(rne(total / (divisor * 2^shift))) with exact rational rounding."""
    flat = [
        max(-(2 ** (width - 1)), min(2 ** (width - 1) - 1, round(Fraction(int(v)) / divisor / Fraction(2) ** shift)))
        for v in total.reshape(-1).tolist()
    ]
    return torch.tensor(flat, dtype=torch.float64).reshape(total.shape)


def random_ints(gen: torch.Generator, width: int, *shape: int) -> torch.Tensor:
    """Uniform over the whole range, with both extremes made likely."""
    low, high = -(2 ** (width - 1)), 2 ** (width - 1)
    x = torch.randint(low, high, shape, generator=gen).double()
    u = torch.rand(shape, generator=gen)
    return torch.where(u < 0.03, float(low), torch.where(u > 0.97, float(high - 1), x))


def beats(x: torch.Tensor, lanes: int, width: int) -> list[int]:
    """Beats of a tensor in travel order: (N, C, H, W) as N, H, W, C; others row-major."""
    if x.dim() == 4:
        x = x.permute(0, 2, 3, 1)
    rows = x.reshape(-1, lanes).to(torch.int64).tolist()
    return [pack(r, width) for r in rows]


def tensor(trace: Trace, like: torch.Tensor, lanes: int, width: int) -> torch.Tensor:
    """The tensor that a stream carried, in the shape of `like`."""
    flat = torch.tensor([unpack(w, width, lanes) for w in trace.data], dtype=torch.float64)
    if like.dim() == 4:
        n, c, h, w = like.shape
        return flat.reshape(n, h, w, c).permute(0, 3, 1, 2)
    return flat.reshape(like.shape)


def words(x: torch.Tensor, unroll: Sequence[int], width: int) -> list[int]:
    """Parameter memory: folds of every axis outside, unrolled indices inside, both row-major."""
    split: list[int] = []
    for extent, u in zip(x.shape, unroll, strict=True):
        split += [extent // u, u]
    n = x.dim()
    x = x.reshape(split).permute([2 * i for i in range(n)] + [2 * i + 1 for i in range(n)])
    inner = 1
    for u in unroll:
        inner *= u
    return [pack(r, width) for r in x.reshape(-1, inner).to(torch.int64).tolist()]


def tree_stages(terms: int, radix: int = 4) -> int:
    """Registers in a reduction tree: of radix 4 for sums, 2 for maxima."""
    return sum(terms > radix**k for k in range(20))


@dataclass(frozen=True)
class Case:
    """A configured kernel, its stimulus, what must come out, and how fast."""

    dut: Dut
    expected: torch.Tensor
    lanes: int
    width: int
    cycles: int
    first_prefix: int
    latency: int
    samples: int = field(default=0)


def rounding_words(
    gen: torch.Generator,
    channels: int,
    lanes: int,
    bias_width: int,
    has_bias: bool,
    per_channel: bool,
    shift: int,
) -> tuple[torch.Tensor, torch.Tensor, dict[str, tuple[int, list[int]]], list[str]]:
    """Bias and shift vectors with their memories, and the memories to tie off."""
    mems: dict[str, tuple[int, list[int]]] = {}
    tied: list[str] = []
    bias = torch.zeros(channels, dtype=torch.float64)
    shifts = torch.full((channels,), shift)
    if has_bias:
        bias = random_ints(gen, min(bias_width, 14), channels)
        mems["bias"] = (lanes * bias_width, words(bias, [lanes], bias_width))
    else:
        tied.append("bias")
    if per_channel:
        shifts = torch.randint(max(-32, shift - 3), min(31, shift + 4), (channels,), generator=gen)
        mems["shift"] = (lanes * 6, words(shifts.double(), [lanes], 6))
    else:
        tied.append("shift")
    return bias, shifts, mems, tied


def conv2d(
    seed: int,
    *,
    ic: int,
    oc: int,
    h: int,
    w: int,
    k: tuple[int, int] = (3, 3),
    stride: tuple[int, int] = (1, 1),
    pad: tuple[int, int] = (0, 0),
    groups: int = 1,
    ol: int = 1,
    il: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
    samples: int = 4,
) -> Case:
    """xplat_conv2d; `ic` and `oc` count all groups."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, ic, h, w)
    weight = random_ints(gen, ww, oc, ic // groups, *k)
    b, shifts, mems, tied = rounding_words(gen, oc, ol, 32, bias, per_channel, shift)
    acc = F.conv2d(x, weight, b, stride, pad, 1, groups)
    y = requant(acc, shifts.reshape(1, -1, 1, 1), ow)
    oh_, ow_ = y.shape[2:]
    order = weight.permute(0, 2, 3, 1)
    mems["weight"] = (ol * ukh * ukw * il * ww, words(order, [ol, ukh, ukw, il], ww))
    params = dict(
        InChannels=ic,
        OutChannels=oc,
        Groups=groups,
        InHeight=h,
        InWidth_px=w,
        OutHeight=oh_,
        OutWidth_px=ow_,
        KernelH=k[0],
        KernelW=k[1],
        StrideH=stride[0],
        StrideW=stride[1],
        PadH=pad[0],
        PadW=pad[1],
        OutLanes=ol,
        InLanes=il,
        UnrollKh=ukh,
        UnrollKw=ukw,
        InWidth=iw,
        WeightWidth=ww,
        BiasWidth=32,
        HasBias=int(bias),
        OutWidth=ow,
        Shift=shift,
        PerChannelShift=int(per_channel),
    )
    dut = Dut(
        "xplat_conv2d", params, {"in": (il * iw, beats(x, il, iw))}, {"out": (ol * ow, y.numel() // ol)}, mems, tied
    )
    folds = (k[0] // ukh) * (k[1] // ukw) * (ic // groups // il)
    row, col = min(h - 1, k[0] - 1 - pad[0]), min(w, k[1] - pad[1])
    return Case(
        dut,
        y,
        ol,
        ow,
        max(oh_ * ow_ * (oc // ol) * folds, h * w * ic // il),
        (row * w + col) * ic // il,
        folds + 12 + tree_stages(ukh * ukw * il),
        samples,
    )


def linear(
    seed: int,
    *,
    rows: int = 1,
    n: int,
    k: int,
    ol: int = 1,
    il: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
    samples: int = 5,
) -> Case:
    """xplat_linear."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, rows, k)
    weight = random_ints(gen, ww, n, k)
    b, shifts, mems, tied = rounding_words(gen, n, ol, 32, bias, per_channel, shift)
    y = requant(F.linear(x, weight, b), shifts, ow)
    mems["weight"] = (ol * il * ww, words(weight, [ol, il], ww))
    params = dict(
        Rows=rows,
        In=k,
        Out=n,
        InLanes=il,
        OutLanes=ol,
        InWidth=iw,
        WeightWidth=ww,
        BiasWidth=32,
        HasBias=int(bias),
        OutWidth=ow,
        Shift=shift,
        PerChannelShift=int(per_channel),
    )
    dut = Dut(
        "xplat_linear", params, {"in": (il * iw, beats(x, il, iw))}, {"out": (ol * ow, y.numel() // ol)}, mems, tied
    )
    return Case(dut, y, ol, ow, rows * (n // ol) * (k // il), k // il, k // il + 12 + tree_stages(il), samples)


def compress(weight: torch.Tensor, m: int, slots: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights that are not zero and their places in the group, both [out, slots, groups], filled up with zeros."""
    groups = weight.reshape(len(weight), -1, m)
    order = torch.sort((groups == 0).to(torch.int8), dim=2, stable=True).indices[:, :, :slots]
    kept = torch.gather(groups, 2, order)
    more = slots - kept.shape[2]
    kept, places = F.pad(kept, (0, more)), F.pad(order, (0, more))
    return kept.transpose(1, 2), torch.where(kept == 0, 0, places).transpose(1, 2)


def linear_sparse(
    seed: int,
    *,
    rows: int = 1,
    n: int,
    k: int,
    kept: int = 2,
    group: int = 4,
    ol: int = 1,
    il: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
    samples: int = 5,
) -> Case:
    """xplat_linear_sparse: at most `kept` of each `group` weights of a row are not zero."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, rows, k)
    weight = random_ints(gen, ww, n, k)
    rank = torch.rand(n, k // group, group, generator=gen).argsort(2).argsort(2)
    weight = torch.where(rank < kept, weight.reshape(n, -1, group), 0.0).reshape(n, k)
    b, shifts, mems, tied = rounding_words(gen, n, ol, 32, bias, per_channel, shift)
    y = requant(F.linear(x, weight, b), shifts, ow)
    lanes = max(il, group)
    slots = kept if il >= group else -(-il * kept // group)
    slot_folds = -(-kept // slots)
    tile = [ol, slots, lanes // group]
    values, places = compress(weight, group, slots * slot_folds)
    index_width = max(1, (group - 1).bit_length())
    terms = slots * lanes // group
    mems["weight"] = (ol * terms * ww, words(values, tile, ww))
    mems["index"] = (ol * terms * index_width, words(places, tile, index_width))
    params = dict(
        Rows=rows,
        In=k,
        Out=n,
        Group=group,
        Kept=kept,
        InLanes=il,
        OutLanes=ol,
        InWidth=iw,
        WeightWidth=ww,
        BiasWidth=32,
        HasBias=int(bias),
        OutWidth=ow,
        Shift=shift,
        PerChannelShift=int(per_channel),
    )
    dut = Dut(
        "xplat_linear_sparse",
        params,
        {"in": (il * iw, beats(x, il, iw))},
        {"out": (ol * ow, y.numel() // ol)},
        mems,
        tied,
    )
    folds = k // lanes * slot_folds
    cycles = max(rows * (n // ol) * folds, rows * k // il)
    return Case(dut, y, ol, ow, cycles, k // il, folds + 12 + (il < group) + tree_stages(terms), samples)


def depthwise_conv2d(
    seed: int,
    *,
    c: int,
    h: int,
    w: int,
    k: tuple[int, int] = (3, 3),
    stride: tuple[int, int] = (1, 1),
    pad: tuple[int, int] = (0, 0),
    lanes: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ww: int = 8,
    ow: int = 8,
    shift: int = 6,
    bias: bool = True,
    per_channel: bool = False,
    samples: int = 4,
) -> Case:
    """xplat_depthwise_conv2d."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, c, h, w)
    weight = random_ints(gen, ww, c, 1, *k)
    b, shifts, mems, tied = rounding_words(gen, c, lanes, 32, bias, per_channel, shift)
    y = requant(F.conv2d(x, weight, b, stride, pad, 1, c), shifts.reshape(1, -1, 1, 1), ow)
    oh_, ow_ = y.shape[2:]
    mems["weight"] = (lanes * ukh * ukw * ww, words(weight[:, 0], [lanes, ukh, ukw], ww))
    params = dict(
        Channels=c,
        InHeight=h,
        InWidth_px=w,
        OutHeight=oh_,
        OutWidth_px=ow_,
        KernelH=k[0],
        KernelW=k[1],
        StrideH=stride[0],
        StrideW=stride[1],
        PadH=pad[0],
        PadW=pad[1],
        Lanes=lanes,
        UnrollKh=ukh,
        UnrollKw=ukw,
        InWidth=iw,
        WeightWidth=ww,
        BiasWidth=32,
        HasBias=int(bias),
        OutWidth=ow,
        Shift=shift,
        PerChannelShift=int(per_channel),
    )
    dut = Dut(
        "xplat_depthwise_conv2d",
        params,
        {"in": (lanes * iw, beats(x, lanes, iw))},
        {"out": (lanes * ow, y.numel() // lanes)},
        mems,
        tied,
    )
    folds = (k[0] // ukh) * (k[1] // ukw)
    row, col = min(h - 1, k[0] - 1 - pad[0]), min(w, k[1] - pad[1])
    return Case(
        dut,
        y,
        lanes,
        ow,
        max(oh_ * ow_ * (c // lanes) * folds, h * w * c // lanes),
        (row * w + col) * c // lanes,
        folds + 12 + tree_stages(ukh * ukw),
        samples,
    )


def pool2d(
    seed: int,
    *,
    average: bool,
    c: int,
    h: int,
    w: int,
    k: tuple[int, int] = (2, 2),
    stride: tuple[int, int] = (2, 2),
    pad: tuple[int, int] = (0, 0),
    lanes: int = 1,
    ukh: int = 1,
    ukw: int = 1,
    iw: int = 8,
    ow: int = 8,
    shift: int = 0,
    ceil: bool = False,
    samples: int = 4,
) -> Case:
    """xplat_pool2d. `ceil` adds a last window that hangs over the edge, as ceil_mode does."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, c, h, w)
    over = [
        max(0, -(-(e + 2 * p - kk) // s) * s + kk - e - 2 * p) if ceil else 0
        for e, kk, s, p in zip((h, w), k, stride, pad, strict=True)
    ]
    fill = 0.0 if average else -float("inf")
    padded = F.pad(x, (pad[1], pad[1] + over[1], pad[0], pad[0] + over[0]), value=fill)
    if average:
        total = torch.round(F.avg_pool2d(padded, k, stride, divisor_override=1))
        y = divide(total, k[0] * k[1], shift, ow)
    else:
        y = requant(F.max_pool2d(padded, k, stride), shift, ow)
    oh_, ow_ = y.shape[2:]
    params = dict(
        Channels=c,
        InHeight=h,
        InWidth_px=w,
        OutHeight=oh_,
        OutWidth_px=ow_,
        KernelH=k[0],
        KernelW=k[1],
        StrideH=stride[0],
        StrideW=stride[1],
        PadH=pad[0],
        PadW=pad[1],
        Lanes=lanes,
        UnrollKh=ukh,
        UnrollKw=ukw,
        InWidth=iw,
        OutWidth=ow,
        Shift=shift,
        Mode=int(average),
    )
    dut = Dut(
        "xplat_pool2d", params, {"in": (lanes * iw, beats(x, lanes, iw))}, {"out": (lanes * ow, y.numel() // lanes)}
    )
    folds = (k[0] // ukh) * (k[1] // ukw)
    row, col = min(h - 1, k[0] - 1 - pad[0]), min(w, k[1] - pad[1])
    return Case(
        dut,
        y,
        lanes,
        ow,
        max(oh_ * ow_ * (c // lanes) * folds, h * w * c // lanes),
        (row * w + col) * c // lanes,
        folds + 10 + 2 * average + tree_stages(ukh * ukw, 4 if average else 2),
        samples,
    )


def global_avg_pool2d(
    seed: int, *, c: int, h: int, w: int, lanes: int = 1, iw: int = 8, ow: int = 8, shift: int = 0, samples: int = 5
) -> Case:
    """xplat_global_avg_pool2d."""
    gen = torch.Generator().manual_seed(seed)
    x = random_ints(gen, iw, samples, c, h, w)
    y = divide(x.sum((2, 3), keepdim=True), h * w, shift, ow)
    params = dict(Channels=c, Height=h, Width=w, Lanes=lanes, InWidth=iw, OutWidth=ow, Shift=shift)
    dut = Dut(
        "xplat_global_avg_pool2d",
        params,
        {"in": (lanes * iw, beats(x, lanes, iw))},
        {"out": (lanes * ow, y.numel() // lanes)},
    )
    return Case(dut, y, lanes, ow, h * w * c // lanes, (h * w - 1) * (c // lanes) + 1, 9, samples)
