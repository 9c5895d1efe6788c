// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -

// CHECK: xplat.family @small source "for tests" {
// CHECK-NEXT: function halves (bits, words) ((bits ceildiv 36) * (words ceildiv 512))
// CHECK-NEXT: part logic (luts) lut (luts * 2)
// CHECK-NEXT: part ram (bits, words) lut (bits) bram18 (halves (bits, words))
// CHECK-NEXT: part wire (bits)
// CHECK-NEXT: style ram (bits, words) distributed (words <= 32) block (1)
// CHECK-NEXT: resource lut (lut)
// CHECK-NEXT: resource bram36 (bram18 ceildiv 2)
// CHECK-NEXT: }
xplat.family @small source "for tests" {
  function halves (bits, words) (bits ceildiv 36 * (words ceildiv 512))
  part logic (luts) lut (luts * 2)
  part ram (bits, words)
      lut (bits)
      bram18 (halves (bits, words))
  part wire (bits)
  style ram (bits, words) distributed (words <= 32)
      block (1)
  resource lut (lut)
  resource bram36 (bram18 ceildiv 2)
}
// CHECK: xplat.device @board fpga part "p" family @small clock_mhz 1.000000e+02
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 10> source "for tests" {
}
