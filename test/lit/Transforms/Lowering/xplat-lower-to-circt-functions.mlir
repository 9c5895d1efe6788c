// RUN: xplat-opt %s -xplat-lower-to-circt -split-input-file -verify-diagnostics

// Functions of devices that do not stand beside the graph as they should.

// expected-error @below {{expected one 'xplat.mapping' in the module, written by the hardware passes, but got 0}}
module {
  func.func @forward() { return }
}

// -----

// expected-error @below {{'xplat.mapping' op expected @forward to name a function with one block and @one an 'xplat.system'}}
xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// expected-error @below {{'func.func' op expected a function for each device beside the graph; run 'xplat-outline-devices' first}}
func.func @forward() { return }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
func.func @forward() attributes {xplat.target = #xplat.target<host>} { return }
// expected-error @below {{'func.func' op expected the target 'rtl', which is all that 'xplat-lower-to-circt' makes, but got 'host'}}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<host>} { return }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
func.func @forward() attributes {xplat.target = #xplat.target<host>} { return }
// expected-error @below {{'func.func' op expected a function of one block for an instance of @two}}
func.func private @forward_a() attributes {xplat.place = #xplat.place<@two::@c>, xplat.target = #xplat.target<rtl>} { return }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
func.func @forward() attributes {xplat.target = #xplat.target<host>} { return }
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} { return }
// expected-error @below {{'func.func' op expected one function for @two::@a but @forward_a is another}}
func.func private @again() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} { return }

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// A node in the function of another device.
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  xplat.send %0 to @x : !s
  %1 = xplat.receive @y : !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  %0 = xplat.receive @x : !s
  // expected-error @below {{'xplat.relu' op expected a node on @two::@a, the device of the function}}
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #b>} : !s -> !s
  xplat.send %1 to @y : !s
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// A stream from device to device without a link.
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  xplat.send %0 to @x : !s
  %1 = xplat.receive @y : !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  %0 = xplat.receive @x : !s
  xplat.send %0 to @short : !s
  return
}
func.func private @forward_b() attributes {xplat.place = #b, xplat.target = #xplat.target<rtl>} {
  // expected-error @below {{'xplat.receive' op expected what enters @two::@b to come from the host interface or over a link in @forward}}
  %0 = xplat.receive @short : !s
  xplat.send %0 to @y : !s
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// A result that leaves from another device than its node says, and one that is on no device.
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  xplat.send %0 to @x : !s
  %1 = xplat.receive @y : !s
  // expected-error @below {{'xplat.host_output' op expected its stream to lead through @forward_b, the function of @two::@b}}
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  %0 = xplat.receive @x : !s
  xplat.send %0 to @y : !s
  return
}
func.func private @forward_b() attributes {xplat.place = #b, xplat.target = #xplat.target<rtl>} {
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  // expected-error @below {{'xplat.host_input' op expected its stream to lead through @forward_a, the function of @two::@a}}
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = #a>} : !s -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// A device that has no function.
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  xplat.send %0 to @x : !s
  %1 = xplat.receive @y : !s
  // expected-error @below {{'xplat.host_output' op expected a node placed on an instance of @two that has a function}}
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  %0 = xplat.receive @x : !s
  xplat.send %0 to @y : !s
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @two {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.mapping @forward on @two clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
#a = #xplat.place<@two::@a>
#b = #xplat.place<@two::@b>
// What a function receives has one reader.
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> !s
  xplat.send %0 to @x : !s
  %1 = xplat.receive @y : !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_a() attributes {xplat.place = #a, xplat.target = #xplat.target<rtl>} {
  // expected-error @below {{'xplat.receive' op expected one reader of each stream but got 2; a fork copies a stream}}
  %0 = xplat.receive @x : !s
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #a>} : !s -> !s
  xplat.send %0 to @y : !s
  return
}

// -----

// Memories whose files would be one where case is ignored.

xplat.param @w : tensor<8x!quant.uniform<i8:f32, 6.25e-02>>
// expected-note @below {{the other memory}}
xplat.rom @table of @w permutation [0] tile [1] element_bits 8 word_bits 8 depth 8
// expected-error @below {{'xplat.rom' op has a name that differs from @table only in case, so that both have one file on some file systems; rename one of them}}
xplat.rom @Table of @w permutation [0] tile [1] element_bits 8 word_bits 8 depth 8
