// RUN: xplat-opt %s -xplat-link-library="files=%S/../../../hw_kernels/linear/kernel.mlir,%S/../../../hw_kernels/linear_sparse/kernel.mlir,%S/../../../hw_kernels/host/kernel.mlir,%S/../../../hw_kernels/common/fragments.mlir,%devices/families/series7.mlir" -o %t
// RUN: xplat-analysis-test choices %t | FileCheck %s

// Layers of which half of the weights are zero: two kernels compete. The third layer is like the second one, and the
// fourth has a kernel, the fifth a factor. Six sets for seven nodes.
// CHECK: {{[0-9]+}} choices of {{[0-9]+}} in 6 sets for 7 nodes

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @board fpga part "p" family @series7 clock_mhz 100.0 resources <lut = 1000> source "for tests" {
}
xplat.system @one {
  xplat.instance @a of @board
}
xplat.param @dense : tensor<16x16x!q>
xplat.param @w {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 128>} : tensor<16x16x!q>
xplat.param @v {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 128>} : tensor<16x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @dense : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.linear %2 weight @v : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.linear %3 weight @w {fixed = #xplat.config<kernel = @linear>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %5 = xplat.linear %4 weight @w {fixed = #xplat.config<unroll = <?, ?, 4>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %6 = xplat.host_output %5 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %6 : tensor<1x16xf32>
}
