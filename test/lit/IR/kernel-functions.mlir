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

// Memories go into LUTs while a half of a block would hold fewer than 64 LUTs' worth: 40 bits of 32 and of 64
// words there, of 512 words in two halves of 36 bits each, of 1024 words in three of 18.
// CHECK-LABEL: xplat.kernel @memories
// CHECK: buffer (1)
// CHECK: area lut (40) ff (56) dsp (28) bram36 (2) uram (3)
xplat.kernel @memories implements "xplat.relu" generated {
  let rom rom_lut (40, 64)
  let ram ram_lut (40, 64)
  let half_bank ram_lut (40, 32)
  let no_block ram_bram18 (40, 64)
  let in_luts ram_in_luts (40, 64)
  let two rom_bram18 (40, 512)
  let three ram_bram18 (40, 1024)
  cycles (1)
  latency (no_block)
  buffer (in_luts)
  area lut (rom) ff (ram) dsp (half_bank) bram36 (two) uram (three)
}

// -----

// CHECK-LABEL: xplat.kernel @numbers
// CHECK: cycles (3, 4, 0)
// CHECK: latency (1)
// CHECK: buffer (0)
xplat.kernel @numbers implements "xplat.relu" generated {
  let three clog2 (8)
  let four clog2 (9)
  let none clog2 (1)
  let yes is_power_of_two (64)
  let no is_power_of_two (49)
  cycles (three, four, none)
  latency (yes)
  buffer (no)
  area lut (0)
}

// -----

// 3x3 window, stride 1, padding 1 on 8x8 pixels of one beat: two rows, four pixels and two beats.
// CHECK-LABEL: xplat.kernel @window
// CHECK: latency (2)
// CHECK: buffer (22)
xplat.kernel @window implements "xplat.relu" generated {
  let depth window_depth (8, 8, 8, 8, 3, 3, 1, 1, 1, 1, 1)
  let stages tree_stages (9, 8)
  cycles (1)
  latency (stages)
  buffer (depth)
  area lut (0)
}

// -----

xplat.kernel @unknown implements "xplat.relu" generated {
  // expected-error @+1 {{unknown function 'logarithm'; there are max positive tree_stages window_depth clog2 is_power_of_two ram_in_luts ram_lut ram_bram18 rom_in_luts rom_lut rom_bram18}}
  let x logarithm (n)
}

// -----

xplat.kernel @arity implements "xplat.relu" generated {
  // expected-error @+1 {{expected 2 argument(s) of 'ram_lut' but got 1}}
  let x ram_lut (n)
}
