// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-size-fifos="size=false" -verify-diagnostics
// RUN: not xplat-opt %S/xplat-verify-lowerable.mlir -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-size-fifos 2>&1 | FileCheck %s --check-prefix=TENSORS
// RUN: xplat-opt %S/xplat-verify-lowerable.mlir -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-size-fifos="size=false" | FileCheck %s --check-prefix=PREDICT

// TENSORS: error: expected streams on 'x -> fc'; run 'xplat-convert-to-dataflow' first

// On tensors nothing can be inserted, but what they would do without links can be predicted.
// PREDICT: xplat.mapping @forward on @rack clock_mhz 1.000000e+02 cycles 16 latency_cycles 29

// With `size=false` the FIFOs that there are get checked: none here.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s1 = !xplat.stream<1x4x4x4x!q, order = (0, 2, 3, 1)>
#a = #xplat.place<@rack::@a>
xplat.param @w : tensor<4x4x3x3x!q>
// expected-error@+1 {{the streams deadlock: each of these nodes waits for the next}}
func.func @forward(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4x4x4xf32> -> !s1
  // expected-note@+1 {{'xplat.fork'}}
  %1:2 = xplat.fork %0 {config = #xplat.config<kernel = @fork, place = #a>} : !s1 -> !s1, !s1
  // expected-note@+1 {{'xplat.conv2d'}}
  %2 = xplat.conv2d %1#0 weight @w stride [1, 1] padding [1, 1] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 1, 3, 3, 1>, place = #a>} : !s1 -> !s1
  // expected-note@+1 {{'xplat.add'}}
  %3 = xplat.add %2, %1#1 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>} : !s1, !s1 -> !s1
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>} : !s1 -> tensor<1x4x4x4xf32>
  return %4 : tensor<1x4x4x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 256 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// Deep enough not to deadlock, too shallow for full rate.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s1 = !xplat.stream<1x4x4x4x!q, order = (0, 2, 3, 1)>
!s2 = !xplat.stream<1x4x4x4x!q, order = (0, 2, 3, 1), beat = (2)>
#a = #xplat.place<@rack::@a>
xplat.param @w : tensor<4x4x3x3x!q>
// expected-error@+1 {{expected 128 cycles per sample, as 'xplat.conv2d' needs, but the streams reach 152.00}}
func.func @forward(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4x4x4xf32> -> !s1
  %1:2 = xplat.fork %0 {config = #xplat.config<kernel = @fork, place = #a>} : !s1 -> !s1, !s1
  %r = xplat.convert_stream %1#0 {config = #xplat.config<kernel = @rewidth, place = #a>} : !s1 -> !s2
  %2 = xplat.conv2d %r weight @w stride [1, 1] padding [1, 1] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 1, 3, 3, 2>, place = #a>} : !s2 -> !s1
  %f = xplat.fifo %1#1 depth 27 {config = #xplat.config<kernel = @fifo, place = #a>} : !s1 -> !s1
  // expected-note@+1 {{beats wait longest on 'xplat.fifo -> xplat.add'}}
  %3 = xplat.add %2, %f {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>} : !s1, !s1 -> !s1
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>} : !s1 -> tensor<1x4x4x4xf32>
  return %4 : tensor<1x4x4x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 256 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{is not bound to a kernel; run 'xplat-bind-kernels' first}}
  %1 = xplat.relu %0 {config = #xplat.config<unroll = <1, 1>, place = #a>} : !s -> !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>} : !s -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 256 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// A kernel that keeps what it needs, and has no place for it.
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @small implements "xplat.linear" rtl "small" files ["small.sv"] {
  streams in ["in"] out ["out"]
  memory weight (bits_weight) x (n * k)
  cycles (m * n * k)
  latency (k + 12)
  buffer (3)
  area lut (1)
}
xplat.param @w : tensor<8x4x!q>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{needs 4 beats of operand 0 at once, but kernel '@small' holds 3}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @small, unroll = <1, 1, 1>, place = #a>} : tensor<1x4x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 256 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []
