// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// What holds for every node. N1: static, positive, bounded extents.

func.func @f(%arg0: tensor<?x4xf32>) {
  // expected-error@below {{[node N1] expected static shapes of positive extents with at most 1099511627776 elements but got 'tensor<?x4xf32>'}}
  xplat.relu %arg0 : tensor<?x4xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x0x4x4xf32>) {
  // expected-error@below {{[node N1] expected static shapes of positive extents}}
  xplat.relu %arg0 : tensor<1x0x4x4xf32> -> tensor<1x0x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1048576x1048577xf32>) {
  // expected-error@below {{[node N1] expected static shapes of positive extents}}
  xplat.relu %arg0 : tensor<1048576x1048577xf32> -> tensor<1048576x1048577xf32>
  return
}

// -----

// N2: number formats with one scale.

func.func @f(%arg0: tensor<4xf64>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got 'f64'}}
  xplat.relu %arg0 : tensor<4xf64> -> tensor<4xf64>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got '!quant.uniform<i8:f32, 5.000000e-01:3>'}}
  xplat.cast %arg0 : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got '!quant.uniform<u8<0:254>:f32, 5.000000e-01>'}}
  xplat.cast %arg0 : tensor<4xf32> -> tensor<4x!quant.uniform<u8<0:254>:f32, 0.5>>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got '!quant.uniform<i8<-127:127>:f32, 5.000000e-01>'}}
  xplat.cast %arg0 : tensor<4xf32> -> tensor<4x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @f(%arg0: tensor<2xf32>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got '!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>'}}
  xplat.cast %arg0 : tensor<2xf32> -> tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  return
}

// -----

// N3: one legal unroll factor for each loop.

func.func @f(%arg0: tensor<1x8x4x4xf32>) {
  // expected-error@below {{[node N3] expected 2 unroll factors, one per loop, but got 1}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <4>>} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x8x4x4xf32>) {
  // expected-error@below {{[node N3] unroll factor 3 of loop c (extent 8) is not legal; legal are 1 2 4 8}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <?, 3>>} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x8x4x4xf32>) {
  // expected-error@below {{[node N3] factor 2 of loop n needs beats of all 8 elements of the innermost dimension, but the other factors give 1}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <2, 1>>} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

// Several pixels of a beat are neighbours in one row of the image.
func.func @f(%arg0: tensor<1x8x4x4xf32>) {
  // expected-error@below {{[node N3] unroll factor 8 of loop n (extent 16) is not legal; legal are 1 2 4}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <8, 8>>} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

// Windows of several pixels are read at once.
func.func @f(%arg0: tensor<1x8x4x4xf32>) {
  // expected-error@below {{[node N3] factor 2 of loop ow needs loop kw unrolled completely, by 3}}
  xplat.max_pool2d %arg0 window [3, 3] stride [1, 1] padding [1, 1] {config = #xplat.config<unroll = <1, 2, 8, 3, 1>>} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

// A beat has the exponents of one row.
func.func @f(%arg0: tensor<4x32xf32>) {
  // expected-error@below {{[node N3] factor 2 of loop n needs streams without blocks of a shared exponent along the innermost dimension}}
  xplat.cast %arg0 {config = #xplat.config<unroll = <2, 32>>} : tensor<4x32xf32> -> tensor<4x32x!xplat.msfp<4, 16>>
  return
}

// -----

// An unrolled set of output channels reads the input channels of one group.
xplat.param @w : tensor<8x2x1x1xf32>
func.func @f(%arg0: tensor<1x4x4x4xf32>) {
  // expected-error@below {{[node N3] unroll factor 8 of loop oc (extent 8) is not legal; legal are 1 2 4}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 2 {config = #xplat.config<unroll = <1, 1, 8, 1, 1, 1>>}
      : tensor<1x4x4x4xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x1x2x2xf32>) {
  // expected-error@below {{[node N3] loop kh has extent 4611686018427387904, more than 1099511627776}}
  xplat.avg_pool2d %arg0 window [4611686018427387904, 1] stride [3, 1] padding [2305843009213693952, 0]
      : tensor<1x1x2x2xf32> -> tensor<1x1x1x2xf32>
  return
}

// -----

// N4: lanes that the unroll factors need.

func.func @f(%arg0: !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>) {
  // expected-error@below {{[node N4] expected 4 lanes on operand 0 under its unroll factors but got '!xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>'}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 4>>} : !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)> -> !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (4)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (4)>) {
  // expected-error@below {{[node N4] expected 4 lanes on result 0 under its unroll factors but got '!xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>'}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 4>>} : !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (4)> -> !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>
  return
}

// -----

// Without factors, all are one.
func.func @f(%arg0: !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>) {
  // expected-error@below {{[node N4] expected 1 lanes on operand 0}}
  xplat.relu %arg0 : !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)> -> !xplat.stream<1x8x4x4xf32, order = (0, 2, 3, 1), beat = (2)>
  return
}

// -----

// N5: the default layout, or one for all streams of a node that takes any.

xplat.param @w : tensor<4x4x1x1xf32>
func.func @f(%arg0: !xplat.stream<1x4x4x4xf32>) {
  // expected-error@below {{[node N5] expected a stream in the default order with its lanes along the innermost dimension, '!xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1)>', but got '!xplat.stream<1x4x4x4xf32>'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1
      : !xplat.stream<1x4x4x4xf32> -> !xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1)>
  return
}

// -----

xplat.param @w : tensor<4x4x1x1xf32>
func.func @f(%arg0: !xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1), beat = (2, 1)>) {
  // expected-error@below {{[node N5] expected a stream in the default order with its lanes along the innermost dimension, '!xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1), beat = (2)>', but got '!xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1), beat = (2, 1)>'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 {config = #xplat.config<unroll = <1, 1, 1, 1, 1, 2>>}
      : !xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1), beat = (2, 1)> -> !xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4x4x4xf32>) {
  // expected-error@below {{[node N5] expected one order and one beat for all its streams but got '!xplat.stream<1x4x4x4xf32>' and '!xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1)>'}}
  xplat.relu %arg0 : !xplat.stream<1x4x4x4xf32> -> !xplat.stream<1x4x4x4xf32, order = (0, 2, 3, 1)>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4x4x4xf32, beat = (2, 2)>) {
  // expected-error@below {{[node N5] expected one order and one beat for all its streams but got '!xplat.stream<1x4x4x4xf32, beat = (2, 2)>' and '!xplat.stream<1x4x4x4xf32, beat = (4)>'}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 4>>} : !xplat.stream<1x4x4x4xf32, beat = (2, 2)> -> !xplat.stream<1x4x4x4xf32, beat = (4)>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N2] expected blocks along a dimension of the tensor but got 'tensor<1x4x!xplat.msfp<4, 16, axis = 2>>'}}
  xplat.cast %arg0 : tensor<1x4xf32> -> tensor<1x4x!xplat.msfp<4, 16, axis = 2>>
  return
}

// -----

// N6: what was chosen is complete in its parts and keeps what is fixed.

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected every unroll factor to be chosen but got #xplat.unroll<1, ?>}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, ?>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected the fixed kernel @relu but got @relu_wide}}
  xplat.relu %arg0 {config = #xplat.config<kernel = @relu_wide>, fixed = #xplat.config<kernel = @relu>}
      : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected the fixed place #xplat.place<@rack::@a> but got #xplat.place<@rack::@b>}}
  xplat.relu %arg0 {config = #xplat.config<place = <@rack::@b>>, fixed = #xplat.config<place = <@rack::@a>>}
      : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected the fixed unroll factors #xplat.unroll<?, 2> but got #xplat.unroll<1, 4>}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 4>>, fixed = #xplat.config<unroll = <?, 2>>}
      : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected no memories in what is fixed}}
  xplat.relu %arg0 {fixed = #xplat.config<roms = []>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected '#xplat.rom_use' for each memory but got [@weight]}}
  xplat.relu %arg0 {config = #xplat.config<roms = [@weight]>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N3] unroll factor 3 of loop c (extent 4) is not legal; legal are 1 2 4}}
  xplat.relu %arg0 {fixed = #xplat.config<unroll = <1, 3>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<1x4xf32, beat = (2)>) {
  // expected-error@below {{[node N3] unroll factor 1 of loop n (extent 4) is not legal; legal are 2}}
  xplat.fifo %arg0 depth 2 {config = #xplat.config<unroll = <1>>}
      : <1x4xf32, beat = (2)> -> !xplat.stream<1x4xf32, beat = (2)>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[node N6] expected the kind of memories, which nothing chooses, in what is fixed but got it in what was chosen: ram}}
  xplat.relu %arg0 {config = #xplat.config<memories = ram>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}
