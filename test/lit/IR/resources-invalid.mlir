// RUN: xplat-opt %s -split-input-file -verify-diagnostics

// C1: names.

// expected-error@below {{[resources C1] expected one amount of "lut" but got two}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <lut = 4, ff = 1, lut = 5> source "s" {
}

// -----

// expected-error@below {{[resources C1] expected an identifier as name of a resource but got "a.b"}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <a.b = 4> source "s" {
}

// -----

// expected-error@below {{expected '='}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <lut> source "s" {
}

// -----

// expected-error@below {{integer value too large}}
xplat.device @d fpga part "p" clock_mhz 1.0 resources <lut = 99999999999999999999> source "s" {
}
