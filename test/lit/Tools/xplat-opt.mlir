// RUN: xplat-opt --help | FileCheck %s --check-prefix=HELP
// RUN: xplat-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// RUN: xplat-opt --cse --canonicalize %s | FileCheck %s

// HELP: xplat: maps models to systems of FPGAs
// HELP: --canonicalize
// HELP: --symbol-dce

// Own dialect, and those that the IR uses.
// DIALECTS-DAG: func
// DIALECTS-DAG: quant
// DIALECTS-DAG: xplat

// CHECK: func.func private @f(tensor<1x4x!quant.uniform<i8:f32, 1.250000e-01>>)
func.func private @f(tensor<1x4x!quant.uniform<i8:f32, 0.125>>)
