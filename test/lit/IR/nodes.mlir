// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Node ops: on tensors as imported, quantized, mapped, and on streams.

xplat.param @conv.weight : tensor<8x2x3x3xf32>
xplat.param @conv.bias : tensor<8xf32>
xplat.param @depthwise.weight : tensor<8x1x3x5xf32>
xplat.param @depthwise.bias : tensor<8xf32>
xplat.param @linear.weight : tensor<10x128xf32>
xplat.param @linear.bias : tensor<10xf32>
xplat.param @norm.gamma : tensor<8xf32>
xplat.param @norm.beta : tensor<8xf32>
xplat.param @norm.mean : tensor<8xf32>
xplat.param @norm.var : tensor<8xf32>

// CHECK-LABEL: func.func @imported
func.func @imported(%arg0: tensor<1x4x8x8xf32>) -> tensor<1x10xf32> {
  // CHECK: xplat.host_input %{{.*}} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %0 = xplat.host_input %arg0 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  // CHECK: xplat.conv2d %{{.*}} weight @conv.weight bias @conv.bias stride [1, 1] padding [1, 1] groups 2 : tensor<1x4x8x8xf32> -> tensor<1x8x8x8xf32>
  %1 = xplat.conv2d %0 weight @conv.weight bias @conv.bias stride [1, 1] padding [1, 1] groups 2 : tensor<1x4x8x8xf32> -> tensor<1x8x8x8xf32>
  // CHECK: xplat.batch_norm %{{.*}} gamma @norm.gamma beta @norm.beta mean @norm.mean var @norm.var epsilon 1.000000e-05 :
  %2 = xplat.batch_norm %1 gamma @norm.gamma beta @norm.beta mean @norm.mean var @norm.var epsilon 1.0e-05 : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  // CHECK: xplat.relu %{{.*}} {absmax = 2.500000e+00 : f64} : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  %3 = xplat.relu %2 {absmax = 2.5} : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  // CHECK: xplat.depthwise_conv2d %{{.*}} weight @depthwise.weight bias @depthwise.bias stride [2, 1] padding [1, 2] :
  %4 = xplat.depthwise_conv2d %3 weight @depthwise.weight bias @depthwise.bias stride [2, 1] padding [1, 2] : tensor<1x8x8x8xf32> -> tensor<1x8x4x8xf32>
  // CHECK: xplat.max_pool2d %{{.*}} window [1, 2] stride [1, 2] padding [0, 0] :
  %5 = xplat.max_pool2d %4 window [1, 2] stride [1, 2] padding [0, 0] : tensor<1x8x4x8xf32> -> tensor<1x8x4x4xf32>
  // CHECK: xplat.avg_pool2d %{{.*}} window [3, 3] stride [1, 1] padding [1, 1] :
  %6 = xplat.avg_pool2d %5 window [3, 3] stride [1, 1] padding [1, 1] : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  // CHECK: xplat.add %{{.*}}, %{{.*}} : tensor<1x8x4x4xf32>, tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  %7 = xplat.add %5, %6 : tensor<1x8x4x4xf32>, tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  // CHECK: xplat.reshape %{{.*}} order channels_last : tensor<1x8x4x4xf32> -> tensor<1x128xf32>
  %8 = xplat.reshape %7 order channels_last : tensor<1x8x4x4xf32> -> tensor<1x128xf32>
  // CHECK: xplat.linear %{{.*}} weight @linear.weight bias @linear.bias : tensor<1x128xf32> -> tensor<1x10xf32>
  %9 = xplat.linear %8 weight @linear.weight bias @linear.bias : tensor<1x128xf32> -> tensor<1x10xf32>
  // CHECK: xplat.host_output %{{.*}} : tensor<1x10xf32> -> tensor<1x10xf32>
  %10 = xplat.host_output %9 : tensor<1x10xf32> -> tensor<1x10xf32>
  return %10 : tensor<1x10xf32>
}

// CHECK-LABEL: func.func @no_bias
func.func @no_bias(%arg0: tensor<1x4x8x8xf32>, %arg1: tensor<2x3x128xf32>) -> (tensor<1x8xf32>, tensor<1x8x1x1xf32>, tensor<2x3x10xf32>) {
  // CHECK: xplat.conv2d %{{.*}} weight @conv.weight stride [2, 2] padding [0, 0] groups 2 :
  %0 = xplat.conv2d %arg0 weight @conv.weight stride [2, 2] padding [0, 0] groups 2 : tensor<1x4x8x8xf32> -> tensor<1x8x3x3xf32>
  // CHECK: xplat.conv2d %{{.*}} weight @conv.weight stride [1, 1] padding [2, 2, 3, 3] dilation [2, 2] groups 2 :
  xplat.conv2d %arg0 weight @conv.weight stride [1, 1] padding [2, 2, 3, 3] dilation [2, 2] groups 2 : tensor<1x4x8x8xf32> -> tensor<1x8x9x9xf32>
  // CHECK: xplat.max_pool2d %{{.*}} window [3, 2] stride [2, 2] padding [0, 0, 1, 0] dilation [1, 3] :
  xplat.max_pool2d %arg0 window [3, 2] stride [2, 2] padding [0, 0, 1, 0] dilation [1, 3] : tensor<1x4x8x8xf32> -> tensor<1x4x4x3xf32>
  // CHECK: xplat.depthwise_conv2d %{{.*}} weight @depthwise.weight stride [1, 1] padding [0, 1] :
  %1 = xplat.depthwise_conv2d %0 weight @depthwise.weight stride [1, 1] padding [0, 1] : tensor<1x8x3x3xf32> -> tensor<1x8x1x1xf32>
  // CHECK: xplat.global_avg_pool2d %{{.*}} : tensor<1x8x3x3xf32> -> tensor<1x8xf32>
  %2 = xplat.global_avg_pool2d %0 : tensor<1x8x3x3xf32> -> tensor<1x8xf32>
  // CHECK: xplat.global_avg_pool2d %{{.*}} : tensor<1x8x1x1xf32> -> tensor<1x8x1x1xf32>
  %3 = xplat.global_avg_pool2d %1 : tensor<1x8x1x1xf32> -> tensor<1x8x1x1xf32>
  // CHECK: xplat.linear %{{.*}} weight @linear.weight : tensor<2x3x128xf32> -> tensor<2x3x10xf32>
  %4 = xplat.linear %arg1 weight @linear.weight : tensor<2x3x128xf32> -> tensor<2x3x10xf32>
  return %2, %3, %4 : tensor<1x8xf32>, tensor<1x8x1x1xf32>, tensor<2x3x10xf32>
}

!i8 = !quant.uniform<i8:f32, 6.25e-02>
!i4 = !quant.uniform<i4:f32, 5.0e-01>

// A row-major order is not printed.
// CHECK-LABEL: func.func @quantized
func.func @quantized(%arg0: tensor<8xf32>) -> tensor<2x4xf32> {
  // CHECK: xplat.host_input %{{.*}} : tensor<8xf32> -> tensor<8x!quant.uniform<i8:f32, 6.250000e-02>>
  %0 = xplat.host_input %arg0 : tensor<8xf32> -> tensor<8x!i8>
  // CHECK: xplat.cast %{{.*}} : tensor<8x!quant.uniform<i8:f32, 6.250000e-02>> -> tensor<8x!quant.uniform<i4:f32, 5.000000e-01>>
  %1 = xplat.cast %0 : tensor<8x!i8> -> tensor<8x!i4>
  // CHECK: xplat.reshape %{{.*}} : tensor<8x!quant.uniform<i4:f32, 5.000000e-01>> -> tensor<2x4x!quant.uniform<i4:f32, 5.000000e-01>>
  %2 = xplat.reshape %1 order row_major : tensor<8x!i4> -> tensor<2x4x!i4>
  %3 = xplat.host_output %2 : tensor<2x4x!i4> -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}

// A number has no dimension.
// CHECK-LABEL: func.func @scalar
func.func @scalar(%arg0: tensor<f32>) -> tensor<f32> {
  // CHECK: xplat.relu %{{.*}} {fixed = #xplat.config<unroll = <1, ?>>} : tensor<f32> -> tensor<f32>
  %0 = xplat.relu %arg0 {fixed = #xplat.config<unroll = <1, ?>>} : tensor<f32> -> tensor<f32>
  return %0 : tensor<f32>
}

xplat.param @q.weight : tensor<8x4x3x3x!quant.uniform<i8:f32:0, {0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25}>>

// All attributes of a mapping.
// CHECK-LABEL: func.func @mapped
func.func @mapped(%arg0: tensor<1x4x8x8x!i8>) -> tensor<1x8x8x8x!i8> {
  // CHECK: xplat.conv2d
  // CHECK-SAME: area = #xplat.resources<lut = 1200, dsp = 36>
  // CHECK-SAME: config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 4, 3, 3, 1>, place = <@rack::@fpga0>, roms = [#xplat.rom_use<"weight", @rom0>]>
  // CHECK-SAME: rate = #xplat.rate<cycles = 2304, latency = 40>
  %0 = xplat.conv2d %arg0 weight @q.weight stride [1, 1] padding [1, 1] groups 1
      {absmax = 3.0, area = #xplat.resources<lut = 1200, dsp = 36>, config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 4, 3, 3, 1>, place = <@rack::@fpga0>, roms = [#xplat.rom_use<"weight", @rom0>]>, rate = #xplat.rate<cycles = 2304, latency = 40>}
      : tensor<1x4x8x8x!i8> -> tensor<1x8x8x8x!i8>
  return %0 : tensor<1x8x8x8x!i8>
}

// On streams, lanes follow from the unroll factors.
// CHECK-LABEL: func.func @streams
func.func @streams(%arg0: tensor<1x4x8x8xf32>) -> tensor<1x8xf32> {
  // CHECK: -> !xplat.stream<1x4x8x8x!quant.uniform<i8:f32, 6.250000e-02>, order = (0, 2, 3, 1), beat = (2)>
  %0 = xplat.host_input %arg0 {config = #xplat.config<unroll = <1, 2>>} : tensor<1x4x8x8xf32> -> !xplat.stream<1x4x8x8x!i8, order = (0, 2, 3, 1), beat = (2)>
  // CHECK: xplat.conv2d {{.*}} : !xplat.stream<1x4x8x8x!quant.uniform<i8:f32, 6.250000e-02>, order = (0, 2, 3, 1), beat = (2)> -> !xplat.stream<1x8x8x8x!quant.uniform<i8:f32, 6.250000e-02>, order = (0, 2, 3, 1), beat = (4)>
  %1 = xplat.conv2d %0 weight @q.weight stride [1, 1] padding [1, 1] groups 1 {config = #xplat.config<unroll = <1, 1, 4, 1, 3, 2>>}
      : !xplat.stream<1x4x8x8x!i8, order = (0, 2, 3, 1), beat = (2)> -> !xplat.stream<1x8x8x8x!i8, order = (0, 2, 3, 1), beat = (4)>
  %2 = xplat.max_pool2d %1 window [2, 2] stride [2, 2] padding [0, 0] {config = #xplat.config<unroll = <1, 1, 4, 2, 1>>}
      : !xplat.stream<1x8x8x8x!i8, order = (0, 2, 3, 1), beat = (4)> -> !xplat.stream<1x8x4x4x!i8, order = (0, 2, 3, 1), beat = (4)>
  %3 = xplat.global_avg_pool2d %2 {config = #xplat.config<unroll = <1, 1, 4>>}
      : !xplat.stream<1x8x4x4x!i8, order = (0, 2, 3, 1), beat = (4)> -> !xplat.stream<1x8x!i8, beat = (4)>
  %4 = xplat.host_output %3 {config = #xplat.config<unroll = <1, 4>>} : !xplat.stream<1x8x!i8, beat = (4)> -> tensor<1x8xf32>
  return %4 : tensor<1x8xf32>
}
