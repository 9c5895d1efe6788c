// RUN: xplat-opt --xplat-quantize --split-input-file --verify-diagnostics %s

func.func @not_calibrated(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected an 'absmax', which determines the number format; calibrate the graph first}}
  %0 = xplat.host_input %x : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

xplat.param @w : tensor<2x4xf32>
func.func @parameter_not_calibrated(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected parameter @w to have an 'absmax'}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

func.func @twice(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result of f32 but got 'tensor<1x4x!quant.uniform<i8:f32, 1.250000e-01>>': the graph is quantized already}}
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8:f32, 0.125>>
  %1 = xplat.host_output %0 : tensor<1x4x!quant.uniform<i8:f32, 0.125>> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

func.func @infinite(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a finite 'absmax' that is not negative}}
  %0 = xplat.host_input %x {absmax = 0x7FF0000000000000 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

xplat.param @g : tensor<4xf32>
func.func @not_folded(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{has parameters and was not folded into the weights before it}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.host_output %1 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

func.func @width(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result between 2 and 16 bits but got 24}}
  %0 = xplat.host_input %x {absmax = 1.0 : f64, quantization = #xplat.quantization<value = i24>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

xplat.param @w {absmax = array<f64: 0.9>} : tensor<2x4xf32>
func.func @weight_width(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight between 2 and 16 bits but got 1}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64, quantization = #xplat.quantization<weight = i1>} : tensor<1x4xf32> -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

func.func @format(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result in a number format, with full-range storage and power-of-two scales where it is quantized, but got '!quant.uniform<i8:f32, 3.000000e-01>'}}
  %0 = xplat.host_input %x {quantization = #xplat.quantization<value = !quant.uniform<i8:f32, 0.3>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// Scales whose products would be none.

func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result with scales from 2^-60 to 2^60 but got '!quant.uniform<i8:f32, 7.8886090522101181E-31>'}}
  %0 = xplat.host_input %arg0 {quantization = #xplat.quantization<value = !quant.uniform<i8:f32, 7.8886090522101181e-31>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

// A weight has a sign, whether its scale follows from calibration or not.

xplat.param @w {absmax = array<f64: 0.9, 0.2>} : tensor<2x4xf32>
func.func @f(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight in a number format with a sign but got 'ui8'}}
  %1 = xplat.linear %0 weight @w {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = ui8>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

xplat.param @w {absmax = array<f64: 0.9, 0.2>} : tensor<2x4xf32>
func.func @f(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight in a number format with a sign but got '!quant.uniform<u8:f32, 1.250000e-01>'}}
  %1 = xplat.linear %0 weight @w {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = !quant.uniform<u8:f32, 0.125>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// A scale for each slice of the weight, along its channels.

xplat.param @w {absmax = array<f64: 0.9>} : tensor<4x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight format with one scale, or with one for each slice along dimension 0, but @w has 'tensor<4x4xf32>' and the format is '!quant.uniform<i8:f32:1,}}
  %1 = xplat.linear %0 weight @w {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = !quant.uniform<i8:f32:1, {1.0,0.5,0.25,1.0}>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.host_output %1 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

xplat.param @w {absmax = array<f64: 0.9>} : tensor<2x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight format with one scale, or with one for each slice along dimension 0}}
  %1 = xplat.linear %0 weight @w {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = !quant.uniform<i8:f32:0, {1.0,0.5,0.25}>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// A weight that is quantized already, though it shall stay f32.

xplat.param @w : tensor<2x4x!quant.uniform<i8:f32, 0.5>>
func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected parameter @w to be a tensor of f32}}
  %1 = xplat.linear %0 weight @w {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = f32>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// A result that no host boundary turns into f32.

func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected results that leave the graph as f32, through a host boundary, but result 0 is 'tensor<1x4x!quant.uniform<i8:f32,}}
  return %0 : tensor<1x4xf32>
}

// -----

// Blocks need a dimension.
func.func @no_dimension(%x: tensor<4xf32>) -> tensor<f32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<4xf32> -> tensor<4xf32>
  // expected-error @+1 {{has a result of rank 0, which has no dimension for the blocks of '!xplat.msfp<4, 16}}
  %1 = xplat.reduce %0 sum over [0] {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<4xf32> -> tensor<f32>
  %2 = xplat.host_output %1 : tensor<f32> -> tensor<f32>
  return %2 : tensor<f32>
}

// -----

func.func @no_dimension_to_keep(%x: tensor<1xf32>) -> tensor<f32> {
  %0 = xplat.host_input %x {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1xf32> -> tensor<1xf32>
  // expected-error @+1 {{request a format without blocks, such as i8 or f32, for it or for the node whose elements it selects}}
  %1 = xplat.reshape %0 : tensor<1xf32> -> tensor<f32>
  %2 = xplat.host_output %1 : tensor<f32> -> tensor<f32>
  return %2 : tensor<f32>
}

// -----

xplat.param @p : tensor<f32>
func.func @no_dimension_of_parameter(%x: tensor<f32>) -> tensor<f32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<f32> -> tensor<f32>
  // expected-error @+1 {{has a result of rank 0, which has no dimension for the blocks of}}
  %1 = xplat.constant @p {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<f32>
  %2 = xplat.mul %0, %1 {absmax = 1.0 : f64} : tensor<f32>, tensor<f32> -> tensor<f32>
  %3 = xplat.host_output %2 : tensor<f32> -> tensor<f32>
  return %3 : tensor<f32>
}

// -----

// Scales end at 2^60.
func.func @too_large(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected an 'absmax' of at most 1.464210e+20 for its result, as i8 has scales up to 2^60, but got 1.000000e+21; scale the model's values down, or request a format such as f32}}
  %0 = xplat.host_input %x {absmax = 1.0e21 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

xplat.param @w {absmax = array<f64: 1.0, 1.0e21>} : tensor<2x4xf32>
func.func @too_large_weight(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{for parameter @w, as i8 has scales up to 2^60, but got 1}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

func.func @too_large_number(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected an 'absmax' of at most}}
  %1 = xplat.splat 1.0e25 : tensor<1x4xf32>
  %2 = xplat.mul %0, %1 {absmax = 1.0 : f64} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %3 = xplat.host_output %2 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// -----

// A given format of the weight: its products are so fine that 32 bits do not hold the bias.

xplat.param @w {absmax = array<f64: 1.0e-06, 0.9>} : tensor<2x4xf32>
xplat.param @b {absmax = array<f64: 0.5, 1.2>} : tensor<2xf32>
func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a bias of at most 6.250000e-02, which is what i32 holds at the scale of the products, 2^-35, but @b has in channel 0 5.000000e-01; request for the weight a larger scale}}
  %1 = xplat.linear %0 weight @w bias @b {absmax = 3.0 : f64, quantization = #xplat.quantization<weight = !quant.uniform<i8:f32:0, {1.862645149230957e-09,0.0078125}>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// The shift that so small a result needs keeps the products too fine for the bias of a channel that a relu drops.

xplat.param @w {absmax = array<f64: 0.9>} : tensor<2x4xf32>
xplat.param @b {absmax = array<f64: 1.0e+06>} : tensor<2xf32>
func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{the result's range is too small beside it: calibrate with data that reaches further}}
  %1 = xplat.linear %0 weight @w bias @b {absmax = 1.0e-15 : f64} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// Signs without scales.
xplat.param @w : tensor<2x4xf32>
func.func @no_scales(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected scales for weights of ternary, which follow from the weights; calibrate the graph first}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64, quantization = #xplat.quantization<weight = !xplat.ternary>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// Binary weights have no zero.
xplat.param @w {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 4>} : tensor<2x4xf32>
func.func @pruned(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{has pruned weights, but binary<2> has no zero; request ternary weights, or leave them as they are}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64, quantization = #xplat.quantization<weight = !xplat.binary<2>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// As many scales as there are channels.
xplat.param @w : tensor<2x4xf32>
func.func @scales(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{expected a weight format with one scale, or with one for each slice along dimension 0, but @w has 'tensor<2x4xf32>' and the format is '!xplat.binary<2, 3, 4>'}}
  %1 = xplat.linear %0 weight @w {absmax = 1.0 : f64, quantization = #xplat.quantization<weight = !xplat.binary<2, 3, 4>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.host_output %1 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// Values are not signs.
func.func @values(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result in a number format of values but got '!xplat.ternary<2>', which is one of weights}}
  %0 = xplat.host_input %x {absmax = 1.0 : f64, quantization = #xplat.quantization<value = !xplat.ternary<2>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
