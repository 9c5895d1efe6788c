# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A small residual network in dataflow form, written by hand, and what it computes in torch.

Two devices, every backend of kernels, two links, both kinds of roms: `relu → fork → linear` beside a skip path,
joined by `add`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from xplat import ir
from xplat.mlir.passes import run_pipeline
from xplat.support.paths import families_dir
from xplat.target.library import kernel_files, link_pass

TEXT = """
xplat.device @board fpga part "xc7z020clg484-1" family @series7 clock_mhz 100.0 resources <lut = 53200>
    source "data sheet" {{
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}}
xplat.system @pair {{
  xplat.instance @fpga0 of @board
  xplat.instance @fpga1 of @board
  xplat.cable @cable @fpga0 port @link to @fpga1 port @link
}}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles {cycles} latency_cycles 60 bound_cycles {cycles} bound_kind node
    bound_reason "fc" bottleneck "fc" usage []

xplat.param @w : tensor<{n}x{n}xf32>
xplat.param @b : tensor<{n}xf32>
xplat.param @wq = <quantize(@w)> : tensor<{n}x{n}x!quant.uniform<i8:f32, 1.5625e-02>>
xplat.param @bq = <quantize(@b)> : tensor<{n}x!quant.uniform<i32:f32, 9.765625e-04>>
xplat.rom @fc_weight of @wq permutation [0, 1] tile [2, 4] element_bits 8 word_bits 64 depth {weight_words}
xplat.rom @fc_bias of @bq permutation [0] tile [2] element_bits 32 word_bits 64 depth {bias_words}

!f8 = !quant.uniform<i8:f32, 6.25e-02>
!s4 = !xplat.stream<1x{n}x!f8, beat = (4)>
!s2a = !xplat.stream<1x{n}x!f8, beat = (2)>
!s2 = !xplat.stream<1x{n}x!quant.uniform<i8:f32, 1.25e-01>, beat = (2)>
#d0 = #xplat.place<@pair::@fpga0>
#d1 = #xplat.place<@pair::@fpga1>

func.func @forward(%arg0: tensor<1x{n}xf32>) -> tensor<1x{n}xf32> {{
  %in = xplat.host_input %arg0 {{config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #d0>}}
      : tensor<1x{n}xf32> -> !s4
  %relu = xplat.relu %in {{config = #xplat.config<kernel = @{relu}, unroll = <1, 4>, place = #d0>}} : !s4 -> !s4
      loc("block.relu"("model.py":7:0))
  %split:2 = xplat.fork %relu {{config = #xplat.config<kernel = @fork, place = #d0>}} : !s4 -> !s4, !s4
  %fc = xplat.linear %split#0 weight @wq bias @bq {{config = #xplat.config<kernel = @linear, unroll = <1, 2, 4>,
      place = #d0, roms = [#xplat.rom_use<"weight", @fc_weight>, #xplat.rom_use<"bias", @fc_bias>]>}} : !s4 -> !s2
      loc("fc"("model.py":9:0))
  %left = xplat.link %fc over @pair::@cable to <@pair::@fpga1> phit_bits 8 latency_cycles 3 credits 8
      {{config = #xplat.config<kernel = @link, place = #d0>}} : !s2 -> !s2 loc("fc"("model.py":9:0))
  %right = xplat.link %split#1 over @pair::@cable to <@pair::@fpga1> phit_bits {phit_bits} latency_cycles 3
      credits {credits} {{config = #xplat.config<kernel = @link, place = #d0>}} : !s4 -> !s4 loc("skip"("model.py":8:0))
  %deep = xplat.fifo %right depth {depth} {{config = #xplat.config<kernel = @fifo, place = #d1>}} : !s4 -> !s4
  %narrow = xplat.convert_stream %deep {{config = #xplat.config<kernel = @rewidth, place = #d1>}} : !s4 -> !s2a
  %sum = xplat.add %left, %narrow {{config = #xplat.config<kernel = @add, unroll = <1, 2>, place = #d1>}}
      : !s2, !s2a -> !s2
  %flat = xplat.reshape %sum {{config = #xplat.config<kernel = @reshape, unroll = <1, 2>, place = #d1>}} : !s2 -> !s2
  %out = xplat.host_output %flat {{config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = #d1>}}
      : !s2 -> tensor<1x{n}xf32>
  return %out : tensor<1x{n}xf32>
}}
"""


CHAIN = """
xplat.device @board fpga part "xc7z020clg484-1" family @series7 clock_mhz 100.0 resources <lut = 53200>
    source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @three {
  xplat.instance @first of @board
  xplat.instance @middle of @board
  xplat.instance @last of @board
  xplat.cable @left @first port @link to @middle port @link
  xplat.cable @right @middle port @link to @last port @link
}
xplat.mapping @forward on @three clock_mhz 100.0 cycles 8 latency_cycles 60 bound_cycles 8 bound_kind memory
    bound_reason "left" bottleneck "left" usage []

!s = !xplat.stream<1x16x!quant.uniform<i9:f32, 6.25e-02>, beat = (4)>
#first = #xplat.place<@three::@first>
#middle = #xplat.place<@three::@middle>
#last = #xplat.place<@three::@last>

func.func @forward(%arg0: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #first>}
      : tensor<1x16xf32> -> !s
  %hop0 = xplat.link %in over @three::@left to <@three::@middle> phit_bits 20 latency_cycles 0 credits 4
      {config = #xplat.config<kernel = @link, place = #first>} : !s -> !s loc("there"("model.py":1:0))
  %hop1 = xplat.link %hop0 over @three::@right to <@three::@last> phit_bits 20 latency_cycles 9 credits 16
      {config = #xplat.config<kernel = @link, place = #middle>} : !s -> !s loc("there"("model.py":1:0))
  %relu = xplat.relu %hop1 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = #last>} : !s -> !s
  %hop2 = xplat.link %relu over @three::@right to <@three::@middle> phit_bits 36 latency_cycles 9 credits 24
      {config = #xplat.config<kernel = @link, place = #last>} : !s -> !s loc("back"("model.py":2:0))
  %hop3 = xplat.link %hop2 over @three::@left to <@three::@first> phit_bits 64 latency_cycles 0 credits 8
      {config = #xplat.config<kernel = @link, place = #middle>} : !s -> !s loc("back"("model.py":2:0))
  %out = xplat.host_output %hop3 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = #first>}
      : !s -> tensor<1x16xf32>
  return %out : tensor<1x16xf32>
}
"""
"""A relu two hops away: through a device that does nothing else, there and back."""


def chain() -> ir.Module:
    """The module of `CHAIN`."""
    return _linked(CHAIN, ())


def parameters(features: int = 8) -> dict[str, torch.Tensor]:
    """Weight and bias of the linear layer."""
    generator = torch.Generator().manual_seed(0)
    return {"w": torch.randn(features, features, generator=generator), "b": torch.randn(features, generator=generator)}


def module(
    *,
    features: int = 8,
    phit_bits: int = 8,
    credits: int = 8,
    depth: int = 4,
    relu: str = "relu",
    extra_kernels: Sequence[Path] = (),
    text: str = TEXT,
) -> ir.Module:
    """The network beside the kernels that ship with xplat and `extra_kernels`.

    `relu`: the kernel that the relu is bound to. `text`: like `TEXT`, with something of it changed.
    """
    words = features * features // 8
    sizes = {"n": features, "weight_words": words, "bias_words": features // 2, "cycles": words}
    text = text.format(**sizes, phit_bits=phit_bits, credits=credits, depth=depth, relu=relu)
    return _linked(text, extra_kernels)


def _linked(text: str, extra_kernels: Sequence[Path]) -> ir.Module:
    passes = link_pass([*extra_kernels, *kernel_files(), families_dir() / "series7.mlir"])
    return run_pipeline(ir.Module.parse(text, ir.Context()), f"{passes},xplat-outline-devices", where="test")


def samples(count: int = 20, features: int = 8) -> torch.Tensor:
    """Inputs that reach every saturation."""
    return torch.randn(count, features, generator=torch.Generator().manual_seed(1)) * 4


def _round(x: torch.Tensor, bits: int, fraction: int) -> torch.Tensor:
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return torch.round(x * 2**fraction).clamp(low, high) / 2**fraction


def expected(x: torch.Tensor) -> torch.Tensor:
    """The result that the hardware has to give, computed in float64 by torch."""
    state = {name: value.double() for name, value in parameters(x.shape[1]).items()}
    weight, bias = _round(state["w"], 8, 6), _round(state["b"], 32, 10)
    y = _round(_round(x.double(), 8, 4).clamp(min=0), 8, 4)
    return _round(_round(y @ weight.T + bias, 8, 3) + y, 8, 3).float()
