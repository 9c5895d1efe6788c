//===- Xplat.cpp - C interface of xplat -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CAPI/Xplat.h"

#include "InitAll.h"
#include "Transforms/Software/RequestedFormats.h"
#include "xplat/IR/Xplat.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"
#include "mlir/CAPI/Utils.h"

using namespace xplat;

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

void xplatRegisterAllDialects(MlirDialectRegistry registry) { registerAllDialects(*unwrap(registry)); }

void xplatRegisterAllPasses(void) { registerAllPasses(); }

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

bool xplatTypeIsAStream(MlirType type) { return mlir::isa<StreamType>(unwrap(type)); }

MlirTypeID xplatStreamTypeGetTypeID(void) { return wrap(StreamType::getTypeID()); }

MlirType xplatStreamTypeGetChecked(MlirLocation location, intptr_t rank, const int64_t *shape, MlirType elementType,
                                   const int64_t *order, const int64_t *beat) {
  mlir::Location loc = unwrap(location);
  return wrap(StreamType::getChecked([loc] { return mlir::emitError(loc); }, loc->getContext(),
                                     llvm::ArrayRef<int64_t>(shape, rank), unwrap(elementType),
                                     llvm::ArrayRef<int64_t>(order, rank), llvm::ArrayRef<int64_t>(beat, rank)));
}

static StreamType asStream(MlirType type) { return mlir::cast<StreamType>(unwrap(type)); }

intptr_t xplatStreamTypeGetRank(MlirType type) { return asStream(type).getShape().size(); }

int64_t xplatStreamTypeGetDim(MlirType type, intptr_t index) { return asStream(type).getShape()[index]; }

MlirType xplatStreamTypeGetElementType(MlirType type) { return wrap(asStream(type).getElementType()); }

int64_t xplatStreamTypeGetOrder(MlirType type, intptr_t index) { return asStream(type).getOrder()[index]; }

int64_t xplatStreamTypeGetBeat(MlirType type, intptr_t index) { return asStream(type).getBeat()[index]; }

int64_t xplatStreamTypeGetLanes(MlirType type) { return asStream(type).getLanes(); }

int64_t xplatStreamTypeGetNumElements(MlirType type) { return asStream(type).getNumElements(); }

int64_t xplatStreamTypeGetNumBeats(MlirType type) { return asStream(type).getNumBeats(); }

int64_t xplatStreamTypeGetBeatBits(MlirType type) { return asStream(type).getBeatBits(); }

bool xplatTypeIsANumberFormat(MlirType type) { return xplat::detail::isNumberFormat(unwrap(type)); }

int64_t xplatTypeGetChannelExtent(MlirType type) { return getChannelsExtent(getDataShape(unwrap(type))); }

int64_t xplatDefaultOrderGetDim(intptr_t rank, intptr_t index) { return getDefaultOrder(rank)[index]; }

void xplatDefaultBeat(intptr_t rank, const int64_t *shape, int64_t lanes, XplatIntegerCallback callback,
                      void *userData) {
  for (int64_t extent : getBeat({shape, static_cast<size_t>(rank)}, getDefaultOrder(rank), lanes))
    callback(extent, userData);
}

static NumberFormatTypeInterface asFormat(MlirType type) { return mlir::cast<NumberFormatTypeInterface>(unwrap(type)); }

int64_t xplatNumberFormatGetBitsPerElement(MlirType type) { return asFormat(type).getBitsPerElement(); }

int64_t xplatNumberFormatGetSharedBits(MlirType type) { return asFormat(type).getSharedBits(); }

int64_t xplatNumberFormatGetBlockAxis(MlirType type) { return asFormat(type).getBlockAxis(); }

MlirType xplatNumberFormatWithBlockAxis(MlirType type, int64_t axis) {
  return wrap(asFormat(type).withBlockAxis(axis));
}

bool xplatTypeIsAMinifloat(MlirType type) { return mlir::isa<MinifloatType>(unwrap(type)); }
MlirTypeID xplatMinifloatTypeGetTypeID(void) { return wrap(MinifloatType::getTypeID()); }
unsigned xplatMinifloatTypeGetExponentBits(MlirType type) {
  return mlir::cast<MinifloatType>(unwrap(type)).getExponentBits();
}
unsigned xplatMinifloatTypeGetMantissaBits(MlirType type) {
  return mlir::cast<MinifloatType>(unwrap(type)).getMantissaBits();
}
bool xplatTypeIsAnMsfp(MlirType type) { return mlir::isa<MsfpType>(unwrap(type)); }
MlirTypeID xplatMsfpTypeGetTypeID(void) { return wrap(MsfpType::getTypeID()); }
bool xplatTypeIsAnMx(MlirType type) { return mlir::isa<MxType>(unwrap(type)); }
MlirTypeID xplatMxTypeGetTypeID(void) { return wrap(MxType::getTypeID()); }
MlirType xplatMxTypeGetElement(MlirType type) { return wrap(mlir::cast<MxType>(unwrap(type)).getElement()); }

int64_t xplatNumberFormatGetBlockSize(MlirType type) { return asFormat(type).getBlockSize(); }

bool xplatNumberFormatIsFixedPoint(MlirType type) { return asFormat(type).isFixedPoint(); }

bool xplatNumberFormatIsUnsigned(MlirType type) { return asFormat(type).isUnsigned(); }
bool xplatNumberFormatHoldsSigns(MlirType type) { return asFormat(type).holdsSigns(); }

bool xplatNumberFormatIsPerChannel(MlirType type) { return asFormat(type).isPerChannel(); }

int64_t xplatNumberFormatGetNumScales(MlirType type) { return asFormat(type).getNumScales(); }

int64_t xplatNumberFormatGetFractionalBits(MlirType type, int64_t channel) {
  return asFormat(type).getFractionalBits(channel);
}

void xplatWeightFractionalBits(intptr_t count, const double *absmax, unsigned width, intptr_t biasCount,
                               const double *bias, const int64_t *operandBits, const int64_t *resultBits,
                               XplatIntegerCallback callback, void *userData) {
  WeightLimits limits{{bias, static_cast<size_t>(bias ? biasCount : 0)}, {}, {}};
  if (operandBits)
    limits.operandBits = *operandBits;
  if (resultBits)
    limits.resultBits = *resultBits;
  for (int64_t bits : weightFractionalBits({absmax, static_cast<size_t>(count)}, width, limits))
    callback(bits, userData);
}

void xplatNumberFormatGetName(MlirType type, MlirStringCallback callback, void *userData) {
  callback(wrap(llvm::StringRef(asFormat(type).getFormatName())), userData);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

template <typename AttrT> static AttrT as(MlirAttribute attr) { return mlir::cast<AttrT>(unwrap(attr)); }

#define XPLAT_DEFINE_ATTRIBUTE(Name)                                                                                   \
  bool xplatAttributeIsA##Name(MlirAttribute attr) { return mlir::isa<Name##Attr>(unwrap(attr)); }                     \
  MlirTypeID xplat##Name##AttrGetTypeID(void) { return wrap(Name##Attr::getTypeID()); }

#define XPLAT_DEFINE_ENUM_ATTRIBUTE(Name)                                                                              \
  XPLAT_DEFINE_ATTRIBUTE(Name)                                                                                         \
  MlirAttribute xplat##Name##AttrGet(MlirContext context, uint32_t value) {                                            \
    std::optional<Name> symbol = symbolize##Name(value);                                                               \
    return symbol ? wrap(Name##Attr::get(unwrap(context), *symbol)) : MlirAttribute{nullptr};                          \
  }                                                                                                                    \
  uint32_t xplat##Name##AttrGetValue(MlirAttribute attr) {                                                             \
    return static_cast<uint32_t>(as<Name##Attr>(attr).getValue());                                                     \
  }                                                                                                                    \
  MlirStringRef xplat##Name##AttrGetKeyword(MlirAttribute attr) {                                                      \
    return wrap(stringify##Name(as<Name##Attr>(attr).getValue()));                                                     \
  }

XPLAT_DEFINE_ENUM_ATTRIBUTE(Backend)
XPLAT_DEFINE_ENUM_ATTRIBUTE(MemoryKind)
XPLAT_DEFINE_ENUM_ATTRIBUTE(DeviceKind)
XPLAT_DEFINE_ENUM_ATTRIBUTE(DerivationKind)
XPLAT_DEFINE_ENUM_ATTRIBUTE(BoundKind)
XPLAT_DEFINE_ENUM_ATTRIBUTE(Objective)
XPLAT_DEFINE_ENUM_ATTRIBUTE(ReshapeOrder)
XPLAT_DEFINE_ENUM_ATTRIBUTE(ReduceKind)

XPLAT_DEFINE_ATTRIBUTE(Place)

MlirAttribute xplatPlaceAttrGet(MlirAttribute device) {
  mlir::SymbolRefAttr symbol = as<mlir::SymbolRefAttr>(device);
  return wrap(PlaceAttr::get(symbol.getContext(), symbol));
}

MlirAttribute xplatPlaceAttrGetDevice(MlirAttribute attr) { return wrap(as<PlaceAttr>(attr).getDevice()); }

XPLAT_DEFINE_ATTRIBUTE(Unroll)

MlirAttribute xplatUnrollAttrGet(MlirContext context, intptr_t count, const int64_t *factors) {
  return wrap(UnrollAttr::get(unwrap(context), llvm::ArrayRef<int64_t>(factors, count)));
}

intptr_t xplatUnrollAttrGetNumFactors(MlirAttribute attr) { return as<UnrollAttr>(attr).getFactors().size(); }

int64_t xplatUnrollAttrGetFactor(MlirAttribute attr, intptr_t index) {
  return as<UnrollAttr>(attr).getFactors()[index];
}

XPLAT_DEFINE_ATTRIBUTE(Config)

MlirAttribute xplatConfigAttrGet(MlirContext context, MlirAttribute kernel, MlirAttribute unroll, MlirAttribute place,
                                 MlirAttribute memories, MlirAttribute roms) {
  return wrap(ConfigAttr::get(
      unwrap(context), mlir::cast_if_present<mlir::FlatSymbolRefAttr>(unwrap(kernel)),
      mlir::cast_if_present<UnrollAttr>(unwrap(unroll)), mlir::cast_if_present<PlaceAttr>(unwrap(place)),
      mlir::cast_if_present<MemoryKindAttr>(unwrap(memories)), mlir::cast_if_present<mlir::ArrayAttr>(unwrap(roms))));
}

MlirAttribute xplatConfigAttrGetKernel(MlirAttribute attr) { return wrap(as<ConfigAttr>(attr).getKernel()); }
MlirAttribute xplatConfigAttrGetUnroll(MlirAttribute attr) { return wrap(as<ConfigAttr>(attr).getUnroll()); }
MlirAttribute xplatConfigAttrGetPlace(MlirAttribute attr) { return wrap(as<ConfigAttr>(attr).getPlace()); }
MlirAttribute xplatConfigAttrGetMemories(MlirAttribute attr) { return wrap(as<ConfigAttr>(attr).getMemories()); }
MlirAttribute xplatConfigAttrGetRoms(MlirAttribute attr) { return wrap(as<ConfigAttr>(attr).getRoms()); }

XPLAT_DEFINE_ATTRIBUTE(Rate)

MlirAttribute xplatRateAttrGet(MlirContext context, int64_t cycles, int64_t latency) {
  return wrap(RateAttr::get(unwrap(context), cycles, latency));
}

int64_t xplatRateAttrGetCycles(MlirAttribute attr) { return as<RateAttr>(attr).getCycles(); }

int64_t xplatRateAttrGetLatency(MlirAttribute attr) { return as<RateAttr>(attr).getLatency(); }

XPLAT_DEFINE_ATTRIBUTE(Resources)

MlirAttribute xplatResourcesAttrGetChecked(MlirLocation loc, intptr_t count, const MlirStringRef *names,
                                           const int64_t *amounts) {
  mlir::Location location = unwrap(loc);
  llvm::SmallVector<ResourceAmount> list;
  for (intptr_t index = 0; index < count; ++index)
    list.push_back({mlir::StringAttr::get(location.getContext(), unwrap(names[index])), amounts[index]});
  return wrap(ResourcesAttr::getChecked([&] { return mlir::emitError(location); }, location.getContext(),
                                        llvm::ArrayRef<ResourceAmount>(list)));
}

intptr_t xplatResourcesAttrGetNumAmounts(MlirAttribute attr) { return as<ResourcesAttr>(attr).getAmounts().size(); }

MlirStringRef xplatResourcesAttrGetName(MlirAttribute attr, intptr_t index) {
  return wrap(as<ResourcesAttr>(attr).getAmounts()[index].first.getValue());
}

int64_t xplatResourcesAttrGetAmount(MlirAttribute attr, intptr_t index) {
  return as<ResourcesAttr>(attr).getAmounts()[index].second;
}

XPLAT_DEFINE_ATTRIBUTE(Usage)

MlirAttribute xplatUsageAttrGetDevice(MlirAttribute attr) { return wrap(as<UsageAttr>(attr).getDevice()); }

MlirAttribute xplatUsageAttrGetUsed(MlirAttribute attr) { return wrap(as<UsageAttr>(attr).getUsed()); }

MlirAttribute xplatUsageAttrGetBudget(MlirAttribute attr) { return wrap(as<UsageAttr>(attr).getBudget()); }

XPLAT_DEFINE_ATTRIBUTE(Parameter)

MlirStringRef xplatParameterAttrGetName(MlirAttribute attr) {
  return wrap(as<ParameterAttr>(attr).getName().getValue());
}

XPLAT_DEFINE_ATTRIBUTE(Format)

MlirStringRef xplatFormatAttrGetPort(MlirAttribute attr) { return wrap(as<FormatAttr>(attr).getPort().getValue()); }

MlirStringRef xplatFormatAttrGetFormat(MlirAttribute attr) { return wrap(as<FormatAttr>(attr).getFormat().getValue()); }

XPLAT_DEFINE_ATTRIBUTE(MemoryPort)

MlirStringRef xplatMemoryPortAttrGetName(MlirAttribute attr) {
  return wrap(as<MemoryPortAttr>(attr).getName().getValue());
}

bool xplatMemoryPortAttrIsLookup(MlirAttribute attr) {
  return as<MemoryPortAttr>(attr).getAccess() == MemoryAccess::lookup;
}

XPLAT_DEFINE_ATTRIBUTE(Derivation)

MlirAttribute xplatDerivationAttrGet(MlirContext context, uint32_t kind, intptr_t count, const MlirAttribute *sources,
                                     MlirAttribute epsilon, MlirAttribute axis, MlirAttribute shape,
                                     MlirAttribute function) {
  std::optional<DerivationKind> symbol = symbolizeDerivationKind(kind);
  if (!symbol)
    return MlirAttribute{nullptr};
  llvm::SmallVector<mlir::FlatSymbolRefAttr> symbols;
  for (intptr_t i = 0; i < count; ++i)
    symbols.push_back(as<mlir::FlatSymbolRefAttr>(sources[i]));
  return wrap(DerivationAttr::get(
      unwrap(context), *symbol, symbols, mlir::cast_or_null<mlir::FloatAttr>(unwrap(epsilon)),
      mlir::cast_or_null<mlir::IntegerAttr>(unwrap(axis)), mlir::cast_or_null<mlir::DenseI64ArrayAttr>(unwrap(shape)),
      mlir::cast_or_null<mlir::FlatSymbolRefAttr>(unwrap(function))));
}

uint32_t xplatDerivationAttrGetKind(MlirAttribute attr) {
  return static_cast<uint32_t>(as<DerivationAttr>(attr).getKind());
}

intptr_t xplatDerivationAttrGetNumSources(MlirAttribute attr) { return as<DerivationAttr>(attr).getSources().size(); }

MlirAttribute xplatDerivationAttrGetSource(MlirAttribute attr, intptr_t index) {
  return wrap(as<DerivationAttr>(attr).getSources()[index]);
}

MlirAttribute xplatDerivationAttrGetEpsilon(MlirAttribute attr) { return wrap(as<DerivationAttr>(attr).getEpsilon()); }

MlirAttribute xplatDerivationAttrGetShape(MlirAttribute attr) { return wrap(as<DerivationAttr>(attr).getShape()); }

MlirAttribute xplatDerivationAttrGetAxis(MlirAttribute attr) { return wrap(as<DerivationAttr>(attr).getAxis()); }

MlirAttribute xplatDerivationAttrGetFunction(MlirAttribute attr) {
  return wrap(as<DerivationAttr>(attr).getFunction());
}

XPLAT_DEFINE_ATTRIBUTE(Operand)

MlirAttribute xplatOperandAttrGet(MlirContext context, int64_t index) {
  return wrap(OperandAttr::get(unwrap(context), index));
}

int64_t xplatOperandAttrGetIndex(MlirAttribute attr) { return as<OperandAttr>(attr).getIndex(); }

XPLAT_DEFINE_ATTRIBUTE(Sparsity)

MlirAttribute xplatSparsityAttrGet(MlirContext context, int64_t n, int64_t m, int64_t nonzeros,
                                   MlirAttribute zeroSlices) {
  return wrap(SparsityAttr::get(unwrap(context), n, m, nonzeros,
                                mlir::cast_or_null<mlir::DenseI64ArrayAttr>(unwrap(zeroSlices))));
}

int64_t xplatSparsityAttrGetN(MlirAttribute attr) { return as<SparsityAttr>(attr).getN(); }
int64_t xplatSparsityAttrGetM(MlirAttribute attr) { return as<SparsityAttr>(attr).getM(); }
int64_t xplatSparsityAttrGetNonzeros(MlirAttribute attr) { return as<SparsityAttr>(attr).getNonzeros(); }
MlirAttribute xplatSparsityAttrGetZeroSlices(MlirAttribute attr) {
  return wrap(as<SparsityAttr>(attr).getZeroSlices());
}

XPLAT_DEFINE_ATTRIBUTE(Polynomials)

MlirAttribute xplatPolynomialsAttrGetChecked(MlirLocation location, int64_t degree, int64_t guardBits,
                                             MlirAttribute within, MlirAttribute segments, MlirAttribute lengthBits,
                                             MlirAttribute coefficients) {
  mlir::Location loc = unwrap(location);
  auto list = [](MlirAttribute attr) { return mlir::cast<mlir::DenseI64ArrayAttr>(unwrap(attr)); };
  return wrap(PolynomialsAttr::getChecked([&] { return mlir::emitError(loc); }, loc.getContext(), degree, guardBits,
                                          mlir::cast<mlir::FloatAttr>(unwrap(within)), list(segments), list(lengthBits),
                                          list(coefficients)));
}

int64_t xplatPolynomialsAttrGetDegree(MlirAttribute attr) { return as<PolynomialsAttr>(attr).getDegree(); }
int64_t xplatPolynomialsAttrGetGuardBits(MlirAttribute attr) { return as<PolynomialsAttr>(attr).getGuardBits(); }
MlirAttribute xplatPolynomialsAttrGetWithin(MlirAttribute attr) { return wrap(as<PolynomialsAttr>(attr).getWithin()); }
MlirAttribute xplatPolynomialsAttrGetSegments(MlirAttribute attr) {
  return wrap(as<PolynomialsAttr>(attr).getSegments());
}
MlirAttribute xplatPolynomialsAttrGetLengthBits(MlirAttribute attr) {
  return wrap(as<PolynomialsAttr>(attr).getLengthBits());
}
MlirAttribute xplatPolynomialsAttrGetCoefficients(MlirAttribute attr) {
  return wrap(as<PolynomialsAttr>(attr).getCoefficients());
}

XPLAT_DEFINE_ATTRIBUTE(Quantization)

MlirAttribute xplatQuantizationAttrGet(MlirContext context, MlirType value, MlirType weight, MlirAttribute perChannel) {
  return wrap(QuantizationAttr::get(unwrap(context), unwrap(value), unwrap(weight),
                                    mlir::cast_or_null<mlir::BoolAttr>(unwrap(perChannel))));
}

MlirType xplatQuantizationAttrGetValue(MlirAttribute attr) { return wrap(as<QuantizationAttr>(attr).getValue()); }
MlirType xplatQuantizationAttrGetWeight(MlirAttribute attr) { return wrap(as<QuantizationAttr>(attr).getWeight()); }
MlirAttribute xplatQuantizationAttrGetPerChannel(MlirAttribute attr) {
  return wrap(as<QuantizationAttr>(attr).getPerChannel());
}
