//===- Bindings.h - What the files of the extension share -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_PYTHON_BINDINGS_H
#define XPLAT_PYTHON_BINDINGS_H

#include "CAPI/Xplat.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/Diagnostics.h"
#include "mlir/Bindings/Python/Diagnostics.h"
#include "mlir/Bindings/Python/IRAttributes.h"
#include "mlir/Bindings/Python/IRCore.h"
#include "mlir/Bindings/Python/Nanobind.h"
#include "mlir/Bindings/Python/NanobindAdaptors.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

namespace nb = nanobind;
using namespace nb::literals;
using namespace mlir::python::nanobind_adaptors;

namespace mlir {
namespace python {
namespace MLIR_BINDINGS_PYTHON_DOMAIN {
namespace xplat_dialect {

inline nb::str toPython(MlirStringRef ref) { return nb::str(ref.data, ref.length); }

/// Appends what a string callback gives to a std::string.
inline void appendString(MlirStringRef part, void *userData) {
  static_cast<std::string *>(userData)->append(part.data, part.length);
}

/// The context argument of a static `get`, or the innermost one in force.
inline MlirContext resolve(DefaultingPyMlirContext context) { return context.resolve().get(); }

#define XPLAT_ATTRIBUTE_HEAD(Name)                                                                                     \
  static constexpr IsAFunctionTy isaFunction = xplatAttributeIsA##Name;                                                \
  static constexpr GetTypeIDFunctionTy getTypeIdFunction = xplat##Name##AttrGetTypeID;                                 \
  static constexpr const char *pyClassName = #Name "Attr";                                                             \
  using Base::Base;

/// The interfaces of nodes, and what contracts say of a node.
void bindNodes(nb::module_ &m);

/// Number formats: their types, the interface, and requests for them.
void bindFormats(nb::module_ &m);

} // namespace xplat_dialect
} // namespace MLIR_BINDINGS_PYTHON_DOMAIN
} // namespace python
} // namespace mlir

#endif // XPLAT_PYTHON_BINDINGS_H
