// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: another clock and nothing else.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[cdc C1] expected operand and result of one type but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<4xf32, beat = (4)>'}}
  xplat.cdc %arg0 depth 16 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (4)>
  return
}

// -----

// C2: what the counts that cross need.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[cdc C2] expected a power of two of at least 16 as depth but got 8}}
  xplat.cdc %arg0 depth 8 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[cdc C2] expected a power of two of at least 16 as depth but got 24}}
  xplat.cdc %arg0 depth 24 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}
