// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the device.

// expected-error@below {{[cost_table C1] expected @gone to name an 'xplat.device'}}
xplat.cost_table @t of @gone source "s" {
}

// -----

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
// expected-note@below {{the other table}}
xplat.cost_table @t of @edge source "s" {
}
// expected-error@below {{[cost_table C1] expected one table of @edge but got two}}
xplat.cost_table @u of @edge source "s" {
}

// -----

// C2: the body.

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.cost_table @t of @edge source "s" {
  // expected-error@below {{[cost_table C2] expected only 'xplat.measurement' in a cost table}}
  func.func private @f()
}

// -----

// C3: the source.

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
// expected-error@below {{[cost_table C3] expected 'source' to say how the costs were measured}}
xplat.cost_table @t of @edge source " " {
}

// -----

// C4: kernel symbols, of a kernel that is there.

xplat.device @edge fpga part "p" clock_mhz 100.0 resources <> source "s" {
}
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.cost_table @t of @edge source "s" {
  xplat.measurement @gone where {rows = 1} cycles 1 latency 0 area <>
  // expected-error@below {{[cost_table C4] 'xplat.relu' has no kernel symbol 'rows'; it has n, c, stages, multiplier_bits, stage_bits, adder_bits, logic_bits, products, p_n, p_c, bits_x, bits_y, frac_x, frac_y, unsigned_x, unsigned_y}}
  xplat.measurement @relu where {rows = 1} cycles 1 latency 0 area <>
}
