// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a depth of two at least.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fifo C1] expected a depth of at least 2 but got 1}}
  xplat.fifo %arg0 depth 1 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fifo C1] expected a depth of at least 2 but got -4}}
  xplat.fifo %arg0 depth -4 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

// C2: one type.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fifo C2] expected operand and result of one type but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<4xf32>'}}
  xplat.fifo %arg0 depth 2 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32>
  return
}
