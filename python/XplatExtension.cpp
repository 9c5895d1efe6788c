//===- XplatExtension.cpp - The xplat dialect in Python -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes and types with their fields, and the interfaces of ops, so that
// nothing in Python parses or compares the text of the IR.
//
//===----------------------------------------------------------------------===//

#include "Bindings.h"

namespace mlir {
namespace python {
namespace MLIR_BINDINGS_PYTHON_DOMAIN {
namespace xplat_dialect {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

struct StreamType : PyConcreteType<StreamType> {
  static constexpr IsAFunctionTy isaFunction = xplatTypeIsAStream;
  static constexpr GetTypeIDFunctionTy getTypeIdFunction = xplatStreamTypeGetTypeID;
  static constexpr const char *pyClassName = "StreamType";
  using Base::Base;

  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](const std::vector<int64_t> &shape, PyType &element, int64_t lanes, DefaultingPyLocation loc) {
          PyMlirContext::ErrorCapture errors(element.getContext());
          MlirType type = xplatStreamTypeGetChecked(loc, shape.size(), shape.data(), element, lanes);
          if (mlirTypeIsNull(type))
            throw MLIRError("Invalid type", errors.take());
          return StreamType(element.getContext(), type);
        },
        "shape"_a, "element_type"_a, "lanes"_a, "loc"_a = nb::none(),
        "A tensor of `shape` (model order) that travels `lanes` elements a beat.");
    c.def_prop_ro(
        "shape",
        [](StreamType &self) {
          std::vector<int64_t> shape(xplatStreamTypeGetRank(self));
          for (size_t i = 0; i < shape.size(); ++i)
            shape[i] = xplatStreamTypeGetDim(self, i);
          return shape;
        },
        "Extents in the model's order.");
    c.def_prop_ro(
        "element_type", [](StreamType &self) { return xplatStreamTypeGetElementType(self); },
        "Number format of an element.");
    c.def_prop_ro("lanes", [](StreamType &self) { return xplatStreamTypeGetLanes(self); }, "Elements in a beat.");
    c.def_prop_ro(
        "num_elements", [](StreamType &self) { return xplatStreamTypeGetNumElements(self); }, "Elements in a sample.");
    c.def_prop_ro("num_beats", [](StreamType &self) { return xplatStreamTypeGetNumBeats(self); }, "Beats in a sample.");
    c.def_prop_ro("beat_bits", [](StreamType &self) { return xplatStreamTypeGetBeatBits(self); }, "Bits of a beat.");
  }
};

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

#define XPLAT_ENUM_ATTRIBUTE(Name)                                                                                     \
  struct Name##Attr : PyConcreteAttribute<Name##Attr> {                                                                \
    XPLAT_ATTRIBUTE_HEAD(Name)                                                                                         \
    static void bindDerived(ClassTy &c) {                                                                              \
      c.def_static(                                                                                                    \
          "get",                                                                                                       \
          [](uint32_t value, DefaultingPyMlirContext context) {                                                        \
            MlirAttribute attr = xplat##Name##AttrGet(resolve(context), value);                                        \
            if (mlirAttributeIsNull(attr))                                                                             \
              throw nb::value_error("not a value of " #Name);                                                          \
            return attr;                                                                                               \
          },                                                                                                           \
          "value"_a, "context"_a = nb::none(), "The attribute of a value of " #Name ".");                              \
      c.def_prop_ro(                                                                                                   \
          "value", [](Name##Attr &self) { return xplat##Name##AttrGetValue(self); },                                   \
          "Number of the value, as in the enum " #Name ".");                                                           \
      c.def_prop_ro(                                                                                                   \
          "keyword", [](Name##Attr &self) { return toPython(xplat##Name##AttrGetKeyword(self)); },                     \
          "The value as the IR writes it.");                                                                           \
    }                                                                                                                  \
  };

XPLAT_ENUM_ATTRIBUTE(ResourceKind)
XPLAT_ENUM_ATTRIBUTE(Backend)
XPLAT_ENUM_ATTRIBUTE(DeviceKind)
XPLAT_ENUM_ATTRIBUTE(DerivationKind)
XPLAT_ENUM_ATTRIBUTE(BoundKind)
XPLAT_ENUM_ATTRIBUTE(Objective)
XPLAT_ENUM_ATTRIBUTE(ReshapeOrder)
XPLAT_ENUM_ATTRIBUTE(ReduceKind)

struct PlaceAttr : PyConcreteAttribute<PlaceAttr> {
  XPLAT_ATTRIBUTE_HEAD(Place)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](PyAttribute &device) {
          if (!mlirAttributeIsASymbolRef(device))
            throw nb::value_error("expected a symbol reference");
          return xplatPlaceAttrGet(device);
        },
        "device"_a, "A place on the device instance that a symbol reference names.");
    c.def_prop_ro(
        "device", [](PlaceAttr &self) { return xplatPlaceAttrGetDevice(self); },
        "Symbol reference `@system::@instance`.");
  }
};

struct UnrollAttr : PyConcreteAttribute<UnrollAttr> {
  XPLAT_ATTRIBUTE_HEAD(Unroll)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](const std::vector<int64_t> &factors, DefaultingPyMlirContext context) {
          return xplatUnrollAttrGet(resolve(context), factors.size(), factors.data());
        },
        "factors"_a, "context"_a = nb::none(),
        "One factor per loop of the iteration domain; 0 where mapping may choose.");
    c.def_prop_ro(
        "factors",
        [](UnrollAttr &self) {
          std::vector<int64_t> factors(xplatUnrollAttrGetNumFactors(self));
          for (size_t i = 0; i < factors.size(); ++i)
            factors[i] = xplatUnrollAttrGetFactor(self, i);
          return factors;
        },
        "One factor per loop of the iteration domain.");
  }
};

struct RateAttr : PyConcreteAttribute<RateAttr> {
  XPLAT_ATTRIBUTE_HEAD(Rate)
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](int64_t cycles, int64_t latency, DefaultingPyMlirContext context) {
          return xplatRateAttrGet(resolve(context), cycles, latency);
        },
        "cycles"_a, "latency"_a, "context"_a = nb::none());
    c.def_prop_ro(
        "cycles", [](RateAttr &self) { return xplatRateAttrGetCycles(self); },
        "Clock cycles per sample in steady state.");
    c.def_prop_ro(
        "latency", [](RateAttr &self) { return xplatRateAttrGetLatency(self); },
        "Clock cycles from the last input beat that the first result beat needs to that result beat.");
  }
};

struct ResourcesAttr : PyConcreteAttribute<ResourcesAttr> {
  XPLAT_ATTRIBUTE_HEAD(Resources)
  template <uint32_t kind> static int64_t amount(ResourcesAttr &self) {
    return xplatResourcesAttrGetAmount(self, kind);
  }
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](int64_t lut, int64_t ff, int64_t dsp, int64_t bram36, int64_t uram, DefaultingPyMlirContext context) {
          return xplatResourcesAttrGet(resolve(context), lut, ff, dsp, bram36, uram);
        },
        nb::kw_only(), "lut"_a = 0, "ff"_a = 0, "dsp"_a = 0, "bram36"_a = 0, "uram"_a = 0, "context"_a = nb::none(),
        "An amount of each resource kind.");
    c.def_prop_ro("lut", amount<0>, "Look-up tables.");
    c.def_prop_ro("ff", amount<1>, "Flip-flops.");
    c.def_prop_ro("dsp", amount<2>, "DSP slices.");
    c.def_prop_ro("bram36", amount<3>, "Block RAMs of 36 Kib.");
    c.def_prop_ro("uram", amount<4>, "UltraRAMs of 288 Kib.");
    c.def(
        "as_dict",
        [](ResourcesAttr &self) {
          nb::dict amounts;
          const char *names[] = {"lut", "ff", "dsp", "bram36", "uram"};
          for (uint32_t kind = 0; kind < 5; ++kind)
            amounts[names[kind]] = xplatResourcesAttrGetAmount(self, kind);
          return amounts;
        },
        "Amount by resource kind, in the order of the enum ResourceKind.");
  }
};

struct UsageAttr : PyConcreteAttribute<UsageAttr> {
  XPLAT_ATTRIBUTE_HEAD(Usage)
  static void bindDerived(ClassTy &c) {
    c.def_prop_ro(
        "device", [](UsageAttr &self) { return xplatUsageAttrGetDevice(self); },
        "Symbol reference `@system::@instance`.");
    c.def_prop_ro("used", [](UsageAttr &self) { return xplatUsageAttrGetUsed(self); }, "What the mapping uses.");
    c.def_prop_ro("budget", [](UsageAttr &self) { return xplatUsageAttrGetBudget(self); }, "What there is.");
  }
};

struct ParameterAttr : PyConcreteAttribute<ParameterAttr> {
  XPLAT_ATTRIBUTE_HEAD(Parameter)
  static void bindDerived(ClassTy &c) {
    c.def_prop_ro(
        "name", [](ParameterAttr &self) { return toPython(xplatParameterAttrGetName(self)); },
        "Name of the RTL module's parameter.");
    c.def_prop_ro(
        "value", [](ParameterAttr &self) { return xplatParameterAttrGetValue(self); },
        "Formula of its value over the kernel symbols.");
  }
};

struct MemoryPortAttr : PyConcreteAttribute<MemoryPortAttr> {
  XPLAT_ATTRIBUTE_HEAD(MemoryPort)
  static void bindDerived(ClassTy &c) {
    c.def_prop_ro(
        "name", [](MemoryPortAttr &self) { return toPython(xplatMemoryPortAttrGetName(self)); },
        "Port prefix in RTL and name of the node's parameter.");
    c.def_prop_ro(
        "size", [](MemoryPortAttr &self) { return xplatMemoryPortAttrGetSize(self); },
        "Formulas of the bits of a word and the number of words.");
  }
};

struct DerivationAttr : PyConcreteAttribute<DerivationAttr> {
  XPLAT_ATTRIBUTE_HEAD(Derivation)
  static nb::object optionalAttr(DerivationAttr &self, MlirAttribute attr) {
    if (mlirAttributeIsNull(attr))
      return nb::none();
    return PyAttribute(self.getContext(), attr).maybeDownCast();
  }
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](uint32_t kind, const std::vector<PyAttribute> &sources, std::optional<PyAttribute> epsilon,
           std::optional<PyAttribute> axis, std::optional<PyAttribute> shape, std::optional<PyAttribute> function,
           DefaultingPyMlirContext context) {
          std::vector<MlirAttribute> symbols;
          for (const PyAttribute &source : sources) {
            if (!mlirAttributeIsAFlatSymbolRef(source))
              throw nb::value_error("expected a flat symbol reference as source");
            symbols.push_back(source);
          }
          if (epsilon && !mlirAttributeIsAFloat(*epsilon))
            throw nb::value_error("expected a float attribute as epsilon");
          if (axis && !mlirAttributeIsAInteger(*axis))
            throw nb::value_error("expected an integer attribute as axis");
          if (shape && !mlirAttributeIsADenseI64Array(*shape))
            throw nb::value_error("expected a dense i64 array attribute as shape");
          if (function && !mlirAttributeIsAFlatSymbolRef(*function))
            throw nb::value_error("expected a flat symbol reference as function");
          auto orNull = [](const std::optional<PyAttribute> &attr) {
            return attr ? attr->get() : mlirAttributeGetNull();
          };
          MlirAttribute attr = xplatDerivationAttrGet(resolve(context), kind, symbols.size(), symbols.data(),
                                                      orNull(epsilon), orNull(axis), orNull(shape), orNull(function));
          if (mlirAttributeIsNull(attr))
            throw nb::value_error("not a value of DerivationKind");
          return attr;
        },
        "kind"_a, "sources"_a, "epsilon"_a = nb::none(), "axis"_a = nb::none(), "shape"_a = nb::none(),
        "function"_a = nb::none(), "context"_a = nb::none(), "How a parameter follows from the parameters `sources`.");
    c.def_prop_ro(
        "kind", [](DerivationAttr &self) { return xplatDerivationAttrGetKind(self); },
        "Number of the kind, as in the enum DerivationKind.");
    c.def_prop_ro(
        "sources",
        [](DerivationAttr &self) {
          nb::list sources;
          for (intptr_t i = 0, e = xplatDerivationAttrGetNumSources(self); i < e; ++i)
            sources.append(nb::cast(xplatDerivationAttrGetSource(self, i)));
          return sources;
        },
        "Symbol references of the parameters it follows from.");
    c.def_prop_ro(
        "epsilon", [](DerivationAttr &self) { return optionalAttr(self, xplatDerivationAttrGetEpsilon(self)); },
        "What batch normalization adds to the variance; None for other kinds.");
    c.def_prop_ro(
        "shape", [](DerivationAttr &self) { return optionalAttr(self, xplatDerivationAttrGetShape(self)); },
        "Extents, permutation or indices, as the kind needs; None for other kinds.");
    c.def_prop_ro(
        "axis", [](DerivationAttr &self) { return optionalAttr(self, xplatDerivationAttrGetAxis(self)); },
        "Dimension from which slices are selected; None for other kinds.");
    c.def_prop_ro(
        "function", [](DerivationAttr &self) { return optionalAttr(self, xplatDerivationAttrGetFunction(self)); },
        "Symbol reference of the function that is evaluated; None for other kinds.");
  }
};

//===----------------------------------------------------------------------===//
// Interfaces
//===----------------------------------------------------------------------===//

/// The operation, which has to be a node.
static MlirOperation asNode(PyOperationBase &op) {
  MlirOperation operation = op.getOperation().get();
  if (!xplatOperationIsANode(operation))
    throw nb::value_error("expected an operation that implements NodeOpInterface");
  return operation;
}

/// The operation, which has to be a node at the boundary to the host.
static MlirOperation asHostBoundary(PyOperationBase &op) {
  MlirOperation operation = op.getOperation().get();
  if (!xplatOperationIsAHostBoundary(operation))
    throw nb::value_error("expected an operation that implements HostBoundaryOpInterface");
  return operation;
}

/// Unroll factors given from Python: one for each loop, or none at all.
static std::vector<int64_t> checkedUnroll(MlirOperation node, const std::optional<std::vector<int64_t>> &unroll) {
  if (!unroll)
    return {};
  size_t loops = 0;
  xplatNodeGetDimensions(
      node, [](MlirStringRef, int64_t, MlirStringRef, int64_t, void *data) { ++*static_cast<size_t *>(data); }, &loops);
  if (loops != unroll->size())
    throw nb::value_error("expected one unroll factor per loop");
  return *unroll;
}

static void bindNodes(nb::module_ &m) {
  using Unroll = std::optional<std::vector<int64_t>>;
  m.def(
      "is_node", [](PyOperationBase &op) { return xplatOperationIsANode(op.getOperation().get()); }, "op"_a,
      "Whether the operation implements NodeOpInterface.");
  m.def(
      "node_name",
      [](PyOperationBase &op) {
        std::string name;
        xplatNodeGetName(op.getOperation().get(), appendString, &name);
        return name;
      },
      "op"_a, "What users call a node: its path in the model, else the op's name.");
  m.def(
      "dimensions",
      [](PyOperationBase &op) {
        nb::list loops;
        xplatNodeGetDimensions(
            asNode(op),
            [](MlirStringRef name, int64_t extent, MlirStringRef kind, int64_t unroll, void *data) {
              static_cast<nb::list *>(data)->append(nb::make_tuple(toPython(name), extent, toPython(kind), unroll));
            },
            &loops);
        return loops;
      },
      "op"_a, "Loops of the node, outermost first: (name, extent, iterator kind, unroll factor in force).");
  m.def(
      "legal_unroll",
      [](PyOperationBase &op, unsigned dim) {
        MlirOperation node = asNode(op);
        size_t loops = 0;
        xplatNodeGetDimensions(
            node, [](MlirStringRef, int64_t, MlirStringRef, int64_t, void *data) { ++*static_cast<size_t *>(data); },
            &loops);
        if (dim >= loops)
          throw nb::index_error("no such loop");
        std::vector<int64_t> factors;
        xplatNodeGetLegalUnroll(
            node, dim, [](int64_t factor, void *data) { static_cast<std::vector<int64_t> *>(data)->push_back(factor); },
            &factors);
        return factors;
      },
      "op"_a, "dim"_a, "Unroll factors that loop `dim` may take, ascending.");
  m.def(
      "kernel_symbols",
      [](PyOperationBase &op, const Unroll &unroll) {
        MlirOperation node = asNode(op);
        std::vector<int64_t> factors = checkedUnroll(node, unroll);
        nb::dict symbols;
        xplatNodeGetKernelSymbols(
            node, factors.size(), factors.data(),
            [](MlirStringRef name, int64_t value, void *data) {
              (*static_cast<nb::dict *>(data))[toPython(name)] = value;
            },
            &symbols);
        return symbols;
      },
      "op"_a, "unroll"_a = nb::none(),
      "The integers that a kernel's formulas use, by name, under `unroll` (default: the factors in force).");
  m.def(
      "ports",
      [](PyOperationBase &op) {
        nb::dict formats;
        xplatNodeGetPorts(
            asNode(op),
            [](MlirStringRef name, MlirType format, void *data) {
              (*static_cast<nb::dict *>(data))[toPython(name)] =
                  mlirTypeIsNull(format) ? nb::object(nb::none()) : nb::cast(format);
            },
            &formats);
        return formats;
      },
      "op"_a, "Number format of each port, by name; None for a parameter that is absent.");
  m.def(
      "parameters",
      [](PyOperationBase &op) {
        nb::dict uses;
        xplatNodeGetParameters(
            asNode(op),
            [](MlirStringRef name, MlirAttribute symbol, void *data) {
              (*static_cast<nb::dict *>(data))[toPython(name)] = nb::cast(symbol);
            },
            &uses);
        return uses;
      },
      "op"_a, "Symbol reference of each parameter of the node, by its role.");
  m.def(
      "operand_lanes",
      [](PyOperationBase &op, unsigned index, const Unroll &unroll) {
        MlirOperation node = asNode(op);
        if (static_cast<intptr_t>(index) >= mlirOperationGetNumOperands(node))
          throw nb::index_error("no such operand");
        std::vector<int64_t> factors = checkedUnroll(node, unroll);
        return xplatNodeGetOperandLanes(node, index, factors.size(), factors.data());
      },
      "op"_a, "index"_a, "unroll"_a = nb::none(), "Lanes that the stream of operand `index` needs.");
  m.def(
      "result_lanes",
      [](PyOperationBase &op, unsigned index, const Unroll &unroll) {
        MlirOperation node = asNode(op);
        if (static_cast<intptr_t>(index) >= mlirOperationGetNumResults(node))
          throw nb::index_error("no such result");
        std::vector<int64_t> factors = checkedUnroll(node, unroll);
        return xplatNodeGetResultLanes(node, index, factors.size(), factors.data());
      },
      "op"_a, "index"_a, "unroll"_a = nb::none(), "Lanes that the stream of result `index` has.");
  m.def(
      "required_elements",
      [](PyOperationBase &op, unsigned index, int64_t element) {
        MlirOperation node = asNode(op);
        if (static_cast<intptr_t>(index) >= mlirOperationGetNumOperands(node))
          throw nb::index_error("no such operand");
        return xplatNodeGetRequiredElements(node, index, element);
      },
      "op"_a, "index"_a, "element"_a,
      "Elements of operand `index`, in stream order, that must have arrived for result element `element`.");
  m.def(
      "multiply_accumulates", [](PyOperationBase &op) { return xplatNodeGetMultiplyAccumulates(asNode(op)); }, "op"_a,
      "Multiplications of the node that are added up, per sample.");
  m.def(
      "cable_bits",
      [](PyOperationBase &op, double clockMhz) {
        if (!xplatOperationIsACable(op.getOperation().get()))
          throw nb::value_error("expected an 'xplat.cable'");
        return xplatCableGetBits(op.getOperation().get(), clockMhz);
      },
      "op"_a, "clock_mhz"_a, "Bits that the cable carries each way in one cycle of a clock in MHz.");
  m.def(
      "further_operations", [](PyOperationBase &op) { return xplatNodeGetFurtherOperations(asNode(op)); }, "op"_a,
      "Arithmetic operations on elements beside those, per sample.");
  m.def(
      "channel_dim", [](PyOperationBase &op) { return xplatNodeGetChannelDim(asNode(op)); }, "op"_a,
      "Dimension of the result along which blocks of a shared exponent run.");
  m.def(
      "is_elementwise", [](PyOperationBase &op) { return xplatOperationIsElementwise(op.getOperation().get()); },
      "op"_a, "Whether a result element depends on the operand elements at the same position alone.");
  m.def(
      "is_weighted", [](PyOperationBase &op) { return xplatOperationIsWeighted(op.getOperation().get()); }, "op"_a,
      "Whether the operation multiplies by a resident weight.");
  m.def(
      "weight",
      [](PyOperationBase &op) {
        if (!xplatOperationIsWeighted(op.getOperation().get()))
          throw nb::value_error("expected an operation that implements WeightedOpInterface");
        return xplatWeightedGetWeight(op.getOperation().get());
      },
      "op"_a, "Symbol reference of the weight.");
  m.def(
      "operand_channels",
      [](PyOperationBase &op) -> std::optional<std::vector<std::vector<int64_t>>> {
        MlirOperation self = op.getOperation().get();
        if (!xplatOperationHasChannels(self))
          return std::nullopt;
        int64_t channels = xplatTypeGetInnermostExtent(mlirValueGetType(mlirOperationGetResult(self, 0)));
        std::vector<std::vector<int64_t>> result(mlirOperationGetNumOperands(self));
        for (size_t index = 0; index < result.size(); ++index)
          for (int64_t channel = 0; channel < channels; ++channel)
            result[index].push_back(xplatChannelsGetOperandChannel(self, index, channel));
        return result;
      },
      "op"_a,
      "For each operand and each channel of the result, the operand's channel that goes with it, -1 for none; None "
      "when the channels of the node do not follow from those of its operands.");
  m.def(
      "zeroing_parameters",
      [](PyOperationBase &op) {
        nb::list result;
        auto append = [](MlirAttribute symbol, void *list) { static_cast<nb::list *>(list)->append(symbol); };
        xplatChannelsForEachZeroingParameter(op.getOperation().get(), append, &result);
        return result;
      },
      "op"_a,
      "Symbols of the parameters that make a channel of the result zero when their slices along dimension 0 are.");
  m.def(
      "channel_extent",
      [](MlirType type) {
        if (!mlirTypeIsARankedTensor(type) && !xplatTypeIsAStream(type))
          throw nb::value_error("expected a ranked tensor or a stream");
        return xplatTypeGetInnermostExtent(type);
      },
      "type"_a, "Channels of a tensor or stream: dimension 1 of rank 4, else the last.");
  m.def(
      "has_number_format", [](PyOperationBase &op) { return xplatOperationIsCalibrated(op.getOperation().get()); },
      "op"_a, "Whether the node's result gets a number format by quantization.");
  m.def(
      "keeps_format", [](PyOperationBase &op) { return xplatOperationKeepsFormat(op.getOperation().get()); }, "op"_a,
      "Whether the node's result consists of elements of its operand, so that it has the operand's format.");
  m.def(
      "request_formats",
      [](PyOperationBase &op, std::optional<PyAttribute> quantization) {
        if (!xplatOperationIsCalibrated(op.getOperation().get()))
          throw nb::value_error("expected an operation that implements CalibratedOpInterface");
        if (quantization && !xplatAttributeIsAQuantization(*quantization))
          throw nb::value_error("expected a QuantizationAttr");
        xplatCalibratedSetRequestedFormats(op.getOperation().get(),
                                           quantization ? quantization->get() : mlirAttributeGetNull());
      },
      "op"_a, "quantization"_a, "Sets the formats that quantization gives the node; None for the defaults.");
  m.def(
      "is_host_boundary", [](PyOperationBase &op) { return xplatOperationIsAHostBoundary(op.getOperation().get()); },
      "op"_a, "Whether the operation is a node between host memory and devices.");
  m.def(
      "is_host_input", [](PyOperationBase &op) { return xplatHostBoundaryIsInput(asHostBoundary(op)); }, "op"_a,
      "Whether data enters the system at this host boundary (otherwise it leaves).");
  m.def(
      "bits_per_sample", [](PyOperationBase &op) { return xplatHostBoundaryGetBitsPerSample(asHostBoundary(op)); },
      "op"_a, "Bits that cross this host boundary per sample.");
}

static void bindAll(nb::module_ &m) {
  m.def(
      "register_dialects", [](MlirDialectRegistry registry) { xplatRegisterAllDialects(registry); }, "registry"_a,
      "Registers xplat and the dialects its IR uses.");
  m.def("register_passes", [] { xplatRegisterAllPasses(); }, "Registers the passes and pipelines.");

  StreamType::bind(m);
  ResourceKindAttr::bind(m);
  BackendAttr::bind(m);
  DeviceKindAttr::bind(m);
  DerivationKindAttr::bind(m);
  BoundKindAttr::bind(m);
  ObjectiveAttr::bind(m);
  ReshapeOrderAttr::bind(m);
  ReduceKindAttr::bind(m);
  PlaceAttr::bind(m);
  UnrollAttr::bind(m);
  RateAttr::bind(m);
  ResourcesAttr::bind(m);
  UsageAttr::bind(m);
  ParameterAttr::bind(m);
  MemoryPortAttr::bind(m);
  DerivationAttr::bind(m);
  bindNodes(m);
  bindFormats(m);
}

} // namespace xplat_dialect
} // namespace MLIR_BINDINGS_PYTHON_DOMAIN
} // namespace python
} // namespace mlir

NB_MODULE(_xplat, m) {
  m.doc() = "The xplat dialect: attributes, types and interfaces.";
  mlir::python::MLIR_BINDINGS_PYTHON_DOMAIN::xplat_dialect::bindAll(m);
}
