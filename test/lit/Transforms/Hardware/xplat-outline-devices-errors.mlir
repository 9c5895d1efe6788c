// RUN: xplat-opt %s -xplat-outline-devices -split-input-file -verify-diagnostics

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {place = #xplat.place<@two::@a>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.host_output' op expected its operand on @two::@b but it is on @two::@a; a link must carry it over}}
  %out = xplat.host_output %in {place = #xplat.place<@two::@b>} : !s -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
func.func @forward(%arg0: tensor<1x8xf32>) {
  // expected-error @below {{'xplat.host_input' op expected a node placed on an instance of @one}}
  %in = xplat.host_input %arg0 : tensor<1x8xf32> -> !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
!t = tensor<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {place = #xplat.place<@one::@a>} : tensor<1x8xf32> -> !t
  // expected-error @below {{'xplat.host_output' op expected streams, which 'xplat-convert-to-dataflow' makes, but got 'tensor<1x8x!quant.uniform<i8:f32, 6.250000e-02>>'}}
  %out = xplat.host_output %in {place = #xplat.place<@one::@a>} : !t -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: !s) -> !s {
  // expected-error @below {{'xplat.relu' op expected the result of a node as operand}}
  %0 = xplat.relu %arg0 {place = #xplat.place<@one::@a>} : !s -> !s
  return %0 : !s
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> !s {
  // expected-error @below {{'xplat.host_input' op expected each result of @forward to leave the system through a host interface node}}
  %0 = xplat.host_input %arg0 {place = #xplat.place<@one::@a>} : tensor<1x8xf32> -> !s
  return %0 : !s
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
func.func @forward() {
  // expected-error @below {{'arith.constant' op is not a node, so it belongs to no device}}
  %0 = arith.constant 1 : i32
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
// expected-error @below {{'func.func' op has a function for each device already}}
func.func @forward() attributes {xplat.target = #xplat.target<host>} { return }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @a of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@one::@a>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %arg0 {place = #a} : tensor<1x8xf32> -> !s
  %1 = xplat.host_output %0 {place = #a} : !s -> tensor<1x8xf32>
  // expected-error @below {{'xplat.host_input' op expected an argument of @forward as operand}}
  %2 = xplat.host_input %1 {place = #a} : tensor<1x8xf32> -> !s
  %3 = xplat.host_output %2 {place = #a} : !s -> tensor<1x8xf32>
  return %3 : tensor<1x8xf32>
}
