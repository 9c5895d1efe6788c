// What parts take is said by the family of the devices.
// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-annotate-cost | FileCheck %s

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.family @small source "for tests" {
  function banks (words) (words ceildiv 32)
  part logic (luts) lut (2 * luts)
  part ram (bits, words) lut (bits * banks (words)) bram18 (banks (words))
  resource lut (lut + 1)
  resource ff (lut floordiv 10)
  resource bram36 (bram18 ceildiv 2)
}
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 1000> source "for tests" {
}
// Units are summed up over the parts, then rounded once: 5 halves of blocks are 3 blocks, and one is stated.
xplat.kernel @relu implements "xplat.relu" generated {
  let most (max (n, c, 3))
  cycles (select (most > 5, most + 1, most floordiv 0), clog (c, 4), clog2 (c + 1))
  latency (min (c, 7) + is_power_of_two (c) + is_power_of_two (c + 1))
  buffer (1)
  area logic (10) ram (3, 33) x (2) ram (1, 32) bram36 (1) lut (p_c)
}

// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x16x2x2x!q>) -> tensor<1x16x2x2x!q> {
  // 20 + 12 + 1 + 4 LUTs.
  // CHECK: xplat.relu {{.*}}area = #xplat.resources<lut = 38, ff = 3, bram36 = 4>{{.*}}rate = #xplat.rate<cycles = 17, latency = 8>
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>>} : tensor<1x16x2x2x!q> -> tensor<1x16x2x2x!q>
  return %0 : tensor<1x16x2x2x!q>
}

// -----

// With devices of several families an area is the largest, resource by resource.

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.family @one source "for tests" {
  part logic (luts) lut (luts) ff (9)
  resource lut (lut)
  resource ff (ff)
}
xplat.family @other source "for tests" {
  part logic (luts) lut (3 * luts) ff (1)
  resource lut (lut)
  resource ff (ff)
}
xplat.device @a fpga part "p" family @one clock_mhz 100.0 resources <lut = 1000> source "for tests" {
}
xplat.device @b fpga part "p" family @other clock_mhz 100.0 resources <lut = 1000> source "for tests" {
}
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area logic (4)
}
// CHECK-LABEL: func.func @mixed
func.func @mixed(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // CHECK: xplat.relu {{.*}}area = #xplat.resources<lut = 12, ff = 9>
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %0 : tensor<1x16x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.family @small source "for tests" {
  part logic (luts) lut (luts)
  resource lut (lut)
}
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 1000> source "for tests" {
}
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area logic (1) rom (3, 4)
}
func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{device family @small has no part 'rom' of 2 argument(s)}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %0 : tensor<1x16x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (1) ram (3, 4)
}
func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{it is made of 'ram', and the device names no family that says what this takes}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %0 : tensor<1x16x!q>
}
