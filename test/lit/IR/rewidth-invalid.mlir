// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: other lanes and nothing else.

func.func @f(%arg0: !xplat.stream<4xf32, 2>) {
  // expected-error@below {{[rewidth C1] expected types that differ in lanes and in nothing else but got '!xplat.stream<4xf32, 2>' and '!xplat.stream<4xf32, 2>'}}
  xplat.rewidth %arg0 : !xplat.stream<4xf32, 2> -> !xplat.stream<4xf32, 2>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, 2>) {
  // expected-error@below {{[rewidth C1] expected types that differ in lanes and in nothing else but got '!xplat.stream<4xf32, 2>' and '!xplat.stream<9xf32, 3>'}}
  xplat.rewidth %arg0 : !xplat.stream<4xf32, 2> -> !xplat.stream<9xf32, 3>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, 2>) {
  // expected-error@below {{[rewidth C1] expected types that differ in lanes and in nothing else}}
  xplat.rewidth %arg0 : !xplat.stream<4xf32, 2> -> !xplat.stream<4x!quant.uniform<i8:f32, 0.5>, 4>
  return
}
