// AMD Zynq UltraScale+ ZU9EG (speed grade -2) on a ZCU102 board, with the memory
// of the processing system and the four SFP+ cages. Payload is what 64b/66b leaves
// of 10.3125 Gb/s. The latency (transceivers and a short cable) is an estimate.
//
// The clock is a choice that nothing promises: no open tool times UltraScale+.
xplat.device @zu9eg fpga part "xczu9eg-ffvb1156-2-e" family @ultrascale_plus clock_mhz 200.0
    resources <lut = 274080, ff = 548160, dsp = 2520, bram36 = 912>
    source "AMD DS891, Zynq UltraScale+ MPSoC Data Sheet: Overview" {
  xplat.memory @ddr capacity_mib 4096 bandwidth_mb_per_s 17064.0
      source "AMD UG1182, ZCU102 Evaluation Board User Guide (4 GB DDR4 SODIMM, 64 bits at 2133 Mb/s)"
  xplat.port @sfp count 4 rate_gbps 10.0 latency_ns 400.0
      source "AMD UG1182 (four SFP+ connectors); latency estimated"
}
