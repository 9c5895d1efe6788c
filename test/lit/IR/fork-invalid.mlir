// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: two results or more, of the operand's type.

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fork C1] expected at least two results but got 1}}
  xplat.fork %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fork C1] expected at least two results but got 0}}
  "xplat.fork"(%arg0) : (!xplat.stream<4xf32, beat = (2)>) -> ()
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[fork C1] expected results of the operand's type '!xplat.stream<4xf32, beat = (2)>' but got '!xplat.stream<4xf32, beat = (4)>'}}
  xplat.fork %arg0 : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>, !xplat.stream<4xf32, beat = (4)>
  return
}
