// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the latency.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[switch C1] expected a finite 'latency_ns' that is not negative but got -1.000000e+00 : f64}}
  xplat.switch @net latency_ns -1.0 source "s"
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[switch C1]}}
  xplat.switch @net latency_ns 0x7FF0000000000000 source "s"
}

// -----

// C2: the source.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[switch C2] expected 'source' to name the document that the latency is from}}
  xplat.switch @net latency_ns 1.0 source " "
}
