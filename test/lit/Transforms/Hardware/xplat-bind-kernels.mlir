// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-bind-kernels | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu_narrow implements "xplat.relu" generated {
  where (4 - bits_x >= 0)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @relu_wide implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (2 * p_c)
}

// A kernel that fits; a kernel in place is kept.
// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // CHECK: xplat.relu %{{.*}} {config = #xplat.config<kernel = @relu_wide>}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  // CHECK: xplat.relu %{{.*}} {config = #xplat.config<kernel = @relu_wide>, fixed = #xplat.config<kernel = @relu_wide, unroll = <1, 4>>}
  %1 = xplat.relu %0 {fixed = #xplat.config<kernel = @relu_wide, unroll = <1, 4>>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @a does not fit: it needs 4 - bits_x >= 0, but bits_x = 8}}
xplat.kernel @a implements "xplat.relu" generated {
  where (4 - bits_x >= 0)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
// expected-note @below {{kernel @b does not fit: it needs c mod 3 == 0, but c = 4}}
xplat.kernel @b implements "xplat.relu" generated {
  where (bits_x - 2 >= 0, c mod 3 == 0)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
// expected-note @below {{kernel @c does not fit: its 'cycles' formula n floordiv (frac_x - 4) has no value with n = 1, frac_x = 4}}
xplat.kernel @c implements "xplat.relu" generated {
  cycles (n floordiv (frac_x - 4)) latency (1) buffer (1) area lut (p_c)
}
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.relu' for 'tensor<1x4x!quant.uniform<i8:f32, 6.250000e-02>>' -> 'tensor<1x4x!quant.uniform<i8:f32, 6.250000e-02>>'}}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.relu'}}
  // expected-note @below {{the library has no kernel for this op; a folder with a kernel.mlir that implements 'xplat.relu' adds one}}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{is bound to kernel @gone, which the module does not have}}
  %1 = xplat.relu %0 {fixed = #xplat.config<kernel = @gone>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  where (p_c - 2 >= 0)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{is bound to kernel @relu, which does not fit: it needs p_c - 2 >= 0, but p_c = 1}}
  %0 = xplat.relu %x {fixed = #xplat.config<kernel = @relu>} : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{is bound to kernel @relu, which implements 'xplat.relu'}}
  %1 = xplat.cast %0 {fixed = #xplat.config<kernel = @relu>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @slow implements "xplat.relu" generated {
  cycles (2 * n) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @first implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @second implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
// Of those that fit the one with fewest cycles, of equals the first.
// CHECK-LABEL: func.func @fewest
func.func @fewest(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // CHECK: xplat.relu %{{.*}} {config = #xplat.config<kernel = @first>}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

// What is generated needs exact arithmetic, on fixed point, of a width that can be built.

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @fused does not fit: expected arithmetic that is exact on fixed point but got 'math.exp'}}
// expected-note @below {{kernel @fused does not fit: expected arithmetic that is exact on fixed point but got 'arith.divf'}}
// expected-note @below {{kernel @fused does not fit: expected fixed-point streams but got one of mxint8}}
// expected-note @below {{kernel @fused does not fit: its exact datapath would need}}
xplat.kernel @fused implements "xplat.fused" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c * adder_bits + inputs) dsp (products)
}
func.func @forward(%x: tensor<1x4x!q>, %y: tensor<1x4x!xplat.mx<i8, 32>>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.fused'}}
  %0 = xplat.fused %x {
  ^bb0(%a: f32):
    %e = math.exp %a : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.fused'}}
  %1 = xplat.fused %0 {
  ^bb0(%a: f32):
    %c = arith.constant 3.0 : f32
    %e = arith.divf %a, %c : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.fused'}}
  %2 = xplat.fused %1, %y {
  ^bb0(%a: f32, %b: f32):
    %e = arith.addf %a, %b : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>, tensor<1x4x!xplat.mx<i8, 32>>) -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.fused'}}
  %3 = xplat.fused %2 {
  ^bb0(%a: f32):
    %c = arith.constant 1.0e-36 : f32
    %p = arith.mulf %a, %c : f32
    %s = arith.mulf %p, %p : f32
    %e = arith.addf %s, %a : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  // A division by a power of two is a shift.
  %4 = xplat.fused %3 {
  ^bb0(%a: f32):
    %c = arith.constant 4.0 : f32
    %e = arith.divf %a, %c : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %4 : tensor<1x4x!q>
}

// -----

// RTL takes the bits of an element for fixed point unless its contract says otherwise.
// expected-note @below {{kernel @rtl does not fit: port 'x' needs fixed, but has mxfp4}}
xplat.kernel @rtl implements "xplat.max_pool2d" rtl "pool" files ["pool.sv"] {
  streams in ["in"] out ["out"]
  cycles (oh) latency (1) buffer (1) area lut (p_c)
}
// expected-note @below {{kernel @narrow does not fit: port 'y' needs fixed of 2 to 16 bits or mxint, but has mxfp4}}
xplat.kernel @narrow implements "xplat.max_pool2d" rtl "pool" files ["pool.sv"] {
  formats x any, y fixed (2 to 16) | mxint
  streams in ["in"] out ["out"]
  cycles (oh) latency (1) buffer (1) area lut (p_c)
}
!mx = !xplat.mx<f4E2M1FN, 32, axis = 1>
func.func @forward(%x: tensor<1x4x4x4x!mx>) -> tensor<1x4x2x2x!mx> {
  // expected-error @below {{no kernel implements 'xplat.max_pool2d'}}
  %0 = xplat.max_pool2d %x window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x4x4x!mx> -> tensor<1x4x2x2x!mx>
  return %0 : tensor<1x4x2x2x!mx>
}

// -----

// Signs are no fixed point for a kernel that does not say so.
// expected-note @below {{kernel @unsaid does not fit: port 'weight' needs fixed, but has binary<3>}}
xplat.kernel @unsaid implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  cycles (m) latency (1) buffer (1) area lut (p_n)
}
// expected-note @below {{kernel @said does not fit: port 'weight' needs fixed of 1 to 16 bits or ternary of 2 to 2 bits, but has binary<3>}}
xplat.kernel @said implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  formats weight fixed (1 to 16) | ternary (2 to 2)
  streams in ["in"] out ["out"]
  cycles (m) latency (1) buffer (1) area lut (p_n)
}
!q = !quant.uniform<i8:f32, 0.125>
xplat.param @w : tensor<2x4x!xplat.binary<3>>
func.func @signs(%x: tensor<1x4x!q>) -> tensor<1x2x!q> {
  // expected-error @below {{no kernel implements 'xplat.linear'}}
  %0 = xplat.linear %x weight @w : tensor<1x4x!q> -> tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// -----

// A format whose name begins as the contract has it, with so many bits.
xplat.kernel @wide implements "xplat.max_pool2d" rtl "pool" files ["pool.sv"] {
  formats x mxfp (5 to 8), y any
  streams in ["in"] out ["out"]
  cycles (1) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @blocks implements "xplat.max_pool2d" rtl "pool" files ["pool.sv"] {
  formats x fixed (2 to 16) | mxfp (4 to 4), y any (2 to 4)
  parameter StrideH (stride_h) parameter StrideW (stride_w)
  streams in ["in"] out ["out"]
  cycles (oh) latency (1) buffer (1) area lut (p_c)
}
!mx = !xplat.mx<f4E2M1FN, 32, axis = 1>
// CHECK-LABEL: func.func @block_formats
func.func @block_formats(%x: tensor<1x4x4x4x!mx>) -> tensor<1x4x2x2x!mx> {
  // CHECK: xplat.max_pool2d {{.*}}kernel = @blocks
  %0 = xplat.max_pool2d %x window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x4x4x!mx> -> tensor<1x4x2x2x!mx>
  return %0 : tensor<1x4x2x2x!mx>
}

// -----

// A contract without its fragments states nothing that could be computed.
!q = !quant.uniform<i8:f32, 6.25e-02>
// expected-note @below {{kernel @part does not fit: it includes @fragment, which is not linked; run 'xplat-link-library'}}
xplat.kernel @part implements "xplat.relu" generated {
  include @fragment
  cycles (folds) latency (1) buffer (1)
}
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.relu'}}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

// An integer in a chain has no circuit.
!q = !quant.uniform<i8:f32, 6.25e-02>
// expected-note @+1 {{kernel @fused does not fit}}
xplat.kernel @fused implements "xplat.fused" generated { cycles (n) latency (1) buffer (1) area lut (0) }
func.func @integers(%arg0: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @+1 {{no kernel implements 'xplat.fused'}}
  %0 = xplat.fused %arg0 {
  ^bb0(%a: f32):
    %c = arith.constant 1 : i32
    %d = arith.sitofp %c : i32 to f32
    %e = arith.addf %a, %d : f32
    xplat.yield %e : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @add implements "xplat.add" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.param @a : tensor<1x4x!q>
xplat.param @b : tensor<1x4x!q>

// A constant that only nodes without a kernel read is no failure of its own, whatever it passes on its way, with a
// kernel or without; one that a node with a kernel and a sample reads too is.
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.constant @a : tensor<1x4x!q>
  %1 = xplat.transpose %0 permutation [0, 1] : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.maximum'}}
  // expected-note @below {{the library has no kernel for this op}}
  %2 = xplat.maximum %x, %1 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.constant'}}
  // expected-note @below {{the library has no kernel for this op}}
  %3 = xplat.constant @b : tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.maximum'}}
  // expected-note @below {{the library has no kernel for this op}}
  %4 = xplat.maximum %2, %3 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  %5 = xplat.add %4, %3 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  %6 = xplat.constant @b : tensor<1x4x!q>
  %7 = xplat.add %6, %6 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.maximum'}}
  // expected-note @below {{the library has no kernel for this op}}
  %8 = xplat.maximum %5, %7 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  return %8 : tensor<1x4x!q>
}
