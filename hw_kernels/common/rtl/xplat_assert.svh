// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parameter checks and stream-protocol assertions for all kernels.
//
// Active in simulation, empty under SYNTHESIS. The macros expect `clk_i` and `rst_ni` in scope.
//   XPLAT_CHECK_PARAM(Name, Cond)                 elaboration error unless Cond holds
//   XPLAT_ASSERT(Name, Cond)                      Cond holds at every clock edge out of reset
//   XPLAT_ASSERT_STREAM(Name, Valid, Ready, Data) valid waits for ready, data is stable meanwhile; a break
//                                                 is forgiven when a reset follows in eight cycles, for
//                                                 the other side of the stream may have had it before

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
    logic [7:0] fell_q, changed_q; \
    always_ff @(posedge clk_i) begin : assert_stream \
      stalled_q <= rst_ni & Valid & ~Ready; \
      held_q <= Data; \
      fell_q <= rst_ni ? {fell_q[6:0], stalled_q & ~Valid} : '0; \
      changed_q <= rst_ni ? {changed_q[6:0], stalled_q & Valid & Data != held_q} : '0; \
      if (rst_ni) begin \
        assert (!fell_q[7]) else $error(`"stream 'Name': valid fell before ready`"); \
        assert (!changed_q[7]) else $error(`"stream 'Name': data changed while stalled`"); \
      end \
    end \
    final begin \
      assert (fell_q == '0) else $error(`"stream 'Name': valid fell before ready`"); \
      assert (changed_q == '0) else $error(`"stream 'Name': data changed while stalled`"); \
    end \
  end

`endif

`endif
