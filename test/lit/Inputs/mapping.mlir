// What the tests of the mapping passes map to: small devices, alone and in pairs, and small contracts.
// At 100 MHz a memory moves 8 bits a cycle, a cable 8 bits a cycle in each direction.
xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 1000, ff = 1000, dsp = 16, bram36 = 4>
    source "for tests" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "for tests"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "for tests"
}
xplat.device @bare fpga part "xc7z010clg400-1" clock_mhz 50.0 resources <lut = 1000, ff = 1000, dsp = 16, bram36 = 4>
    source "for tests" {
}
xplat.system @one {
  xplat.instance @a of @board
}
xplat.system @pair {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.cable @ab @a port @link to @b port @link
}
xplat.system @apart {
  xplat.instance @a of @board
  xplat.instance @b of @board
}
xplat.system @headless {
  xplat.instance @a of @bare
}
xplat.system @ring {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.instance @d of @board
  xplat.instance @e of @board
  xplat.instance @f of @board
  xplat.cable @ab @a port @link to @b port @link
  xplat.cable @bc @b port @link to @c port @link
  xplat.cable @cd @c port @link to @d port @link
  xplat.cable @de @d port @link to @e port @link
  xplat.cable @ef @e port @link to @f port @link
  xplat.cable @fa @f port @link to @a port @link
}
xplat.system @star {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.instance @d of @board
  xplat.instance @e of @board
  xplat.instance @f of @board
  xplat.switch @net latency_ns 300.0 source "for tests"
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
  xplat.cable @cn @c port @link to @net
  xplat.cable @dn @d port @link to @net
  xplat.cable @en @e port @link to @net
  xplat.cable @fn @f port @link to @net
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
  where (16 - bits_x >= 0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (10 * p_c)
}
xplat.kernel @add implements "xplat.add" generated {
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (20 * p_c)
}
xplat.kernel @linear implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  where (bits_weight - 2 >= 0, 16 - bits_x >= 0)
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (m * (n floordiv p_n) * (k floordiv p_k), m * (k floordiv p_k))
  latency (k floordiv p_k + 9)
  buffer (2 * (k floordiv p_k))
  area lut (8 * p_n) dsp (p_n * p_k)
}
xplat.kernel @fork implements "xplat.fork" rtl "fork" files ["fork.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n)
  latency (1)
  buffer (1)
  area lut (3 * outs)
}
xplat.kernel @rewidth implements "xplat.convert_stream" rtl "rewidth" files ["rewidth.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (1)
  area lut (2 * in_lanes + 2 * p_n)
}
xplat.kernel @link implements "xplat.link" rtl "link" files ["link.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  cycles ((n floordiv p_n) * (beat_bits ceildiv phit_bits))
  latency (latency_cycles + beat_bits ceildiv phit_bits + 1)
  buffer (credits)
  area lut (100)
}
