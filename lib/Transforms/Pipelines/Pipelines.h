//===- Pipelines.h - Named pipelines of xplat -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
#define XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H

#include "xplat/IR/Xplat.h"

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace xplat {

struct HardwarePipelineOptions : mlir::PassPipelineOptions<HardwarePipelineOptions> {
  Option<std::string> system{*this, "system", llvm::cl::desc("system to map to; default: the module's only one")};
  Option<double> maxUtilization{*this, "max-utilization", llvm::cl::desc("share of each resource that may be used"),
                                llvm::cl::init(0.8)};
  Option<Objective> objective{
      *this, "objective", llvm::cl::desc("what to optimise"), llvm::cl::init(Objective::throughput),
      llvm::cl::values(
          clEnumValN(Objective::throughput, "throughput", "samples per second; with a target, area"),
          clEnumValN(Objective::latency, "latency", "time from the first input to the last result of a sample"),
          clEnumValN(Objective::area, "area", "weighted resources"))};
  Option<int64_t> targetCycles{*this, "target-cycles", llvm::cl::desc("most cycles per sample; 0: no target"),
                               llvm::cl::init(0)};
  Option<double> targetPerSecond{*this, "target-per-second",
                                 llvm::cl::desc("least samples per second, instead of cycles; 0: no target"),
                                 llvm::cl::init(0)};
};

struct DataflowPipelineOptions : mlir::PassPipelineOptions<DataflowPipelineOptions> {
  Option<int64_t> effort{*this, "effort", llvm::cl::desc("steps of nodes to simulate in search of smaller FIFOs"),
                         llvm::cl::init(5000000)};
};

/// Tensors in f32 as imported → tensors in f32 with nothing left that only software needs.
void buildSoftwarePipeline(mlir::OpPassManager &manager);

/// Quantized nodes beside a system and kernels → nodes with kernels, unroll factors and places, within all budgets.
void buildHardwarePipeline(mlir::OpPassManager &manager, const HardwarePipelineOptions &options);

/// Mapped nodes on tensors → streams and everything between them, lowerable.
void buildDataflowPipeline(mlir::OpPassManager &manager, const DataflowPipelineOptions &options);

/// Registers every named pipeline.
void registerPipelines();

} // namespace xplat

#endif // XPLAT_TRANSFORMS_PIPELINES_PIPELINES_H
