// AMD UltraScale+: six-input LUTs, multipliers of 27 by 18 bits, block RAMs of two halves of 18 kbit, UltraRAMs of
// 4096 words of 72 bits for parameters that are filled in after reset.
// What Yosys makes of each part, without placement; docs/KernelRtl.md has the fit and its errors.
xplat.family @ultrascale_plus source "Yosys 0.70, synth_xilinx -family xcup" {
  // 18-kbit halves for a memory: 36 bits wide up to 512 words, 18 up to 1024, else 9.
  function halves (bits, words)
      ((bits ceildiv select (words <= 512, 36, select (words <= 1024, 18, 9))) * (words ceildiv 2048))
  // A memory goes into LUTs where a block would be mostly empty: a RAM with two ports, of eight LUTs for seven bits of 64
  // words, up to 80 LUTs in place of a half and 72 of each more; a ROM, of one a bit, up to 64.
  function ram_in_luts (bits, words) (8 * (bits ceildiv 7) * (words ceildiv 64) <= 8 + 72 * halves (bits, words))
  function rom_in_luts (bits, words) (bits * (words ceildiv 64) <= 64 * halves (bits, words))
  // Of so few words, some bits are alike.
  function columns (bits, words) (select (words <= 5, min (bits, exp2 (words)), bits))
  function rom_luts (bits, words) (rom_in_luts (bits, words) * columns (bits, words) * (words ceildiv 64))
  function rom_halves (bits, words) ((1 - rom_in_luts (bits, words)) * halves (bits, words))
  // Banks of 64 words, the last of 32 where that does.
  function whole_banks (words) ((words + 31) floordiv 64)
  // Products of few bits go into LUTs instead of DSPs, and so do those with a weight of one bit or two, which are a
  // complement and an addition of one.
  function narrow (a, b) (a + b <= 8 or b <= 2)
  function product_luts (a, b, terms) (select (b <= 2, (3 * terms * (a + b)) floordiv 4, (25 * terms * a * b) floordiv 16))

  // An adder tree of `terms` numbers of some bits with a register after every two: numbers that are left at a level where
  // `two` have become one, bits of all registers, and of all adders.
  function left (terms, two) (select (2 * terms > two, terms ceildiv two, 0))
  function tree_registers (terms, bits)
      (left (terms, 2) * (bits + 1) + left (terms, 4) * (bits + 2) + left (terms, 8) * (bits + 3)
       + left (terms, 16) * (bits + 4) + left (terms, 32) * (bits + 5) + left (terms, 64) * (bits + 6)
       + (terms ceildiv 64 - 1) * (bits + 8))
  function tree_adders (terms, bits) ((terms - 1) * (bits + 2) - clog2 (terms))
  // A term that is left over at one level after the other waits in a row of registers: with `terms` one more than a power
  // of two, or so many sums of two or four. From three on they are shift registers: bits of these, and registers less.
  function waits (terms) ((terms > 4) * is_power_of_two (terms - 1))
  function waiting (terms)
      (waits (terms) + (terms mod 2 == 0) * waits (terms floordiv 2) + (terms mod 4 == 0) * waits (terms floordiv 4))
  function waiting_levels (terms)
      (waits (terms) * clog2 (terms) + (terms mod 2 == 0) * waits (terms floordiv 2) * clog2 (terms floordiv 2)
       + (terms mod 4 == 0) * waits (terms floordiv 4) * clog2 (terms floordiv 4))

  part logic (luts) lut (luts)
  part adder (bits) lut (bits)
  part tree (bits, terms, sums) lut (sums * tree_adders (terms, bits)) ff (sums * tree_registers (terms, bits))
  part register (bits) ff (bits)
  // Rows of registers with no logic between: from three on they are shift registers in LUTs.
  part delay (bits, stages) lut ((stages > 2) * bits) ff ((stages <= 2) * bits * stages)
  part ram (bits, words)
      lut (ram_in_luts (bits, words) * 8 * ((bits ceildiv 7) * whole_banks (words)
           + (bits ceildiv 14) * (words ceildiv 64 - whole_banks (words))))
      bram18 ((1 - ram_in_luts (bits, words)) * halves (bits, words))
  // A memory of few words whose read has no register, as in a FIFO; those of 16 bits are registers.
  part fifo_ram (bits, words)
      lut (select (bits * words <= 16, bits, 8 * ((bits ceildiv 7) * whole_banks (words)
           + (bits ceildiv 14) * (words ceildiv 64 - whole_banks (words)))))
      ff ((bits * words <= 16) * bits * words)
  part ram_multiplexer (bits, words)
      lut (ram_in_luts (bits, words) * ((3 * bits * (words ceildiv 64 - 1)) floordiv 5))
  // A block RAM has a register at its output; other memories take one from the fabric.
  part ram_register (bits, words, registers) ff (ram_in_luts (bits, words) * registers)
  // Registers behind a read with no logic between: with that of a memory in LUTs they are shift registers in LUTs.
  part ram_delay (bits, words, stages)
      lut (ram_in_luts (bits, words) * bits)
      ff ((1 - ram_in_luts (bits, words)) * bits * stages)
  // What holds the words that a kernel takes in order. Of a ROM: the memory with its output register, the number of the
  // next word, and whether there is one.
  part rom_stream (bits, words)
      lut (rom_luts (bits, words) + (words > 0) * select (words > 512, 3, clog2 (words) + clog2 (words) ceildiv 6 + 2))
      ff (rom_in_luts (bits, words) * columns (bits, words) * (words > 0) + (words > 0) * (clog2 (words) + 1)
          + (words > 64) * (bits + 1))
      bram18 (rom_halves (bits, words))
  // Words that may be late wait in the kernel, in a FIFO of seven.
  function late_luts (bits, words) ((words > 0) * (23 + 8 * (bits ceildiv 14)))
  function late_registers (words) ((words > 0) * 21)
  part outside_stream (bits, words) lut (late_luts (bits, words)) ff (late_registers (words))
  // A RAM that is filled after reset has one port.
  function fill_luts (words) ((words > 0) * select (is_power_of_two (words), 4, clog2 (words) + 1))
  part ram_stream (bits, words)
      lut (rom_in_luts (bits, words) * bits * (words ceildiv 64) + fill_luts (words) + late_luts (bits, words))
      ff (rom_in_luts (bits, words) * bits * (words > 0) + (words > 0) * (clog2 (words) + 2) + late_registers (words))
      bram18 (rom_halves (bits, words))
  // What a block RAM of 36 kbit holds is not worth an UltraRAM. A word of few bits has 72 to itself; several UltraRAMs
  // below each other are chosen from by LUTs.
  function in_ultra_ram (bits, words) (bits * words > 36 * 1024)
  part ultra_ram_stream (bits, words)
      lut (fill_luts (words) + late_luts (bits, words)
           + select (in_ultra_ram (bits, words), bits * (words ceildiv 4096 - 1),
                     rom_in_luts (bits, words) * bits * (words ceildiv 64)))
      ff (rom_in_luts (bits, words) * bits * (words > 0) + (words > 0) * (clog2 (words) + 2) + late_registers (words))
      bram18 ((1 - in_ultra_ram (bits, words)) * rom_halves (bits, words))
      uram (in_ultra_ram (bits, words) * (bits ceildiv 72) * (words ceildiv 4096))
  // A ROM that is read at addresses, with its output register.
  part rom_lookup (bits, words)
      lut (rom_luts (bits, words))
      ff (rom_in_luts (bits, words) * columns (bits, words) * (words > 0))
      bram18 (rom_halves (bits, words))
  part multiply (a, b) dsp ((a ceildiv 18) * (b ceildiv 18))
  // Sums of products stay in LUTs, and so do the registers around a multiplier: Yosys moves neither into its DSP.
  part factors (a, b, lefts, rights) ff (a * lefts + b * rights)
  // Between the read of a RAM and multipliers, with no logic between: three registers, which are shift registers in LUTs.
  part ram_to_factors (bits, words, a, b) lut (bits)
  // The same for a multiplier to which no other words lead: the register of the read and two more.
  part ram_to_multiplier (bits, words, a, b)
      lut (ram_in_luts (bits, words) * bits)
      ff (2 * bits * (1 - ram_in_luts (bits, words)))
  part multiply_add (a, b, terms, sums)
      lut (sums * (select (narrow (a, b), product_luts (a, b, terms), 0) + tree_adders (terms, a + b)
           + waiting (terms) * (a + b)))
      ff (sums * (terms * (a + b) + tree_registers (terms, a + b) - waiting_levels (terms) * (a + b + 1)))
      dsp (select (narrow (a, b), 0, terms * sums))
  // A product with the reciprocal of a constant divisor, one bit wider than the dividend. A DSP takes 26
  // by 17 bits without sign; products of several are summed up in LUTs.
  part reciprocal (bits)
      lut ((bits > 16) * bits) ff (24)
      dsp (((bits + 1) ceildiv 17) * ((bits + 2) ceildiv 26))

  // What memories are made of: tools are told what the parts above count. A single word is a register.
  style ram (bits, words) registers (words <= 1) distributed (ram_in_luts (bits, words)) block (1)
  style rom_stream (bits, words) distributed (rom_in_luts (bits, words)) block (1)
  style rom_lookup (bits, words) distributed (rom_in_luts (bits, words)) block (1)
  style ram_stream (bits, words) distributed (rom_in_luts (bits, words)) block (1)
  style ultra_ram_stream (bits, words)
      ultra (in_ultra_ram (bits, words)) distributed (rom_in_luts (bits, words)) block (1)

  resource lut (lut)
  resource ff (ff)
  resource dsp (dsp)
  resource bram36 (bram18 ceildiv 2)
  resource uram (uram)
}
