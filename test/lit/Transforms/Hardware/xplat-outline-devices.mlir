// RUN: xplat-opt %s -split-input-file -xplat-outline-devices -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// The documentation's example. A stream goes to the other device and comes back: each function both sends and receives.
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @pair {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @idle of @board
  xplat.cable @ab @a port @link to @b port @link
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 8 latency_cycles 40 bound_cycles 8 bound_kind node
    bound_reason "" bottleneck "" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>

// CHECK-LABEL: func.func @forward(%arg0: tensor<1x8xf32>
// CHECK-SAME: -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>}
// CHECK-NEXT: %[[X:.*]] = xplat.host_input %arg0 {config = #xplat.config<place = <@pair::@a>>}
// CHECK-NEXT: xplat.send %[[X]] to @x : <1x8x!quant.uniform<i8:f32, 6.250000e-02>> loc("x"
// CHECK-NEXT: %[[THERE:.*]] = xplat.receive @there_tx : <1x8x!quant.uniform<i8:f32, 6.250000e-02>> loc("there"
// CHECK-NEXT: %[[LINK:.*]] = xplat.link %[[THERE]] over @pair::@ab to <@pair::@b> phit_bits 8 latency_cycles 3 credits 8 {config = #xplat.config<place = <@pair::@a>>}
// CHECK-NEXT: xplat.send %[[LINK]] to @there_rx
// CHECK-NEXT: %[[BACK:.*]] = xplat.receive @back_tx
// CHECK-NEXT: %[[RETURN:.*]] = xplat.link %[[BACK]] over @pair::@ab to <@pair::@a>
// CHECK-NEXT: xplat.send %[[RETURN]] to @back_rx
// CHECK-NEXT: %[[RESULT:.*]] = xplat.receive @y
// CHECK-NEXT: %[[Y:.*]] = xplat.host_output %[[RESULT]]
// CHECK-NEXT: return %[[Y]]
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<place = <@pair::@a>>} : tensor<1x8xf32> -> !s loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<place = <@pair::@a>>} : !s -> !s loc("act")
  %2 = xplat.link %1 over @pair::@ab to <@pair::@b> phit_bits 8 latency_cycles 3 credits 8
      {config = #xplat.config<place = <@pair::@a>>} : !s -> !s loc("there")
  %3 = xplat.relu %2 {config = #xplat.config<place = <@pair::@b>>} : !s -> !s loc("remote")
  %4 = xplat.link %3 over @pair::@ab to <@pair::@a> phit_bits 8 latency_cycles 3 credits 8
      {config = #xplat.config<place = <@pair::@b>>} : !s -> !s loc("back")
  %5 = xplat.fifo %4 depth 2 {config = #xplat.config<place = <@pair::@a>>} : !s -> !s loc("wait")
  %6 = xplat.host_output %5 {config = #xplat.config<place = <@pair::@a>>} : !s -> tensor<1x8xf32> loc("y")
  return %6 : tensor<1x8xf32>
}
// The instance without work has no function.
// CHECK-LABEL: func.func private @forward_a() attributes {xplat.place = #xplat.place<@pair::@a>, xplat.target = #xplat.target<rtl>}
// CHECK-NEXT: %[[X:.*]] = xplat.receive @x
// CHECK-NEXT: %[[ACT:.*]] = xplat.relu %[[X]] {{.*}} loc("act"
// CHECK-NEXT: xplat.send %[[ACT]] to @there_tx
// CHECK-NEXT: %[[BACK:.*]] = xplat.receive @back_rx
// CHECK-NEXT: %[[WAIT:.*]] = xplat.fifo %[[BACK]] depth 2
// CHECK-NEXT: xplat.send %[[WAIT]] to @y
// CHECK-NEXT: return
// CHECK-LABEL: func.func private @forward_b() attributes {xplat.place = #xplat.place<@pair::@b>, xplat.target = #xplat.target<rtl>}
// CHECK-NEXT: %[[X:.*]] = xplat.receive @there_rx
// CHECK-NEXT: %[[ACT:.*]] = xplat.relu %[[X]] {{.*}} loc("remote"
// CHECK-NEXT: xplat.send %[[ACT]] to @back_tx
// CHECK-NEXT: return
// CHECK-NOT: func.func

// -----

// A fork whose results go to two devices. The name of a function is taken, those of nodes are equal.
// CHECK-LABEL: xplat.system @star
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @star {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
  xplat.cable @ac @a port @link to @c port @link
}
xplat.mapping @forward on @star clock_mhz 100.0 cycles 8 latency_cycles 40 bound_cycles 8 bound_kind node
    bound_reason "" bottleneck "" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@star::@a>
#b = #xplat.place<@star::@b>
#c = #xplat.place<@star::@c>
func.func private @forward_b() { return }

// CHECK-LABEL: func.func @forward(
// CHECK: %[[LEFT:.*]] = xplat.receive @copy_tx
// CHECK-NEXT: xplat.link %[[LEFT]] over @star::@ab
// CHECK-NEXT: xplat.send %{{.*}} to @copy_rx
// CHECK-NEXT: %[[RIGHT:.*]] = xplat.receive @copy_tx_1
// CHECK-NEXT: xplat.link %[[RIGHT]] over @star::@ac
// CHECK-NEXT: xplat.send %{{.*}} to @copy_rx_1
// CHECK: %[[Y:.*]] = xplat.receive @y
// CHECK: %[[Z:.*]] = xplat.receive @z
// CHECK: return
// CHECK-LABEL: func.func private @forward_a()
// CHECK: %[[FORK:.*]]:2 = xplat.fork
// CHECK-NEXT: xplat.send %[[FORK]]#0 to @copy_tx
// CHECK-NEXT: xplat.send %[[FORK]]#1 to @copy_tx_1
// CHECK-NEXT: return
// CHECK-LABEL: func.func private @forward_b_0() attributes {xplat.place = #xplat.place<@star::@b>
// CHECK-NEXT: %[[B:.*]] = xplat.receive @copy_rx
// CHECK-NEXT: xplat.send %[[B]] to @y
// CHECK-NEXT: return
// CHECK-LABEL: func.func private @forward_c()
// CHECK-NEXT: %[[C:.*]] = xplat.receive @copy_rx_1
// CHECK-NEXT: xplat.send %[[C]] to @z
func.func @forward(%x: tensor<1x8xf32>) -> (tensor<1x8xf32>, tensor<1x8xf32>) {
  %0 = xplat.host_input %x {config = #xplat.config<place = #a>} : tensor<1x8xf32> -> !s loc("x")
  %1:2 = xplat.fork %0 {config = #xplat.config<place = #a>} : !s -> !s, !s loc("fork")
  %2 = xplat.link %1#0 over @star::@ab to <@star::@b> phit_bits 8 latency_cycles 3 credits 8 {config = #xplat.config<place = #a>} : !s -> !s loc("copy")
  %3 = xplat.link %1#1 over @star::@ac to <@star::@c> phit_bits 8 latency_cycles 3 credits 8 {config = #xplat.config<place = #a>} : !s -> !s loc("copy")
  %4 = xplat.host_output %2 {config = #xplat.config<place = #b>} : !s -> tensor<1x8xf32> loc("y")
  %5 = xplat.host_output %3 {config = #xplat.config<place = #c>} : !s -> tensor<1x8xf32> loc("z")
  return %4, %5 : tensor<1x8xf32>, tensor<1x8xf32>
}

// -----

// Clocks that differ: the clock crossing stands where the stream arrives. Between the host and the link, the stream
// passes through a device that does nothing to it.
xplat.device @steady fpga part "p" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.device @swift fpga part "p" clock_mhz 250.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @mixed {
  xplat.instance @slow of @steady
  xplat.instance @fast of @swift
  xplat.cable @cable @slow port @link to @fast port @link
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 20 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "link" bottleneck "link" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#slow = #xplat.place<@mixed::@slow>
#fast = #xplat.place<@mixed::@fast>

// CHECK-LABEL: func.func private @forward_slow()
// CHECK-NEXT: %[[X:.*]] = xplat.receive @x
// CHECK-NEXT: xplat.send %[[X]] to @there_tx
// CHECK-NEXT: return
// CHECK-LABEL: func.func private @forward_fast()
// CHECK-NEXT: %[[X:.*]] = xplat.receive @there_rx
// CHECK-NEXT: %[[CDC:.*]] = xplat.cdc %[[X]]
// CHECK-NEXT: xplat.send %[[CDC]] to @y
// CHECK-NEXT: return
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<place = #slow>} : tensor<1x8xf32> -> !s loc("x")
  %1 = xplat.link %0 over @mixed::@cable to <@mixed::@fast> phit_bits 16 latency_cycles 8 credits 12 {config = #xplat.config<place = #slow>} : !s -> !s loc("there")
  %2 = xplat.cdc %1 depth 16 {config = #xplat.config<place = #fast>} : !s -> !s loc("cross")
  %3 = xplat.host_output %2 {config = #xplat.config<place = #fast>} : !s -> tensor<1x8xf32> loc("y")
  return %3 : tensor<1x8xf32>
}
