// RUN: xplat-opt --xplat-quantize --split-input-file %s | FileCheck %s

// Every node its own formats: blocks run along the channels of a value (dimension 1 of four, else the last) and along
// the summed dimension of a weight; a depthwise weight has channels alone. Without an accumulator of fixed point the
// bias stays f32.
// CHECK-DAG: @"w1:msfp4" = <quantize(@w1)> : tensor<8x3x3x3x!xplat.msfp<4, 16, axis = 1>>
// CHECK-DAG: @"w2:i4" = <quantize(@w2)> : tensor<8x1x3x3x!quant.uniform<i4:f32, 1.250000e-01>>
// CHECK-DAG: @"w3:minifloat{{.*}}" = <quantize(@w3)> : tensor<8x1x3x3x!xplat.minifloat<4, 3>>
// CHECK-DAG: @"w4:mxfp4" = <quantize(@w4)> : tensor<8x1x3x3x!xplat.mx<f4E2M1FN, 32, axis = 0>>
// CHECK-LABEL: func.func @mixed
// CHECK: xplat.host_input {{.*}} -> tensor<1x3x8x8x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.conv2d {{.*}} weight @"w1:msfp4" bias @b {{.*}} -> tensor<1x8x8x8x!xplat.mx<i8, 32, axis = 1>>
// CHECK: xplat.relu {{.*}} -> tensor<1x8x8x8x!xplat.mx<i8, 32, axis = 1>>
// CHECK: xplat.depthwise_conv2d {{.*}} weight @"w2:i4" bias @b {{.*}} -> tensor<1x8x8x8x!quant.uniform<i6:f32, 6.250000e-02>>
// CHECK: xplat.depthwise_conv2d {{.*}} weight @"w3:{{.*}}" bias @b {{.*}} -> tensor<1x8x8x8xf32>
// CHECK: xplat.depthwise_conv2d {{.*}} weight @"w4:mxfp4" bias @b {{.*}} -> tensor<1x8x8x8x!quant.uniform<i8:f32, 1.562500e-02>>
xplat.param @w1 {absmax = array<f64: 0.9>} : tensor<8x3x3x3xf32>
xplat.param @w2 {absmax = array<f64: 0.8, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1>} : tensor<8x1x3x3xf32>
xplat.param @w3 : tensor<8x1x3x3xf32>
xplat.param @w4 : tensor<8x1x3x3xf32>
xplat.param @b {absmax = array<f64: 0.5>} : tensor<8xf32>
func.func @mixed(%x: tensor<1x3x8x8xf32>) -> tensor<1x8x8x8xf32> {
  %0 = xplat.host_input %x {absmax = 0.9 : f64} : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
  %1 = xplat.conv2d %0 weight @w1 bias @b stride [1, 1] padding [1, 1] groups 1
      {quantization = #xplat.quantization<value = !xplat.mx<i8, 32>, weight = !xplat.msfp<4, 16>>} : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
  %2 = xplat.relu %1 : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  %3 = xplat.depthwise_conv2d %2 weight @w2 bias @b stride [1, 1] padding [1, 1]
      {absmax = 1.9 : f64, quantization = #xplat.quantization<value = i6, weight = i4, per_channel = false>} : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  %4 = xplat.depthwise_conv2d %3 weight @w3 bias @b stride [1, 1] padding [1, 1]
      {quantization = #xplat.quantization<value = f32, weight = !xplat.minifloat<4, 3>>} : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  %5 = xplat.depthwise_conv2d %4 weight @w4 bias @b stride [1, 1] padding [1, 1]
      {absmax = 1.9 : f64, quantization = #xplat.quantization<weight = !xplat.mx<f4E2M1FN, 32>>} : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  %6 = xplat.host_output %5 : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  return %6 : tensor<1x8x8x8xf32>
}

// -----

// Indices stay integers, of the bits that the rows of the table need; a table and a constant have the format of what is read from them, a gamma has 16 bits.
// CHECK-DAG: @"table:i8" = <quantize(@table)> : tensor<9x4x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK-DAG: @"positions:i8" = <quantize(@positions)> : tensor<1x3x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK-DAG: @"gamma:i16" = <quantize(@gamma)> : tensor<4x!quant.uniform<i16:f32, 6.103515625E-5>>
// CHECK-LABEL: func.func @text
// CHECK: xplat.host_input %{{.*}} : tensor<1x3xi64> -> tensor<1x3xi5>
// CHECK: xplat.embedding {{.*}} table @"table:i8"
// CHECK: xplat.constant @"positions:i8"
// CHECK: xplat.splat 5.000000e-01 : tensor<1x3x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.rms_norm {{.*}} gamma @"gamma:i16"
xplat.param @table {absmax = array<f64: 1.5>} : tensor<9x4xf32>
xplat.param @positions {absmax = array<f64: 0.9>} : tensor<1x3x4xf32>
xplat.param @gamma {absmax = array<f64: 1.5, 1.0, 1.0, 1.0>} : tensor<4xf32>
func.func @text(%x: tensor<1x3xi64>) -> tensor<1x3x2x2xf32> {
  %0 = xplat.host_input %x : tensor<1x3xi64> -> tensor<1x3xi64>
  %1 = xplat.embedding %0 table @table {absmax = 0.1 : f64} : tensor<1x3xi64> -> tensor<1x3x4xf32>
  %2 = xplat.constant @positions : tensor<1x3x4xf32>
  %3 = xplat.splat 0.5 : tensor<1x3x4xf32>
  %4 = xplat.fused %1, %2, %3 {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %b, %c : f32
    %s = arith.addf %a, %m : f32
    xplat.yield %s : f32
  } {absmax = 1.0 : f64} : (tensor<1x3x4xf32>, tensor<1x3x4xf32>, tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %5 = xplat.rms_norm %4 gamma @gamma axes 1 epsilon 1.0e-05 {absmax = 2.0 : f64} : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  %6 = xplat.reshape %5 : tensor<1x3x4xf32> -> tensor<1x3x2x2xf32>
  %7 = xplat.matmul %6, %6 {absmax = 2.0 : f64} : tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  %8 = xplat.exp %7 {absmax = 2.0 : f64} : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  %9 = xplat.host_output %8 : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  return %9 : tensor<1x3x2x2xf32>
}

// -----

// A weight and its bias at scales given, not found; a relu that asks for another format rounds, a slice does not.
// CHECK-DAG: @"w:i8" = <quantize(@w)> : tensor<2x4x!quant.uniform<i8:f32, 6.250000e-02>>
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<2x!quant.uniform<i32:f32, 4.8828125E-4>>
// CHECK-LABEL: func.func @given
// CHECK: xplat.linear {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 1.250000e-01>>
// CHECK: xplat.relu {{.*}} -> tensor<1x2x!quant.uniform<u4:f32, 1.250000e-01>>
// CHECK: xplat.slice {{.*}} -> tensor<1x1x!quant.uniform<u4:f32, 1.250000e-01>>
xplat.param @w : tensor<2x4xf32>
xplat.param @b : tensor<2xf32>
func.func @given(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %0 = xplat.host_input %x {absmax = 0.9 : f64, quantization = #xplat.quantization<value = i8>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.linear %0 weight @w bias @b {quantization = #xplat.quantization<value = !quant.uniform<i8:f32, 0.125>, weight = !quant.uniform<i8:f32, 0.0625>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.relu %1 {absmax = 1.5 : f64, quantization = #xplat.quantization<value = i4>} : tensor<1x2xf32> -> tensor<1x2xf32>
  %3 = xplat.slice %2 starts [0, 0] steps [1, 1] {quantization = #xplat.quantization<value = i6>} : tensor<1x2xf32> -> tensor<1x1xf32>
  %4 = xplat.host_output %3 : tensor<1x1xf32> -> tensor<1x1xf32>
  return %4 : tensor<1x1xf32>
}

// -----

// The same with blocks: they run along the channels of each value, after a node that moves elements too.
// CHECK-DAG: @"table:mxint8" = <quantize(@table)> : tensor<9x4x!xplat.mx<i8, 32, axis = 1>>
// CHECK-DAG: @"positions:mxint8" = <quantize(@positions)> : tensor<1x3x4x!xplat.mx<i8, 32, axis = 2>>
// CHECK-LABEL: func.func @blocks
// CHECK: xplat.embedding {{.*}} -> tensor<1x3x4x!xplat.mx<i8, 32, axis = 2>>
// CHECK: xplat.rms_norm {{.*}} gamma @"gamma:i16"
// CHECK: %[[R:.*]] = xplat.reshape {{.*}} -> tensor<1x3x2x2x!xplat.mx<i8, 32, axis = 3>>
// CHECK: %[[M:.*]] = xplat.matmul {{.*}} -> tensor<1x3x2x2x!xplat.mx<i8, 32, axis = 3>>
// CHECK: xplat.exp %[[M]] {{.*}} -> tensor<1x3x2x2x!xplat.mx<i8, 32, axis = 3>>
#blocks = #xplat.quantization<value = !xplat.mx<i8, 32>, weight = !xplat.msfp<4, 16>>
xplat.param @table {absmax = array<f64: 1.5>} : tensor<9x4xf32>
xplat.param @positions {absmax = array<f64: 0.9>} : tensor<1x3x4xf32>
xplat.param @gamma {absmax = array<f64: 1.5, 1.0, 1.0, 1.0>} : tensor<4xf32>
func.func @blocks(%x: tensor<1x3xi64>) -> tensor<1x3x2x2xf32> {
  %0 = xplat.host_input %x {quantization = #blocks} : tensor<1x3xi64> -> tensor<1x3xi64>
  %1 = xplat.embedding %0 table @table {absmax = 0.1 : f64, quantization = #blocks} : tensor<1x3xi64> -> tensor<1x3x4xf32>
  %2 = xplat.constant @positions {quantization = #blocks} : tensor<1x3x4xf32>
  %3 = xplat.splat 0.5 {quantization = #blocks} : tensor<1x3x4xf32>
  %4 = xplat.fused %1, %2, %3 {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %b, %c : f32
    %s = arith.addf %a, %m : f32
    xplat.yield %s : f32
  } {absmax = 1.0 : f64, quantization = #blocks} : (tensor<1x3x4xf32>, tensor<1x3x4xf32>, tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  %5 = xplat.rms_norm %4 gamma @gamma axes 1 epsilon 1.0e-05 {absmax = 2.0 : f64, quantization = #blocks} : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  %6 = xplat.reshape %5 {quantization = #blocks} : tensor<1x3x4xf32> -> tensor<1x3x2x2xf32>
  %7 = xplat.matmul %6, %6 {absmax = 2.0 : f64, quantization = #blocks} : tensor<1x3x2x2xf32>, tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  %8 = xplat.exp %7 {absmax = 2.0 : f64, quantization = #blocks} : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  %9 = xplat.host_output %8 : tensor<1x3x2x2xf32> -> tensor<1x3x2x2xf32>
  return %9 : tensor<1x3x2x2xf32>
}

// -----

// Products of blocks have an accumulator with the result's F = 8, two bits more and those of the number of blocks, and
// their bias is on its grid. Without a result of fixed point, or with blocks of two sizes, sums are exact.
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<8x!quant.uniform<i32:f32, 2.44140625E-4>>
// CHECK-LABEL: func.func @accumulated
// CHECK: xplat.linear {{.*}} bias @"b:i32" accumulator !quant.uniform<i18:f32, 2.44140625E-4> {{.*}} -> tensor<1x5x8x!quant.uniform<i12:f32, 3.906250e-03>>
// CHECK: xplat.matmul {{.*}} transposed accumulator !quant.uniform<i16:f32, 9.765625E-4> {{.*}} -> tensor<1x5x5x!quant.uniform<i12:f32, 3.906250e-03>>
// CHECK-NOT: accumulator
#blocks = #xplat.quantization<value = !xplat.msfp<4, 16>, weight = !xplat.msfp<4, 16>>
#sums = #xplat.quantization<value = i12, weight = !xplat.msfp<4, 16>>
xplat.param @w : tensor<8x50xf32>
xplat.param @v : tensor<8x8xf32>
xplat.param @b {absmax = array<f64: 3.0>} : tensor<8xf32>
func.func @accumulated(%x: tensor<1x5x50xf32>) -> tensor<1x5x5xf32> {
  %0 = xplat.host_input %x {absmax = 0.9 : f64} : tensor<1x5x50xf32> -> tensor<1x5x50xf32>
  %1 = xplat.cast %0 {quantization = #blocks} : tensor<1x5x50xf32> -> tensor<1x5x50xf32>
  %2 = xplat.linear %1 weight @w bias @b {absmax = 7.9 : f64, quantization = #sums} : tensor<1x5x50xf32> -> tensor<1x5x8xf32>
  %3 = xplat.cast %2 {quantization = #blocks} : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %4 = xplat.matmul %3, %3 transposed {absmax = 7.9 : f64, quantization = #sums} : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x5xf32>
  %5 = xplat.linear %3 weight @v {quantization = #blocks} : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %6 = xplat.linear %5 weight @v {absmax = 7.9 : f64, quantization = #xplat.quantization<value = i12, weight = !xplat.msfp<4, 8>>}
      : tensor<1x5x8xf32> -> tensor<1x5x8xf32>
  %7 = xplat.matmul %6, %6 transposed {absmax = 7.9 : f64, quantization = #sums} : tensor<1x5x8xf32>, tensor<1x5x8xf32> -> tensor<1x5x5xf32>
  %8 = xplat.add %4, %7 {absmax = 7.9 : f64} : tensor<1x5x5xf32>, tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  %9 = xplat.host_output %8 : tensor<1x5x5xf32> -> tensor<1x5x5xf32>
  return %9 : tensor<1x5x5xf32>
}

// -----

// Weights that are signs have the scales of the request; the bias is at the scale of the products.
// CHECK-DAG: @"w:binary" = <quantize(@w)> : tensor<2x4x!xplat.binary<3, 5>>
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<2x!quant.uniform<i32:f32:0, {0.001953125,4.8828125E-4}>>
// CHECK-DAG: @"v:ternary" = <quantize(@v)> : tensor<2x2x!xplat.ternary<-1>>
// CHECK-LABEL: func.func @signs
// CHECK: xplat.linear {{.*}} weight @"w:binary" bias @"b:i32"
// CHECK: xplat.linear {{.*}} weight @"v:ternary"
xplat.param @w : tensor<2x4xf32>
xplat.param @v : tensor<2x2xf32>
xplat.param @b {absmax = array<f64: 0.5, 0.1>} : tensor<2xf32>
func.func @signs(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.linear %0 weight @w bias @b
      {absmax = 1.9 : f64, quantization = #xplat.quantization<weight = !xplat.binary<3, 5>>} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.linear %1 weight @v
      {absmax = 1.9 : f64, quantization = #xplat.quantization<weight = !xplat.ternary<-1>>} : tensor<1x2xf32> -> tensor<1x2xf32>
  %3 = xplat.host_output %2 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// -----

// Positions are integers of as many bits as they need, one of which is the sign's; the host has its own.
// CHECK-LABEL: func.func @positions
// CHECK: %[[X:.*]] = xplat.host_input {{.*}} -> tensor<1x9x4x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: xplat.reduce %[[X]] argmax over [1] {{.*}} -> tensor<1x4xi5>
// CHECK: xplat.host_output {{.*}} : tensor<1x4xi5> -> tensor<1x4xi64>
// CHECK: xplat.top_k %[[X]] {{.*}} : tensor<1x9x4x!quant.uniform<i8:f32, 1.562500e-02>> -> tensor<1x9x2x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: xplat.top_k %[[X]] smallest positions {{.*}} -> tensor<1x9x1xi3>
func.func @positions(%x: tensor<1x9x4xf32>) -> (tensor<1x4xi64>, tensor<1x9x2xf32>, tensor<1x9x1xi64>) {
  %0 = xplat.host_input %x {absmax = 1.9 : f64} : tensor<1x9x4xf32> -> tensor<1x9x4xf32>
  %1 = xplat.reduce %0 argmax over [1] {quantization = #xplat.quantization<value = i8>} : tensor<1x9x4xf32> -> tensor<1x4xi64>
  %2 = xplat.host_output %1 : tensor<1x4xi64> -> tensor<1x4xi64>
  %3 = xplat.top_k %0 {quantization = #xplat.quantization<value = i4>} : tensor<1x9x4xf32> -> tensor<1x9x2xf32>
  %4 = xplat.host_output %3 : tensor<1x9x2xf32> -> tensor<1x9x2xf32>
  %5 = xplat.top_k %0 smallest positions {quantization = #xplat.quantization<value = i8>} : tensor<1x9x4xf32> -> tensor<1x9x1xi64>
  %6 = xplat.host_output %5 : tensor<1x9x1xi64> -> tensor<1x9x1xi64>
  return %2, %4, %6 : tensor<1x4xi64>, tensor<1x9x2xf32>, tensor<1x9x1xi64>
}
