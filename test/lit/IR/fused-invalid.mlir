// RUN: xplat-opt %s -verify-diagnostics -split-input-file -allow-unregistered-dialect

// C1: an argument of f32 for each operand.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[fused C1] expected an f32 argument of the body for each of the 1 operands but got ('f32', 'f32')}}
  xplat.fused %arg0 {
  ^bb0(%0: f32, %1: f32):
    xplat.yield %0 : f32
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[fused C1] expected an f32 argument of the body for each of the 1 operands but got ('f64')}}
  xplat.fused %arg0 {
  ^bb0(%0: f64):
    %1 = arith.constant 0.0 : f32
    xplat.yield %1 : f32
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// C2: scalar arithmetic.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[fused C2] expected operations of 'arith' and 'math' in the body but got 'tensor.empty'}}
  xplat.fused %arg0 {
  ^bb0(%0: f32):
    %1 = tensor.empty() : tensor<4xf32>
    xplat.yield %0 : f32
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[fused C2] expected operations of 'arith' and 'math' in the body but got 'foo.bar'}}
  xplat.fused %arg0 {
  ^bb0(%0: f32):
    "foo.bar"() : () -> ()
    xplat.yield %0 : f32
  } : (tensor<4xf32>) -> tensor<4xf32>
  return
}
