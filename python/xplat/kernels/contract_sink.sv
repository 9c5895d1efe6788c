// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stream sink of a check: takes beats and logs `<cycle> <data>` of each to `<Name>.log`. It is done with `Beats`.
//
// In each cycle it is not ready with chance `stall_i` / 256. In reset it logs `R` and begins again. With
// `+flip=<beat>` it reads the lowest bit of that beat wrongly, by which a check shows that it can fail.

module contract_sink #(
  parameter int unsigned Width = 8,
  parameter int unsigned Beats = 1,
  parameter int unsigned Seed = 1,
  parameter Name = "out"
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  int unsigned      cycle_i,
  input  logic [8:0]       stall_i,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,
  output logic             done_o
);

  logic ready_q;
  logic [31:0] random_q;
  int unsigned taken_q;
  int fd, flip;

  initial begin
    if ($value$plusargs("flip=%d", flip) == 0) flip = -1;
    fd = $fopen({Name, ".log"}, "w");
  end

  final $fclose(fd);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      $fwrite(fd, "R\n");
      ready_q <= 1'b0;
      taken_q <= 0;
      random_q <= 32'h7f4a7c15 ^ Seed;
    end else begin
      random_q <= random_q * 32'd1664525 + 32'd1013904223;
      ready_q <= {1'b0, random_q[31:24]} >= stall_i;
      if (valid_i && ready_q) begin
        $fwrite(fd, "%0d %h\n", cycle_i, data_i ^ Width'(taken_q == flip));
        taken_q <= taken_q + 1;
      end
    end
  end

  assign ready_o = ready_q;
  assign done_o = taken_q >= Beats;

endmodule
