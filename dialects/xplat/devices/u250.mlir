// AMD Alveo U250: the whole device; what a shell takes is left to
// `max_utilization`. The latency of a link (transceivers, framing and a short
// cable) is an estimate.
//
// The clock is a choice that nothing promises: no open tool times UltraScale+.
xplat.device @u250 fpga part "xcu250-figd2104-2L-e" family @ultrascale_plus clock_mhz 250.0
    resources <lut = 1728000, ff = 3456000, dsp = 12288, bram36 = 2688, uram = 1280>
    source "AMD DS962, Alveo U200 and U250 Data Center Accelerator Cards Data Sheet" {
  xplat.memory @ddr capacity_mib 65536 bandwidth_mb_per_s 77000.0
      source "AMD DS962 (64 GB DDR4, 77 GB/s)"
  xplat.port @qsfp count 2 rate_gbps 100.0 latency_ns 400.0
      source "AMD DS962 (two QSFP28 at 100 Gb/s); latency estimated"
}
