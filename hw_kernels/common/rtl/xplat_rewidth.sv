// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Width converter: beats of `InLanes` elements to beats of `OutLanes` elements, any two numbers.
//
// Latency 1 from the beat that completes an output beat. Full rate on the side with fewer lanes:
// n elements take max(n / InLanes, n / OutLanes) cycles. `in_ready_o` depends on registers alone.
// A cell for each case: lanes that grow or shrink by a whole factor, equal lanes, and any others.

module xplat_rewidth #(
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned InLanes = 2,
  parameter int unsigned OutLanes = 3
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          in_valid_i,
  output logic                          in_ready_o,
  input  logic [InLanes*ElemWidth-1:0]  in_data_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [OutLanes*ElemWidth-1:0] out_data_o
);

  localparam int unsigned Unit = xplat_pkg::gcd(InLanes, OutLanes);

  if (OutLanes % InLanes == 0 && OutLanes > InLanes) begin : gen_widen
    xplat_widen #(
      .DataWidth(InLanes * ElemWidth),
      .Ratio(OutLanes / InLanes)
    ) u_widen (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o,
      .in_data_i,
      .out_valid_o,
      .out_ready_i,
      .out_data_o
    );
  end else if (InLanes % OutLanes == 0 && InLanes > OutLanes) begin : gen_narrow
    xplat_narrow #(
      .DataWidth(OutLanes * ElemWidth),
      .Ratio(InLanes / OutLanes)
    ) u_narrow (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o,
      .in_data_i,
      .out_valid_o,
      .out_ready_i,
      .out_data_o
    );
  end else if (InLanes == OutLanes) begin : gen_equal
    xplat_skid #(
      .DataWidth(InLanes * ElemWidth)
    ) u_skid (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o,
      .in_data_i,
      .out_valid_o,
      .out_ready_i,
      .out_data_o
    );
  end else begin : gen_gearbox
    xplat_gearbox #(
      .UnitWidth(Unit * ElemWidth),
      .InUnits(InLanes / Unit),
      .OutUnits(OutLanes / Unit)
    ) u_gearbox (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o,
      .in_data_i,
      .out_valid_o,
      .out_ready_i,
      .out_data_o
    );
  end

endmodule
