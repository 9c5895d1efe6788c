// RUN: xplat-opt --xplat-remove-unused-params --allow-unregistered-dialect --verify-diagnostics %s | FileCheck %s

// Nobody can say what an unknown op with a region names.
// CHECK: xplat.param @w :
// CHECK: xplat.param @unused :
xplat.param @w : tensor<3x4xf32>
xplat.param @unused : tensor<3xf32>
// expected-remark @+1 {{nothing removed: an unregistered op in it may refer to any symbol}}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x3xf32> {
  "test.region"() ({}) : () -> ()
  %0 = xplat.linear %x weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}
