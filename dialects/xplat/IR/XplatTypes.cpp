//===- XplatTypes.cpp - Streams and number formats ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

#define GET_TYPEDEF_CLASSES
#include "xplat/IR/XplatTypes.cpp.inc"

void XplatDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "xplat/IR/XplatTypes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

Type StreamType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape, order, beat;
  Type element;
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/false) || parser.parseType(element))
    return {};
  auto parseExtents = [&](SmallVectorImpl<int64_t> &values) {
    return failed(parser.parseEqual()) || failed(parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
             return parser.parseInteger(values.emplace_back());
           }));
  };
  bool more = succeeded(parser.parseOptionalComma());
  if (more && succeeded(parser.parseOptionalKeyword("order"))) {
    if (parseExtents(order))
      return {};
    more = succeeded(parser.parseOptionalComma());
  } else {
    llvm::append_range(order, llvm::seq<int64_t>(0, shape.size()));
  }
  if (more && (parser.parseKeyword("beat") || parseExtents(beat)))
    return {};
  if (parser.parseGreater())
    return {};
  // Extents of one at the front are not written.
  if (beat.size() < shape.size())
    beat.insert(beat.begin(), shape.size() - beat.size(), 1);
  return parser.getChecked<StreamType>(parser.getContext(), shape, element, order, beat);
}

void StreamType::print(AsmPrinter &printer) const {
  printer << '<';
  for (int64_t extent : getShape())
    printer << extent << 'x';
  printer << getElementType();
  auto printExtents = [&](StringRef name, ArrayRef<int64_t> values) {
    printer << ", " << name << " = (";
    llvm::interleaveComma(values, printer);
    printer << ')';
  };
  if (!llvm::equal(getOrder(), llvm::seq<int64_t>(0, getOrder().size())))
    printExtents("order", getOrder());
  ArrayRef<int64_t> beat = getBeat().drop_while([](int64_t extent) { return extent == 1; });
  if (!beat.empty())
    printExtents("beat", beat);
  printer << '>';
}

LogicalResult StreamType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> shape, Type element,
                                 ArrayRef<int64_t> order, ArrayRef<int64_t> beat) {
  if (!xplat::detail::isBoundedShape(shape))
    return emitError() << "[stream C1] expected a static shape of positive extents with at most "
                       << xplat::detail::maxElements << " elements";
  if (order.size() != shape.size() || !isPermutationVector(order))
    return emitError() << "[stream C2] expected an order that has each of " << shape.size()
                       << " dimensions once but got (" << order << ")";
  SmallVector<int64_t> extents = applyPermutation(shape, order);
  auto divides = [](auto pair) { return std::get<0>(pair) > 0 && std::get<1>(pair) % std::get<0>(pair) == 0; };
  if (beat.size() != shape.size() || !llvm::all_of(llvm::zip(beat, extents), divides))
    return emitError() << "[stream C3] expected a beat of extents that divide (" << extents
                       << "), the shape in the stream's order, but got (" << beat << ")";
  if (!xplat::detail::isStreamFormat(element))
    return emitError() << "[stream C4] expected a number format with one scale as element type but got " << element;
  if (!xplat::detail::hasBlockAxis(element, shape.size()))
    return emitError() << "[stream C4] expected blocks along one of " << shape.size() << " dimensions but got "
                       << element;
  return success();
}

bool xplat::detail::isBoundedShape(ArrayRef<int64_t> shape) {
  using xplat::detail::maxElements;
  int64_t elements = 1;
  for (int64_t extent : shape) {
    if (extent <= 0 || extent > maxElements / elements)
      return false;
    elements *= extent;
  }
  return true;
}

bool xplat::detail::isNumberFormat(Type type) {
  auto format = dyn_cast_if_present<NumberFormatTypeInterface>(type);
  return format && format.getNumScales() > 0 && (!isa<quant::QuantizedType>(type) || format.isFixedPoint());
}

bool xplat::detail::isStreamFormat(Type type) {
  if (!isNumberFormat(type))
    return false;
  auto format = cast<NumberFormatTypeInterface>(type);
  return !format.isPerChannel() && !format.holdsSigns();
}

bool xplat::detail::hasBlockAxis(Type type, size_t rank) {
  auto format = cast<NumberFormatTypeInterface>(type);
  return format.getBlockSize() <= 1 || (rank > 0 && format.getBlockAxis() < static_cast<int64_t>(rank));
}

int64_t StreamType::getNumElements() const { return xplat::detail::product(getShape()); }

int64_t StreamType::getLanes() const { return xplat::detail::product(getBeat()); }

//===----------------------------------------------------------------------===//
// Number formats of xplat
//===----------------------------------------------------------------------===//

LogicalResult MinifloatType::verify(function_ref<InFlightDiagnostic()> emitError, unsigned exponent,
                                    unsigned mantissa) {
  if (exponent < 1 || exponent > 7 || mantissa < 1 || mantissa > 10)
    return emitError() << "[minifloat C1] expected 1 to 7 bits of exponent and 1 to 10 of mantissa but got " << exponent
                       << " and " << mantissa;
  return success();
}
int64_t MinifloatType::getBitsPerElement() const { return 1 + getExponentBits() + getMantissaBits(); }
bool MinifloatType::isFixedPoint() const { return false; }
int64_t MinifloatType::getFractionalBits(int64_t) const { return 0; }
std::string MinifloatType::getFormatName() const {
  return "minifloat-e" + std::to_string(getExponentBits()) + "m" + std::to_string(getMantissaBits());
}

constexpr unsigned maxBlock = 1024;

LogicalResult MsfpType::verify(function_ref<InFlightDiagnostic()> emitError, unsigned bits, unsigned block,
                               int64_t axis) {
  if (bits < 2 || bits > 16 || block < 1 || block > maxBlock || axis < -1)
    return emitError() << "[msfp C1] expected 2 to 16 bits, a block of 1 to " << maxBlock
                       << " and an axis that is not below -1 but got " << bits << ", " << block << " and " << axis;
  return success();
}
int64_t MsfpType::getBitsPerElement() const { return getBits(); }
int64_t MsfpType::getSharedBits() const { return 8; }
int64_t MsfpType::getBlockSize() const { return getBlock(); }
int64_t MsfpType::getBlockAxis() const { return getAxis(); }
Type MsfpType::withBlockAxis(int64_t axis) const { return get(getContext(), getBits(), getBlock(), axis); }
bool MsfpType::isFixedPoint() const { return false; }
int64_t MsfpType::getFractionalBits(int64_t) const { return getBits() - 2; }
std::string MsfpType::getFormatName() const {
  return "msfp" + std::to_string(getBits()) + (getBlock() == 16 ? "" : "b" + std::to_string(getBlock()));
}

LogicalResult MxType::verify(function_ref<InFlightDiagnostic()> emitError, Type element, unsigned block, int64_t axis) {
  if (!(isa<Float8E4M3FNType, Float8E5M2Type, Float6E2M3FNType, Float6E3M2FNType, Float4E2M1FNType>(element) ||
        element.isSignlessInteger(8)) ||
      block < 1 || block > maxBlock || axis < -1)
    return emitError() << "[mx C1] expected f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN or i8, a block of 1 to "
                       << maxBlock << " and an axis that is not below -1 but got " << element << ", " << block
                       << " and " << axis;
  return success();
}
int64_t MxType::getBitsPerElement() const { return getElement().getIntOrFloatBitWidth(); }
int64_t MxType::getSharedBits() const { return 8; }
int64_t MxType::getBlockSize() const { return getBlock(); }
int64_t MxType::getBlockAxis() const { return getAxis(); }
Type MxType::withBlockAxis(int64_t axis) const { return get(getContext(), getElement(), getBlock(), axis); }
bool MxType::isFixedPoint() const { return false; }
bool MxType::isTwosComplement() const { return isa<IntegerType>(getElement()); }
int64_t MxType::getElementExponentBits() const {
  auto element = dyn_cast<FloatType>(getElement());
  return element ? getBitsPerElement() - element.getFPMantissaWidth() : 0;
}
/// Of a float those of its smallest number.
int64_t MxType::getFractionalBits(int64_t) const {
  auto element = dyn_cast<FloatType>(getElement());
  if (!element)
    return 6;
  return element.getFPMantissaWidth() - 1 - APFloat::semanticsMinExponent(element.getFloatSemantics());
}
std::string MxType::getFormatName() const {
  std::string name = isa<IntegerType>(getElement()) ? "mxint8" : "mxfp" + std::to_string(getBitsPerElement());
  if (isa<Float8E5M2Type>(getElement()))
    name += "e5m2";
  if (isa<Float6E3M2FNType>(getElement()))
    name += "e3m2";
  return getBlock() == 32 ? name : name + "b" + std::to_string(getBlock());
}

//===----------------------------------------------------------------------===//
// Weights that are signs
//===----------------------------------------------------------------------===//

/// Largest magnitude of a binary logarithm of a scale, as of formats that may be requested.
constexpr int64_t maxSignsFraction = 60;

static LogicalResult verifySigns(function_ref<InFlightDiagnostic()> emitError, StringRef constraint,
                                 ArrayRef<int64_t> fractionalBits) {
  for (int64_t bits : fractionalBits)
    if (std::abs(bits) > maxSignsFraction)
      return emitError() << "[" << constraint << "] expected fractional bits of " << -maxSignsFraction << " to "
                         << maxSignsFraction << " but got " << bits;
  return success();
}

static std::string nameSigns(StringRef name, ArrayRef<int64_t> fractionalBits) {
  if (fractionalBits.empty())
    return name.str();
  std::string scales = fractionalBits.size() > 1 ? "per channel" : std::to_string(fractionalBits.front());
  return name.str() + "<" + scales + ">";
}

LogicalResult BinaryType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> fractionalBits) {
  return verifySigns(emitError, "binary C1", fractionalBits);
}
std::string BinaryType::getFormatName() const { return nameSigns("binary", getFractionalBits()); }

LogicalResult TernaryType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> fractionalBits) {
  return verifySigns(emitError, "ternary C1", fractionalBits);
}
std::string TernaryType::getFormatName() const { return nameSigns("ternary", getFractionalBits()); }

//===----------------------------------------------------------------------===//
// Number formats: models on upstream types
//===----------------------------------------------------------------------===//

namespace {
/// Indices, counts and masks: exact, and never rounded.
struct IntegerFormat : NumberFormatTypeInterface::ExternalModel<IntegerFormat, IntegerType> {
  int64_t getBitsPerElement(Type type) const { return type.getIntOrFloatBitWidth(); }
  bool isFixedPoint(Type) const { return false; }
  int64_t getFractionalBits(Type, int64_t) const { return 0; }
  std::string getFormatName(Type type) const { return "integer" + std::to_string(getBitsPerElement(type)); }
};

struct FloatFormat : NumberFormatTypeInterface::ExternalModel<FloatFormat, Float32Type> {
  int64_t getBitsPerElement(Type) const { return 32; }
  bool isFixedPoint(Type) const { return false; }
  int64_t getFractionalBits(Type, int64_t) const { return 0; }
  std::string getFormatName(Type) const { return "float32"; }
};

/// The OCP encodings of 8 bits, which have codes that are not numbers.
template <typename Float>
struct SmallFloatFormat : NumberFormatTypeInterface::ExternalModel<SmallFloatFormat<Float>, Float> {
  int64_t getBitsPerElement(Type) const { return 8; }
  bool isFixedPoint(Type) const { return false; }
  int64_t getFractionalBits(Type, int64_t) const { return 0; }
  std::string getFormatName(Type) const { return std::is_same_v<Float, Float8E5M2Type> ? "e5m2" : "e4m3"; }
};

/// 2^-F == scale, for scales that are powers of two.
int64_t fractionalBits(double scale) { return -std::ilogb(scale); }
bool isPowerOfTwo(double scale) {
  int exponent;
  return scale > 0 && std::frexp(scale, &exponent) == 0.5;
}
/// All integers that the bits hold: the storage that fixed-point hardware uses.
bool hasFullRange(quant::QuantizedType type) {
  unsigned width = type.getStorageTypeIntegralWidth();
  bool hasSign = type.isSigned();
  return type.getStorageTypeMin() == quant::QuantizedType::getDefaultMinimumForInteger(hasSign, width) &&
         type.getStorageTypeMax() == quant::QuantizedType::getDefaultMaximumForInteger(hasSign, width);
}

struct UniformFormat : NumberFormatTypeInterface::ExternalModel<UniformFormat, quant::UniformQuantizedType> {
  static quant::UniformQuantizedType self(Type type) { return cast<quant::UniformQuantizedType>(type); }
  int64_t getBitsPerElement(Type type) const { return self(type).getStorageTypeIntegralWidth(); }
  bool isFixedPoint(Type type) const {
    return hasFullRange(self(type)) && self(type).getZeroPoint() == 0 && isPowerOfTwo(self(type).getScale());
  }
  bool isUnsigned(Type type) const { return isFixedPoint(type) && !self(type).isSigned(); }
  int64_t getFractionalBits(Type type, int64_t) const { return fractionalBits(self(type).getScale()); }
  std::string getFormatName(Type type) const {
    return std::string(self(type).isSigned() ? "fixed<" : "ufixed<") + std::to_string(getBitsPerElement(type)) + ", " +
           std::to_string(getFractionalBits(type, 0)) + ">";
  }
};

struct PerAxisFormat : NumberFormatTypeInterface::ExternalModel<PerAxisFormat, quant::UniformQuantizedPerAxisType> {
  static quant::UniformQuantizedPerAxisType self(Type type) { return cast<quant::UniformQuantizedPerAxisType>(type); }
  int64_t getBitsPerElement(Type type) const { return self(type).getStorageTypeIntegralWidth(); }
  bool isFixedPoint(Type type) const {
    return self(type).isSigned() && hasFullRange(self(type)) && llvm::all_of(self(type).getScales(), isPowerOfTwo) &&
           llvm::all_of(self(type).getZeroPoints(), [](int64_t zero) { return zero == 0; });
  }
  bool isPerChannel(Type) const { return true; }
  int64_t getNumScales(Type type) const { return self(type).getScales().size(); }
  int64_t getFractionalBits(Type type, int64_t channel) const {
    return fractionalBits(self(type).getScales()[channel]);
  }
  std::string getFormatName(Type type) const {
    return "fixed<" + std::to_string(getBitsPerElement(type)) + ", per channel>";
  }
};
} // namespace

namespace xplat {
void attachNumberFormats(MLIRContext *context) {
  Float32Type::attachInterface<FloatFormat>(*context);
  Float8E4M3FNType::attachInterface<SmallFloatFormat<Float8E4M3FNType>>(*context);
  Float8E5M2Type::attachInterface<SmallFloatFormat<Float8E5M2Type>>(*context);
  IntegerType::attachInterface<IntegerFormat>(*context);
  quant::UniformQuantizedType::attachInterface<UniformFormat>(*context);
  quant::UniformQuantizedPerAxisType::attachInterface<PerAxisFormat>(*context);
}
} // namespace xplat
