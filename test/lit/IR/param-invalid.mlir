// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a static tensor of a number format.

// expected-error@below {{[param C1] expected a static tensor of positive extents and of a number format, with at most 1099511627776 elements, but got 'tensor<?x4xf32>'}}
xplat.param @p : tensor<?x4xf32>

// -----

// expected-error@below {{[param C1]}}
xplat.param @p : tensor<0x4xf32>

// -----

// expected-error@below {{[param C1]}}
xplat.param @p : tensor<4611686018427387904x4xf32>

// -----

// expected-error@below {{[param C1] expected a static tensor of positive extents and of a number format, with at most 1099511627776 elements, but got 'tensor<4xf64>'}}
xplat.param @p : tensor<4xf64>

// -----

// expected-error@below {{[param C1]}}
xplat.param @p : tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.3}>>

// -----

// C2: absmax.

// expected-error@below {{[param C2] expected 1 or 4 values in 'absmax' but got 3}}
xplat.param @p {absmax = array<f64: 1.0, 2.0, 3.0>} : tensor<4x2xf32>

// -----

// expected-error@below {{[param C2] expected finite values that are not negative in 'absmax'}}
xplat.param @p {absmax = array<f64: -1.0>} : tensor<4x2xf32>

// -----

// expected-error@below {{[param C2] expected finite values that are not negative in 'absmax'}}
xplat.param @p {absmax = array<f64: 0x7FF8000000000000>} : tensor<4x2xf32>

// -----

// C3: sources.

// expected-error@below {{[param C3] expected source @w to name an 'xplat.param'}}
xplat.param @p = <quantize(@w)> : tensor<4xf32>

// -----

// expected-error@below {{[param C3] derives from itself}}
xplat.param @p = <quantize(@p)> : tensor<4xf32>

// -----

// expected-error@below {{[param C3] derives from itself}}
xplat.param @a = <quantize(@b)> : tensor<4xf32>
xplat.param @b = <quantize(@c)> : tensor<4xf32>
xplat.param @c = <quantize(@a)> : tensor<4xf32>

// -----

// C4: what each kind needs.

xplat.param @w : tensor<4x4xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'quantize'}}
xplat.param @p = <quantize(@w, @w)> : tensor<4x4xf32>

// -----

xplat.param @w : tensor<4x4xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'quantize'}}
xplat.param @p = <quantize(@w) epsilon = 1.0e-05 : f64> : tensor<4x4xf32>

// -----

xplat.param @w : tensor<4x4xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'fold_batch_norm_weight'}}
xplat.param @p = <fold_batch_norm_weight(@w, @w, @w)> : tensor<4x4xf32>

// -----

xplat.param @w : tensor<4xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'fold_batch_norm_bias'}}
xplat.param @p = <fold_batch_norm_bias(@w, @w, @w) epsilon = 1.0e-05 : f64> : tensor<4xf32>

// -----

// C5: a scale for each slice.

// expected-error@below {{[param C5] expected a scale for each slice of 'tensor<4x2x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>' along dimension 0 but got 2 along dimension 0}}
xplat.param @p : tensor<4x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>

// -----

// expected-error@below {{[param C5] expected a scale for each slice}}
xplat.param @p : tensor<2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>

// -----

// expected-error@below {{[param C5] expected a scale for each slice}}
xplat.param @p : tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>

// -----

// C6: sparsity.

// expected-error@below {{[param C6] expected 0 <= n <= m, m that divides the extent of dimension 1, zero slices below 4 in ascending order, and at most 32 nonzeros outside of them but got #xplat.sparsity<n = 3, m = 2, nonzeros = 4>}}
xplat.param @p {sparsity = #xplat.sparsity<n = 3, m = 2, nonzeros = 4>} : tensor<4x8xf32>

// -----

// expected-error@below {{[param C6] expected 0 <= n <= m}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 3, nonzeros = 4>} : tensor<4x8xf32>

// -----

// expected-error@below {{[param C6] expected 0 <= n <= m}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 2, nonzeros = 33>} : tensor<4x8xf32>

// -----

// expected-error@below {{[param C6] expected 0 <= n <= m}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 2, nonzeros = 1>} : tensor<4xf32>

// -----

// expected-error@below {{[param C6] expected 0 <= n <= m}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 1, zero_slices = [2, 1]>} : tensor<4xf32>

// -----

// expected-error@below {{[param C6] expected 0 <= n <= m}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 1, zero_slices = [4]>} : tensor<4xf32>

// -----

// C4 of the later kinds of derivation.

xplat.param @w : tensor<4x8xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'transpose'}}
xplat.param @p = <transpose(@w) shape = [1, 1]> : tensor<8x4xf32>

// -----

xplat.param @w : tensor<4x8xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'select'}}
xplat.param @p = <select(@w) shape = [0, 2]> : tensor<2x8xf32>

// -----

xplat.param @w : tensor<4x8xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'mask'}}
xplat.param @p = <mask(@w)> : tensor<4x8xf32>

// -----

xplat.param @w : tensor<4x8xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'evaluate'}}
xplat.param @p = <evaluate(@w)> : tensor<4x8xf32>

// -----

xplat.param @w : tensor<4x8xf32>
// expected-error@below {{[param C4] expected @nothing to name a function}}
xplat.param @p = <evaluate(@w) function = @nothing> : tensor<4x8xf32>

// -----

// expected-error@below {{[param C1] expected blocks along a dimension of the tensor}}
xplat.param @p : tensor<4x!xplat.msfp<4, 16, axis = 1>>

// -----

// C6 counts what is outside of zero slices.

// expected-error@below {{[param C6] expected 0 <= n <= m, m that divides the extent of dimension 1, zero slices below 4 in ascending order, and at most 16 nonzeros outside of them}}
xplat.param @p {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 17, zero_slices = [0, 2]>} : tensor<4x8xf32>

// -----

// C3, C4: through a function.

// expected-error@below {{[param C3] derives from itself}}
xplat.param @e = <evaluate() function = @h> : tensor<2xf32>
func.func private @h() -> tensor<2xf32> {
  %0 = xplat.constant @e : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

xplat.param @a : tensor<3xf32>
// expected-error@below {{[param C4] expected a function with a body, from the types of the sources to 'tensor<2xf32>', but @h is '(tensor<2xf32>) -> tensor<2xf32>'}}
xplat.param @e = <evaluate(@a) function = @h> : tensor<2xf32>
func.func private @h(%arg0: tensor<2xf32>) -> tensor<2xf32> {
  return %arg0 : tensor<2xf32>
}

// -----

xplat.param @a : tensor<2xf32>
// expected-error@below {{[param C4] expected a function with a body}}
xplat.param @e = <evaluate(@a) function = @h> : tensor<2xf32>
func.func private @h(tensor<2xf32>) -> tensor<2xf32>

// -----

// C4: sources that do not give the shape.

xplat.param @w : tensor<2x4xf32>
// expected-error@below {{[param C4] expected 'select' of 'tensor<2x4xf32>' to give 'tensor<1x4xf32>'}}
xplat.param @p = <select(@w) axis = 0 shape = [7]> : tensor<1x4xf32>

// -----

xplat.param @w : tensor<2x4xf32>
// expected-error@below {{[param C4] expected 'transpose' of 'tensor<2x4xf32>' to give 'tensor<5x6xf32>'}}
xplat.param @p = <transpose(@w) shape = [1, 0]> : tensor<5x6xf32>

// -----

xplat.param @w : tensor<2x4xf32>
// expected-error@below {{[param C4] expected 'reshape' of 'tensor<2x4xf32>' to give 'tensor<77xf32>'}}
xplat.param @p = <reshape(@w)> : tensor<77xf32>

// -----

xplat.param @w : tensor<2x4xf32>
xplat.param @m : tensor<2xf32>
// expected-error@below {{[param C4] expected 'mask' of 'tensor<2x4xf32>', 'tensor<2xf32>' to give 'tensor<2x4xf32>'}}
xplat.param @p = <mask(@w, @m)> : tensor<2x4xf32>

// -----

xplat.param @w : tensor<2x4xf32>
// expected-error@below {{[param C4] expected 'quantize' of 'tensor<2x4xf32>' to give}}
xplat.param @p = <quantize(@w)> : tensor<3x!quant.uniform<i8:f32, 0.5>>

// -----

xplat.param @w : tensor<4x2xf32>
xplat.param @gamma : tensor<4xf32>
xplat.param @var : tensor<3xf32>
// expected-error@below {{[param C4] expected 'fold_batch_norm_weight' of}}
xplat.param @p = <fold_batch_norm_weight(@w, @gamma, @var) epsilon = 1.0e-5> : tensor<4x2xf32>

// -----

xplat.param @w : tensor<4x6xf32>
// expected-error@below {{[param C4] expected 'compress' of 'tensor<4x6xf32>' to give}}
xplat.param @p = <compress(@w)> : tensor<4x3x6xf32>

// -----

xplat.param @w : tensor<4x6xf32>
// expected-error@below {{[param C4] expected 'exponents' of 'tensor<4x6xf32>' to give}}
xplat.param @p = <exponents(@w)> : tensor<2x3xi8>

// -----

// C4: every number of a fixed-point format, in one dimension.

// expected-error@below {{[param C4] expected other sources or arguments for 'every_number'}}
xplat.param @p = <every_number()> : tensor<15x!quant.uniform<i4:f32, 6.25e-02>>

// -----

// expected-error@below {{[param C4] expected other sources or arguments for 'every_number'}}
xplat.param @p = <every_number()> : tensor<4x4x!quant.uniform<i4:f32, 6.25e-02>>

// -----

// expected-error@below {{[param C4] expected other sources or arguments for 'every_number'}}
xplat.param @p = <every_number()> : tensor<16xf32>

// -----

xplat.param @w : tensor<16xf32>
// expected-error@below {{[param C4] expected other sources or arguments for 'every_number'}}
xplat.param @p = <every_number(@w)> : tensor<16x!quant.uniform<i4:f32, 6.25e-02>>
