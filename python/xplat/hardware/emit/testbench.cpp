// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: feeds samples to the system, stores its results, counts cycles.
//
//   Vtop SAMPLES STALL SEED IDLE_LIMIT IN0 ... OUT0 ... [PERIOD0 ...]
//
// SAMPLES: how many; STALL: probability in each cycle that a source offers nothing new and that a
// sink accepts nothing; SEED: of those stalls; IDLE_LIMIT: cycles without a beat at any port after
// which the system counts as stuck; INi, OUTi: files of beats, little-endian 32-bit words.
// Prints `XPLAT_FIRST` with the cycle of the first beat, `XPLAT_DONE` with that of each sample's
// last beat, and `XPLAT_STUCK` when it gives up. Ends with 0, or 3 when stuck.
//
// Where devices have clocks of their own, cycles are those of the clocks' lowest common multiple. SEED
// also decides how the clocks lie to each other, and the order in which their resets end. PERIODi: such
// cycles in a cycle of each clock, instead of the design's.

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
  bool stalls(uint64_t probability) { return probability && next() < probability; }
  uint64_t below(uint64_t end) { return next() * end >> 32; }

private:
  uint64_t next() {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * 0x2545F4914F6CDD1DULL) >> 32;
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

/// A clock with its reset; times are steps. At a rising edge everything that belongs to the clock moves.
struct Clock {
  CData &clock, &reset;
  uint64_t period;
  uint64_t next = 0;
  /// Rising edges until the reset has ended and has reached every register.
  unsigned held = 16;
  bool rises = false;
  bool works() const { return rises && held == 0; }
};

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

/// Offers the words of a parameter memory, again and again; they are hexadecimal numbers in a file, one a line.
struct Words {
  Words(unsigned index, const Options &options, const char *file, uint64_t count, unsigned words)
      : options(options), count(count), words(words), data(count * words),
        random{(options.seed + 1) * 0x9E3779B97F4A7C15ULL + index * 0xD1B54A32D192ED03ULL + 1} {
    FILE *in = std::fopen(file, "r");
    std::string line;
    uint64_t read = 0;
    for (int c; in && read < count && (c = std::fgetc(in)) != EOF;) {
      if (c != '\n') {
        line += static_cast<char>(c);
        continue;
      }
      for (size_t digit = 0; digit < line.size(); ++digit) {
        char text[2] = {line[line.size() - 1 - digit], 0};
        data[read * words + digit / 8] |= static_cast<uint32_t>(std::strtoul(text, nullptr, 16)) << 4 * (digit % 8);
      }
      line.clear();
      ++read;
    }
    if (read != count) {
      std::fprintf(stderr, "cannot read %llu words of parameters from %s\n", static_cast<unsigned long long>(count),
                   file);
      std::exit(2);
    }
    std::fclose(in);
  }
  template <typename T> void offer(CData &valid, T &port) {
    if (!offered)
      offered = !random.stalls(options.stall);
    valid = offered;
    if (offered)
      toPort(port, &data[position * words], words);
  }
  bool advance(CData ready) {
    if (!offered || !ready)
      return false;
    position = position + 1 == count ? 0 : position + 1;
    offered = false;
    return true;
  }
  const Options &options;
  const uint64_t count;
  const unsigned words;
  std::vector<uint32_t> data;
  Random random;
  uint64_t position = 0;
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
  // @CLOCKS@
  // Steps are finer than cycles where several clocks may lie to each other in any way.
  const uint64_t steps = clocks.size() == 1 ? 1 : 16;
  // @PERIODS@
  Random random{(options.seed + 1) * 0x9E3779B97F4A7C15ULL};
  for (size_t index = 0; index < clocks.size(); ++index) {
    Clock &clock = clocks[index];
    if (argc > periods + static_cast<int>(index))
      clock.period = std::strtoull(argv[periods + index], nullptr, 10);
    clock.period *= steps;
    if (clocks.size() > 1) {
      clock.next = random.below(clock.period);
      clock.held += static_cast<unsigned>(random.below(8));
    }
  }

  const uint64_t never = ~0ULL;
  uint64_t begin = never, lastMove = 0, first = never, cycle = 0;
  bool running = true, stuck = false;
  while (running) {
    uint64_t now = never;
    for (const Clock &clock : clocks)
      now = clock.next < now ? clock.next : now;
    for (Clock &clock : clocks) {
      clock.rises = clock.next == now;
      if (!clock.rises)
        continue;
      clock.clock = 0;
      clock.reset = clock.held <= 8;
      if (clock.works() && begin == never)
        begin = now;
    }
    cycle = begin == never ? 0 : (now - begin) / steps;
    // @DRIVE@
    top->eval();
    bool moved = false;
    // @SAMPLE@
    for (Clock &clock : clocks)
      if (clock.rises) {
        clock.clock = 1;
        clock.next += clock.period;
        clock.held -= clock.held != 0;
      }
    top->eval();
    if (moved) {
      lastMove = cycle;
      if (first == never)
        first = cycle;
    }
    running = false;
    for (const Sink *sink : sinks)
      running |= !sink->finished();
    if (cycle + 1 - lastMove > options.idleLimit) {
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
    std::printf("XPLAT_STUCK %llu\n", static_cast<unsigned long long>(cycle + 1));
  std::fflush(stdout);
  return stuck ? 3 : 0;
}
