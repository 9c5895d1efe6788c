// Lattice ECP5: four-input LUTs with carry slices of two, multipliers of 18 by 18 bits, block RAMs (EBR) of 18 kbit.
// What Yosys makes of each part, without placement; docs/KernelRtl.md has the fit and its errors.
xplat.family @ecp5 source "Yosys 0.70, synth_ecp5" {
  // Blocks for a memory: 36 bits wide up to 512 words, 18 up to 1024, else 9.
  function blocks (bits, words)
      ((bits ceildiv select (words <= 512, 36, select (words <= 1024, 18, 9))) * (words ceildiv 2048))
  // A cell of LUTs holds 16 words of four bits, in three slices of two LUTs: one of them is the write port.
  function cells (bits, words) ((bits ceildiv 4) * (words ceildiv 16))
  // A memory goes into LUTs where a block would be mostly empty: up to 22 cells in place of a block, or up to 2048 bits
  // of a ROM.
  function ram_in_luts (bits, words) (cells (bits, words) <= 22 * blocks (bits, words))
  function rom_in_luts (bits, words) (bits * words <= 2048 * blocks (bits, words))
  // Of so few words, some bits are alike.
  function columns (bits, words) (select (words <= 5, min (bits, exp2 (words)), bits))
  function rom_luts (bits, words)
      (rom_in_luts (bits, words) * columns (bits, words) * (words ceildiv 16 + 5 * (words ceildiv 128 - (words > 0))))
  function rom_blocks (bits, words) ((1 - rom_in_luts (bits, words)) * blocks (bits, words))

  // An adder tree of `terms` numbers of some bits with a register after every two: numbers that are left at a level where
  // `two` have become one, bits of all registers, and of all adders.
  function left (terms, two) (select (2 * terms > two, terms ceildiv two, 0))
  function tree_registers (terms, bits)
      (left (terms, 2) * (bits + 1) + left (terms, 4) * (bits + 2) + left (terms, 8) * (bits + 3)
       + left (terms, 16) * (bits + 4) + left (terms, 32) * (bits + 5) + left (terms, 64) * (bits + 6)
       + (terms ceildiv 64 - 1) * (bits + 8))
  function tree_adders (terms, bits) ((terms - 1) * (bits + 2) - clog2 (terms))

  // Contracts count LUTs of six inputs.
  part logic (luts) lut ((31 * luts) floordiv 20)
  // Adders, a LUT for each bit of the carry chain.
  part adder (bits) lut (bits)
  part tree (bits, terms, sums) lut (sums * tree_adders (terms, bits)) ff (sums * tree_registers (terms, bits))
  part register (bits) ff (bits)
  // There are no shift registers of LUTs.
  part delay (bits, stages) ff (bits * stages)
  // Reading several banks of LUTs takes a multiplexer, and what is read a register.
  function ram_luts (bits, words)
      (ram_in_luts (bits, words) * (6 * cells (bits, words) + (3 * bits * (words ceildiv 16 - 1)) floordiv 2))
  function ram_registers (bits, words) (ram_in_luts (bits, words) * bits)
  function ram_blocks (bits, words) ((1 - ram_in_luts (bits, words)) * blocks (bits, words))
  part ram (bits, words)
      lut (ram_luts (bits, words)) ff (ram_registers (bits, words)) ebr (ram_blocks (bits, words))
  // A memory of few words whose read has no register, as in a FIFO; those of 16 bits are registers.
  part fifo_ram (bits, words)
      lut (select (bits * words <= 16, bits, 6 * cells (bits, words)))
      ff ((bits * words <= 16) * bits * words)
  part ram_multiplexer (bits, words)
  part ram_register (bits, words, registers)
  // Yosys leaves the output register of a block RAM alone.
  part ram_delay (bits, words, stages) ff (bits * stages)
  // What holds the words that a kernel takes in order. Of a ROM: the memory with its output register, the number of the
  // next word, and whether there is one.
  part rom_stream (bits, words)
      lut (rom_luts (bits, words)
           + (words > 0) * (select (is_power_of_two (words), 1, 2) * clog2 (words) + clog2 (words) ceildiv 4 + 3))
      ff (rom_in_luts (bits, words) * columns (bits, words) * (words > 0) + (words > 0) * (clog2 (words) + 1)
          + (words > 64) * (bits + 1))
      ebr (rom_blocks (bits, words))
  // Words that may be late wait in the kernel, in a FIFO of seven.
  function late_luts (bits, words) ((words > 0) * (32 + 6 * (bits ceildiv 4)))
  function late_registers (words) ((words > 0) * 21)
  part outside_stream (bits, words) lut (late_luts (bits, words)) ff (late_registers (words))
  // A RAM that is filled after reset.
  part ram_stream (bits, words)
      lut (ram_luts (bits, words) + (words > 0) * 20 + late_luts (bits, words))
      ff ((words > 0) * (ram_registers (bits, words) + clog2 (words) + 2) + late_registers (words))
      ebr (ram_blocks (bits, words))
  // A ROM that is read at addresses, with its output register.
  part rom_lookup (bits, words)
      lut (rom_luts (bits, words))
      ff (rom_in_luts (bits, words) * columns (bits, words) * (words > 0))
      ebr (rom_blocks (bits, words))
  part multiply (a, b) mult18 ((a ceildiv 18) * (b ceildiv 18))
  // Sums of products stay in LUTs, and so do the registers around a multiplier: Yosys moves neither into it. Products of
  // few bits take multipliers, too, but for those with a weight of one bit or two: a complement and an addition of one.
  part factors (a, b, lefts, rights) ff (a * lefts + b * rights)
  // Between the read of a RAM and multipliers, with no logic between: three registers.
  part ram_to_factors (bits, words, a, b) ff (3 * bits)
  // The same for a multiplier to which no other words lead: two registers beside that of the read.
  part ram_to_multiplier (bits, words, a, b) ff (2 * bits)
  part multiply_add (a, b, terms, sums)
      lut (sums * (tree_adders (terms, a + b) + (b <= 2) * 2 * terms * (a + b)))
      ff (sums * (terms * (a + b) + tree_registers (terms, a + b)))
      mult18 ((b > 2) * terms * sums * (a ceildiv 18) * (b ceildiv 18))
  // A product with the reciprocal of a constant divisor, one bit wider than the dividend, in pieces of 18 by 18 bits (a
  // single bit beyond goes into LUTs), and a product of the quotient with the divisor.
  function pieces (bits) ((bits + 16) floordiv 18)
  part reciprocal (bits)
      lut (48 * (bits > 17)) ff (12)
      mult18 (pieces (bits + 1) * pieces (bits + 2) + 1)

  // What memories are made of: tools are told what the parts above count. A single word is a register.
  style ram (bits, words) registers (words <= 1) distributed (ram_in_luts (bits, words)) block (1)
  style rom_stream (bits, words) distributed (rom_in_luts (bits, words)) block (1)
  style rom_lookup (bits, words) distributed (rom_in_luts (bits, words)) block (1)
  style ram_stream (bits, words) distributed (ram_in_luts (bits, words)) block (1)

  resource lut (lut)
  resource ff (ff)
  resource mult18 (mult18)
  resource ebr (ebr)
}
