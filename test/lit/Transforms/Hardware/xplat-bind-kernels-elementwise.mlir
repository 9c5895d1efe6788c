// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-bind-kernels | FileCheck %s
// RUN: not xplat-opt %s -split-input-file -xplat-bind-kernels="open partial" 2>/dev/null | FileCheck %s --check-prefix=OPEN

!q = !quant.uniform<i8:f32, 6.25e-02>
!wide = !quant.uniform<i12:f32, 3.90625e-03>

xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (bits_x * p_c)
}
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  formats x fixed (2 to 12), y fixed
  streams in ["in"] out ["out"]
  lookup table (bits_y) x (exp2 (bits_x)) copies (p_c)
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area rom (bits_y, exp2 (bits_x)) x (p_c)
}

// One kernel for every function of one operand, and for chains of them; where another one fits, too, the search
// chooses between them.
// CHECK-LABEL: func.func @forward
// OPEN-LABEL: func.func @forward
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!wide> {
  // CHECK: xplat.relu %{{.*}} {config = #xplat.config<kernel = @relu>}
  // OPEN: xplat.relu %{{[a-z0-9]*}} : tensor
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  // CHECK: xplat.gelu %{{.*}} {config = #xplat.config<kernel = @lookup_table>}
  // OPEN: xplat.gelu %{{.*}} {config = #xplat.config<kernel = @lookup_table>}
  %1 = xplat.gelu %0 : tensor<1x4x!q> -> tensor<1x4x!q>
  // CHECK: xplat.fused
  // CHECK: } {config = #xplat.config<kernel = @lookup_table>}
  // OPEN: } {config = #xplat.config<kernel = @lookup_table>}
  %2 = xplat.fused %1 {
  ^bb0(%a: f32):
    %e = math.exp %a : f32
    %y = arith.mulf %a, %e : f32
    xplat.yield %y : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!wide>
  // CHECK: xplat.log %{{.*}} {config = #xplat.config<kernel = @lookup_table>}
  %3 = xplat.log %2 : tensor<1x4x!wide> -> tensor<1x4x!wide>
  return %3 : tensor<1x4x!wide>
}

// -----

!q = !quant.uniform<i16:f32, 3.90625e-03>

// expected-note @below {{kernel @lookup_table does not fit: port 'x' needs fixed of 2 to 12 bits, but has fixed<16, 8>; request a narrower format for it}}
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  formats x fixed (2 to 12)
  lookup table (bits_y) x (1)
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @wide(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.erf'}}
  %0 = xplat.erf %x : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @lookup_table does not fit: it takes 1 input stream(s), but the node has 2}}
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  formats x fixed (2 to 4)
  lookup table (bits_y) x (1)
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
// expected-note @below {{kernel @both does not fit: it needs input_bits <= 12, but input_bits = 16}}
xplat.kernel @both implements "ElementwiseOpInterface" rtl "xplat_both" files ["both.sv"] {
  where (inputs == 2, input_bits <= 12)
  lookup table (bits_y) x (1)
  streams in ["a", "b"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @two(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.div'}}
  %0 = xplat.div %x, %x : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  lookup table (bits_y) x (1)
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @other(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{is bound to kernel @lookup_table, which implements 'ElementwiseOpInterface'}}
  %0 = xplat.softmax %x dim 1 {config = #xplat.config<kernel = @lookup_table>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i4:f32, 6.25e-02>

// A node with polynomials is not for kernels that compute the exact result.
// expected-note @below {{kernel @sqrt does not fit: it computes the exact result, but the node has polynomials}}
xplat.kernel @sqrt implements "xplat.sqrt" rtl "xplat_sqrt" files ["sqrt.sv"] {
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
// expected-note @below {{kernel @relu does not fit: it computes the exact result, but the node has polynomials}}
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (bits_x * p_c)
}
func.func @exact(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.sqrt'}}
  %0 = xplat.sqrt %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [3], coefficients = [0, 3, 12, 3]>} : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.relu'}}
  %1 = xplat.relu %0 {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [3], coefficients = [0, 3, 12, 3]>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}
