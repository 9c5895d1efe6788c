//===- FormatBindings.cpp - Number formats in Python ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types of number formats, the interface that all of them implement, and
// the attributes of nodes and parameters that ask for formats and sparsity.
//
//===----------------------------------------------------------------------===//

#include "Bindings.h"

#include <cmath>

namespace mlir {
namespace python {
namespace MLIR_BINDINGS_PYTHON_DOMAIN {
namespace xplat_dialect {

/// The type, which has to be a number format.
static MlirType asFormat(PyType &type) {
  if (!xplatTypeIsANumberFormat(type))
    throw nb::value_error("expected a number format: f32, an integer, a block or small float format, or a "
                          "quantized type of full range with zero point 0 and powers of two as scales");
  return type;
}

#define XPLAT_FORMAT_TYPE(Name, isa)                                                                                   \
  struct Name##Type : PyConcreteType<Name##Type> {                                                                     \
    static constexpr IsAFunctionTy isaFunction = isa;                                                                  \
    static constexpr GetTypeIDFunctionTy getTypeIdFunction = xplat##Name##TypeGetTypeID;                               \
    static constexpr const char *pyClassName = #Name "Type";                                                           \
    using Base::Base;                                                                                                  \
    static void bindDerived(ClassTy &c);                                                                               \
  };

XPLAT_FORMAT_TYPE(Minifloat, xplatTypeIsAMinifloat)
XPLAT_FORMAT_TYPE(Msfp, xplatTypeIsAnMsfp)
XPLAT_FORMAT_TYPE(Mx, xplatTypeIsAnMx)

void MinifloatType::bindDerived(ClassTy &c) {
  c.def_prop_ro(
      "exponent_bits", [](MinifloatType &self) { return xplatMinifloatTypeGetExponentBits(self); },
      "Bits of the exponent.");
  c.def_prop_ro(
      "mantissa_bits", [](MinifloatType &self) { return xplatMinifloatTypeGetMantissaBits(self); },
      "Bits of the mantissa.");
}

void MsfpType::bindDerived(ClassTy &c) {
  c.def_prop_ro(
      "bits", [](MsfpType &self) { return xplatNumberFormatGetBitsPerElement(self); },
      "Bits of an element: sign and magnitude.");
}

void MxType::bindDerived(ClassTy &c) {
  c.def_prop_ro("element", [](MxType &self) { return xplatMxTypeGetElement(self); }, "Type of an element.");
}

struct OperandAttr : PyConcreteAttribute<OperandAttr> {
  XPLAT_ATTRIBUTE_HEAD(Operand)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](int64_t index, DefaultingPyMlirContext context) { return xplatOperandAttrGet(resolve(context), index); },
        "index"_a, "context"_a = nb::none(), "Operand number `index` among the arguments of xplat.aten.");
    c.def_prop_ro("index", [](OperandAttr &self) { return xplatOperandAttrGetIndex(self); }, "Number of the operand.");
  }
};

/// The elements of an array of i64; none for null.
static std::vector<int64_t> toVector(MlirAttribute array) {
  std::vector<int64_t> values;
  for (intptr_t i = 0; !mlirAttributeIsNull(array) && i < mlirDenseArrayGetNumElements(array); ++i)
    values.push_back(mlirDenseI64ArrayGetElement(array, i));
  return values;
}

struct SparsityAttr : PyConcreteAttribute<SparsityAttr> {
  XPLAT_ATTRIBUTE_HEAD(Sparsity)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](int64_t n, int64_t m, int64_t nonzeros, const std::vector<int64_t> &zeroSlices,
           DefaultingPyMlirContext context) {
          MlirContext where = resolve(context);
          MlirAttribute slices = zeroSlices.empty() ? mlirAttributeGetNull()
                                                    : mlirDenseI64ArrayGet(where, zeroSlices.size(), zeroSlices.data());
          return xplatSparsityAttrGet(where, n, m, nonzeros, slices);
        },
        "n"_a, "m"_a, "nonzeros"_a, "zero_slices"_a = std::vector<int64_t>(), "context"_a = nb::none(),
        "At most `n` of each `m` neighbouring weights are not zero, `nonzeros` in all; `zero_slices` are zero.");
    c.def_prop_ro("n", [](SparsityAttr &self) { return xplatSparsityAttrGetN(self); }, "Weights kept of `m`.");
    c.def_prop_ro("m", [](SparsityAttr &self) { return xplatSparsityAttrGetM(self); }, "Weights in a group.");
    c.def_prop_ro(
        "nonzeros", [](SparsityAttr &self) { return xplatSparsityAttrGetNonzeros(self); }, "Weights kept in all.");
    c.def_prop_ro(
        "zero_slices", [](SparsityAttr &self) { return toVector(xplatSparsityAttrGetZeroSlices(self)); },
        "Slices along dimension 0 that are zero altogether.");
  }
};

struct PolynomialsAttr : PyConcreteAttribute<PolynomialsAttr> {
  XPLAT_ATTRIBUTE_HEAD(Polynomials)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](int64_t degree, int64_t guardBits, double within, const std::vector<int64_t> &segments,
           const std::vector<int64_t> &lengthBits, const std::vector<int64_t> &coefficients, DefaultingPyLocation loc) {
          MlirContext context = loc->getContext()->get();
          auto list = [&](const std::vector<int64_t> &values) {
            return mlirDenseI64ArrayGet(context, values.size(), values.data());
          };
          PyMlirContext::ErrorCapture errors(loc->getContext());
          MlirAttribute attr = xplatPolynomialsAttrGetChecked(
              loc, degree, guardBits, mlirFloatAttrDoubleGet(context, mlirF64TypeGet(context), within), list(segments),
              list(lengthBits), list(coefficients));
          if (mlirAttributeIsNull(attr))
            throw MLIRError("Invalid attribute", errors.take());
          return attr;
        },
        "degree"_a, "guard_bits"_a, "within"_a, "segments"_a, "length_bits"_a, "coefficients"_a, "loc"_a = nb::none(),
        "A polynomial for each of `segments[i]` segments of `2^length_bits[i]` numbers; see docs/Spec.md.");
    c.def_prop_ro("degree", [](PolynomialsAttr &self) { return xplatPolynomialsAttrGetDegree(self); }, "Their degree.");
    c.def_prop_ro(
        "guard_bits", [](PolynomialsAttr &self) { return xplatPolynomialsAttrGetGuardBits(self); },
        "Bits of sums below the last place of the result.");
    c.def_prop_ro(
        "within",
        [](PolynomialsAttr &self) { return mlirFloatAttrGetValueDouble(xplatPolynomialsAttrGetWithin(self)); },
        "Last places by which a result is less than that away from the exact one.");
    c.def_prop_ro(
        "segments", [](PolynomialsAttr &self) { return toVector(xplatPolynomialsAttrGetSegments(self)); },
        "Segments of each length.");
    c.def_prop_ro(
        "length_bits", [](PolynomialsAttr &self) { return toVector(xplatPolynomialsAttrGetLengthBits(self)); },
        "Binary logarithm of each length.");
    c.def_prop_ro(
        "coefficients", [](PolynomialsAttr &self) { return toVector(xplatPolynomialsAttrGetCoefficients(self)); },
        "Segment by segment, that of the lowest power first.");
  }
};

struct QuantizationAttr : PyConcreteAttribute<QuantizationAttr> {
  XPLAT_ATTRIBUTE_HEAD(Quantization)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](std::optional<PyType> value, std::optional<PyType> weight, std::optional<bool> perChannel,
           DefaultingPyMlirContext context) {
          MlirType none = {nullptr};
          MlirContext owner = resolve(context);
          return xplatQuantizationAttrGet(owner, value ? value->get() : none, weight ? weight->get() : none,
                                          perChannel ? mlirBoolAttrGet(owner, *perChannel) : mlirAttributeGetNull());
        },
        "value"_a = nb::none(), "weight"_a = nb::none(), "per_channel"_a = nb::none(), "context"_a = nb::none(),
        "The formats requested for a node's result and its weight.");
    c.def_prop_ro(
        "value",
        [](QuantizationAttr &self) -> nb::object {
          MlirType type = xplatQuantizationAttrGetValue(self);
          return mlirTypeIsNull(type) ? nb::none() : nb::cast(type);
        },
        "Format of the result; None for the default.");
    c.def_prop_ro(
        "weight",
        [](QuantizationAttr &self) -> nb::object {
          MlirType type = xplatQuantizationAttrGetWeight(self);
          return mlirTypeIsNull(type) ? nb::none() : nb::cast(type);
        },
        "Format of the weight; None for the default.");
    c.def_prop_ro(
        "per_channel",
        [](QuantizationAttr &self) -> nb::object {
          MlirAttribute attr = xplatQuantizationAttrGetPerChannel(self);
          return mlirAttributeIsNull(attr) ? nb::object(nb::none()) : nb::cast(mlirBoolAttrGetValue(attr));
        },
        "Whether the weight has a scale for each channel; None for the default.");
  }
};

void bindFormats(nb::module_ &m) {
  MinifloatType::bind(m);
  MsfpType::bind(m);
  MxType::bind(m);
  OperandAttr::bind(m);
  SparsityAttr::bind(m);
  PolynomialsAttr::bind(m);
  QuantizationAttr::bind(m);
  m.def(
      "is_number_format", [](PyType &type) { return xplatTypeIsANumberFormat(type); }, "type"_a,
      "Whether the type can be the element type of a tensor or a stream.");
  m.def(
      "format_name",
      [](PyType &type) {
        std::string name;
        xplatNumberFormatGetName(asFormat(type), appendString, &name);
        return name;
      },
      "type"_a, "The number format in a few characters, for reports and names.");
  m.def(
      "format_bits", [](PyType &type) { return xplatNumberFormatGetBitsPerElement(asFormat(type)); }, "type"_a,
      "Bits of one element.");
  m.def(
      "format_shared_bits", [](PyType &type) { return xplatNumberFormatGetSharedBits(asFormat(type)); }, "type"_a,
      "Bits that a block of elements shares (0: none).");
  m.def(
      "format_block_size", [](PyType &type) { return xplatNumberFormatGetBlockSize(asFormat(type)); }, "type"_a,
      "Elements in a block that shares bits.");
  m.def(
      "format_block_axis", [](PyType &type) { return xplatNumberFormatGetBlockAxis(asFormat(type)); }, "type"_a,
      "Dimension along which blocks run; -1: the last.");
  m.def(
      "with_block_axis",
      [](PyType &type, int64_t axis) {
        if (axis < -1)
          throw nb::value_error("expected a dimension, or -1 for the last");
        return xplatNumberFormatWithBlockAxis(asFormat(type), axis);
      },
      "type"_a, "axis"_a, "The same format with blocks along another dimension.");
  m.def(
      "format_is_fixed_point", [](PyType &type) { return xplatNumberFormatIsFixedPoint(asFormat(type)); }, "type"_a,
      "Whether values are integers times a fixed power of two.");
  m.def(
      "format_is_unsigned", [](PyType &type) { return xplatNumberFormatIsUnsigned(asFormat(type)); }, "type"_a,
      "Whether it is fixed point without a sign: integers of B bits are 0 to 2^B - 1.");
  m.def(
      "format_holds_signs", [](PyType &type) { return xplatNumberFormatHoldsSigns(asFormat(type)); }, "type"_a,
      "Whether it is binary or ternary: fixed point whose integers are signs alone.");
  m.def(
      "format_is_per_channel", [](PyType &type) { return xplatNumberFormatIsPerChannel(asFormat(type)); }, "type"_a,
      "Whether the scale differs between slices along an axis.");
  m.def(
      "format_fractional_bits",
      [](PyType &type) {
        std::vector<int64_t> result;
        MlirType format = asFormat(type);
        for (int64_t channel = 0; channel < xplatNumberFormatGetNumScales(format); ++channel)
          result.push_back(xplatNumberFormatGetFractionalBits(format, channel));
        return result;
      },
      "type"_a, "F where an integer q means q * 2^-F, for each slice that has a scale of its own.");
  m.def(
      "weight_fractional_bits",
      [](const std::vector<double> &absmax, unsigned width, const std::vector<double> &bias,
         std::optional<int64_t> operandBits, std::optional<int64_t> resultBits) {
        for (const std::vector<double> *magnitudes : {&absmax, &bias})
          for (double magnitude : *magnitudes)
            if (!(magnitude >= 0 && std::isfinite(magnitude)))
              throw nb::value_error("expected finite magnitudes that are not negative");
        if (width < 2 || width > 32)
          throw nb::value_error("expected a width of 2 to 32 bits");
        std::vector<int64_t> result;
        xplatWeightFractionalBits(
            absmax.size(), absmax.data(), width, bias.size(), bias.data(), operandBits ? &*operandBits : nullptr,
            resultBits ? &*resultBits : nullptr,
            [](int64_t bits, void *data) { static_cast<std::vector<int64_t> *>(data)->push_back(bits); }, &result);
        return result;
      },
      "absmax"_a, "width"_a, "bias"_a = std::vector<double>(), "operand_bits"_a = nb::none(),
      "result_bits"_a = nb::none(),
      "F for each scale of a weight, by the rule of xplat-quantize: the largest that holds the magnitudes `absmax`, "
      "leaves room for those of the `bias` at the scale of the products, and needs no shift that kernels do not have. "
      "`operand_bits`, `result_bits`: F of operand and result; None where they are not fixed point.");
}

} // namespace xplat_dialect
} // namespace MLIR_BINDINGS_PYTHON_DOMAIN
} // namespace python
} // namespace mlir
