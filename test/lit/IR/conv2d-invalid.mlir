// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank 4, a batch of one.

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<4x8x8xf32>) {
  // expected-error@below {{[conv2d C1] expected operand and result of rank 4 and a batch of one but got 'tensor<4x8x8xf32>' and 'tensor<8x6x6xf32>'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<4x8x8xf32> -> tensor<8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C1] expected operand and result of rank 4 and a batch of one}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<2x8x6x6xf32>
  return
}

// -----

// C2: groups.

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C2] expected groups that divide 4 input and 8 output channels but got 3}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 3 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C2] expected groups that divide 4 input and 6 output channels but got 4}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 4 : tensor<1x4x8x8xf32> -> tensor<1x6x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C2] expected groups that divide 4 input and 8 output channels but got 0}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 0 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C2] expected groups that divide 4 input and 8 output channels but got -1}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups -1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C3: the weight.

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C3] expected weight @w to name an 'xplat.param'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C3] expected weight of shape [8, 2, 3, 3] but @w has 'tensor<8x4x3x3xf32>'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 2 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<8x36xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C3] expected weight of rank 4 but @w has 'tensor<8x36xf32>'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C4: the bias.

xplat.param @w : tensor<8x4x3x3xf32>
// expected-note@below {{parameter declared here}}
xplat.param @b : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C4] expected bias of shape [8] but @b has 'tensor<4xf32>'}}
  xplat.conv2d %arg0 weight @w bias @b stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C5: stride and padding.

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected two integers of at least 1 as stride}}
  xplat.conv2d %arg0 weight @w stride [1, 0] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected two integers of at least 1 as stride}}
  xplat.conv2d %arg0 weight @w stride [1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected two integers of at least 0 as padding}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected two integers of at least 0 as padding}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [-1, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected a padding smaller than the kernel 3 but got 3}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 3] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x12xf32>
  return
}

// -----

// C6: height and width of the result.

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C6] expected a result height of 3 but got 4}}
  xplat.conv2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x4x3xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C6] expected a result width of 4 but got 3}}
  xplat.conv2d %arg0 weight @w stride [2, 2] padding [1, 1] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x4x3xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x2x8xf32>) {
  // expected-error@below {{[conv2d C6] expected a window that fits the padded operand, but window 3 exceeds 2}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x2x8xf32> -> tensor<1x8x1x6xf32>
  return
}

// -----

// C5, C6: four paddings, dilation.

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected four integers of at least 0 as padding}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0, -1, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected a padding smaller than the kernel 3 but got 3}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0, 0, 3] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x9xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C5] expected two integers of at least 1 as dilation}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] dilation [1, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C6] expected a result width of 5 but got 6}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [1, 0, 1, 1] dilation [2, 2] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x4x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[conv2d C6] expected a window that fits the padded operand, but window 9223372036854775807 exceeds 8}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] dilation [4611686018427387904, 1] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C7: an accumulator of products of blocks.

!x = !xplat.msfp<4, 4, axis = 1>
!w = !xplat.msfp<4, 4, axis = 1>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<8x8x3x3x!w>
func.func @f(%arg0: tensor<1x8x8x8x!x>) {
  // expected-error@below {{[conv2d C7] expected signed fixed point of 2 to 48 bits with one scale as accumulator but got 'f32'}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 accumulator f32 : tensor<1x8x8x8x!x> -> tensor<1x8x6x6x!y>
  return
}

// -----

!x = !xplat.msfp<4, 4>
!w = !xplat.msfp<4, 4, axis = 1>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<8x8x3x3x!w>
func.func @f(%arg0: tensor<1x8x8x8x!x>) {
  // expected-error@below {{[conv2d C7] expected two factors with blocks of one size along the dimension that is summed}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<1x8x8x8x!x> -> tensor<1x8x6x6x!y>
  return
}

// -----

!x = !xplat.msfp<4, 4, axis = 1>
!w = !xplat.msfp<4, 4, axis = 1>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<8x6x3x3x!w>
func.func @f(%arg0: tensor<1x12x8x8x!x>) {
  // expected-error@below {{[conv2d C7] expected blocks of elements that are summed with each other, as there is an accumulator, but blocks of 4 hold others}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 2 accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<1x12x8x8x!x> -> tensor<1x8x6x6x!y>
  return
}
