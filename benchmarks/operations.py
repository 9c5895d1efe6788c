# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What becomes of PyTorch's operations in hardware: `make bench-operations`.

Each operation is a model of its own: compiled with 8-bit numbers for one board and simulated. The table says by which
kernels it runs, whether every element equals the reference, and whether the cycles per sample are those that were
predicted; or why it is refused. Exits with 1 when a value or a cycle count differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from common import BUILD, conditions, print_conditions, print_table, write_json
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

import xplat
from xplat.mlir import nodes_of

SYSTEM = "u250"
SAMPLES = 24
VECTOR, ROWS, IMAGE, LINE, VOLUME = (8,), (6, 8), (4, 6, 8), (4, 12), (2, 4, 5, 6)
"""Shapes of a sample: features, tokens of features, an image, a signal, a stack of images."""

WINDOW = torch.ones(6, 6, dtype=torch.bool).tril().triu(-2)
"""Each of six tokens sees itself and the two before it."""

Function = Callable[..., Any]


class Operation(nn.Module):
    """A function as a model."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, *operands: Tensor) -> Any:
        return self.function(*operands)


@dataclass(frozen=True)
class Case:
    """`make` gives the model; `shapes` are those of a sample of each operand."""

    name: str
    make: Callable[[], nn.Module]
    shapes: tuple[tuple[int, ...], ...]

    def model(self) -> nn.Module:
        return self.make().eval()


def functions(shape: tuple[int, ...], found: dict[str, Function]) -> list[Case]:
    """Functions of as many operands of one shape as they have parameters."""
    return [Case(name, partial(Operation, f), (shape,) * f.__code__.co_argcount) for name, f in found.items()]


def modules(shape: tuple[int, ...], found: dict[str, Callable[[], nn.Module]]) -> list[Case]:
    return [Case(name, make, (shape,)) for name, make in found.items()]


ACTIVATIONS = {
    name: getattr(nn, name)
    for name in """ReLU ReLU6 LeakyReLU ELU SELU CELU GELU SiLU Mish Sigmoid LogSigmoid Hardsigmoid Hardswish Hardtanh
        Hardshrink Softshrink Tanhshrink Tanh Softplus Softsign""".split()
}

CASES: list[Case] = [
    *modules(VECTOR, ACTIVATIONS),
    *functions(
        VECTOR,
        {
            "exp": lambda x: torch.exp(x),
            "log": lambda x: torch.log(x.abs() + 0.1),
            "sqrt": lambda x: torch.sqrt(x.abs()),
            "rsqrt": lambda x: torch.rsqrt(x.abs() + 0.1),
            "reciprocal": lambda x: torch.reciprocal(x.abs() + 0.1),
            "erf": lambda x: torch.erf(x),
            "sin": lambda x: torch.sin(x),
            "cos": lambda x: torch.cos(x),
            "atan": lambda x: torch.atan(x),
            "abs": lambda x: torch.abs(x),
            "neg": lambda x: -x,
            "square": lambda x: x * x,
            "pow": lambda x: x**3,
            "clamp": lambda x: x.clamp(-0.5, 0.7),
            "round": lambda x: torch.round(x),
            "sign": lambda x: torch.sign(x),
            "floor": lambda x: torch.floor(x),
            "add": lambda a, b: a + b,
            "sub": lambda a, b: a - b,
            "mul": lambda a, b: a * b,
            "div": lambda a, b: a / b,
            "maximum": lambda a, b: torch.maximum(a, b),
            "minimum": lambda a, b: torch.minimum(a, b),
            "a scalar": lambda x: 2 * x - 1,
            "gate of two": lambda a, b: a * torch.sigmoid(b),
            "lerp": lambda a, b: torch.lerp(a, b, 0.25),
            "where": lambda a, b: torch.where(a > 0, a, b),
            "masked_fill": lambda a, b: a.masked_fill(b > 0, 0.5),
            "cumsum": lambda x: torch.cumsum(x, -1),
        },
    ),
    *modules(
        IMAGE,
        {
            "Conv2d 3x3": lambda: nn.Conv2d(4, 6, 3, padding=1),
            "Conv2d strided": lambda: nn.Conv2d(4, 6, 3, stride=2),
            "Conv2d grouped": lambda: nn.Conv2d(4, 8, 3, groups=2),
            "Conv2d depthwise": lambda: nn.Conv2d(4, 4, 3, groups=4),
            "Conv2d dilated": lambda: nn.Conv2d(4, 6, 3, dilation=2, padding=2),
            "Conv2d depthwise dilated": lambda: nn.Conv2d(4, 4, 3, groups=4, dilation=3, padding=3),
            "Conv2d same, even kernel": lambda: nn.Conv2d(4, 4, 2, padding="same"),
            "ConvTranspose2d": lambda: nn.ConvTranspose2d(4, 3, 2, stride=2),
            "MaxPool2d": lambda: nn.MaxPool2d(2),
            "MaxPool2d dilated": lambda: nn.MaxPool2d(2, dilation=(2, 3)),
            "MaxPool2d ceil_mode": lambda: nn.MaxPool2d(3, 2, ceil_mode=True),
            "AvgPool2d": lambda: nn.AvgPool2d(2),
            "AdaptiveAvgPool2d 1": lambda: nn.AdaptiveAvgPool2d(1),
            "AdaptiveAvgPool2d 3x4": lambda: nn.AdaptiveAvgPool2d((3, 4)),
            "AdaptiveMaxPool2d 1": lambda: nn.AdaptiveMaxPool2d(1),
            "BatchNorm2d alone": lambda: nn.BatchNorm2d(4),
            "GroupNorm": lambda: nn.GroupNorm(2, 4),
            "InstanceNorm2d": lambda: nn.InstanceNorm2d(4),
            "Upsample nearest": lambda: nn.Upsample(scale_factor=2),
            "Upsample bilinear": lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
            "Upsample bilinear, corners": lambda: nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
            "Upsample bicubic": lambda: nn.Upsample(scale_factor=2, mode="bicubic"),
            "PixelShuffle": lambda: nn.PixelShuffle(2),
            "PixelUnshuffle": lambda: nn.PixelUnshuffle(2),
            "ChannelShuffle": lambda: nn.ChannelShuffle(2),
            "ZeroPad2d": lambda: nn.ZeroPad2d(1),
            "Flatten": nn.Flatten,
            "Softmax2d": nn.Softmax2d,
        },
    ),
    *functions(
        IMAGE,
        {
            "permute": lambda x: x.permute(0, 2, 3, 1),
            "concat channels": lambda a, b: torch.cat([a, b], 1),
            "concat rows": lambda a, b: torch.cat([a, b], 2),
            "chunk": lambda x: x.chunk(2, 1)[1],
            "slice with a step": lambda x: x[:, :, ::2, 1::2],
            "flip": lambda x: x.flip(3),
            "roll": lambda x: torch.roll(x, (1, 2), (2, 3)),
            "reflect pad": lambda x: F.pad(x, (1, 1, 1, 1), mode="reflect"),
            "mean of pixels": lambda x: x.mean((2, 3)),
            "sum of channels": lambda x: x.sum(1, keepdim=True),
            "amax of rows": lambda x: x.amax(2),
            "argmax of channels": lambda x: x.argmax(1),
            "argmin of pixels": lambda x: x.flatten(2).argmin(2),
            "topk of channels": lambda x: tuple(x.topk(2, 1)),
            "squeeze and excite": lambda x: x * torch.sigmoid(x.mean((2, 3), keepdim=True)),
            "scale of each channel": lambda x: x * torch.arange(1.0, 5.0).reshape(1, 4, 1, 1),
        },
    ),
    *modules(
        ROWS,
        {
            "Linear": lambda: nn.Linear(8, 5),
            "LayerNorm": lambda: nn.LayerNorm(8),
            "RMSNorm": lambda: nn.RMSNorm(8),
            "Softmax": lambda: nn.Softmax(-1),
            "Softmax of columns": lambda: nn.Softmax(1),
            "LogSoftmax": lambda: nn.LogSoftmax(-1),
            "GLU": nn.GLU,
            "LSTM": lambda: nn.LSTM(8, 4, batch_first=True),
            "GRU": lambda: nn.GRU(8, 4, batch_first=True),
            "TransformerEncoderLayer": lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True),
            "Identity": nn.Identity,
            "Dropout": nn.Dropout,
        },
    ),
    *functions(
        ROWS,
        {
            "transpose": lambda x: x.transpose(1, 2),
            "reshape": lambda x: x.reshape(-1, 8, 6),
            "unfold heads": lambda x: x.reshape(-1, 6, 2, 4).transpose(1, 2),
            "matmul, transposed": lambda a, b: a @ b.transpose(1, 2),
            "mean of tokens": lambda x: x.mean(1),
            "amin": lambda x: x.amin(-1),
            "normalize": lambda x: F.normalize(x, dim=-1),
            "attention": lambda a, b: F.scaled_dot_product_attention(a, b, b),
            "causal attention": lambda a, b: F.scaled_dot_product_attention(a, b, b, is_causal=True),
            "attention, a window": lambda a, b: F.scaled_dot_product_attention(a, b, b, attn_mask=WINDOW),
            "attention, a bias": lambda a, b: F.scaled_dot_product_attention(a, b, b, attn_mask=0.1 * WINDOW),
            "masked attention, spelled out": lambda a, b: (a @ b.mT).masked_fill(~WINDOW, -torch.inf).softmax(-1) @ b,
            "argmax": lambda x: x.argmax(-1),
            "max and where it is": lambda x: tuple(x.max(-1)),
            "topk": lambda x: x.topk(2).values,
            "topk with indices": lambda x: tuple(x.topk(3, largest=False)),
            "sort": lambda x: tuple(x.sort(stable=True, dim=-1, descending=True)),
            "argsort of tokens": lambda x: torch.argsort(x, dim=1, stable=True),
            "einsum": lambda a, b: torch.einsum("bik,bjk->bij", a, b),
        },
    ),
    Case("matmul", lambda: Operation(lambda a, b: a @ b), (ROWS, (8, 5))),
    Case("Embedding", lambda: nn.Embedding(10, 4), ((5,),)),
    *modules(
        LINE,
        {
            "Conv1d": lambda: nn.Conv1d(4, 6, 3, padding=1),
            "MaxPool1d": lambda: nn.MaxPool1d(2),
            "AvgPool1d": lambda: nn.AvgPool1d(2),
            "BatchNorm1d alone": lambda: nn.BatchNorm1d(4),
            "ConvTranspose1d": lambda: nn.ConvTranspose1d(4, 3, 2, stride=2),
        },
    ),
    *modules(
        VOLUME,
        {
            "Conv3d": lambda: nn.Conv3d(2, 3, 3),
            "Conv3d strided": lambda: nn.Conv3d(2, 4, 3, stride=2, padding=1),
            "MaxPool3d": lambda: nn.MaxPool3d(2),
            "AvgPool3d": lambda: nn.AvgPool3d(2),
            "AdaptiveAvgPool3d": lambda: nn.AdaptiveAvgPool3d(1),
        },
    ),
]


def operands(case: Case, samples: int) -> tuple[Tensor, ...]:
    """Random ones; indices for an embedding."""
    generator = torch.Generator().manual_seed(len(case.name))
    if case.name == "Embedding":
        return tuple(torch.randint(0, 10, (samples, *shape), generator=generator) for shape in case.shapes)
    return tuple(torch.randn(samples, *shape, generator=generator) for shape in case.shapes)


def kernels_of(design: xplat.Design) -> str:
    """The kernels of its nodes, those of the host's interface apart."""
    kernels = [op.config.kernel.value for op in nodes_of(design.mapped)]
    names = [name for name in kernels if name not in ("host_input", "host_output")]
    moved = [name for name in dict.fromkeys(names) if name != "reshape"]
    return ", ".join(moved) if moved else "wire" if names else "absorbed"


@dataclass(frozen=True)
class Row:
    """What became of an operation."""

    kernels: str = ""
    equal: bool | None = None
    cycles: int | None = None
    exact: bool | None = None
    refused: str = ""


def measure(case: Case, *, simulate: bool) -> Row:
    try:
        design = xplat.compile(case.model(), SYSTEM, example_inputs=operands(case, 16), progress=lambda _: None)
    except xplat.XplatError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        return Row(refused=next((line for line in lines if "no kernel" in line or "not supported" in line), lines[0]))
    row = Row(kernels_of(design), cycles=design.report().cycles_per_sample)
    if not simulate:
        return row
    x = operands(case, SAMPLES)
    simulation = design.simulate(x if len(x) > 1 else x[0])
    expected = design.reference(x if len(x) > 1 else x[0])
    pairs = zip(tree_leaves(simulation.outputs), tree_leaves(expected), strict=True)
    equal = all(torch.equal(a, b) for a, b in pairs)
    return Row(row.kernels, equal, row.cycles, simulation.cycles_per_sample[-1] == row.cycles)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-operations", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="operations whose names contain this (repeatable)")
    parser.add_argument("--map", action="store_true", help="compile only, without simulation")
    arguments = parser.parse_args()

    cases = [case for case in CASES if not arguments.only or any(word in case.name for word in arguments.only)]
    found: dict[str, Row] = {}
    for index, case in enumerate(cases, 1):
        start = time.monotonic()
        print(f"[{index}/{len(cases)}] {case.name} …", end=" ", file=sys.stderr, flush=True)
        found[case.name] = measure(case, simulate=not arguments.map)
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)

    def said(value: bool | None) -> str:
        return "–" if value is None else "yes" if value else "NO"

    table: list[list[object]] = [["operation", "in hardware by", "equal", "cycles", "as predicted", "refused because"]]
    for name, row in found.items():
        cycles = "–" if row.cycles is None else row.cycles
        table.append([name, row.kernels or "–", said(row.equal), cycles, said(row.exact), row.refused])
    print_table(table)
    mapped = sum(not row.refused for row in found.values())
    print(f"{mapped} of {len(found)} operations in hardware; int8, one {SYSTEM}, {SAMPLES} samples each")
    figures = conditions()
    print_conditions(figures)
    rows = {name: vars(row) for name, row in found.items()}
    print(write_json(BUILD / "operations.json", {"conditions": figures, "operations": rows}))
    if any(row.equal is False or row.exact is False for row in found.values()):
        raise SystemExit("a value or a cycle count differs")


if __name__ == "__main__":
    main()
