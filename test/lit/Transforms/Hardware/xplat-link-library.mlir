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
// RUN: xplat-opt %t/graph.mlir -xplat-link-library="files=%t/including.mlir,%t/fragments.mlir" > %t/linked.mlir
// RUN: FileCheck %s --check-prefix=LINKED < %t/linked.mlir
// RUN: xplat-opt %t/linked.mlir -xplat-link-library="files=%t/including.mlir,%t/fragments.mlir" | diff %t/linked.mlir -
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/including.mlir" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/including.mlir,%t/fragments.mlir,%t/same.mlir" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/lacking.mlir,%t/fragments.mlir" 2>&1 | FileCheck %s --check-prefix=LACKING
// RUN: xplat-opt %t/graph.mlir -xplat-link-library="files=%t/nested.mlir" | FileCheck %s --check-prefix=NESTED
// RUN: not xplat-opt %t/graph.mlir -xplat-link-library="files=%t/circle.mlir" 2>&1 | FileCheck %s --check-prefix=CIRCLE

// Fragments go into their places, from whichever file, and leave nothing else behind. Again changes nothing.
// LINKED-NOT: xplat.fragment
// LINKED: xplat.kernel @cast implements "xplat.cast" generated {
// LINKED-NEXT: formats x fixed (2 to 8)
// LINKED-NEXT: let lanes (p_c)
// LINKED-NEXT: let beats (c floordiv lanes)
// LINKED-NEXT: where (beats < 9)
// LINKED-NEXT: parameter First (1)
// LINKED-NEXT: parameter Lanes (lanes)
// LINKED-NEXT: parameter Last (beats)
// LINKED-NEXT: cycles (n * beats)
// LINKED-NEXT: latency (1)
// LINKED-NEXT: buffer (1)
// LINKED-NEXT: area ram (beats, 8) logic (1)
// NONE: including.mlir:1:1: error: kernel @cast includes @lanes, but no linked file has such a fragment
// TWICE: same.mlir:1:1: error: symbol @lanes has two different definitions
// LACKING: [kernel C2] unknown name 'lanes'; did you mean 'lane'?, in 'beats'

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
// FOREIGN: function.mlir:1:1: error: expected only kernels, fragments, families, devices, systems and cost tables in a library file but got 'func.func'
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
//--- including.mlir
xplat.kernel @cast implements "xplat.cast" generated {
  let lanes (p_c)
  parameter First (1)
  include @lanes
  parameter Last (beats)
  cycles (n * beats) latency (1) buffer (1)
  area logic (1)
}
//--- lacking.mlir
xplat.kernel @cast implements "xplat.cast" generated {
  let lane (p_c)
  include @lanes
  cycles (n * beats) latency (1) buffer (1)
}
//--- nested.mlir
// NESTED-LABEL: xplat.kernel @relu
// NESTED-NEXT: let a (p_c)
// NESTED-NEXT: let b (a + 1)
// NESTED-NOT: include
xplat.kernel @relu implements "xplat.relu" generated {
  include @outer
  cycles (n)
  latency (b)
  buffer (1)
}
xplat.fragment @outer {
  include @inner
  let b (a + 1)
}
xplat.fragment @inner {
  let a (p_c)
}

//--- circle.mlir
// CIRCLE: circle.mlir:2:1: error: kernel @relu includes @outer again through a fragment
xplat.kernel @relu implements "xplat.relu" generated {
  include @outer
  cycles (n)
  latency (1)
  buffer (1)
}
xplat.fragment @outer {
  include @inner
}
xplat.fragment @inner {
  include @outer
}

//--- fragments.mlir
xplat.fragment @lanes {
  formats x fixed (2 to 8)
  let beats (c floordiv lanes)
  where (beats < 9)
  parameter Lanes (lanes)
  area ram (beats, 8)
}
//--- same.mlir
xplat.fragment @lanes {
}
//--- malformed.mlir
xplat.kernel @relu implements
//--- function.mlir
func.func private @f()
//--- dialect.mlir
func.func @f() {
  %0 = tensor.empty() : tensor<4xf32>
  return
}
