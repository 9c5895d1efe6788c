// RUN: xplat-opt %s --xplat-quantize | FileCheck %s

// A weight of rank 1 has one dimension for its blocks.
// CHECK: xplat.param {{.*}} : tensor<3x!xplat.msfp<4, 16, axis = 0>>
#blocks = #xplat.quantization<value = !xplat.mx<i8, 32>, weight = !xplat.msfp<4, 16>>
xplat.param @scale : tensor<3xf32>
func.func @two_samples(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  %0 = xplat.host_input %x {quantization = #blocks} : tensor<2x3x4x4xf32> -> tensor<2x3x4x4xf32>
  %1 = xplat.channel_affine %0 dim 1 weight @scale {quantization = #blocks} : tensor<2x3x4x4xf32> -> tensor<2x3x4x4xf32>
  %2 = xplat.host_output %1 : tensor<2x3x4x4xf32> -> tensor<2x3x4x4xf32>
  return %2 : tensor<2x3x4x4xf32>
}
