//===- NodeBindings.cpp - The interfaces of nodes in Python ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What nodes and contracts answer: names, loops, lanes, costs, host boundaries.
// Python asks here and computes none of it.
//
//===----------------------------------------------------------------------===//

#include "Bindings.h"

namespace mlir {
namespace python {
namespace MLIR_BINDINGS_PYTHON_DOMAIN {
namespace xplat_dialect {

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

void bindNodes(nb::module_ &m) {
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
      "explain_unroll",
      [](PyOperationBase &op, const std::vector<int64_t> &unroll) -> std::optional<std::string> {
        MlirOperation node = asNode(op);
        std::vector<int64_t> factors = checkedUnroll(node, unroll);
        std::string reason;
        bool isRefused = xplatNodeExplainUnroll(node, factors.size(), factors.data(), appendString, &reason);
        return isRefused ? std::optional(reason) : std::nullopt;
      },
      "op"_a, "unroll"_a, "Why the node cannot have these unroll factors of all its loops together; None if it can.");
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
      "has_combinational_ready", [](PyOperationBase &op) { return xplatNodeHasCombinationalReady(asNode(op)); }, "op"_a,
      "Whether `ready` of its operands depends on that of its result, as the contract of its kernel says.");
  m.def(
      "beats_while_blocked",
      [](PyOperationBase &function) {
        nb::dict found;
        auto add = [](MlirStringRef node, intptr_t count, const int64_t *beats, void *userData) {
          nb::list all;
          for (intptr_t index = 0; index < count; ++index)
            all.append(beats[index]);
          (*static_cast<nb::dict *>(userData))[nb::str(node.data, node.length)] = all;
        };
        if (!xplatFunctionGetBeatsWhileBlocked(function.getOperation().get(), add, &found))
          throw nb::value_error("expected a function of bound nodes on a system");
        return found;
      },
      "function"_a,
      "For each node of a function of bound nodes, by name: the beats that it takes of each operand, by the dataflow "
      "model, while no result is taken.");
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
      "is_approximable", [](PyOperationBase &op) { return xplatOperationIsApproximable(op.getOperation().get()); },
      "op"_a, "Whether the node may have polynomials in the place of its exact result.");
  m.def(
      "polynomials",
      [](PyOperationBase &op) -> std::optional<MlirAttribute> {
        MlirAttribute polynomials = xplatOperationGetPolynomials(op.getOperation().get());
        return mlirAttributeIsNull(polynomials) ? std::nullopt : std::optional(polynomials);
      },
      "op"_a, "The polynomials that the node has in the place of its exact result; None for other nodes.");
  m.attr("HIDING_MAGNITUDE") = xplatHidingMagnitude();
  m.attr("LEAST_HIDDEN") = xplatLeastHidden();
  m.def(
      "takes_words_in_order",
      [](PyOperationBase &kernel) { return xplatKernelTakesWordsInOrder(kernel.getOperation().get()); }, "kernel"_a,
      "Whether words of parameters come to the kernel in order, as streams.");
  m.def(
      "choose_memory_style",
      [](PyOperationBase &family, const std::string &memory, const std::vector<int64_t> &size) {
        MlirStringRef style = xplatFamilyChooseMemoryStyle(
            family.getOperation().get(), mlirStringRefCreate(memory.data(), memory.size()), size.size(), size.data());
        if (style.length == 0)
          throw nb::value_error("expected a family that chooses the style of this memory by as many numbers");
        return toPython(style);
      },
      "family"_a, "memory"_a, "size"_a,
      "What tools are told that a memory is made of on devices of the family: `ram_style` in RTL. `size`: bits of a "
      "word and words. 'auto' where the family leaves that to tools.");
  m.attr("LATE_PARAMETER") = toPython(xplatKernelLateParameter());
  m.def(
      "can_implement",
      [](PyOperationBase &kernel, PyOperationBase &op) {
        return xplatKernelCanImplement(kernel.getOperation().get(), op.getOperation().get());
      },
      "kernel"_a, "op"_a, "Whether the kernel's contract is for operations of this kind.");
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
      "weight_channel_dim",
      [](PyOperationBase &op) {
        if (!xplatOperationIsWeighted(op.getOperation().get()))
          throw nb::value_error("expected an operation that implements WeightedOpInterface");
        return xplatWeightedGetChannelDim(op.getOperation().get());
      },
      "op"_a, "Dimension of the weight that indexes the channels of the result.");
  m.def(
      "operand_channels",
      [](PyOperationBase &op) -> std::optional<std::vector<std::vector<int64_t>>> {
        MlirOperation self = op.getOperation().get();
        if (!xplatOperationHasChannels(self))
          return std::nullopt;
        std::vector<std::vector<int64_t>> result(mlirOperationGetNumOperands(self));
        for (size_t index = 0; index < result.size(); ++index)
          xplatChannelsForEachOperandChannel(
              self, index,
              [](int64_t channel, void *data) { static_cast<std::vector<int64_t> *>(data)->push_back(channel); },
              &result[index]);
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
        return xplatTypeGetChannelExtent(type);
      },
      "type"_a, "Channels of a tensor or stream: dimension 1 of rank 4, else the last.");
  m.def(
      "has_number_format", [](PyOperationBase &op) { return xplatOperationIsCalibrated(op.getOperation().get()); },
      "op"_a, "Whether the node's result gets a number format by quantization.");
  m.def(
      "keeps_format", [](PyOperationBase &op) { return xplatOperationKeepsFormat(op.getOperation().get()); }, "op"_a,
      "Whether the node's result consists of elements of its operand, so that it has the operand's format.");
  m.def(
      "selected_rows",
      [](PyOperationBase &op) -> std::optional<int64_t> {
        int64_t rows = xplatOperationCountSelectedRows(op.getOperation().get());
        return rows ? std::optional(rows) : std::nullopt;
      },
      "op"_a,
      "Rows of the smallest table among which readers of the node's result select; None when one of them does not.");
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

} // namespace xplat_dialect
} // namespace MLIR_BINDINGS_PYTHON_DOMAIN
} // namespace python
} // namespace mlir
