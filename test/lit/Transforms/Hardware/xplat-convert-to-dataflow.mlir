// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-convert-to-dataflow -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

// A reader with other lanes gets a width converter; the boundary keeps its tensors.
// CHECK-LABEL: func.func @forward
// CHECK: %[[X:.*]] = xplat.host_input
// CHECK-SAME: tensor<1x4x2x2xf32> -> !xplat.stream<1x4x2x2x!quant.uniform<i8:f32, 6.250000e-02>, order = (0, 2, 3, 1), beat = (4)>
// CHECK: %[[R:.*]] = xplat.convert_stream %[[X]] {area = #xplat.resources<lut = 6>, config = #xplat.config<kernel = @rewidth, place = <@rack::@a>>, rate = #xplat.rate<cycles = 8, latency = 1>}
// CHECK-SAME: beat = (4)> -> {{.*}} beat = (2)> loc("x.to.act.rewidth"
// CHECK: %[[Y:.*]] = xplat.relu %[[R]]
// CHECK-SAME: beat = (2)> -> {{.*}} beat = (2)>
// CHECK: xplat.host_output %[[Y]]
// CHECK-SAME: beat = (2)> -> tensor<1x4x2x2xf32>
func.func @forward(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = <@rack::@a>>}
      : tensor<1x4x2x2xf32> -> tensor<1x4x2x2x!q> loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x2x2x!q> -> tensor<1x4x2x2x!q> loc("act")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x2x2x!q> -> tensor<1x4x2x2xf32> loc("y")
  return %2 : tensor<1x4x2x2xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Two readers: a fork, behind one width converter because both want the same lanes.
// CHECK-LABEL: func.func @forward
// CHECK: %[[X:.*]] = xplat.host_input
// CHECK: %[[R:.*]] = xplat.convert_stream %[[X]]
// CHECK-SAME: loc("x.rewidth"
// CHECK: %[[F:.*]]:2 = xplat.fork %[[R]]
// CHECK-SAME: kernel = @fork
// CHECK-SAME: loc("x.fork"
// CHECK: %[[A:.*]] = xplat.relu %[[F]]#0
// CHECK: xplat.add %[[A]], %[[F]]#1
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = <@rack::@a>>}
      : tensor<1x4xf32> -> tensor<1x4x!q> loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x!q> -> tensor<1x4x!q> loc("act")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  return %3 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 2 latency_cycles 0 bound_cycles 1 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Both readers are on the other device: one link, then the fork. 16 elements of 8 bits in 12 cycles need 11 bits
// a cycle one by one (16 beats > 12 cycles), 11 in beats of 4 (4 beats, 3 cycles each): the width of the slice
// decides where the width converter stands. 16 bits a cycle and 4 cycles are what the cable has.
// CHECK-LABEL: func.func @forward
// CHECK: %[[X:.*]] = xplat.host_input
// CHECK-NOT: xplat.fork
// CHECK: %[[R:.*]] = xplat.convert_stream %[[X]]
// CHECK-SAME: place = <@rack::@a>
// CHECK: %[[L:.*]] = xplat.link %[[R]] over @rack::@ab to <@rack::@b> phit_bits 11 latency_cycles 4 credits 5
// CHECK-SAME: place = <@rack::@a>>, rate = #xplat.rate<cycles = 12, latency = 8>
// CHECK-SAME: beat = (4)> loc("x.to.b.link"
// CHECK: %[[F:.*]]:2 = xplat.fork %[[L]]
// CHECK-SAME: place = <@rack::@b>
// CHECK-SAME: loc("x.at.b.fork"
// CHECK: %[[A:.*]] = xplat.relu %[[F]]#0
// CHECK: xplat.add %[[A]], %[[F]]#1
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 8>, place = <@rack::@a>>}
      : tensor<1x16xf32> -> tensor<1x16x!q> loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@rack::@b>>}
      : tensor<1x16x!q> -> tensor<1x16x!q> loc("act")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 4>, place = <@rack::@b>>}
      : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = <@rack::@b>>}
      : tensor<1x16x!q> -> tensor<1x16xf32> loc("y")
  return %3 : tensor<1x16xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 12 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Devices without a cable of their own: over the one between them, with a link for each hop.
// CHECK-LABEL: func.func @forward
// CHECK: %[[L:.*]] = xplat.link %{{.*}} over @row::@c0 to <@row::@b> phit_bits 8
// CHECK-SAME: place = <@row::@a>
// CHECK-SAME: loc("x.to.y.link0"
// CHECK: xplat.link %[[L]] over @row::@c1 to <@row::@c> phit_bits 8
// CHECK-SAME: place = <@row::@b>
// CHECK-SAME: loc("x.to.y.link1"
xplat.device @small fpga part "x" clock_mhz 100.0 resources <lut = 100> source "for tests" {
  xplat.port @link count 2 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @row {
  xplat.instance @a of @small
  xplat.instance @b of @small
  xplat.instance @c of @small
  xplat.cable @c0 @a port @link to @b port @link
  xplat.cable @c1 @c port @link to @b port @link
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = <@row::@a>>}
      : tensor<1x4xf32> -> tensor<1x4x!q> loc("x")
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = <@row::@c>>}
      : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  return %1 : tensor<1x4xf32>
}
xplat.mapping @forward on @row clock_mhz 100.0 cycles 4 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Through a switch: one link for each device that reads, each with a slice of the ports at both of its ends; of two
// ports the one with more bits free. 40 ns of the ports and 300 of the switch are 34 cycles.
// CHECK-LABEL: func.func @forward
// CHECK: %[[F:.*]]:2 = xplat.fork
// CHECK: xplat.link %[[F]]#0 over @star::@a0 and @star::@b0 to <@star::@b> phit_bits 8 latency_cycles 34 credits 72
// CHECK-SAME: loc("x.to.y.link"
// CHECK: xplat.link %[[F]]#1 over @star::@a1 and @star::@c0 to <@star::@c> phit_bits 8 latency_cycles 34 credits 72
// CHECK-SAME: loc("x.to.z.link"
xplat.device @small fpga part "x" clock_mhz 100.0 resources <lut = 100> source "for tests" {
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "for tests"
}
xplat.system @star {
  xplat.instance @a of @small
  xplat.instance @b of @small
  xplat.instance @c of @small
  xplat.switch @net latency_ns 300.0 source "for tests"
  xplat.cable @a0 @a port @link to @net
  xplat.cable @a1 @a port @link to @net
  xplat.cable @b0 @b port @link to @net
  xplat.cable @c0 @c port @link to @net
}
func.func @forward(%x: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = <@star::@a>>}
      : tensor<1x4xf32> -> tensor<1x4x!q> loc("x")
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = <@star::@b>>}
      : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  %2 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = <@star::@c>>}
      : tensor<1x4x!q> -> tensor<1x4xf32> loc("z")
  return %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>
}
xplat.mapping @forward on @star clock_mhz 100.0 cycles 4 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// Each beat of 4 elements carries the exponent of its block: 24 bits cross in 2 cycles.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.link %{{.*}} over @rack::@ab to <@rack::@b> phit_bits 12 latency_cycles 4 credits 7
// CHECK-SAME: <1x16x!xplat.msfp<4, 16>, beat = (4)>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = <@rack::@a>>}
      : tensor<1x16xf32> -> tensor<1x16x!xplat.msfp<4, 16>> loc("x")
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = <@rack::@b>>}
      : tensor<1x16x!xplat.msfp<4, 16>> -> tensor<1x16xf32> loc("y")
  return %1 : tensor<1x16xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// The stream has the tensor's order, and its lanes lie along the dimension that is innermost there.
// CHECK-LABEL: func.func @forward
// CHECK: %[[X:.*]] = xplat.host_input
// CHECK-SAME: -> !xplat.stream<1x4x2x8x!quant.uniform<i8:f32, 6.250000e-02>, beat = (8)>
// CHECK: xplat.convert_stream %[[X]]
// CHECK-SAME: beat = (8)> -> <1x4x2x8x!quant.uniform<i8:f32, 6.250000e-02>, beat = (2)>
func.func @forward(%x: tensor<1x4x2x8xf32>) -> tensor<1x4x2x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 8>, place = <@rack::@a>>}
      : tensor<1x4x2x8xf32> -> tensor<1x4x2x8x!q, #xplat.order<0, 1, 2, 3>> loc("x")
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = <@rack::@a>>}
      : tensor<1x4x2x8x!q, #xplat.order<0, 1, 2, 3>> -> tensor<1x4x2x8xf32> loc("y")
  return %1 : tensor<1x4x2x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 32 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []
