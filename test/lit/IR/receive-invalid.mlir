// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one end at which the stream leaves.

func.func @b() {
  // expected-error@below {{[receive C1] expected one 'xplat.send' of stream @x, which @b receives, but there is none}}
  %0 = xplat.receive @x : <4xf32>
  return
}

// -----

func.func @b() {
  // expected-error@below {{[receive C1] expected one 'xplat.send' of stream @x, which @b receives, but there are 2}}
  %0 = xplat.receive @x : <4xf32>
  return
}
func.func @a(%arg0: !xplat.stream<4xf32>) {
  // expected-note@below {{one is in @a}}
  xplat.send %arg0 to @x : <4xf32>
  // expected-note@below {{one is in @a}}
  xplat.send %arg0 to @x : <4xf32>
  return
}
