// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels=open -xplat-balance-rates="system=one max-utilization=1 target-cycles=512" -xplat-partition="system=one max-utilization=1" -xplat-annotate-cost -xplat-verify-mapping="max-utilization=1" | FileCheck %s
// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=one max-utilization=1 target-cycles=512" | FileCheck %s

// Two kernels for a linear layer. That of the library reads its weights for every row; the one here keeps a weight for
// all rows, which takes 100 cycles to begin with and a quarter of the multipliers.

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @linear_rows implements "xplat.linear" rtl "linear_rows" files ["linear_rows.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (m * (n floordiv p_n) * (k floordiv p_k) + 100)
  latency (100)
  buffer (m * (k floordiv p_k))
  area lut (40 * p_n) dsp ((p_n * p_k) ceildiv 4)
}
xplat.param @w : tensor<16x16x!q>

// One row: 256 products, one multiplier, no time for a long beginning. A node that one kernel fits is bound.
// CHECK-LABEL: func.func @row
// CHECK: xplat.host_input {{.*}}kernel = @host_input
// CHECK: xplat.linear {{.*}}dsp = 1>, config = #xplat.config<kernel = @linear,{{.*}}cycles = 256
func.func @row(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.host_output %1 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @linear_rows implements "xplat.linear" rtl "linear_rows" files ["linear_rows.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (m * (n floordiv p_n) * (k floordiv p_k) + 100)
  latency (100)
  buffer (m * (k floordiv p_k))
  area lut (40 * p_n) dsp ((p_n * p_k) ceildiv 4)
}
xplat.param @w : tensor<16x16x!q>

// 16 rows: 16 products a cycle with 4 multipliers, instead of 8 with 8.
// CHECK-LABEL: func.func @rows
// CHECK: xplat.linear {{.*}}dsp = 4>, config = #xplat.config<kernel = @linear_rows,{{.*}}cycles = 356
func.func @rows(%x: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %0 = xplat.host_input %x : tensor<16x16xf32> -> tensor<16x16x!q>
  %1 = xplat.linear %0 weight @w : tensor<16x16x!q> -> tensor<16x16x!q>
  %2 = xplat.host_output %1 : tensor<16x16x!q> -> tensor<16x16xf32>
  return %2 : tensor<16x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @linear_rows implements "xplat.linear" rtl "linear_rows" files ["linear_rows.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (m * (n floordiv p_n) * (k floordiv p_k) + 100)
  latency (100)
  buffer (m * (k floordiv p_k))
  area lut (40 * p_n) dsp ((p_n * p_k) ceildiv 4)
}
xplat.param @w : tensor<16x16x!q>

// A kernel that is given stays.
// CHECK-LABEL: func.func @fixed
// CHECK: xplat.linear {{.*}}dsp = 8>, config = #xplat.config<kernel = @linear,{{.*}}cycles = 512
func.func @fixed(%x: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %0 = xplat.host_input %x : tensor<16x16xf32> -> tensor<16x16x!q>
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<kernel = @linear>} : tensor<16x16x!q> -> tensor<16x16x!q>
  %2 = xplat.host_output %1 : tensor<16x16x!q> -> tensor<16x16xf32>
  return %2 : tensor<16x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @together implements "xplat.linear" rtl "together" files ["together.sv"] {
  let all (n floordiv p_n)
  where (all == 1)
  streams in ["in"] out ["out"]
  memory weight (n * p_k * bits_weight) x (k floordiv p_k)
  cycles (m, m * (k floordiv p_k))
  latency (10)
  buffer (3)
  order (m, k, n)
  area lut (1) dsp (p_k)
}
xplat.param @w : tensor<16x16x!q>

// A kernel that fits under some factors only, which are not those that it is asked for first.
// CHECK-LABEL: func.func @some_factors
// CHECK: xplat.linear {{.*}}dsp = 1>, config = #xplat.config<kernel = @together,{{.*}}unroll = <1, 16, 1>
func.func @some_factors(%x: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %0 = xplat.host_input %x : tensor<16x16xf32> -> tensor<16x16x!q>
  %1 = xplat.linear %0 weight @w : tensor<16x16x!q> -> tensor<16x16x!q>
  %2 = xplat.host_output %1 : tensor<16x16x!q> -> tensor<16x16xf32>
  return %2 : tensor<16x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @together implements "xplat.linear" rtl "together" files ["together.sv"] {
  streams in ["in"] out ["out"]
  memory weight (n * p_k * bits_weight) x (k floordiv p_k)
  cycles (m, m * (k floordiv p_k))
  latency (10)
  buffer (3)
  order (m, k, n)
  area lut (1) dsp (p_n)
}
xplat.param @w : tensor<16x16x!q>

// A node may ask for it by name. That all outputs are computed at once follows from the
// order of the loops, too, though fewer would take less.
// CHECK-LABEL: func.func @some_factors_fixed
// CHECK: xplat.linear {{.*}}kernel = @together,{{.*}}unroll = <1, 16, 4>
func.func @some_factors_fixed(%x: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %0 = xplat.host_input %x : tensor<16x16xf32> -> tensor<16x16x!q>
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<kernel = @together, unroll = <?, ?, 4>>} : tensor<16x16x!q> -> tensor<16x16x!q>
  %2 = xplat.host_output %1 : tensor<16x16x!q> -> tensor<16x16xf32>
  return %2 : tensor<16x16xf32>
}
