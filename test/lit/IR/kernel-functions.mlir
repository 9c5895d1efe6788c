// The functions that `let` clauses may call, and what they stand for.
// RUN: xplat-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: xplat.kernel @functions
// CHECK: cycles (n + (c - n) * ((c - n) ceildiv 1099511627776))
// CHECK: latency (p_c ceildiv 1099511627776)
xplat.kernel @functions implements "xplat.relu" generated {
  let largest max (n, c)
  let some positive (p_c)
  cycles (largest)
  latency (some)
  buffer (1)
  area lut (0)
}

// -----

// A memory of 64 words is made of LUTs, one of 65 of block RAMs: 40 bits take two up to 512 words.
// CHECK-LABEL: xplat.kernel @memories
// CHECK: area lut (40) ff (54) dsp (0) bram36 (1) uram (2)
xplat.kernel @memories implements "xplat.relu" generated {
  let small_rom rom_lut (40, 64)
  let small_ram ram_lut (40, 64)
  let one bram36 (40, 512)
  let two bram36 (40, 1024)
  cycles (1)
  latency (1)
  buffer (1)
  area lut (small_rom) ff (small_ram) bram36 (one) uram (two)
}

// -----

// 3x3 window, stride 1, padding 1 on 8x8 pixels of one beat: two rows, four pixels and two beats.
// CHECK-LABEL: xplat.kernel @window
// CHECK: latency (2)
// CHECK: buffer (22)
xplat.kernel @window implements "xplat.relu" generated {
  let depth window_depth (8, 8, 8, 8, 3, 3, 1, 1, 1, 1, 1)
  let stages tree_stages (9)
  cycles (1)
  latency (stages)
  buffer (depth)
  area lut (0)
}

// -----

xplat.kernel @unknown implements "xplat.relu" generated {
  // expected-error @+1 {{unknown function 'logarithm'; there are max positive tree_stages window_depth rom_lut ram_lut bram36}}
  let x logarithm (n)
}

// -----

xplat.kernel @arity implements "xplat.relu" generated {
  // expected-error @+1 {{expected 2 argument(s) of 'bram36' but got 1}}
  let x bram36 (n)
}
