// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: feeds samples to the system, stores its results, counts cycles.
//
//   Vtop SAMPLES STALL SEED IDLE_LIMIT IN0 ... OUT0 ...
//
// SAMPLES: how many; STALL: probability in each cycle that a source offers nothing new and that a
// sink accepts nothing; SEED: of those stalls; IDLE_LIMIT: cycles without a beat at any port after
// which the system counts as stuck; INi, OUTi: files of beats, little-endian 32-bit words.
// Prints `XPLAT_FIRST` with the cycle of the first beat, `XPLAT_DONE` with that of each sample's
// last beat, and `XPLAT_STUCK` when it gives up. Ends with 0, or 3 when stuck.

#include "Vtop.h"
#include "verilated.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Options {
  uint64_t samples;
  uint64_t stall; // probability times 2^32
  uint64_t seed;
  uint64_t idleLimit;
  std::vector<std::string> files;
};

/// xorshift64*: small, and the same everywhere.
struct Random {
  uint64_t state;
  bool stalls(uint64_t probability) {
    if (!probability)
      return false;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return ((state * 0x2545F4914F6CDD1DULL) >> 32) < probability;
  }
};

// Beats of any width as 32-bit words.
template <typename T> void toPort(T &port, const uint32_t *words, unsigned) { port = static_cast<T>(words[0]); }
inline void toPort(uint64_t &port, const uint32_t *words, unsigned) {
  port = words[0] | (static_cast<uint64_t>(words[1]) << 32);
}
template <std::size_t N> void toPort(VlWide<N> &port, const uint32_t *words, unsigned count) {
  std::memcpy(port.data(), words, count * sizeof(uint32_t));
}
template <typename T> void fromPort(const T &port, uint32_t *words, unsigned) { words[0] = port; }
inline void fromPort(const uint64_t &port, uint32_t *words, unsigned) {
  words[0] = static_cast<uint32_t>(port);
  words[1] = static_cast<uint32_t>(port >> 32);
}
template <std::size_t N> void fromPort(const VlWide<N> &port, uint32_t *words, unsigned count) {
  std::memcpy(words, port.data(), count * sizeof(uint32_t));
}

struct Stream {
  Stream(unsigned index, const Options &options, uint64_t beats, unsigned words)
      : options(options), file(options.files.at(index)), beatsPerSample(beats), words(words),
        beats(beats * options.samples), data(this->beats * words),
        random{(options.seed + 1) * 0x9E3779B97F4A7C15ULL + index * 0xD1B54A32D192ED03ULL + 1} {}
  const Options &options;
  const std::string &file;
  const uint64_t beatsPerSample;
  const unsigned words;
  const uint64_t beats;
  std::vector<uint32_t> data;
  uint64_t position = 0;
  Random random;
  bool finished() const { return position == beats; }
};

/// Offers beats; once offered, a beat stays until it is taken.
struct Source : Stream {
  Source(unsigned index, const Options &options, uint64_t beats, unsigned words)
      : Stream(index, options, beats, words) {
    FILE *in = std::fopen(file.c_str(), "rb");
    if (!in || std::fread(data.data(), sizeof(uint32_t), data.size(), in) != data.size()) {
      std::fprintf(stderr, "cannot read %zu words of samples from %s\n", data.size(), file.c_str());
      std::exit(2);
    }
    std::fclose(in);
  }
  template <typename T> void offer(CData &valid, T &port) {
    if (!offered && !finished())
      offered = !random.stalls(options.stall);
    valid = offered;
    if (offered)
      toPort(port, &data[position * words], words);
  }
  bool advance(CData ready) {
    bool moved = offered && ready;
    if (moved) {
      ++position;
      offered = false;
    }
    return moved;
  }
  bool offered = false;
};

/// Takes beats and keeps them.
struct Sink : Stream {
  using Stream::Stream;
  void allow(CData &ready) { ready = accepting = !finished() && !random.stalls(options.stall); }
  template <typename T> bool take(CData valid, const T &port, uint64_t cycle) {
    bool moved = accepting && valid;
    if (moved) {
      fromPort(port, &data[position * words], words);
      if (++position % beatsPerSample == 0)
        done.push_back(cycle);
    }
    return moved;
  }
  void save() const {
    FILE *out = std::fopen(file.c_str(), "wb");
    if (!out || std::fwrite(data.data(), sizeof(uint32_t), data.size(), out) != data.size()) {
      std::fprintf(stderr, "cannot write results to %s\n", file.c_str());
      std::exit(2);
    }
    std::fclose(out);
  }
  std::vector<uint64_t> done;
  bool accepting = false;
};

} // namespace

int main(int argc, char **argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s SAMPLES STALL SEED IDLE_LIMIT IN0 ... OUT0 ...\n", argv[0]);
    return 2;
  }
  Options options{std::strtoull(argv[1], nullptr, 10), static_cast<uint64_t>(std::atof(argv[2]) * 4294967296.0),
                  std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10),
                  std::vector<std::string>(argv + 5, argv + argc)};
  // @STREAMS@
  auto context = std::make_unique<VerilatedContext>();
  auto top = std::make_unique<Vtop>(context.get());
  top->clk_i = 0;
  top->rst_ni = 0;
  for (int edge = 0; edge < 16; ++edge) {
    top->clk_i = edge & 1;
    top->eval();
  }
  top->rst_ni = 1;

  uint64_t cycle = 0, lastMove = 0, first = ~0ULL;
  bool running = true, stuck = false;
  while (running) {
    top->clk_i = 0;
    // @DRIVE@
    top->eval();
    bool moved = false;
    // @SAMPLE@
    top->clk_i = 1;
    top->eval();
    if (moved) {
      lastMove = cycle;
      if (first == ~0ULL)
        first = cycle;
    }
    ++cycle;
    running = false;
    for (const Sink *sink : sinks)
      running |= !sink->finished();
    if (cycle - lastMove > options.idleLimit) {
      stuck = true;
      running = false;
    }
  }
  top->final();
  std::printf("\nXPLAT_FIRST %llu\n", static_cast<unsigned long long>(first));
  for (const Sink *sink : sinks)
    sink->save();
  for (uint64_t sample = 0; sample < options.samples; ++sample) {
    uint64_t last = 0;
    bool complete = true;
    for (const Sink *sink : sinks) {
      complete &= sample < sink->done.size();
      if (complete && sink->done[sample] > last)
        last = sink->done[sample];
    }
    if (complete)
      std::printf("XPLAT_DONE %llu\n", static_cast<unsigned long long>(last));
  }
  if (stuck)
    std::printf("XPLAT_STUCK %llu\n", static_cast<unsigned long long>(cycle));
  std::fflush(stdout);
  return stuck ? 3 : 0;
}
