// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: count, rate and latency.

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[port C1] expected a positive count and rate and a latency that is not negative, all finite}}
  xplat.port @p count -1 rate_gbps 1.0 latency_ns 1.0 source "s"
}

// -----

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[port C1]}}
  xplat.port @p count 1 rate_gbps 0.0 latency_ns 1.0 source "s"
}

// -----

xplat.device @d fpga part "p" clock_mhz 1.0 resources <> source "s" {
  // expected-error@below {{[port C1]}}
  xplat.port @p count 1 rate_gbps 1.0 latency_ns -1.0 source "s"
}

// -----

// expected-error@below {{expects parent op 'xplat.device'}}
xplat.port @p count 1 rate_gbps 1.0 latency_ns 1.0 source "s"
