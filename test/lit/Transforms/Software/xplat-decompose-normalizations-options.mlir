// RUN: xplat-opt --xplat-decompose-normalizations="keep=xplat.softmax,xplat.rms_norm bits=6" %s | FileCheck %s --check-prefix=KEEP
// RUN: xplat-opt --xplat-decompose-normalizations=bits=0 %s 2>&1 | FileCheck %s --check-prefix=FLOAT

// KEEP-LABEL: func.func @forward
// KEEP: xplat.softmax
// KEEP: xplat.reduce {{.*}} mean over [1] {quantization = #xplat.quantization<value = i14>}
// KEEP: xplat.div {{.*}} {quantization = #xplat.quantization<value = i6>}
// FLOAT: remark: not decomposed: its operand is not to be fixed point
// FLOAT-LABEL: func.func @forward
// FLOAT: xplat.softmax
// FLOAT: xplat.layer_norm
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.softmax %x dim 1 : tensor<1x16xf32> -> tensor<1x16xf32>
  %1 = xplat.layer_norm %0 axes 1 epsilon 1.0e-5 : tensor<1x16xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
