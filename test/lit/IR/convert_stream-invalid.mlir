// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: another order or beat and nothing else.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[convert_stream C1] expected types that differ in order or beat and in nothing else but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<4xf32, beat = (2)>'}}
  xplat.convert_stream %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[convert_stream C1] expected types that differ in order or beat and in nothing else but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<9xf32, beat = (3)>'}}
  xplat.convert_stream %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<9xf32, beat = (3)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[convert_stream C1] expected types that differ in order or beat and in nothing else}}
  xplat.convert_stream %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4x!quant.uniform<i8:f32, 0.5>, beat = (4)>
  return
}
