// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one end at which the stream arrives.

func.func @a(%arg0: !xplat.stream<4xf32>) {
  // expected-error@below {{[send C1] expected one 'xplat.receive' of stream @x, which @a sends, but there is none}}
  xplat.send %arg0 to @x : <4xf32>
  return
}
func.func @b() {
  %0 = xplat.receive @y : <4xf32>
  return
}
func.func @c(%arg0: !xplat.stream<4xf32>) {
  xplat.send %arg0 to @y : <4xf32>
  return
}

// -----

func.func @a(%arg0: !xplat.stream<4xf32>) {
  // expected-error@below {{[send C1] expected one 'xplat.receive' of stream @x, which @a sends, but there are 2}}
  xplat.send %arg0 to @x : <4xf32>
  return
}
func.func @b() {
  // expected-note@below {{one is in @b}}
  %0 = xplat.receive @x : <4xf32>
  return
}
func.func @c() {
  // expected-note@below {{one is in @c}}
  %0 = xplat.receive @x : <4xf32>
  return
}

// -----

// C2: of the same type, in another function.

func.func @a(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[send C2] expected stream @x to arrive as '!xplat.stream<4xf32, beat = (2)>' but it arrives as '!xplat.stream<4xf32>'}}
  xplat.send %arg0 to @x : <4xf32, beat = (2)>
  return
}
func.func @b() {
  // expected-note@below {{received here}}
  %0 = xplat.receive @x : <4xf32>
  return
}

// -----

func.func @a(%arg0: !xplat.stream<4xf32>) {
  // expected-error@below {{[send C2] expected another function than @a to receive stream @x}}
  xplat.send %arg0 to @x : <4xf32>
  // expected-note@below {{received here}}
  %0 = xplat.receive @x : <4xf32>
  return
}
