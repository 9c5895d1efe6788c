// RUN: not xplat-opt --xplat-quantize=width=1 %s 2>&1 | FileCheck %s --check-prefix=WIDTH
// RUN: not xplat-opt --xplat-quantize=weight-width=17 %s 2>&1 | FileCheck %s --check-prefix=WEIGHT
// RUN: not xplat-opt --xplat-quantize=value=int8 %s 2>&1 | FileCheck %s --check-prefix=FORMAT
// RUN: not xplat-opt --xplat-quantize=weight=i32 %s 2>&1 | FileCheck %s --check-prefix=WIDE

// WIDTH: expected 'width' between 2 and 16 bits but got 1
// WEIGHT: expected 'weight-width' between 2 and 16 bits but got 17
// FORMAT: expected a number format but got 'int8'
// WIDE: expected 'weight' between 2 and 16 bits but got 32
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}
