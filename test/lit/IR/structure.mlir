// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Structure ops: what the dataflow form adds between nodes.

xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @pair {
  xplat.instance @fpga0 of @board
  xplat.instance @fpga1 of @board
  xplat.cable @cable @fpga0 port @link to @fpga1 port @link
}

!s2 = !xplat.stream<1x4x8x8x!quant.uniform<i8:f32, 6.25e-02>, order = (0, 2, 3, 1), beat = (2)>
!s4 = !xplat.stream<1x4x8x8x!quant.uniform<i8:f32, 6.25e-02>, order = (0, 2, 3, 1), beat = (4)>

// CHECK-LABEL: func.func @dataflow
func.func @dataflow(%arg0: !s2) -> (!s2, !s4, !s2) {
  // CHECK: %[[FORK:.*]]:3 = xplat.fork %{{.*}} {config = #xplat.config<kernel = @fork, place = <@pair::@fpga0>>} : [[S2:<1x4x8x8x!quant.uniform<i8:f32, 6.250000e-02>, order = \(0, 2, 3, 1\), beat = \(2\)>]] -> !xplat.stream[[S2]], !xplat.stream[[S2]], !xplat.stream[[S2]]
  %0:3 = xplat.fork %arg0 {config = #xplat.config<kernel = @fork, place = <@pair::@fpga0>>} : !s2 -> !s2, !s2, !s2
  // CHECK: xplat.fifo %[[FORK]]#0 depth 16 : [[S2]] -> [[S2]]
  %1 = xplat.fifo %0#0 depth 16 : !s2 -> !s2
  // CHECK: xplat.convert_stream %[[FORK]]#1 : [[S2]] -> <1x4x8x8x!quant.uniform<i8:f32, 6.250000e-02>, order = (0, 2, 3, 1), beat = (4)>
  %2 = xplat.convert_stream %0#1 : !s2 -> !s4
  // CHECK: xplat.link %[[FORK]]#2 over @pair::@cable to <@pair::@fpga1> phit_bits 8 latency_cycles 12 credits 32 {config = #xplat.config<place = <@pair::@fpga0>>, rate = #xplat.rate<cycles = 256, latency = 14>} :
  %3 = xplat.link %0#2 over @pair::@cable to <@pair::@fpga1> phit_bits 8 latency_cycles 12 credits 32
      {config = #xplat.config<place = <@pair::@fpga0>>, rate = #xplat.rate<cycles = 256, latency = 14>} : !s2 -> !s2
  return %1, %2, %3 : !s2, !s4, !s2
}

// A cable carries streams both ways.
// CHECK-LABEL: func.func @backward
func.func @backward(%arg0: !s2) -> !s2 {
  // CHECK: xplat.link %{{.*}} over @pair::@cable to <@pair::@fpga0>
  %0 = xplat.link %arg0 over @pair::@cable to <@pair::@fpga0> phit_bits 1 latency_cycles 0 credits 1
      {config = #xplat.config<place = <@pair::@fpga1>>} : !s2 -> !s2
  return %0 : !s2
}

// Streams of every rank and format. What the default says is not written: row-major order, a beat of one element,
// extents of one at the front of a beat.
// CHECK: func.func private @streams(!xplat.stream<7xf32, beat = (7)>, !xplat.stream<2x3x4xf32, beat = (4)>, !xplat.stream<1x6x1x5x!quant.uniform<i16:f32, 9.765625E-4>, order = (0, 2, 3, 1), beat = (3)>)
func.func private @streams(!xplat.stream<7xf32, beat = (7)>, !xplat.stream<2x3x4xf32, order = (0, 1, 2), beat = (1, 1, 4)>, !xplat.stream<1x6x1x5x!quant.uniform<i16:f32, 9.765625e-04>, order = (0, 2, 3, 1), beat = (3)>)

// Several pixels a beat, a beat of a whole tensor, and beats of one element in two orders.
// CHECK: func.func private @tiles(!xplat.stream<1x64x56x56xf32, order = (0, 2, 3, 1), beat = (2, 8)>, !xplat.stream<2x3xi1, beat = (2, 3)>, !xplat.stream<2x3xf32, order = (1, 0)>, !xplat.stream<2x3xf32>)
func.func private @tiles(!xplat.stream<1x64x56x56xf32, order = (0, 2, 3, 1), beat = (1, 1, 2, 8)>, !xplat.stream<2x3xi1, beat = (2, 3)>, !xplat.stream<2x3xf32, order = (1, 0), beat = (1, 1)>, !xplat.stream<2x3xf32, beat = (1)>)

// A tensor whose order is chosen.
// CHECK: func.func private @ordered(tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>>)
func.func private @ordered(tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>>)
