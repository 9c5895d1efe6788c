// Lattice ECP5 LFE5U-85F (speed grade 6) on a ULX3S board, with its SDRAM.
//
// A link port is 4 LVDS pairs in each direction at 400 Mb/s with a forwarded clock: two ports take 20 of the 28 pairs
// on the board's headers. Rate and latency (serializer, short cable, deserializer) are estimates, the latency eight
// cycles of the fabric's clock.
xplat.device @ulx3s fpga part "LFE5U-85F-6BG381C" family @ecp5 clock_mhz 50.0
    resources <lut = 83640, ff = 83640, mult18 = 156, ebr = 208>
    source "Lattice FPGA-DS-02012, ECP5 and ECP5-5G Family Data Sheet (84 k LUTs, 156 multipliers, 208 EBR); Project Trellis (83,640 LUTs and flip-flops)" {
  xplat.memory @sdram capacity_mib 32 bandwidth_mb_per_s 332.0
      source "ULX3S manual (32 MB of SDRAM, 16 bits at 166 MHz)"
  xplat.port @link count 2 rate_gbps 1.6 latency_ns 160.0
      source "ULX3S manual (28 differential pairs on headers); rate and latency estimated"
}
