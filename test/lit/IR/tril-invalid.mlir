// RUN: xplat-opt --split-input-file --verify-diagnostics %s

func.func @shapes(%x: tensor<1x4x4xf32>) -> tensor<1x4x5xf32> {
  // expected-error @+1 {{[tril C1]}}
  %0 = xplat.tril %x diagonal 0 fill 0.0 : tensor<1x4x4xf32> -> tensor<1x4x5xf32>
  return %0 : tensor<1x4x5xf32>
}

// -----

func.func @rank(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{[tril C1] expected at least two dimensions but got 'tensor<4xf32>'}}
  %0 = xplat.tril %x diagonal 0 fill 0.0 : tensor<4xf32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @fill(%x: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  // expected-error @+1 {{[tril C2] expected a number as fill}}
  %0 = xplat.tril %x diagonal 0 fill 0x7FF8000000000000 : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  return %0 : tensor<1x4x4xf32>
}
