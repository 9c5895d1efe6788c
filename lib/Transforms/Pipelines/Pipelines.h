//===- Pipelines.h - Named pipelines of xplat -------------------*- C++ -*-===//
#ifndef XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
#define XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace xplat {

struct DataflowPipelineOptions : mlir::PassPipelineOptions<DataflowPipelineOptions> {
  Option<int64_t> effort{*this, "effort", llvm::cl::desc("node-cycles of simulation to spend on smaller FIFOs"),
                         llvm::cl::init(30000000)};
};

/// Tensors in f32 as imported → tensors in f32 with nothing left that only software needs.
void buildSoftwarePipeline(mlir::OpPassManager &manager);

/// Mapped nodes on tensors → streams and everything between them, lowerable.
void buildDataflowPipeline(mlir::OpPassManager &manager, const DataflowPipelineOptions &options);

/// Registers every named pipeline.
void registerPipelines();

} // namespace xplat

#endif // XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
