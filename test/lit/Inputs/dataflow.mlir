// What the tests of the dataflow passes map to: two devices, one cable, and small contracts.
xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0
    resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140>
    source "for tests" {
  xplat.port @link count 2 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @rack {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
xplat.kernel @host_input implements "xplat.host_input" port {
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
  area lut (0)
}
xplat.kernel @host_output implements "xplat.host_output" port {
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
  area lut (0)
}
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (2)
  area lut (10 * p_c)
}
// As a kernel of a user: what it takes goes into its result, so that its `ready` hangs on that of its reader.
xplat.kernel @relu_direct implements "xplat.relu" rtl "relu" files ["relu.sv"] {
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (10 * p_c)
}
xplat.kernel @add implements "xplat.add" generated {
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (2)
  area lut (20 * p_c)
}
xplat.kernel @reshape implements "xplat.reshape" wire {
  where (permutes == 0)
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
  area lut (0)
}
// As the linear kernel of the library: two rows of input, then a pipeline.
xplat.kernel @linear implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  memory bias (p_n * bits_bias) x ((n floordiv p_n) * (bits_bias ceildiv 64))
  memory shift (p_n * 6) x ((n floordiv p_n) * per_channel)
  cycles (m * (n floordiv p_n) * (k floordiv p_k), m * (k floordiv p_k))
  latency (k floordiv p_k + 9)
  buffer (2 * (k floordiv p_k) + 2)
  area dsp (p_n * p_k)
}
// A window buffer that is generous: the whole image and a row more.
xplat.kernel @conv2d implements "xplat.conv2d" rtl "conv2d" files ["conv2d.sv"] {
  parameter StrideH (stride_h) parameter StrideW (stride_w) parameter PadH (pad_h) parameter PadW (pad_w)
  streams in ["in"] out ["out"]
  memory weight (p_oc * p_kh * p_kw * p_ic * bits_weight) x ((oc floordiv p_oc) * (kh floordiv p_kh) * (kw floordiv p_kw) * (ic floordiv p_ic))
  memory bias (p_oc * bits_bias) x ((oc floordiv p_oc) * (bits_bias ceildiv 64))
  memory shift (p_oc * 6) x ((oc floordiv p_oc) * per_channel)
  cycles (oh * ow * (oc floordiv p_oc) * (kh floordiv p_kh) * (kw floordiv p_kw) * (ic floordiv p_ic),
          h * w * (channels floordiv p_ic))
  latency ((kh floordiv p_kh) * (kw floordiv p_kw) * (ic floordiv p_ic) + 9)
  buffer ((h + 1) * w * (channels floordiv p_ic))
  area dsp (p_oc * p_kh * p_kw * p_ic)
}
xplat.kernel @fork implements "xplat.fork" rtl "fork" files ["fork.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n)
  latency (1)
  buffer (2)
  area lut (3 * outs)
}
xplat.kernel @fifo implements "xplat.fifo" rtl "fifo" files ["fifo.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n)
  latency (1)
  buffer (depth)
  area lut (depth)
}
xplat.kernel @rewidth implements "xplat.convert_stream" rtl "rewidth" files ["rewidth.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (2)
  area lut (in_lanes + p_n)
}
xplat.kernel @link implements "xplat.link" rtl "link" files ["link.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles ((n floordiv p_n) * (beat_bits ceildiv phit_bits))
  latency (latency_cycles + beat_bits ceildiv phit_bits + 1)
  buffer (credits)
  area lut (100)
}
// Skips weights: half of a group of four, a group in a cycle.
xplat.kernel @linear_sparse implements "xplat.linear" rtl "linear_sparse" files ["linear_sparse.sv"] {
  where (sparse_m - 4 == 0, sparse_n - 2 == 0, p_k - 4 >= 0)
  streams in ["in"] out ["out"]
  memory weight (p_n * (p_k floordiv 2) * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  memory index (p_n * p_k) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (m * (n floordiv p_n) * (k floordiv p_k))
  latency (k floordiv p_k + 9)
  buffer (2 * (k floordiv p_k) + 2)
  area dsp (p_n * (p_k floordiv 2))
}
xplat.kernel @cdc implements "xplat.cdc" rtl "cdc" files ["cdc.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n)
  latency (4)
  buffer (depth)
  area lut (10)
}
