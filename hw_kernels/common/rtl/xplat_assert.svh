// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parameter checks and stream-protocol assertions for all kernels.
//
// Active in simulation, empty under SYNTHESIS. The macros expect `clk_i` and `rst_ni` in scope.
//   XPLAT_CHECK_PARAM(Name, Cond)                 elaboration error unless Cond holds
//   XPLAT_ASSERT(Name, Cond)                      Cond holds at every clock edge out of reset
//   XPLAT_ASSERT_STREAM(Name, Valid, Ready, Data) valid waits for ready, data is stable meanwhile

`ifndef XPLAT_ASSERT_SVH
`define XPLAT_ASSERT_SVH

`ifdef SYNTHESIS

`define XPLAT_CHECK_PARAM(Name, Cond)
`define XPLAT_ASSERT(Name, Cond)
`define XPLAT_ASSERT_STREAM(Name, Valid, Ready, Data)

`else

`define XPLAT_CHECK_PARAM(Name, Cond) \
  if (!(Cond)) begin : gen_illegal_``Name \
    $error(`"parameter check 'Name': expected 'Cond'`"); \
  end

`define XPLAT_ASSERT(Name, Cond) \
  always_ff @(posedge clk_i) begin : assert_``Name \
    if (rst_ni) begin \
      assert (Cond) else $error(`"'Name': expected 'Cond'`"); \
    end \
  end

`define XPLAT_ASSERT_STREAM(Name, Valid, Ready, Data) \
  if (1) begin : gen_stream_``Name \
    logic stalled_q; \
    logic [$bits(Data)-1:0] held_q; \
    always_ff @(posedge clk_i) begin : assert_stream \
      stalled_q <= rst_ni & Valid & ~Ready; \
      held_q <= Data; \
      if (rst_ni & stalled_q) begin \
        assert (Valid) else $error(`"stream 'Name': valid fell before ready`"); \
        assert (Data == held_q) else $error(`"stream 'Name': data changed while stalled`"); \
      end \
    end \
  end

`endif

`endif
