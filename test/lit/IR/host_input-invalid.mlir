// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape.
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[host_input C1] expected operand and result of one shape but got 'tensor<1x4xf32>' and 'tensor<4xf32>'}}
  xplat.host_input %arg0 : tensor<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[host_input C1] expected a 'view' and a 'permutation' of its dimensions}}
  xplat.host_input %arg0 view [4] : tensor<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[host_input C1] expected a 'view' and a 'permutation' of its dimensions}}
  xplat.host_input %arg0 view [2, 2] permutation [1, 1] : tensor<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[host_input C1] expected a 'view' and a result of 4 elements, as the operand has, but got [2, 3] and 'tensor<4xf32>'}}
  xplat.host_input %arg0 view [2, 3] permutation [1, 0] : tensor<1x4xf32> -> tensor<4xf32>
  return
}

// -----

// C2: from f32.
func.func @f(%arg0: tensor<4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@below {{[host_input C2] expected a tensor of f32 or of integers but got 'tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>'}}
  xplat.host_input %arg0 : tensor<4x!quant.uniform<i8:f32, 0.5>> -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

// C2: integers come from integers, and lose no bits on the way that the host's have not.
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[host_input C2] expected an operand of integers of at least the result's bits but got 'tensor<1x4xf32>' for 'tensor<1x4xi8>'}}
  xplat.host_input %arg0 : tensor<1x4xf32> -> tensor<1x4xi8>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xi8>) {
  // expected-error@below {{[host_input C2] expected an operand of integers of at least the result's bits}}
  xplat.host_input %arg0 : tensor<1x4xi8> -> tensor<1x4xi16>
  return
}
