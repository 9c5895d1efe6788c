// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape.
func.func @f(%arg0: !xplat.stream<1x4xf32>) {
  // expected-error@below {{[host_output C1] expected operand and result of one shape but got '!xplat.stream<1x4xf32>' and 'tensor<4xf32>'}}
  xplat.host_output %arg0 : !xplat.stream<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4xf32>) {
  // expected-error@below {{[host_output C1] expected a 'view' and a 'permutation' of its dimensions}}
  xplat.host_output %arg0 view [4] : !xplat.stream<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4xf32>) {
  // expected-error@below {{[host_output C1] expected a 'view' and a 'permutation' of its dimensions}}
  xplat.host_output %arg0 view [2, 2] permutation [1, 1] : !xplat.stream<1x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4xf32>) {
  // expected-error@below {{[host_output C1] expected a 'view' and a result of 4 elements, as the operand has, but got [2, 3] and 'tensor<4xf32>'}}
  xplat.host_output %arg0 view [2, 3] permutation [1, 0] : !xplat.stream<1x4xf32> -> tensor<4xf32>
  return
}

// -----

// C2: to f32.
func.func @f(%arg0: tensor<4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@below {{[host_output C2] expected a result of f32, or for integers one of integers of at least as many bits, but got 'tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>'}}
  xplat.host_output %arg0 : tensor<4x!quant.uniform<i8:f32, 0.5>> -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return
}
