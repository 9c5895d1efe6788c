// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: capacity and bandwidth.

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[memory C1] expected a positive, finite capacity and bandwidth}}
  xplat.memory @m capacity_mib 0 bandwidth_mb_per_s 1.0 source "s"
}

// -----

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[memory C1] expected a positive, finite capacity and bandwidth}}
  xplat.memory @m capacity_mib 1 bandwidth_mb_per_s -1.0 source "s"
}

// -----

// expected-error@below {{expects parent op 'xplat.device'}}
xplat.memory @m capacity_mib 1 bandwidth_mb_per_s 1.0 source "s"
