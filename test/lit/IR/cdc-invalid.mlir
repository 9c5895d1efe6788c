// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: another clock and nothing else.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[cdc C1] expected operand and result of one type but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<4xf32, beat = (4)>'}}
  xplat.cdc %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (4)>
  return
}
