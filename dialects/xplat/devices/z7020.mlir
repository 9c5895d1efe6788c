// AMD Zynq-7000 Z-7020 (speed grade -1) on a ZedBoard-like board. What the
// processing system has is not counted as logic; its memory is the board's.
//
// A link port is 8 LVDS pairs in each direction at 400 Mb/s, below the 950 Mb/s
// that DS187 gives for DDR LVDS in this speed grade. Two ports, with a forwarded
// clock for each direction, fill the 34 LA pairs and both clock inputs of an FMC
// LPC connector. The latency (serializer, 0.5 m of cable, deserializer) is an
// estimate: eight cycles of the fabric's clock.
//
// The clock is checked before routing alone. Yosys' delays are the longest that Project X-Ray lists for Artix-7, the
// same fabric.
xplat.device @z7020 fpga part "xc7z020clg484-1" family @series7 clock_mhz 100.0
    promised "before routing, cells of a whole network, of 15 kernels at three sizes and of six element-wise nodes take at most 60 % of the period (make bench-timing, Yosys sta)"
    estimated 110.0 "the cells of that network take 5.3 ns, if wires take 40 % of the period; never routed"
    resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140>
    source "AMD DS190, Zynq-7000 SoC Data Sheet: Overview" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0
      source "AMD DS190 (DDR3 at 1066 Mb/s, 32 bits); Avnet ZedBoard Hardware User's Guide (512 MB)"
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0
      source "AMD DS187, DC and AC Switching Characteristics (DDR LVDS); latency estimated"
}
