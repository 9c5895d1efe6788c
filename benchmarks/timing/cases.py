# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which modules are placed and routed: three sizes of every kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .sources import Sources, files_of


@dataclass(frozen=True)
class Case:
    """A module with its parameters; `name` is the kernel and the size."""

    kernel: str
    size: str
    module: str
    params: dict[str, int]

    @property
    def name(self) -> str:
        return f"{self.kernel} {self.size}"

    def sources(self, kernels: Path, scratch: Path) -> Sources:
        """Of the kernels in a folder as hw_kernels. Nothing is written to `scratch`."""
        files = files_of(self.module, kernels)
        parameters = " ".join(f"-G {name}={value}" for name, value in self.params.items())
        listed = " ".join(map(str, files))
        command = f"read_slang -D SYNTHESIS -I {kernels}/common/rtl --top {self.module} {parameters} {listed}"
        return Sources(command, self.module, b"".join([repr(self).encode(), *(file.read_bytes() for file in files)]))


def image(size: int, kernel: int, *, stride: int = 1, pad: int = 0, unroll: tuple[int, int] = (1, 1)) -> dict[str, int]:
    """Parameters that say how a window passes over an image of `size` x `size` pixels."""
    out = (size + 2 * pad - kernel) // stride + 1
    pairs = {
        ("InHeight", "InWidth_px"): (size, size),
        ("OutHeight", "OutWidth_px"): (out, out),
        ("KernelH", "KernelW"): (kernel, kernel),
        ("StrideH", "StrideW"): (stride, stride),
        ("PadH", "PadW"): (pad, pad),
        ("UnrollKh", "UnrollKw"): unroll,
    }
    return {name: value for names, values in pairs.items() for name, value in zip(names, values, strict=True)}


def linear(lanes_in: int, lanes_out: int, **more: int) -> dict[str, int]:
    return dict(Rows=1, In=64, Out=64, InLanes=lanes_in, OutLanes=lanes_out, Shift=7) | more


def conv(lanes_in: int, lanes_out: int, unroll: tuple[int, int], **more: int) -> dict[str, int]:
    base = dict(InChannels=16, OutChannels=16, InLanes=lanes_in, OutLanes=lanes_out, Shift=7)
    return base | image(16, 3, pad=1, unroll=unroll) | more


def depthwise(lanes: int, unroll: tuple[int, int]) -> dict[str, int]:
    return dict(Channels=16, Lanes=lanes, Shift=7) | image(16, 3, pad=1, unroll=unroll)


def pool(lanes: int, unroll: tuple[int, int], mode: int) -> dict[str, int]:
    window = image(16, 3, pad=1, unroll=unroll) if mode else image(16, 2, stride=2, unroll=unroll)
    return dict(Channels=16, Lanes=lanes, Mode=mode) | window


def mean(lanes: int, pixels: int, folds: int) -> dict[str, int]:
    """The mean of all pixels, for each channel."""
    return dict(Kind=1, Repeats=pixels, Kept=folds, Lanes=lanes)


def repeat(lanes: int) -> dict[str, int]:
    """A vector of 16 beats for each of 49 pixels."""
    return dict(InLanes=lanes, OutLanes=lanes, Repeats=49, Run=16, Block=16, Depth=34)


def matmul(sums: int, outputs: int) -> dict[str, int]:
    return dict(Rows=16, Sum=64, Out=16, SumLanes=sums, OutLanes=outputs, Transposed=1, Shift=7)


CASES = [
    Case("linear", "1x1", "xplat_linear", linear(1, 1)),
    Case("linear", "8x4", "xplat_linear", linear(8, 4)),
    Case("linear", "8x8 shifts", "xplat_linear", linear(8, 8, PerChannelShift=1)),
    Case("linear_sparse", "1x1", "xplat_linear_sparse", linear(1, 1, Group=4, Kept=2)),
    Case("linear_sparse", "8x4", "xplat_linear_sparse", linear(8, 4, Group=4, Kept=2)),
    Case("linear_sparse", "16x8", "xplat_linear_sparse", linear(16, 8, Group=4, Kept=2)),
    Case("conv2d", "1x1", "xplat_conv2d", conv(1, 1, (1, 1))),
    Case("conv2d", "4x4x3", "xplat_conv2d", conv(4, 4, (1, 3))),
    Case("conv2d", "2x4x9", "xplat_conv2d", conv(2, 4, (3, 3))),
    Case("depthwise_conv2d", "1", "xplat_depthwise_conv2d", depthwise(1, (1, 1))),
    Case("depthwise_conv2d", "4x9", "xplat_depthwise_conv2d", depthwise(4, (3, 3))),
    Case("depthwise_conv2d", "8x9", "xplat_depthwise_conv2d", depthwise(8, (3, 3))),
    Case("max_pool2d", "1", "xplat_pool2d", pool(1, (1, 1), 0)),
    Case("max_pool2d", "4", "xplat_pool2d", pool(4, (1, 1), 0)),
    Case("max_pool2d", "4x4", "xplat_pool2d", pool(4, (2, 2), 0)),
    Case("avg_pool2d", "1", "xplat_pool2d", pool(1, (1, 1), 1)),
    Case("avg_pool2d", "4", "xplat_pool2d", pool(4, (1, 1), 1)),
    Case("avg_pool2d", "4x9", "xplat_pool2d", pool(4, (3, 3), 1)),
    Case("global_avg_pool2d", "1", "xplat_reduce", mean(1, 49, 64)),
    Case("global_avg_pool2d", "4", "xplat_reduce", mean(4, 49, 16)),
    Case("global_avg_pool2d", "16", "xplat_reduce", mean(16, 196, 1)),
    *(Case("row sum", f"{n}", "xplat_reduce", dict(Kind=0, Tail=16, Terms=n, OutWidth=16)) for n in (1, 8, 16)),
    *(Case("row maximum", f"{n}", "xplat_reduce", dict(Kind=2, Tail=16, Terms=n)) for n in (1, 8, 16)),
    *(Case("broadcast", f"{n}", "xplat_repeat", repeat(n)) for n in (1, 4, 16)),
    *(Case("div", f"{n}", "xplat_div", dict(Lanes=n, AWidth=12, BWidth=18, OutWidth=8, Shift=7)) for n in (1, 4, 8)),
    *(Case("sqrt", f"{n}", "xplat_sqrt", dict(Lanes=n, InWidth=16, OutWidth=16, Shift=15)) for n in (1, 2, 4)),
    *(Case("matmul", f"{s}x{o}", "xplat_matmul", matmul(s, o)) for s, o in ((1, 1), (8, 4), (8, 8))),
    Case("fifo", "32x16", "xplat_fifo", dict(DataWidth=32, Depth=16)),
    Case("fifo", "64x64", "xplat_fifo", dict(DataWidth=64, Depth=64, OutputRegister=1)),
    Case("fifo", "32x512", "xplat_fifo", dict(DataWidth=32, Depth=512, OutputRegister=1)),
    Case("rewidth", "1to4", "xplat_rewidth", dict(ElemWidth=8, InLanes=1, OutLanes=4)),
    Case("rewidth", "6to4", "xplat_rewidth", dict(ElemWidth=8, InLanes=6, OutLanes=4)),
    Case("rewidth", "16to4", "xplat_rewidth", dict(ElemWidth=8, InLanes=16, OutLanes=4)),
]
