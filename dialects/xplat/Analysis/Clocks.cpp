//===- Clocks.cpp - The clocks of a system in one unit of time ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/Clocks.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace xplat;

/// Ticks are no shorter than a tenth of a picosecond: products of them with bits and beats fit an int64_t.
static constexpr int64_t maxHertz = 10'000'000'000'000;

std::string xplat::printNumber(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.10g", number);
  return text;
}

FailureOr<SystemClocks> SystemClocks::get(SystemOp system) {
  SystemClocks result;
  int64_t multiple = 1;
  for (auto instance : system.getBody().getOps<InstanceOp>()) {
    auto device = SymbolTable::lookupNearestSymbolFrom<DeviceOp>(system->getParentOp(), instance.getDeviceAttr());
    if (!device)
      return emitError(instance->getLoc(), "expected '@") << instance.getDevice() << "' to name an 'xplat.device'";
    Clock clock;
    clock.mhz = device.getClockMhz().convertToDouble();
    double hertz = std::round(clock.mhz * 1e6);
    clock.hertz = static_cast<int64_t>(std::clamp(hertz, 1.0, static_cast<double>(maxHertz)));
    int64_t factor = clock.hertz / std::gcd(multiple, clock.hertz);
    bool fits = hertz == static_cast<double>(clock.hertz) && !llvm::MulOverflow(multiple, factor, multiple) &&
                multiple <= maxHertz;
    result.clocks[system.getPlace(instance.getSymNameAttr())] = clock;
    if (fits || llvm::all_of(result.clocks, [&](auto &entry) { return entry.second.mhz == clock.mhz; }))
      continue;
    auto diagnostic = emitError(instance->getLoc(), "expected clocks with a common multiple up to 10^13 Hz in '@")
                      << system.getSymName() << "', each of a whole number of hertz, but got";
    for (auto &[place, other] : result.clocks)
      diagnostic << " " << printNumber(other.mhz);
    return diagnostic << " MHz; state them in round numbers";
  }
  if (result.clocks.empty())
    return result;
  double first = result.clocks.front().second.mhz;
  bool one = llvm::all_of(result.clocks, [&](auto &entry) { return entry.second.mhz == first; });
  result.tickMhz = one ? first : static_cast<double>(multiple) / 1e6;
  for (auto &[place, clock] : result.clocks) {
    clock.ticks = one ? 1 : multiple / clock.hertz;
    if (!llvm::is_contained(result.allTicks, clock.ticks))
      result.allTicks.push_back(clock.ticks);
  }
  llvm::sort(result.allTicks);
  return result;
}

int64_t SystemClocks::getWindow() const {
  int64_t window = 1;
  for (int64_t ticks : allTicks)
    window = std::lcm(window, ticks);
  return window;
}

std::string SystemClocks::describe(int64_t ticks) const {
  return areEqual() ? std::to_string(ticks) + " cycles" : printNumber(static_cast<double>(ticks) / tickMhz) + " us";
}
