// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a device.

xplat.system @s {
  // expected-error@below {{[instance C1] expected @board to name an 'xplat.device'}}
  xplat.instance @a of @board
}

// -----

xplat.param @board : tensor<4xf32>
xplat.system @s {
  // expected-error@below {{[instance C1] expected @board to name an 'xplat.device'}}
  xplat.instance @a of @board
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
// expected-error@below {{expects parent op 'xplat.system'}}
xplat.instance @a of @board
