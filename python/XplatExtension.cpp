//===- XplatExtension.cpp - The xplat dialect in Python -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes and types with their fields, so that nothing in Python parses or
// compares the text of the IR.
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

  /// What `get` says of each dimension.
  std::vector<int64_t> collect(int64_t (*get)(MlirType, intptr_t)) {
    std::vector<int64_t> values(xplatStreamTypeGetRank(*this));
    for (size_t index = 0; index < values.size(); ++index)
      values[index] = get(*this, index);
    return values;
  }

  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](const std::vector<int64_t> &shape, PyType &element, const std::vector<int64_t> &order,
           const std::vector<int64_t> &beat, DefaultingPyLocation loc) {
          if (order.size() != shape.size() || beat.size() != shape.size())
            throw nb::value_error("expected one entry of order and of beat for each dimension");
          PyMlirContext::ErrorCapture errors(element.getContext());
          MlirType type =
              xplatStreamTypeGetChecked(loc, shape.size(), shape.data(), element, order.data(), beat.data());
          if (mlirTypeIsNull(type))
            throw MLIRError("Invalid type", errors.take());
          return StreamType(element.getContext(), type);
        },
        "shape"_a, "element_type"_a, "order"_a, "beat"_a, "loc"_a = nb::none(),
        "A tensor of `shape` (model order) whose dimensions travel in `order`, outermost first, in tiles `beat`, whose "
        "extents are in that order.");
    c.def_prop_ro(
        "shape", [](StreamType &self) { return self.collect(xplatStreamTypeGetDim); }, "Extents in the model's order.");
    c.def_prop_ro(
        "element_type", [](StreamType &self) { return xplatStreamTypeGetElementType(self); },
        "Number format of an element.");
    c.def_prop_ro(
        "order", [](StreamType &self) { return self.collect(xplatStreamTypeGetOrder); },
        "Dimensions in the order in which they travel, outermost first.");
    c.def_prop_ro(
        "beat", [](StreamType &self) { return self.collect(xplatStreamTypeGetBeat); },
        "Extents of the tile that is one beat, in the same order.");
    c.def_prop_ro("lanes", [](StreamType &self) { return xplatStreamTypeGetLanes(self); }, "Elements in a beat.");
    c.def_prop_ro(
        "num_elements", [](StreamType &self) { return xplatStreamTypeGetNumElements(self); }, "Elements in a sample.");
    c.def_prop_ro("num_beats", [](StreamType &self) { return xplatStreamTypeGetNumBeats(self); }, "Beats in a sample.");
    c.def_prop_ro(
        "beat_bits", [](StreamType &self) { return xplatStreamTypeGetBeatBits(self); },
        "Bits of a beat, shared bits included.");
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

XPLAT_ENUM_ATTRIBUTE(Backend)
XPLAT_ENUM_ATTRIBUTE(MemoryKind)
XPLAT_ENUM_ATTRIBUTE(DeviceKind)
XPLAT_ENUM_ATTRIBUTE(DerivationKind)
XPLAT_ENUM_ATTRIBUTE(BoundKind)
XPLAT_ENUM_ATTRIBUTE(Objective)
XPLAT_ENUM_ATTRIBUTE(ReshapeOrder)
XPLAT_ENUM_ATTRIBUTE(ReduceKind)

/// A part of `self`, None where it has none.
static nb::object optionalAttr(PyAttribute &self, MlirAttribute attr) {
  if (mlirAttributeIsNull(attr))
    return nb::none();
  return PyAttribute(self.getContext(), attr).maybeDownCast();
}

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

struct ConfigAttr : PyConcreteAttribute<ConfigAttr> {
  XPLAT_ATTRIBUTE_HEAD(Config)

  /// Null when there is none, or it is not of the kind that `isA` tells.
  static MlirAttribute check(const std::optional<PyAttribute> &part, bool (*isA)(MlirAttribute), const char *expected) {
    if (part && !isA(*part))
      throw nb::value_error(expected);
    return part ? MlirAttribute(*part) : MlirAttribute{nullptr};
  }
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](const std::optional<PyAttribute> &kernel, const std::optional<PyAttribute> &unroll,
           const std::optional<PyAttribute> &place, const std::optional<PyAttribute> &memories,
           const std::optional<PyAttribute> &roms, DefaultingPyMlirContext context) {
          return xplatConfigAttrGet(resolve(context),
                                    check(kernel, mlirAttributeIsAFlatSymbolRef, "expected the symbol of a kernel"),
                                    check(unroll, xplatAttributeIsAUnroll, "expected an UnrollAttr"),
                                    check(place, xplatAttributeIsAPlace, "expected a PlaceAttr"),
                                    check(memories, xplatAttributeIsAMemoryKind, "expected a MemoryKindAttr"),
                                    check(roms, mlirAttributeIsAArray, "expected an array of memories"));
        },
        "kernel"_a = nb::none(), "unroll"_a = nb::none(), "place"_a = nb::none(), "memories"_a = nb::none(),
        "roms"_a = nb::none(), "context"_a = nb::none(),
        "Kernel, unroll factors, place, kind of memories and memories of a node; each may be absent.");
    c.def_prop_ro(
        "kernel", [](ConfigAttr &self) { return optionalAttr(self, xplatConfigAttrGetKernel(self)); },
        "Symbol of the kernel, or None.");
    c.def_prop_ro(
        "unroll", [](ConfigAttr &self) { return optionalAttr(self, xplatConfigAttrGetUnroll(self)); },
        "The UnrollAttr, or None.");
    c.def_prop_ro(
        "place", [](ConfigAttr &self) { return optionalAttr(self, xplatConfigAttrGetPlace(self)); },
        "The PlaceAttr, or None.");
    c.def_prop_ro(
        "memories", [](ConfigAttr &self) { return optionalAttr(self, xplatConfigAttrGetMemories(self)); },
        "The MemoryKindAttr of the words that its kernel takes in order, or None for ROMs.");
    c.def_prop_ro(
        "roms", [](ConfigAttr &self) { return optionalAttr(self, xplatConfigAttrGetRoms(self)); },
        "Array of the memories that its kernel reads, or None.");
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
  static void bindDerived(ClassTy &c) {
    c.def_static(
        "get",
        [](const nb::dict &amounts, DefaultingPyLocation loc) {
          std::vector<std::string> names;
          std::vector<int64_t> values;
          for (auto [name, amount] : amounts) {
            names.push_back(nb::cast<std::string>(name));
            values.push_back(nb::cast<int64_t>(amount));
          }
          std::vector<MlirStringRef> references;
          for (const std::string &name : names)
            references.push_back(mlirStringRefCreate(name.data(), name.size()));
          PyMlirContext::ErrorCapture errors(loc->getContext());
          MlirAttribute attr = xplatResourcesAttrGetChecked(loc, names.size(), references.data(), values.data());
          if (mlirAttributeIsNull(attr))
            throw MLIRError("Invalid attribute", errors.take());
          return attr;
        },
        "amounts"_a, "loc"_a = nb::none(), "An amount of each resource that `amounts` names, in its order.");
    c.def(
        "as_dict",
        [](ResourcesAttr &self) {
          nb::dict amounts;
          for (intptr_t i = 0, e = xplatResourcesAttrGetNumAmounts(self); i < e; ++i)
            amounts[toPython(xplatResourcesAttrGetName(self, i))] = xplatResourcesAttrGetAmount(self, i);
          return amounts;
        },
        "Amount by resource, in the order in which they are stated.");
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
  }
};

struct FormatAttr : PyConcreteAttribute<FormatAttr> {
  XPLAT_ATTRIBUTE_HEAD(Format)
  static void bindDerived(ClassTy &c) {
    c.def_prop_ro(
        "port", [](FormatAttr &self) { return toPython(xplatFormatAttrGetPort(self)); }, "Port of the kernel.");
    c.def_prop_ro(
        "format", [](FormatAttr &self) { return toPython(xplatFormatAttrGetFormat(self)); },
        "How the names of the formats begin that it takes.");
  }
};

struct MemoryPortAttr : PyConcreteAttribute<MemoryPortAttr> {
  XPLAT_ATTRIBUTE_HEAD(MemoryPort)
  static void bindDerived(ClassTy &c) {
    c.def_prop_ro(
        "name", [](MemoryPortAttr &self) { return toPython(xplatMemoryPortAttrGetName(self)); },
        "Port prefix in RTL and name of the node's parameter.");
    c.def_prop_ro(
        "lookup", [](MemoryPortAttr &self) { return xplatMemoryPortAttrIsLookup(self); },
        "Whether the kernel reads it at addresses, and not word after word in order.");
  }
};

struct DerivationAttr : PyConcreteAttribute<DerivationAttr> {
  XPLAT_ATTRIBUTE_HEAD(Derivation)
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

static void bindAll(nb::module_ &m) {
  m.def(
      "default_order",
      [](intptr_t rank) {
        if (rank < 0)
          throw nb::value_error("expected a rank that is not negative");
        std::vector<int64_t> order(rank);
        for (intptr_t index = 0; index < rank; ++index)
          order[index] = xplatDefaultOrderGetDim(rank, index);
        return order;
      },
      "rank"_a,
      "The dimensions of a tensor of this rank, outermost first, in the order in which they travel when nobody chooses "
      "another.");
  m.def(
      "default_beat",
      [](const std::vector<int64_t> &shape, int64_t lanes) {
        std::vector<int64_t> beat;
        xplatDefaultBeat(
            shape.size(), shape.data(), lanes,
            [](int64_t extent, void *data) { static_cast<std::vector<int64_t> *>(data)->push_back(extent); }, &beat);
        return beat;
      },
      "shape"_a, "lanes"_a,
      "Extents of the tile of `lanes` elements that is a beat of a tensor, in the order of `default_order`.");
  m.def(
      "register_dialects", [](MlirDialectRegistry registry) { xplatRegisterAllDialects(registry); }, "registry"_a,
      "Registers xplat and the dialects its IR uses.");
  m.def("register_passes", [] { xplatRegisterAllPasses(); }, "Registers the passes and pipelines.");

  StreamType::bind(m);
  BackendAttr::bind(m);
  MemoryKindAttr::bind(m);
  DeviceKindAttr::bind(m);
  DerivationKindAttr::bind(m);
  BoundKindAttr::bind(m);
  ObjectiveAttr::bind(m);
  ReshapeOrderAttr::bind(m);
  ReduceKindAttr::bind(m);
  PlaceAttr::bind(m);
  UnrollAttr::bind(m);
  ConfigAttr::bind(m);
  RateAttr::bind(m);
  ResourcesAttr::bind(m);
  UsageAttr::bind(m);
  ParameterAttr::bind(m);
  FormatAttr::bind(m);
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
