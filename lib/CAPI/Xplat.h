// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*===- Xplat.h - C interface of xplat -----------------------------*- C -*-===*\
 *
 * What the Python bindings ask of xplat: registration, the fields of its types
 * and attributes, and the interfaces of its ops and number formats. Functions
 * that give several values call back once a value, in order.
 *
\*===----------------------------------------------------------------------===*/
#ifndef XPLAT_CAPI_XPLAT_H
#define XPLAT_CAPI_XPLAT_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/*===- Registration -------------------------------------------------------===*/

MLIR_CAPI_EXPORTED void xplatRegisterAllDialects(MlirDialectRegistry registry);
MLIR_CAPI_EXPORTED void xplatRegisterAllPasses(void);

/*===- Callbacks ----------------------------------------------------------===*/

typedef void (*XplatIntegerCallback)(int64_t value, void *userData);
typedef void (*XplatNamedIntegerCallback)(MlirStringRef name, int64_t value, void *userData);
typedef void (*XplatDimensionCallback)(MlirStringRef name, int64_t extent, MlirStringRef kind, int64_t unroll,
                                       void *userData);
typedef void (*XplatPortCallback)(MlirStringRef name, MlirType format, void *userData);
typedef void (*XplatParameterCallback)(MlirStringRef name, MlirAttribute symbol, void *userData);

/*===- Types --------------------------------------------------------------===*/

MLIR_CAPI_EXPORTED bool xplatTypeIsAStream(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID xplatStreamTypeGetTypeID(void);
/* `order` and `beat` have `rank` entries. Null when they and the format do not fit the shape; the
 * reason is a diagnostic at `location`. */
MLIR_CAPI_EXPORTED MlirType xplatStreamTypeGetChecked(MlirLocation location, intptr_t rank, const int64_t *shape,
                                                      MlirType elementType, const int64_t *order, const int64_t *beat);
MLIR_CAPI_EXPORTED intptr_t xplatStreamTypeGetRank(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetDim(MlirType type, intptr_t index);
MLIR_CAPI_EXPORTED MlirType xplatStreamTypeGetElementType(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetOrder(MlirType type, intptr_t index);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetBeat(MlirType type, intptr_t index);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetLanes(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetNumElements(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetNumBeats(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatStreamTypeGetBeatBits(MlirType type);
/* Dimension number `index`, outermost first, of a tensor that travels in the default order. */
MLIR_CAPI_EXPORTED int64_t xplatDefaultOrderGetDim(intptr_t rank, intptr_t index);
/* The extents of the tile that is a beat of `lanes` elements, outermost first, in the default order. */
MLIR_CAPI_EXPORTED void xplatDefaultBeat(intptr_t rank, const int64_t *shape, int64_t lanes,
                                         XplatIntegerCallback callback, void *userData);

/* Number formats: types that implement NumberFormatTypeInterface. */
MLIR_CAPI_EXPORTED bool xplatTypeIsANumberFormat(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetBitsPerElement(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetSharedBits(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetBlockSize(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetBlockAxis(MlirType type);
MLIR_CAPI_EXPORTED MlirType xplatNumberFormatWithBlockAxis(MlirType type, int64_t axis);

MLIR_CAPI_EXPORTED bool xplatTypeIsAMinifloat(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID xplatMinifloatTypeGetTypeID(void);
MLIR_CAPI_EXPORTED unsigned xplatMinifloatTypeGetExponentBits(MlirType type);
MLIR_CAPI_EXPORTED unsigned xplatMinifloatTypeGetMantissaBits(MlirType type);
MLIR_CAPI_EXPORTED bool xplatTypeIsAnMsfp(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID xplatMsfpTypeGetTypeID(void);
MLIR_CAPI_EXPORTED bool xplatTypeIsAnMx(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID xplatMxTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType xplatMxTypeGetElement(MlirType type);
MLIR_CAPI_EXPORTED bool xplatNumberFormatIsFixedPoint(MlirType type);
MLIR_CAPI_EXPORTED bool xplatNumberFormatIsUnsigned(MlirType type);
MLIR_CAPI_EXPORTED bool xplatNumberFormatHoldsSigns(MlirType type);
MLIR_CAPI_EXPORTED bool xplatNumberFormatIsPerChannel(MlirType type);
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetNumScales(MlirType type);
/* `channel` has to be below the number of scales. */
MLIR_CAPI_EXPORTED int64_t xplatNumberFormatGetFractionalBits(MlirType type, int64_t channel);
MLIR_CAPI_EXPORTED void xplatNumberFormatGetName(MlirType type, MlirStringCallback callback, void *userData);

/* The rule of xplat-quantize for the scales of a weight: F for each of the `count` magnitudes in `absmax`. `bias` is
 * null or has `biasCount` magnitudes; the fractional bits of operand and result are null where those are not fixed
 * point. */
MLIR_CAPI_EXPORTED void xplatWeightFractionalBits(intptr_t count, const double *absmax, unsigned width,
                                                  intptr_t biasCount, const double *bias, const int64_t *operandBits,
                                                  const int64_t *resultBits, XplatIntegerCallback callback,
                                                  void *userData);

/*===- Attributes ---------------------------------------------------------===*/

#define XPLAT_DECLARE_ATTRIBUTE(Name)                                                                                  \
  MLIR_CAPI_EXPORTED bool xplatAttributeIsA##Name(MlirAttribute attr);                                                 \
  MLIR_CAPI_EXPORTED MlirTypeID xplat##Name##AttrGetTypeID(void);

/* An enum attribute: its value by number, and the number's keyword. */
#define XPLAT_DECLARE_ENUM_ATTRIBUTE(Name)                                                                             \
  XPLAT_DECLARE_ATTRIBUTE(Name)                                                                                        \
  MLIR_CAPI_EXPORTED MlirAttribute xplat##Name##AttrGet(MlirContext context, uint32_t value);                          \
  MLIR_CAPI_EXPORTED uint32_t xplat##Name##AttrGetValue(MlirAttribute attr);                                           \
  MLIR_CAPI_EXPORTED MlirStringRef xplat##Name##AttrGetKeyword(MlirAttribute attr);

XPLAT_DECLARE_ENUM_ATTRIBUTE(Backend)
XPLAT_DECLARE_ENUM_ATTRIBUTE(MemoryKind)
XPLAT_DECLARE_ENUM_ATTRIBUTE(DeviceKind)
XPLAT_DECLARE_ENUM_ATTRIBUTE(DerivationKind)
XPLAT_DECLARE_ENUM_ATTRIBUTE(BoundKind)
XPLAT_DECLARE_ENUM_ATTRIBUTE(Objective)
XPLAT_DECLARE_ENUM_ATTRIBUTE(ReshapeOrder)
XPLAT_DECLARE_ENUM_ATTRIBUTE(ReduceKind)

XPLAT_DECLARE_ATTRIBUTE(Place)
MLIR_CAPI_EXPORTED MlirAttribute xplatPlaceAttrGet(MlirAttribute device);
MLIR_CAPI_EXPORTED MlirAttribute xplatPlaceAttrGetDevice(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Unroll)
MLIR_CAPI_EXPORTED MlirAttribute xplatUnrollAttrGet(MlirContext context, intptr_t count, const int64_t *factors);
MLIR_CAPI_EXPORTED intptr_t xplatUnrollAttrGetNumFactors(MlirAttribute attr);
MLIR_CAPI_EXPORTED int64_t xplatUnrollAttrGetFactor(MlirAttribute attr, intptr_t index);

XPLAT_DECLARE_ATTRIBUTE(Config)
/* Parts may be null. */
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGet(MlirContext context, MlirAttribute kernel, MlirAttribute unroll,
                                                    MlirAttribute place, MlirAttribute memories, MlirAttribute roms);
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGetKernel(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGetUnroll(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGetPlace(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGetMemories(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatConfigAttrGetRoms(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Rate)
MLIR_CAPI_EXPORTED MlirAttribute xplatRateAttrGet(MlirContext context, int64_t cycles, int64_t latency);
MLIR_CAPI_EXPORTED int64_t xplatRateAttrGetCycles(MlirAttribute attr);
MLIR_CAPI_EXPORTED int64_t xplatRateAttrGetLatency(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Resources)
/* Null when a name is no identifier or stands twice, which is reported at `loc`. */
MLIR_CAPI_EXPORTED MlirAttribute xplatResourcesAttrGetChecked(MlirLocation loc, intptr_t count,
                                                              const MlirStringRef *names, const int64_t *amounts);
MLIR_CAPI_EXPORTED intptr_t xplatResourcesAttrGetNumAmounts(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirStringRef xplatResourcesAttrGetName(MlirAttribute attr, intptr_t index);
MLIR_CAPI_EXPORTED int64_t xplatResourcesAttrGetAmount(MlirAttribute attr, intptr_t index);

XPLAT_DECLARE_ATTRIBUTE(Usage)
MLIR_CAPI_EXPORTED MlirAttribute xplatUsageAttrGetDevice(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatUsageAttrGetUsed(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatUsageAttrGetBudget(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Parameter)
MLIR_CAPI_EXPORTED MlirStringRef xplatParameterAttrGetName(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Format)
MLIR_CAPI_EXPORTED MlirStringRef xplatFormatAttrGetPort(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirStringRef xplatFormatAttrGetFormat(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(MemoryPort)
MLIR_CAPI_EXPORTED MlirStringRef xplatMemoryPortAttrGetName(MlirAttribute attr);
/// Whether it is read at addresses, and not in order.
MLIR_CAPI_EXPORTED bool xplatMemoryPortAttrIsLookup(MlirAttribute attr);

/* `epsilon` and `shape` may be null. */
XPLAT_DECLARE_ATTRIBUTE(Derivation)
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGet(MlirContext context, uint32_t kind, intptr_t count,
                                                        const MlirAttribute *sources, MlirAttribute epsilon,
                                                        MlirAttribute axis, MlirAttribute shape,
                                                        MlirAttribute function);
MLIR_CAPI_EXPORTED uint32_t xplatDerivationAttrGetKind(MlirAttribute attr);
MLIR_CAPI_EXPORTED intptr_t xplatDerivationAttrGetNumSources(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGetSource(MlirAttribute attr, intptr_t index);
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGetEpsilon(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGetShape(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGetAxis(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatDerivationAttrGetFunction(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Operand)
MLIR_CAPI_EXPORTED MlirAttribute xplatOperandAttrGet(MlirContext context, int64_t index);
MLIR_CAPI_EXPORTED int64_t xplatOperandAttrGetIndex(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Sparsity)
MLIR_CAPI_EXPORTED MlirAttribute xplatSparsityAttrGet(MlirContext context, int64_t n, int64_t m, int64_t nonzeros,
                                                      MlirAttribute zeroSlices);
MLIR_CAPI_EXPORTED int64_t xplatSparsityAttrGetN(MlirAttribute attr);
MLIR_CAPI_EXPORTED int64_t xplatSparsityAttrGetM(MlirAttribute attr);
MLIR_CAPI_EXPORTED int64_t xplatSparsityAttrGetNonzeros(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatSparsityAttrGetZeroSlices(MlirAttribute attr);

XPLAT_DECLARE_ATTRIBUTE(Polynomials)
/* Null, and a diagnostic at `location`, where a constraint is not met. `within` is a float attribute, the lists are
   arrays of i64. */
MLIR_CAPI_EXPORTED MlirAttribute xplatPolynomialsAttrGetChecked(MlirLocation location, int64_t degree,
                                                                int64_t guardBits, MlirAttribute within,
                                                                MlirAttribute segments, MlirAttribute lengthBits,
                                                                MlirAttribute coefficients);
MLIR_CAPI_EXPORTED int64_t xplatPolynomialsAttrGetDegree(MlirAttribute attr);
MLIR_CAPI_EXPORTED int64_t xplatPolynomialsAttrGetGuardBits(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatPolynomialsAttrGetWithin(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatPolynomialsAttrGetSegments(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatPolynomialsAttrGetLengthBits(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatPolynomialsAttrGetCoefficients(MlirAttribute attr);

/* Null: no format is requested. */
XPLAT_DECLARE_ATTRIBUTE(Quantization)
MLIR_CAPI_EXPORTED MlirAttribute xplatQuantizationAttrGet(MlirContext context, MlirType value, MlirType weight,
                                                          MlirAttribute perChannel);
MLIR_CAPI_EXPORTED MlirType xplatQuantizationAttrGetValue(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirType xplatQuantizationAttrGetWeight(MlirAttribute attr);
MLIR_CAPI_EXPORTED MlirAttribute xplatQuantizationAttrGetPerChannel(MlirAttribute attr);

#undef XPLAT_DECLARE_ENUM_ATTRIBUTE
#undef XPLAT_DECLARE_ATTRIBUTE

/*===- Nodes --------------------------------------------------------------===*/

MLIR_CAPI_EXPORTED bool xplatOperationIsANode(MlirOperation op);
/* The node's name in the model, as its location says; empty when it says none. */
MLIR_CAPI_EXPORTED void xplatNodeGetName(MlirOperation op, MlirStringCallback callback, void *userData);
/* Loops of the iteration domain with the unroll factors in force. */
MLIR_CAPI_EXPORTED void xplatNodeGetDimensions(MlirOperation op, XplatDimensionCallback callback, void *userData);
MLIR_CAPI_EXPORTED void xplatNodeGetLegalUnroll(MlirOperation op, unsigned dim, XplatIntegerCallback callback,
                                                void *userData);
/* Whether the node cannot have the `count` unroll factors together; if so, says why. */
MLIR_CAPI_EXPORTED bool xplatNodeExplainUnroll(MlirOperation op, intptr_t count, const int64_t *unroll,
                                               MlirStringCallback callback, void *userData);
/* Kernel symbols under `unroll`, or under the factors in force when `count` is 0. */
MLIR_CAPI_EXPORTED void xplatNodeGetKernelSymbols(MlirOperation op, intptr_t count, const int64_t *unroll,
                                                  XplatNamedIntegerCallback callback, void *userData);
/* Ports with their formats; an absent parameter has a null format. */
MLIR_CAPI_EXPORTED void xplatNodeGetPorts(MlirOperation op, XplatPortCallback callback, void *userData);
MLIR_CAPI_EXPORTED void xplatNodeGetParameters(MlirOperation op, XplatParameterCallback callback, void *userData);
/* Lanes under `unroll`, or under the factors in force when `count` is 0. */
MLIR_CAPI_EXPORTED int64_t xplatNodeGetOperandLanes(MlirOperation op, unsigned index, intptr_t count,
                                                    const int64_t *unroll);
MLIR_CAPI_EXPORTED int64_t xplatNodeGetResultLanes(MlirOperation op, unsigned index, intptr_t count,
                                                   const int64_t *unroll);
/* Elements of operand `index`, in stream order, that result element `element` needs to have arrived. */
MLIR_CAPI_EXPORTED int64_t xplatNodeGetRequiredElements(MlirOperation op, unsigned index, int64_t element);

/* Whether `ready` of its operands depends on that of its result, as the contract of its kernel says. */
MLIR_CAPI_EXPORTED bool xplatNodeHasCombinationalReady(MlirOperation op);
typedef void (*XplatBlockedCallback)(MlirStringRef node, intptr_t count, const int64_t *beats, void *userData);
/* For every node of a function of bound nodes: the beats that it takes of each operand, by the dataflow model, while no
 * result is taken. False where there is no such model. */
MLIR_CAPI_EXPORTED bool xplatFunctionGetBeatsWhileBlocked(MlirOperation function, XplatBlockedCallback callback,
                                                          void *userData);
MLIR_CAPI_EXPORTED int64_t xplatNodeGetMultiplyAccumulates(MlirOperation op);
MLIR_CAPI_EXPORTED bool xplatOperationIsACable(MlirOperation op);
MLIR_CAPI_EXPORTED int64_t xplatCableGetBits(MlirOperation op, double clockMhz);
MLIR_CAPI_EXPORTED int64_t xplatNodeGetFurtherOperations(MlirOperation op);
MLIR_CAPI_EXPORTED int64_t xplatNodeGetChannelDim(MlirOperation op);
MLIR_CAPI_EXPORTED bool xplatOperationIsElementwise(MlirOperation op);
/* Whether a node may have polynomials in the place of its exact result, and those that it has; null for none. */
MLIR_CAPI_EXPORTED bool xplatOperationIsApproximable(MlirOperation op);
MLIR_CAPI_EXPORTED MlirAttribute xplatOperationGetPolynomials(MlirOperation op);
/* Constants of this magnitude or more hide from softmax what they are added to. */
MLIR_CAPI_EXPORTED double xplatHidingMagnitude(void);
/* A softmax gives zero to an element that is filled with this or less. */
MLIR_CAPI_EXPORTED double xplatLeastHidden(void);
/* Whether words of parameters come to the `xplat.kernel` in order, as streams, and the parameter of its RTL that then
   says whether they may be late. */
MLIR_CAPI_EXPORTED bool xplatKernelTakesWordsInOrder(MlirOperation kernel);
MLIR_CAPI_EXPORTED MlirStringRef xplatKernelLateParameter(void);
/* What a memory called so is made of on devices of the `xplat.family`, given the numbers that it chooses by; empty if
   it takes another count of them, or is no family. */
MLIR_CAPI_EXPORTED MlirStringRef xplatFamilyChooseMemoryStyle(MlirOperation family, MlirStringRef memory,
                                                              intptr_t count, const int64_t *size);
/* Whether the `xplat.kernel` implements operations of this name. */
MLIR_CAPI_EXPORTED bool xplatKernelCanImplement(MlirOperation kernel, MlirOperation op);
MLIR_CAPI_EXPORTED bool xplatOperationIsWeighted(MlirOperation op);
MLIR_CAPI_EXPORTED MlirAttribute xplatWeightedGetWeight(MlirOperation op);
/* Dimension of the weight that indexes the result's channels. */
MLIR_CAPI_EXPORTED int64_t xplatWeightedGetChannelDim(MlirOperation op);
/* Whether it is known how the channels of the result follow from those of the operands. */
MLIR_CAPI_EXPORTED bool xplatOperationHasChannels(MlirOperation op);
/* Calls back with the channel of operand `index` that goes with each channel of the result; -1 for none. */
MLIR_CAPI_EXPORTED void xplatChannelsForEachOperandChannel(MlirOperation op, intptr_t index,
                                                           XplatIntegerCallback callback, void *userData);
/* Calls back with each parameter that makes a channel zero; see ChannelOpInterface. */
MLIR_CAPI_EXPORTED void xplatChannelsForEachZeroingParameter(MlirOperation op, void (*callback)(MlirAttribute, void *),
                                                             void *userData);
/* Channels of a tensor or stream, see ChannelOpInterface. */
MLIR_CAPI_EXPORTED int64_t xplatTypeGetChannelExtent(MlirType type);
MLIR_CAPI_EXPORTED bool xplatOperationIsCalibrated(MlirOperation op);
/* Whether the result has the operand's format, see CalibratedOpInterface. */
MLIR_CAPI_EXPORTED bool xplatOperationKeepsFormat(MlirOperation op);
/* Rows of the smallest table among which readers of the result select; 0 when one of them does not select. */
MLIR_CAPI_EXPORTED int64_t xplatOperationCountSelectedRows(MlirOperation op);
MLIR_CAPI_EXPORTED void xplatCalibratedSetRequestedFormats(MlirOperation op, MlirAttribute quantization);
MLIR_CAPI_EXPORTED bool xplatOperationIsAHostBoundary(MlirOperation op);
MLIR_CAPI_EXPORTED bool xplatHostBoundaryIsInput(MlirOperation op);
MLIR_CAPI_EXPORTED int64_t xplatHostBoundaryGetBitsPerSample(MlirOperation op);

#ifdef __cplusplus
}
#endif

#endif /* XPLAT_CAPI_XPLAT_H */
