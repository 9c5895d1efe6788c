// RUN: not xplat-opt --xplat-fuse-elementwise=max-inputs=-3 %s 2>&1 | FileCheck %s

// CHECK: error: expected 'max-inputs' of 0 or more but got -3
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}
