// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// xplat kernel version 4
// The @WORDS@ of each element, rounded into the result's format: one beat a cycle, through one register,
// with a spare one for the beat that comes while the result waits: `buffer (2)`.
// xplat's own cells, xplat_assert.svh here, are found by their names.
// docs/Spec.md lists the symbols of the op: extents, unroll factors p_…, bits_…, frac_… and unsigned_… of its ports.
xplat.kernel @@NAME@ implements "xplat.@OP@" rtl "@NAME@" files ["rtl/@NAME@.sv"] {
  // The formats that the RTL can take.
  formats x fixed (2 to 16), y fixed (2 to 16)
  where (frac_x - frac_y <= 16, frac_y - frac_x <= 16)
  streams in ["in"] out ["out"]
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (2)
  // An estimate: measure it with Yosys. A device family says what logic and registers take.
  area logic (p_c * (2 * bits_x + 3 * bits_y) + 4) register (2 * p_c * bits_y + 2)
}
