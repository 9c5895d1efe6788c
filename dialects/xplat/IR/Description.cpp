//===- Description.cpp - Systems, devices, parameters, results ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"

#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

#define GET_OP_CLASSES
#include "xplat/IR/XplatDescription.cpp.inc"

static bool isPositive(const APFloat &value) { return value.isFinite() && value.convertToDouble() > 0; }

/// The device that an instance names; null when there is none. Devices stand
/// beside the system, not in it.
static DeviceOp lookupDevice(Operation *system, FlatSymbolRefAttr device) {
  Operation *around = system->getParentOp();
  // Not through a symbol table: the names around the system have not been checked yet and may clash.
  return around && device ? SymbolTable::lookupNearestSymbolFrom<DeviceOp>(around, device) : DeviceOp();
}

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

LogicalResult DeviceOp::verify() {
  if (!isPositive(getClockMhz()))
    return emitOpError("[device C1] expected a positive, finite 'clock_mhz' but got ") << getClockMhzAttr();
  for (Operation &op : getBody().front())
    if (!isa<MemoryOp, PortOp>(op))
      return op.emitOpError("[device C2] expected only 'xplat.memory' and 'xplat.port' in a device");
  if (getSource().trim().empty())
    return emitOpError("[device C3] expected 'source' to name the document that the numbers are from");
  for (auto [name, amount] : getResources().getAmounts())
    if (amount < 0)
      return emitOpError("[device C4] expected no negative amount in 'resources' but got ") << amount;
  if (std::optional<APFloat> estimated = getEstimatedMhz(); estimated && !isPositive(*estimated))
    return emitOpError("[device C5] expected a positive, finite estimated clock but got ") << getEstimatedMhzAttr();
  if (getEstimatedMhz().has_value() != getEstimate().has_value())
    return emitOpError("[device C5] expected an estimated clock and its reason, or neither");
  for (std::optional<StringRef> reason : {getPromise(), getEstimate()})
    if (reason && reason->trim().empty())
      return emitOpError("[device C5] expected 'promised' and 'estimated' to say why");
  return success();
}

LogicalResult MemoryOp::verify() {
  if (static_cast<int64_t>(getCapacityMib()) <= 0 || !isPositive(getBandwidthMbPerS()))
    return emitOpError("[memory C1] expected a positive, finite capacity and bandwidth");
  return success();
}

LogicalResult PortOp::verify() {
  if (static_cast<int64_t>(getCount()) <= 0 || !isPositive(getRateGbps()) ||
      (!isPositive(getLatencyNs()) && !getLatencyNs().isZero()))
    return emitOpError("[port C1] expected a positive count and rate and a latency that is not negative, all finite");
  return success();
}

//===----------------------------------------------------------------------===//
// Systems
//===----------------------------------------------------------------------===//

LogicalResult SystemOp::verify() {
  bool any = false;
  for (Operation &op : getBody().front()) {
    if (!isa<InstanceOp, SwitchOp, CableOp>(op))
      return op.emitOpError("[system C1] expected only 'xplat.instance', 'xplat.switch' and 'xplat.cable' in a "
                            "system");
    any |= isa<InstanceOp>(op);
  }
  if (!any)
    return emitOpError("[system C1] expected at least one 'xplat.instance'");
  return success();
}

LogicalResult InstanceOp::verify() { return success(); }

LogicalResult InstanceOp::verifySymbolUses(SymbolTableCollection &) {
  if (lookupDevice((*this)->getParentOp(), getDeviceAttr()))
    return success();
  return emitOpError("[instance C1] expected ") << getDeviceAttr() << " to name an 'xplat.device'";
}

LogicalResult SwitchOp::verify() {
  if (!isPositive(getLatencyNs()) && !getLatencyNs().isZero())
    return emitOpError("[switch C1] expected a finite 'latency_ns' that is not negative but got ")
           << getLatencyNsAttr();
  if (getSource().trim().empty())
    return emitOpError("[switch C2] expected 'source' to name the document that the latency is from");
  return success();
}

LogicalResult CableOp::verify() {
  if (getSource() == getTarget())
    return emitOpError("[cable C1] expected two different instances but got @") << getSource() << " twice";
  return success();
}

LogicalResult CableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto system = cast<SystemOp>((*this)->getParentOp());
  for (auto [end, port] : {std::pair(getSourceAttr(), getSourcePortAttr()), {getTargetAttr(), getTargetPortAttr()}}) {
    if (end == getTargetAttr() && symbols.lookupSymbolIn<SwitchOp>(system, end)) {
      if (port)
        return emitOpError("[cable C2] expected no port at switch ") << end << " but got " << port;
      continue;
    }
    auto instance = symbols.lookupSymbolIn<InstanceOp>(system, end);
    if (!instance)
      return emitOpError("[cable C1] expected ") << end << " to name an instance of this system";
    if (!port)
      return emitOpError("[cable C2] expected a port of ") << end << ", which is not a switch";
    auto device = lookupDevice(system, instance.getDeviceAttr());
    if (!device)
      continue; // reported at the instance
    auto portOp = dyn_cast_or_null<PortOp>(SymbolTable::lookupSymbolIn(device, port.getAttr()));
    if (portOp && !portOp.getCountAttr())
      continue; // reported at the port
    if (!portOp) {
      auto diagnostic = emitOpError("[cable C2] ") << instance.getDeviceAttr() << " has no port " << port;
      diagnostic.attachNote(device.getLoc()) << "device declared here";
      return diagnostic;
    }
    int64_t used = 0;
    for (auto other : system.getBody().getOps<CableOp>())
      used += (other.getSource() == end.getValue() && other.getSourcePort() == port.getValue()) +
              (other.getTarget() == end.getValue() && other.getTargetPortAttr() == port);
    if (used > static_cast<int64_t>(portOp.getCount()))
      return emitOpError("[cable C3] ") << end << " has " << portOp.getCount() << " of port " << port << " but " << used
                                        << " cables use it";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

LogicalResult ParamOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (!xplat::detail::isBoundedShape(type.getShape()) || !xplat::detail::isNumberFormat(type.getElementType()))
    return emitOpError("[param C1] expected a static tensor of positive extents and of a number format, with at most ")
           << xplat::detail::maxElements << " elements, but got " << type;
  if (!xplat::detail::hasBlockAxis(type.getElementType(), type.getRank()))
    return emitOpError("[param C1] expected blocks along a dimension of the tensor but got ") << type;
  if (auto absmax = getAbsmax()) {
    size_t slices = type.getRank() ? type.getDimSize(0) : 1;
    if (absmax->size() != 1 && absmax->size() != slices)
      return emitOpError("[param C2] expected 1 or ") << slices << " values in 'absmax' but got " << absmax->size();
    if (llvm::any_of(*absmax, [](double value) { return !(value >= 0 && std::isfinite(value)); }))
      return emitOpError("[param C2] expected finite values that are not negative in 'absmax'");
  }
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type.getElementType())) {
    int64_t axis = perAxis.getQuantizedDimension(), scales = perAxis.getScales().size();
    if (axis != 0 || type.getRank() == 0 || type.getDimSize(0) != scales)
      return emitOpError("[param C5] expected a scale for each slice of ")
             << type << " along dimension 0 but got " << scales << " along dimension " << axis;
  }
  if (SparsityAttr sparsity = getSparsityAttr()) {
    int64_t outer = type.getRank() > 0 ? type.getDimSize(0) : 1, inner = type.getRank() > 1 ? type.getDimSize(1) : 1;
    ArrayRef<int64_t> slices;
    if (sparsity.getZeroSlices())
      slices = sparsity.getZeroSlices().asArrayRef();
    bool ascending = slices.empty() || (slices.front() >= 0 && slices.back() < outer);
    for (size_t i = 1; i < slices.size(); ++i)
      ascending &= slices[i - 1] < slices[i];
    int64_t most = type.getNumElements() - type.getNumElements() / outer * static_cast<int64_t>(slices.size());
    if (sparsity.getN() < 0 || sparsity.getM() < 1 || sparsity.getN() > sparsity.getM() ||
        inner % sparsity.getM() != 0 || !ascending || sparsity.getNonzeros() < 0 || sparsity.getNonzeros() > most)
      return emitOpError(
                 "[param C6] expected 0 <= n <= m, m that divides the extent of dimension 1, zero slices below ")
             << outer << " in ascending order, and at most " << most << " nonzeros outside of them but got "
             << sparsity;
  }
  DerivationAttr derivation = getDerivationAttr();
  if (!derivation)
    return success();
  if (!derivation.fits(type))
    return emitOpError("[param C4] expected other sources or arguments for '")
           << stringifyDerivationKind(derivation.getKind()) << "'; docs/Spec.md lists them by kind";
  return success();
}

/// What the function of a derivation has to be: from the sources to the parameter.
static LogicalResult verifyDerivingFunction(ParamOp param, func::FuncOp function, ArrayRef<Type> sources) {
  FunctionType type = function.getFunctionType();
  if (function.isExternal() || type.getInputs() != sources || type.getResults() != ArrayRef<Type>(param.getType()))
    return param.emitOpError("[param C4] expected a function with a body, from the types of the sources to ")
           << param.getType() << ", but @" << function.getSymName() << " is " << type;
  return success();
}

LogicalResult ParamOp::verifySymbolUses(SymbolTableCollection &symbols) {
  DerivationAttr derivation = getDerivationAttr();
  if (!derivation)
    return success();
  SmallVector<Type> types;
  SmallVector<ArrayRef<int64_t>> shapes;
  // Walk to the origins; a cycle would come back to this parameter.
  llvm::StringSet<> seen;
  SmallVector<FlatSymbolRefAttr> worklist;
  auto follow = [&](ParamOp param) -> LogicalResult {
    DerivationAttr derivation = param.getDerivationAttr();
    if (!derivation)
      return success();
    llvm::append_range(worklist, derivation.getSources());
    if (!derivation.getFunction())
      return success();
    auto function = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, derivation.getFunction());
    if (!function)
      return emitOpError("[param C4] expected ") << derivation.getFunction() << " to name a function";
    // A function may read parameters itself.
    if (std::optional<SymbolTable::UseRange> uses = SymbolTable::getSymbolUses(function))
      for (const SymbolTable::SymbolUse &use : *uses)
        if (auto symbol = dyn_cast<FlatSymbolRefAttr>(use.getSymbolRef());
            symbol && symbols.lookupNearestSymbolFrom<ParamOp>(*this, symbol))
          worklist.push_back(symbol);
    return success();
  };
  if (failed(follow(*this)))
    return failure();
  while (!worklist.empty()) {
    FlatSymbolRefAttr symbol = worklist.pop_back_val();
    if (symbol.getValue() == getSymName())
      return emitOpError("[param C3] derives from itself");
    if (!seen.insert(symbol.getValue()).second)
      continue;
    auto param = symbols.lookupNearestSymbolFrom<ParamOp>(*this, symbol);
    if (!param)
      return emitOpError("[param C3] expected source ") << symbol << " to name an 'xplat.param'";
    if (failed(follow(param)))
      return failure();
  }
  for (FlatSymbolRefAttr source : derivation.getSources()) {
    types.push_back(symbols.lookupNearestSymbolFrom<ParamOp>(*this, source).getType());
    shapes.push_back(cast<RankedTensorType>(types.back()).getShape());
  }
  if (derivation.getFunction())
    return verifyDerivingFunction(*this, symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, derivation.getFunction()),
                                  types);
  if (!derivation.gives(cast<RankedTensorType>(getType()).getShape(), shapes))
    return emitOpError("[param C4] expected '")
           << stringifyDerivationKind(derivation.getKind()) << "' of " << types << " to give " << getType();
  return success();
}

/// File systems allow 255 bytes with the ending.
static constexpr size_t maxFileStem = 200;

LogicalResult RomOp::verify() {
  if (getParamAttr() && getValues())
    return emitOpError("[rom C1] expected a parameter or values, not both");
  if (!getParamAttr() && !getValues())
    return emitOpError("[rom C1] expected a parameter or values");
  if (!xplat::detail::isIdentifier(getSymName()) || getSymName().size() > maxFileStem)
    return emitOpError("[rom C4] expected an identifier of at most ")
           << maxFileStem << " characters as symbol, because it names the memory's file";
  return success();
}

LogicalResult RomOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SmallVector<int64_t> shape;
  int64_t bits = getElementBits();
  if (getParamAttr()) {
    auto param = symbols.lookupNearestSymbolFrom<ParamOp>(*this, getParamAttr());
    if (!param)
      return emitOpError("[rom C1] expected ") << getParamAttr() << " to name an 'xplat.param'";
    auto type = cast<RankedTensorType>(param.getType());
    shape.assign(type.getShape().begin(), type.getShape().end());
    bits = cast<NumberFormatTypeInterface>(type.getElementType()).getBitsPerElement();
  } else {
    shape = {static_cast<int64_t>(getValues()->size())};
  }
  ArrayRef<int64_t> permutation = getPermutation(), tile = getTile();
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  bool permutes = permutation.size() == shape.size();
  for (size_t i = 0; permutes && i < sorted.size(); ++i)
    permutes = sorted[i] == static_cast<int64_t>(i);
  if (!permutes || tile.size() != shape.size())
    return emitOpError("[rom C2] expected a permutation of ") << shape.size() << " dimensions and a tile for each";
  int64_t lanes = 1, words = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (tile[i] <= 0 || shape[permutation[i]] % tile[i])
      return emitOpError("[rom C2] expected a tile that divides extent ")
             << shape[permutation[i]] << " but got " << tile[i];
    lanes *= tile[i];
    words *= shape[permutation[i]] / tile[i];
  }
  if (bits <= 0 || bits > 64)
    return emitOpError("[rom C3] expected between 1 and 64 bits an element but got ") << bits;
  if (static_cast<int64_t>(getElementBits()) != bits || static_cast<int64_t>(getWordBits()) != lanes * bits ||
      static_cast<int64_t>(getDepth()) != words)
    return emitOpError("[rom C3] expected ")
           << bits << " bits an element, " << lanes * bits << " bits a word and " << words << " words";
  return success();
}

//===----------------------------------------------------------------------===//
// Mapping
//===----------------------------------------------------------------------===//

LogicalResult MappingOp::verify() {
  int64_t cycles = getCycles(), bound = getBoundCycles();
  if (bound <= 0 || bound > cycles)
    return emitOpError("[mapping C1] expected a bound between 1 and ") << cycles << " cycles but got " << bound;
  if (std::optional<APFloat> share = getMaxUtilization())
    if (double value = share->convertToDouble(); !(value > 0 && value <= 1))
      return emitOpError("[mapping C2] expected a 'max_utilization' above 0 and up to 1 but got ") << value;
  if (std::optional<uint64_t> whole = getDeviceBoundCycles())
    if (int64_t value = *whole; value <= 0 || value > bound)
      return emitOpError("[mapping C3] expected a bound of the whole devices between 1 and ")
             << bound << " cycles but got " << value;
  if (getMaxUtilization().has_value() != getDeviceBoundCycles().has_value())
    return emitOpError("[mapping C4] expected 'max_utilization' and 'device_bound_cycles' both or neither");
  if (std::optional<uint64_t> target = getTargetCycles(); target && static_cast<int64_t>(*target) < cycles)
    return emitOpError("[mapping C5] expected at most ")
           << static_cast<int64_t>(*target) << " cycles per sample, the target, but got " << cycles;
  if (std::optional<APFloat> target = getTargetPerSecond()) {
    double wanted = target->convertToDouble(), reached = getClockMhz().convertToDouble() * 1e6 / cycles;
    if (!(wanted > 0 && wanted <= reached * (1 + 1e-9)))
      return emitOpError("[mapping C6] expected a 'target_per_second' above 0 and up to ")
             << reached << ", which " << cycles << " cycles per sample reach, but got " << wanted;
  }
  return success();
}
