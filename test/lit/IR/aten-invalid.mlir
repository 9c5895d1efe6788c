// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: operands and arguments fit.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C1] expected operand 0 among the arguments}}
  xplat.aten "aten.cumsum.default"(%arg0) [0, unit] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C1] expected an operand number below 1 but got #xplat.operand<1>}}
  xplat.aten "aten.cumsum.default"(%arg0) [#xplat.operand<0>, [#xplat.operand<1>]] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// C2: kinds of arguments.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C2] expected operands, unit, booleans, integers, floats, strings, types or arrays of these as arguments but got @f}}
  xplat.aten "aten.cumsum.default"(%arg0) [#xplat.operand<0>, @f] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// C3: the name.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C3] expected 'namespace.name.overload' and an index that is not negative but got 'cumsum' and 0}}
  xplat.aten "cumsum"(%arg0) [#xplat.operand<0>] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C3] expected 'namespace.name.overload' and an index that is not negative but got 'aten.sort.default' and -1}}
  xplat.aten "aten.sort.default"(%arg0) [#xplat.operand<0>] {index = -1} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// C4: the work.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[aten C4] expected a number of multiplications that is not negative but got -1}}
  xplat.aten "aten.cumsum.default"(%arg0) [#xplat.operand<0>, 0, unit] {multiplications = -1} : (tensor<4xf32>) -> tensor<4xf32>
  return
}
