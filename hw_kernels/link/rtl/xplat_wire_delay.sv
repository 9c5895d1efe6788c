// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A cable: `Width` bits arrive `Cycles` cycles later. Zero after reset, so that a valid bit among
// them is low. Latency `Cycles`; no back-pressure.

`include "xplat_assert.svh"

module xplat_wire_delay #(
  parameter int unsigned Width = 1,
  parameter int unsigned Cycles = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  if (Cycles == 0) begin : gen_short
    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i, rst_ni};
    assign data_o = data_i;
  end else begin : gen_long
    logic [Cycles*Width-1:0] wire_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) wire_q <= '0;
      else wire_q <= (Cycles * Width)'({wire_q, data_i});
    end
    assign data_o = wire_q[Cycles*Width-1 -: Width];
  end

  `XPLAT_CHECK_PARAM(Width, Width >= 1)

endmodule
