// RUN: xplat-opt "--xplat-quantize=value=!xplat.msfp<4,16>" %s | FileCheck %s

// An option may name a format of the dialect where nothing else has loaded it.
// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}
