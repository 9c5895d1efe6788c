// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: values of kernel symbols.

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.cost_table @t of @edge source "s" {
  // expected-error@below {{[measurement C1] expected an integer for 'n' but got "ten"}}
  xplat.measurement @relu where {n = "ten"} cycles 1 latency 0 area <>
}

// -----

// C2: costs.

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.cost_table @t of @edge source "s" {
  // expected-error@below {{[measurement C2] expected at least one cycle and no negative latency or amount}}
  xplat.measurement @relu where {} cycles 0 latency 0 area <>
}

// -----

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.cost_table @t of @edge source "s" {
  // expected-error@below {{[measurement C2]}}
  xplat.measurement @relu where {} cycles 1 latency -1 area <>
}

// -----

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.cost_table @t of @edge source "s" {
  // expected-error@below {{[measurement C2]}}
  xplat.measurement @relu where {} cycles 1 latency 0 area <dsp = -1>
}
