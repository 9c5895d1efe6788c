// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank and batch.
func.func @f(%arg0: tensor<2x3x4xf32>, %arg1: tensor<2x3x4xf32>, %arg2: tensor<2x3x4xf32>) {
  // expected-error@below {{[attention C1] expected [batch, heads, length, depth] with one batch}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<2x2x3x4xf32>, %arg2: tensor<2x2x3x4xf32>) {
  // expected-error@below {{[attention C1] expected [batch}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<2x2x3x4xf32>, tensor<2x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

// C2: depths, lengths, heads.
func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x3x5xf32>, %arg2: tensor<1x2x3x4xf32>) {
  // expected-error@below {{[attention C2] expected query and key of one depth}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x3x5xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x3x3x4xf32>, %arg1: tensor<1x2x3x4xf32>, %arg2: tensor<1x2x3x4xf32>) {
  // expected-error@below {{[attention C2] expected query and key of one depth}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<1x3x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x3x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x5x4xf32>, %arg2: tensor<1x2x3x4xf32>) {
  // expected-error@below {{[attention C2] expected query and key of one depth, key and value of one length}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

// C3: the result.
func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x5x4xf32>, %arg2: tensor<1x2x5x6xf32>) {
  // expected-error@below {{[attention C3] expected the query's heads and length and the value's depth in the result but got 'tensor<1x2x3x4xf32>'}}
  xplat.attention %arg0, %arg1, %arg2 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

// C4: the mask.
func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x5x4xf32>, %arg2: tensor<1x2x5x4xf32>, %arg3: tensor<1x1x5x3xf32>) {
  // expected-error@below {{[attention C4] expected a mask of numbers, of shape [1 or batch, 1 or heads, 3, 5], but got 'tensor<1x1x5x3xf32>'}}
  xplat.attention %arg0, %arg1, %arg2 mask %arg3 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x1x5x3xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x5x4xf32>, %arg2: tensor<1x2x5x4xf32>, %arg3: tensor<1x1x3x5xi1>) {
  // expected-error@below {{[attention C4] expected a mask of numbers}}
  xplat.attention %arg0, %arg1, %arg2 mask %arg3 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x1x3x5xi1>) -> tensor<1x2x3x4xf32>
  return
}

// -----

// C5: the scale.
func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x5x4xf32>, %arg2: tensor<1x2x5x4xf32>) {
  // expected-error@below {{[attention C5] expected a number as scale}}
  xplat.attention %arg0, %arg1, %arg2 scale 0x7FF0000000000000 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x3x4xf32>
  return
}

// -----

// C6: numbers.
func.func @f(%arg0: tensor<1x2x3x4xf32>, %arg1: tensor<1x2x3x4xi32>) {
  // expected-error@below {{[attention C6] expected numbers but got indices or truth values: 'tensor<1x2x3x4xf32>', 'tensor<1x2x3x4xi32>', 'tensor<1x2x3x4xf32>'}}
  xplat.attention %arg0, %arg1, %arg0 scale 1.0 : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xi32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  return
}
