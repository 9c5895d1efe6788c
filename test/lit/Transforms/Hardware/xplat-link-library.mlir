// RUN: split-file %s %t
// RUN: xplat-opt %t/graph.mlir -xplat-link-library="files=%t/kernel.mlir,%t/system.mlir,%t/device.mlir,%t/kernel.mlir" | FileCheck %s
// RUN: mkdir -p "%t/a, b{'c'} d" && cp %t/kernel.mlir %t/system.mlir %t/device.mlir "%t/a, b{'c'} d"
// RUN: xplat-opt %t/graph.mlir -xplat-link-library="files=%t/a%%2C%%20b%%7b%%27c%%27%%7D%%20d/kernel.mlir,%t/a%%2C%%20b%%7b%%27c%%27%%7D%%20d/system.mlir,%t/device.mlir" | FileCheck %s
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/missing.mlir" 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/malformed.mlir" 2>&1 | FileCheck %s --check-prefix=MALFORMED
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/kernel.mlir,%t/other.mlir" 2>&1 | FileCheck %s --check-prefix=CONFLICT
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/function.mlir" 2>&1 | FileCheck %s --check-prefix=FOREIGN
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/dialect.mlir" 2>&1 | FileCheck %s --check-prefix=DIALECT
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/system.mlir" 2>&1 | FileCheck %s --check-prefix=DANGLING

// A path may have bytes as % and two hexadecimal digits, where an option cannot hold them otherwise.
// A file may be named twice; a system may stand before its devices.
// CHECK: func.func @forward
// CHECK: xplat.kernel @relu
// CHECK: xplat.system @one
// CHECK: xplat.device @board
// CHECK-NOT: xplat.kernel @relu

// MISSING: error: cannot read '{{.*}}missing.mlir': No such file or directory
// MALFORMED: malformed.mlir:2:1: error: custom op 'xplat.kernel' expected string
// MALFORMED: error: cannot parse '{{.*}}malformed.mlir'
// CONFLICT: other.mlir:1:1: error: symbol @relu has two different definitions
// CONFLICT: kernel.mlir:1:1: note: the other definition; rename one of them
// FOREIGN: function.mlir:1:1: error: expected only kernels, devices, systems and cost tables in a library file but got 'func.func'
// A dialect that library files do not use must not be loaded in the middle of the pass: MLIR would abort.
// DIALECT: dialect.mlir:2:8: error: Dialect `tensor' not found for custom op 'tensor.empty'
// DIALECT: error: cannot parse '{{.*}}dialect.mlir'
// DANGLING: [instance C1] expected @board to name an 'xplat.device'

// The documentation's example. Three files of a library for a graph.
//--- graph.mlir
func.func @forward(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
//--- kernel.mlir
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (p_c) }
//--- system.mlir
xplat.system @one {
  xplat.instance @a of @board
}
//--- device.mlir
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 10> source "for tests" {
}
// The end of the example.
//--- other.mlir
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (2) buffer (1) area lut (p_c) }
//--- malformed.mlir
xplat.kernel @relu implements
//--- function.mlir
func.func private @f()
//--- dialect.mlir
func.func @f() {
  %0 = tensor.empty() : tensor<4xf32>
  return
}
