// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The beats of a row as those of its blocks: BlockBeats to a block, of which the last one of a row of
// Beats may have fewer. `step_i` goes on to the next beat; the outputs come out of registers.

module xplat_block_walk #(
  parameter int unsigned Beats = 4,
  parameter int unsigned BlockBeats = 2
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic step_i,
  output logic first_o,
  output logic last_o
);

  localparam int unsigned PartWidth = xplat_pkg::addr_width(BlockBeats);

  if (BlockBeats > 1) begin : gen_parts
    logic [PartWidth-1:0] part_q;
    logic row_last;

    assign first_o = part_q == '0;
    assign last_o = row_last || part_q == PartWidth'(BlockBeats - 1);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) part_q <= '0;
      else if (step_i) part_q <= last_o ? '0 : part_q + PartWidth'(1);
    end

    if (Beats % BlockBeats == 0) begin : gen_even
      assign row_last = 1'b0;
    end else begin : gen_short
      localparam int unsigned BeatWidth = xplat_pkg::addr_width(Beats);
      logic [BeatWidth-1:0] beat_q;
      assign row_last = beat_q == BeatWidth'(Beats - 1);
      always_ff @(posedge clk_i) begin
        if (!rst_ni) beat_q <= '0;
        else if (step_i) beat_q <= row_last ? '0 : beat_q + BeatWidth'(1);
      end
    end
  end else begin : gen_whole
    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i, rst_ni, step_i};
    assign first_o = 1'b1;
    assign last_o = 1'b1;
  end

endmodule
