// AMD Alveo U280: the whole device; what a shell takes is left to
// `max_utilization`. The latency of a link (transceivers, framing and a short
// cable) is an estimate.
//
// The clock is a choice that nothing promises: no open tool times UltraScale+.
xplat.device @u280 fpga part "xcu280-fsvh2892-2L-e" family @ultrascale_plus clock_mhz 250.0
    resources <lut = 1303680, ff = 2607360, dsp = 9024, bram36 = 2016, uram = 960>
    source "AMD DS963, Alveo U280 Data Center Accelerator Card Data Sheet" {
  xplat.memory @hbm capacity_mib 8192 bandwidth_mb_per_s 460000.0
      source "AMD DS963 (8 GB HBM2, 460 GB/s)"
  xplat.memory @ddr capacity_mib 32768 bandwidth_mb_per_s 38000.0
      source "AMD DS963 (32 GB DDR4, 38 GB/s)"
  xplat.port @qsfp count 2 rate_gbps 100.0 latency_ns 400.0
      source "AMD DS963 (two QSFP28 at 100 Gb/s); latency estimated"
}
