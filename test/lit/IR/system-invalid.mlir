// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: instances, switches and cables, at least one instance.

// expected-error@below {{[system C1] expected at least one 'xplat.instance'}}
xplat.system @s {
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @s {
  xplat.instance @a of @board
  // expected-error@below {{[system C1] expected only 'xplat.instance', 'xplat.switch' and 'xplat.cable' in a system}}
  xplat.param @w : tensor<4xf32>
}
