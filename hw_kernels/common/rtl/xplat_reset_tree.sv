// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reset of a device as a tree of registers: each leads to at most FanOut others, or is a leaf.
//
// All leaves change in the same cycle, as many cycles after `rst_ni` as the tree has levels; a reset of
// one cycle is enough. `open_o` says that no reset is on its way: only then may beats enter and leave
// the device, for a beat that enters earlier would be lost, and one that leaves later is of the time
// before.

`include "xplat_assert.svh"

module xplat_reset_tree #(
  parameter int unsigned Leaves = 1,
  parameter int unsigned FanOut = 16
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  output logic              open_o,
  output logic [Leaves-1:0] leaf_no
);

  // Registers at a level: `Leaves` at the last one.
  function automatic int unsigned registers(int unsigned from_last);
    int unsigned count = Leaves;
    for (int unsigned i = 0; i < from_last; i++) count = (count + FanOut - 1) / FanOut;
    return count;
  endfunction

  function automatic int unsigned levels();
    int unsigned count = 1;
    while (registers(count) > 1) count++;
    return count;
  endfunction

  localparam int unsigned Levels = levels();

  // Level 0 is the reset that comes in. What a level does not have is not there.
  logic [Levels:0][Leaves-1:0] node;
  logic [Levels-1:0] along;
  logic open_q;

  assign node[0][0] = rst_ni;
  assign leaf_no = node[Levels];
  assign open_o = open_q;

  for (genvar level = 1; level <= Levels; level++) begin : gen_level
    assign along[level-1] = node[level-1][0];
    // In three loops, since tools limit how often one loop may run.
    for (genvar block = 0; block < (registers(Levels - level) + 255) / 256; block++) begin : gen_block
      for (genvar row = 0; row < 16; row++) begin : gen_row
        for (genvar column = 0; column < 16; column++) begin : gen_column
          localparam int unsigned I = 256 * block + 16 * row + column;
          if (I < registers(Levels - level)) begin : gen_register
            // Registers that are equal shall not become one: tools look for attributes in different places.
            (* keep = "true", dont_touch = "true" *) logic reset_q;
            (* keep *) always_ff @(posedge clk_i) reset_q <= node[level-1][I/FanOut];
            assign node[level][I] = reset_q;
          end
        end
      end
    end
  end

  // Next cycle every level has what the one before it has now.
  always_ff @(posedge clk_i) open_q <= &along;

  `XPLAT_CHECK_PARAM(FanOut, FanOut >= 2)
  `XPLAT_ASSERT(Open, !open_q || leaf_no == '1)

endmodule
