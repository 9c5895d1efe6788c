// Lattice ECP5 LFE5U-85F (speed grade 6) on a ULX3S board, with its SDRAM.
//
// The data sheet of the chip (FPGA-DS-02012) was not at hand: amounts are those that Lattice Diamond and nextpnr count.
// Diamond has 205 flip-flops more, one for each pin. The board's oscillator is 25 MHz; that its PLL makes 50 MHz of it
// is a choice.
//
// The board's list of parts names two SDRAMs of 256 Mbit and 16 bits. The figure is that of MT48LC16M16A2TG-6A, 167
// MHz; boards built from 2020 on have mostly IS42S16160G-7TL (grade 7 of revisions B and J: 143 MHz), some others.
//
// A link port is 2 LVDS pairs in each direction at 400 Mb/s with a forwarded clock. Two ports take 12 of the 14 pairs
// of the headers that lie on the left and right sides of the chip, where true LVDS is: GP8 to GP21, of which the board
// shares GP11 to GP17 with its ESP32 and its ADC. Rate and latency (serializer, short cable, deserializer) are
// estimates, the latency eight cycles of the fabric's clock. What speed grade 6 allows and which voltages of the banks
// LVDS needs was not checked.
xplat.device @ulx3s fpga part "LFE5U-85F-6BG381C" family @ecp5 clock_mhz 50.0
    promised "a network that takes three quarters of the multipliers is routed at more (make bench-timing, nextpnr-ecp5)"
    estimated 113.0 "the same network, one seed: from a multiplier over a wire of 6.7 ns to a sum of its tree"
    resources <lut = 83640, ff = 83640, mult18 = 156, ebr = 208>
    source "Lattice Diamond map report of an LFE5U-85F, in TarikHamedovic/SDR-HLS (83,640 LUTs, 208 EBR, 312 multipliers of 9 bits); nextpnr-ecp5 0.11.1 --85k, device utilisation (the same, 83,640 flip-flops, 156 multipliers of 18 bits); emard/ulx3s, README.md (part, oscillator)" {
  xplat.memory @sdram capacity_mib 32 bandwidth_mb_per_s 334.0
      source "emard/ulx3s, README.md (32 MB of SDRAM) and 1-click-bom.tsv (MT48LC16M16A2TG-6A); Micron, 256Mb x4, x8, x16 SDRAM (-6A: 167 MHz)"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 160.0
      source "emard/ulx3s, doc/MANUAL.md and doc/ECP5U85Pinout.csv (14 differential pairs); Lattice FPGA-TN-02038 (LVDS on the left and right sides); rate and latency estimated"
}
