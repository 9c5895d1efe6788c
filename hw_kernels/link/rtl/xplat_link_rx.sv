// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Receiving end of a link: gathers phits into beats and returns a credit for each beat passed on.
//
// Latency 1 from a beat's last phit to `out_valid_o`, 1 more to its credit; one phit a cycle. The
// buffer holds `Credits` beats, so the sender never overruns it.

`include "xplat_assert.svh"

module xplat_link_rx #(
  parameter int unsigned DataWidth = 32,
  parameter int unsigned PhitWidth = 8,
  parameter int unsigned Credits = 4,
  parameter bit OutputRegister = 1'b0,
  parameter RamStyle = "auto"
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 phit_valid_i,
  input  logic [PhitWidth-1:0] phit_data_i,
  output logic                 credit_o,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  localparam int unsigned Phits = xplat_pkg::ceil_div(DataWidth, PhitWidth);

  logic beat_valid, beat_ready, credit_q;
  logic [DataWidth-1:0] beat_data;

  if (Phits == 1) begin : gen_whole
    assign beat_valid = phit_valid_i;
    assign beat_data = phit_data_i[DataWidth-1:0];
  end else begin : gen_gather
    localparam int unsigned CountWidth = xplat_pkg::addr_width(Phits);
    logic [CountWidth-1:0] count_q;
    logic [(Phits-1)*PhitWidth-1:0] held_q;
    logic [Phits*PhitWidth-1:0] all;
    logic last;

    assign last = count_q == CountWidth'(Phits - 1);
    assign all = {phit_data_i, held_q};
    assign beat_valid = phit_valid_i & last;
    assign beat_data = all[DataWidth-1:0];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) count_q <= '0;
      else if (phit_valid_i) count_q <= last ? '0 : count_q + CountWidth'(1);
    end

    always_ff @(posedge clk_i) begin
      if (phit_valid_i) held_q <= all[Phits*PhitWidth-1:PhitWidth];
    end
  end

  xplat_fifo #(
    .DataWidth(DataWidth),
    .Depth(xplat_pkg::umax(Credits, 2)),
    .OutputRegister(OutputRegister),
    .RamStyle(RamStyle)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i(beat_valid),
    .in_ready_o(beat_ready),
    .in_data_i(beat_data),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) credit_q <= 1'b0;
    else credit_q <= out_valid_o & out_ready_i;
  end

  assign credit_o = credit_q;

  // The sender's credits keep the buffer from overflowing; only the assertion looks.
  logic unused_ok;
  assign unused_ok = &{1'b0, beat_ready};

  `XPLAT_CHECK_PARAM(Credits, Credits >= 1)
  `XPLAT_CHECK_PARAM(Widths, DataWidth >= 1 && PhitWidth >= 1)
  `XPLAT_ASSERT(Overrun, beat_ready || !beat_valid)

endmodule
