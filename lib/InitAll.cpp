//===- InitAll.cpp - What every xplat tool registers ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "InitAll.h"

#include "Transforms/Hardware/Passes.h"
#include "Transforms/Lowering/CirctDialects.h"
#include "Transforms/Lowering/Passes.h"
#include "Transforms/Pipelines/Pipelines.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/Xplat.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Transforms/Passes.h"

#include <mutex>

void xplat::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<XplatDialect, mlir::affine::AffineDialect, mlir::arith::ArithDialect, mlir::emitc::EmitCDialect,
                  mlir::func::FuncDialect, mlir::linalg::LinalgDialect, mlir::math::MathDialect,
                  mlir::memref::MemRefDialect, mlir::quant::QuantDialect, mlir::scf::SCFDialect,
                  mlir::tensor::TensorDialect>();
  circt::registerDialects(registry);
}

void xplat::registerAllPasses() {
  static std::once_flag once;
  std::call_once(once, [] {
    mlir::registerTransformsPasses();
    registerXplatSoftwarePasses();
    registerXplatHardwarePasses();
    registerXplatLoweringPasses();
    registerPipelines();
  });
}
