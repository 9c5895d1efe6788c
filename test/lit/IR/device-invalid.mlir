// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the clock.

// expected-error@below {{[device C1] expected a positive, finite 'clock_mhz' but got 0.000000e+00}}
xplat.device @d fpga part "p" clock_mhz 0.0 resources <> source "s" {
}

// -----

// expected-error@below {{[device C1] expected a positive, finite 'clock_mhz' but got 0x7FF0000000000000}}
xplat.device @d fpga part "p" clock_mhz 0x7FF0000000000000 resources <> source "s" {
}

// -----

// C2: memories and ports only.

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[device C2] expected only 'xplat.memory' and 'xplat.port' in a device}}
  xplat.param @w : tensor<4xf32>
}

// -----

// C3: the source.

// expected-error@below {{[device C3] expected 'source' to name the document that the numbers are from}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source " " {
}

// -----

// C4: the resources.

// expected-error@below {{[device C4] expected no negative amount in 'resources' but got -1}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <lut = 4, dsp = -1> source "s" {
}

// -----

// C5: why a clock is promised or estimated.

// expected-error@below {{[device C5] expected 'promised' and 'estimated' to say why}}
xplat.device @d fpga part "p" clock_mhz 1.0 promised " " resources <> source "s" {
}

// -----

// expected-error@below {{[device C5] expected 'promised' and 'estimated' to say why}}
xplat.device @d fpga part "p" clock_mhz 1.0 promised "routed" estimated 2.0 "" resources <> source "s" {
}

// -----

// expected-error@below {{[device C5] expected a positive, finite estimated clock but got -2.000000e+00}}
xplat.device @d fpga part "p" clock_mhz 1.0 estimated -2.0 "guess" resources <> source "s" {
}

// -----

// expected-error@below {{[device C5] expected an estimated clock and its reason, or neither}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" attributes {estimate = "guess"} {
}

// -----

// expected-error@below {{expected ::xplat::DeviceKind to be one of: fpga}}
// expected-error@below {{failed to parse}}
xplat.device @d gpu part "p" clock_mhz 1.0 resources <> source "s" {
}

// -----

// expected-note@below {{see existing symbol definition here}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
}
// expected-error@below {{redefinition of symbol named 'd'}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
}
