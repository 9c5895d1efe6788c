// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Main program of a check: clock, reset, and the end.
//
//   Vcontract MAX_CYCLES RESET_AT [+in_stall=N] [+out_stall=N] [+word_stall=N] [+flip=N]
//
// Resets for four cycles at the beginning, and for one more in cycle RESET_AT where that is not 0. Prints how many
// cycles it took and whether all sinks have what they expect. Runs some cycles more, in which surplus beats would come.

#include "Vcontract.h"
#include "verilated.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

int main(int argc, char **argv) {
  auto context = std::make_unique<VerilatedContext>();
  context->commandArgs(argc, argv);
  auto top = std::make_unique<Vcontract>(context.get());
  const long most = std::atol(argv[1]), resetAt = std::atol(argv[2]);
  const auto step = [&] {
    top->clk_i = 0;
    top->eval();
    top->clk_i = 1;
    top->eval();
  };
  long cycle = 0;
  for (; cycle < most && !context->gotFinish() && (cycle <= resetAt || !top->done_o); ++cycle) {
    top->rst_ni = cycle >= 4 && (resetAt == 0 || cycle != resetAt);
    step();
  }
  const int done = top->done_o;
  for (int more = 0; more < 64 && !context->gotFinish(); ++more)
    step();
  top->final();
  std::printf("XPLAT_CYCLES %ld %d\n", cycle, done);
  return 0;
}
