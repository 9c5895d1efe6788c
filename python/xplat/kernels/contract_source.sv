// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stream source of a check: plays the `Beats` beats of `<Name>.hex`, with `Repeat` again and again, and logs in which
// cycle each was taken.
//
// In each cycle in which it could offer a beat it waits with chance `stall_i` / 256; 0 keeps valid high. In reset it
// logs `R` and begins again.

module contract_source #(
  parameter int unsigned Width = 8,
  parameter int unsigned Beats = 1,
  parameter int unsigned Seed = 1,
  parameter bit Repeat = 1'b0,
  parameter Name = "in"
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  int unsigned      cycle_i,
  input  logic [8:0]       stall_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);

  logic [Width-1:0] mem [Beats];
  logic [Width-1:0] data_q;
  logic valid_q;
  logic [31:0] random_q;
  int unsigned next_q;
  int fd;

  initial begin
    $readmemh({Name, ".hex"}, mem);
    fd = $fopen({Name, ".log"}, "w");
  end

  final $fclose(fd);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      $fwrite(fd, "R\n");
      valid_q <= 1'b0;
      next_q <= 0;
      random_q <= 32'h9e3779b9 ^ Seed;
    end else begin
      random_q <= random_q * 32'd1664525 + 32'd1013904223;
      if (valid_q && ready_i) $fwrite(fd, "%0d\n", cycle_i);
      if (!valid_q || ready_i) begin
        valid_q <= 1'b0;
        if (next_q < Beats && {1'b0, random_q[31:24]} >= stall_i) begin
          valid_q <= 1'b1;
          data_q <= mem[next_q];
          next_q <= Repeat && next_q == Beats - 1 ? 0 : next_q + 1;
        end
      end
    end
  end

  assign valid_o = valid_q;
  assign data_o = data_q;

endmodule
