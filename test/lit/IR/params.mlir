// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Parameters, how they derive from each other, and how they lie in memories.

// CHECK: xplat.param @conv.weight : tensor<4x2x3x3xf32>
xplat.param @conv.weight : tensor<4x2x3x3xf32>
// CHECK: xplat.param @scalar : tensor<f32>
xplat.param @scalar : tensor<f32>
xplat.param @gamma : tensor<4xf32>
xplat.param @beta : tensor<4xf32>
xplat.param @mean : tensor<4xf32>
xplat.param @var : tensor<4xf32>
xplat.param @fc : tensor<10x48xf32>

// CHECK: xplat.param @folded = <fold_batch_norm_weight(@conv.weight, @gamma, @var) epsilon = 1.000000e-05 : f64> {absmax = array<f64: 5.000000e-01, 1.000000e+00, 0.000000e+00, 2.000000e+00>} : tensor<4x2x3x3xf32>
xplat.param @folded = <fold_batch_norm_weight(@conv.weight, @gamma, @var) epsilon = 1.0e-05 : f64>
    {absmax = array<f64: 0.5, 1.0, 0.0, 2.0>} : tensor<4x2x3x3xf32>
// CHECK: xplat.param @folded_bias = <fold_batch_norm_bias(@gamma, @beta, @mean, @var) epsilon = 1.000000e-05 : f64> : tensor<4xf32>
xplat.param @folded_bias = <fold_batch_norm_bias(@gamma, @beta, @mean, @var) epsilon = 1.0e-05 : f64>
    : tensor<4xf32>
// CHECK: fold_batch_norm_bias(@beta, @gamma, @beta, @mean, @var)
xplat.param @folded_bias_too
    = <fold_batch_norm_bias(@beta, @gamma, @beta, @mean, @var) epsilon = 1.0e-05 : f64> : tensor<4xf32>

// Per tensor and per channel; a name that is no identifier.
// CHECK: xplat.param @"folded:i8" = <quantize(@folded)> : tensor<4x2x3x3x!quant.uniform<i8:f32, 7.812500e-03>>
xplat.param @"folded:i8" = <quantize(@folded)> : tensor<4x2x3x3x!quant.uniform<i8:f32, 7.8125e-03>>
// CHECK: xplat.param @"folded:i8:channels" = <quantize(@folded)> : tensor<4x2x3x3x!quant.uniform<i8:f32:0, {3.906250e-03,7.812500e-03,1.562500e-02,1.000000e+00}>>
xplat.param @"folded:i8:channels" = <quantize(@folded)>
    : tensor<4x2x3x3x!quant.uniform<i8:f32:0, {3.90625e-03, 7.8125e-03, 1.5625e-02, 1.0}>>
// CHECK: xplat.param @"folded_bias:i32" = <quantize(@folded_bias)> : tensor<4x!quant.uniform<i32:f32:0, {5.000000e-01,2.500000e-01,1.250000e-01,6.250000e-02}>>
xplat.param @"folded_bias:i32" = <quantize(@folded_bias)>
    : tensor<4x!quant.uniform<i32:f32:0, {0.5, 0.25, 0.125, 0.0625}>>

// CHECK: xplat.rom @weights of @"folded:i8" permutation [0, 1, 2, 3] tile [2, 1, 3, 1] element_bits 8 word_bits 48 depth 12
xplat.rom @weights of @"folded:i8" permutation [0, 1, 2, 3] tile [2, 1, 3, 1] element_bits 8 word_bits 48 depth 12
// CHECK: xplat.rom @turned of @"folded:i8" permutation [2, 3, 0, 1] tile [1, 1, 4, 2] element_bits 8 word_bits 64 depth 9
xplat.rom @turned of @"folded:i8" permutation [2, 3, 0, 1] tile [1, 1, 4, 2] element_bits 8 word_bits 64 depth 9
// CHECK: xplat.rom @far of @"folded:i8" permutation [2, 3, 0, 1] tile [1, 1, 4, 2] element_bits 8 word_bits 64 depth 9 kind outside
xplat.rom @far of @"folded:i8" permutation [2, 3, 0, 1] tile [1, 1, 4, 2] element_bits 8 word_bits 64 depth 9 kind outside
// CHECK: xplat.rom @shifts values [3, -1, 2, 0] permutation [0] tile [2] element_bits 6 word_bits 12 depth 2
xplat.rom @shifts values [3, -1, 2, 0] permutation [0] tile [2] element_bits 6 word_bits 12 depth 2
