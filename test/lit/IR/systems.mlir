// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Devices, systems, and what a mapping achieves.

// CHECK: xplat.device @z7020 fpga part "xc7z020clg484-1" clock_mhz 1.000000e+02 resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "AMD DS190" {
// CHECK-NEXT: xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4.264000e+03 source "board manual"
// CHECK-NEXT: xplat.port @link count 2 rate_gbps 3.200000e+00 latency_ns 8.000000e+01 source "board manual"
// CHECK-NEXT: }
xplat.device @z7020 fpga part "xc7z020clg484-1" clock_mhz 100.0
    resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140> source "AMD DS190" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "board manual"
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "board manual"
}

// CHECK: xplat.device @bare fpga part "" clock_mhz 2.505000e+02 resources <> source "none needed" attributes {note = "kept"} {
xplat.device @bare fpga part "" clock_mhz 250.5 resources <> source "none needed" attributes {note = "kept"} {
}

// A clock that is promised, and one that designs are expected to reach.
// CHECK: xplat.device @routed fpga part "p" clock_mhz 5.000000e+01 promised "routed" estimated 9.000000e+01 "the same" resources <> source "x" {
xplat.device @routed fpga part "p" clock_mhz 50.0 promised "routed" estimated 90.0 "the same" resources <> source "x" {
}

// CHECK: xplat.device @hoped fpga part "p" clock_mhz 5.000000e+01 estimated 9.000000e+01 "kernels alone" resources <> source "x" {
xplat.device @hoped fpga part "p" clock_mhz 50.0 estimated 90.0 "kernels alone" resources <> source "x" {
}

// CHECK: xplat.device @big fpga part "xcu250" clock_mhz 3.000000e+02 resources <uram = 1280, lut = 1728000>
xplat.device @big fpga part "xcu250" clock_mhz 300.0 resources <uram = 1280, lut = 1728000> source "AMD DS962" {
  xplat.port @qsfp count 2 rate_gbps 100.0 latency_ns 0.0 source "AMD DS962"
}

// Any name of a resource will do, and an amount of zero stays.
// CHECK: xplat.device @other fpga part "p" clock_mhz 1.000000e+02 resources <comb = 20000, ebr = 208, hard_float = 0> source "x"
xplat.device @other fpga part "p" clock_mhz 100.0 resources <comb = 20000, ebr = 208, hard_float = 0> source "x" {
}

// CHECK: xplat.system @ring {
// CHECK-NEXT: xplat.instance @a of @z7020
// CHECK-NEXT: xplat.instance @b of @z7020
// CHECK-NEXT: xplat.instance @c of @z7020
// CHECK-NEXT: xplat.cable @ab @a port @link to @b port @link
// CHECK-NEXT: xplat.cable @bc @b port @link to @c port @link
// CHECK-NEXT: xplat.cable @ca @c port @link to @a port @link
// CHECK-NEXT: }
xplat.system @ring {
  xplat.instance @a of @z7020
  xplat.instance @b of @z7020
  xplat.instance @c of @z7020
  xplat.cable @ab @a port @link to @b port @link
  xplat.cable @bc @b port @link to @c port @link
  xplat.cable @ca @c port @link to @a port @link
}

// Different devices, two cables between one pair, an instance before its device.
// CHECK: xplat.system @mixed
xplat.system @mixed {
  xplat.instance @x of @big
  xplat.instance @y of @later
  xplat.cable @first @x port @qsfp to @y port @link
  xplat.cable @second @y port @link to @x port @qsfp
}
xplat.device @later fpga part "p" clock_mhz 1.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 1.0 latency_ns 1.0 source "s"
}

// A switch, with two cables from one instance.
// CHECK: xplat.system @star {
// CHECK-NEXT: xplat.instance @a of @z7020
// CHECK-NEXT: xplat.instance @b of @z7020
// CHECK-NEXT: xplat.switch @net latency_ns 3.000000e+02 source "data sheet"
// CHECK-NEXT: xplat.cable @a0 @a port @link to @net
// CHECK-NEXT: xplat.cable @a1 @a port @link to @net
// CHECK-NEXT: xplat.cable @b0 @b port @link to @net
// CHECK-NEXT: }
xplat.system @star {
  xplat.instance @a of @z7020
  xplat.instance @b of @z7020
  xplat.switch @net latency_ns 300.0 source "data sheet"
  xplat.cable @a0 @a port @link to @net
  xplat.cable @a1 @a port @link to @net
  xplat.cable @b0 @b port @link to @net
}
// CHECK: xplat.link %{{.*}} over @star::@a1 and @star::@b0 to <@star::@b> phit_bits 8 latency_cycles 38 credits 80
func.func @switched(%x: !xplat.stream<4xf32, beat = (2)>) {
  xplat.link %x over @star::@a1 and @star::@b0 to <@star::@b> phit_bits 8 latency_cycles 38 credits 80
      {config = #xplat.config<place = <@star::@a>>} : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// CHECK: xplat.mapping @forward on @ring clock_mhz 1.000000e+02 cycles 2304 latency_cycles 5120 bound_cycles 2048 bound_kind resource bound_reason "dsp of @ring" bottleneck "layer1.conv1" usage [#xplat.usage<@ring::@a, used = <lut = 4000, dsp = 218>, budget = <lut = 53200, dsp = 220>>, #xplat.usage<@ring::@b, used = <>, budget = <lut = 53200, dsp = 220>>]
xplat.mapping @forward on @ring clock_mhz 100.0 cycles 2304 latency_cycles 5120 bound_cycles 2048
    bound_kind resource bound_reason "dsp of @ring" bottleneck "layer1.conv1"
    usage [#xplat.usage<@ring::@a, used = <lut = 4000, dsp = 218>, budget = <lut = 53200, dsp = 220>>,
           #xplat.usage<@ring::@b, used = <>, budget = <lut = 53200, dsp = 220>>]

// CHECK: bound_cycles 7 bound_kind memory bound_reason "" bottleneck "" usage []
xplat.mapping @forward on @ring clock_mhz 1.0 cycles 7 latency_cycles 0 bound_cycles 7
    bound_kind memory bound_reason "" bottleneck "" usage []
