// RUN: xplat-opt --xplat-quantize --split-input-file --verify-diagnostics %s

func.func @not_calibrated(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{has no 'absmax', from which its number format would follow; calibrate the graph first}}
  %0 = xplat.host_input %x : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

xplat.param @w : tensor<2x4xf32>
func.func @parameter_not_calibrated(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-error @+1 {{needs parameter @w, which has no 'absmax'}}
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

func.func @format(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result in a number format, with signed, full-range storage and power-of-two scales where it is quantized, but got '!quant.uniform<i8:f32, 3.000000e-01>'}}
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

// Integers that are no wish.

func.func @f(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{expected a result in a number format, with signed, full-range storage and power-of-two scales where it is quantized, but got 'ui8'}}
  %0 = xplat.host_input %arg0 {absmax = 1.0 : f64, quantization = #xplat.quantization<value = ui8>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
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
