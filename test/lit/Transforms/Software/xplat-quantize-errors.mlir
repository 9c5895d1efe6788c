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
