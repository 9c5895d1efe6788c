//===- Pipelines.cpp - Named pipelines of xplat ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages between which Python works: software, (calibrate, quantize,
// link-library), hardware, dataflow, (lower-to-circt).
//
//===----------------------------------------------------------------------===//
#include "Transforms/Pipelines/Pipelines.h"

#include "Transforms/Hardware/Passes.h"
#include "Transforms/Software/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace xplat;

/// One form of everything, and nothing twice.
static void simplify(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());
}

void xplat::buildSoftwarePipeline(OpPassManager &manager) {
  simplify(manager);
  manager.addPass(createRemoveChannels());
  // Normalisations alone: constants of the model may be the masks and factors by which attention is found.
  FoldAffineOptions normalisations;
  normalisations.constants = false;
  manager.addPass(createFoldAffine(normalisations));
  manager.addPass(createFuseAttention());
  // Again, because fused attention has other operands.
  simplify(manager);
  manager.addPass(createFoldAffine());
  manager.addPass(createFoldConstants());
  manager.addPass(createFoldMovement());
  // Again, for element-wise nodes that moving nodes separated before.
  manager.addPass(createFoldAffine());
  manager.addPass(createLowerAffine());
  manager.addPass(createFoldConstants());
  manager.addPass(createFuseElementwise());
  simplify(manager);
  manager.addPass(createRemoveUnusedParams());
}

void xplat::buildHardwarePipeline(OpPassManager &manager, const HardwarePipelineOptions &options) {
  manager.addPass(createRoundOperands());
  manager.addPass(createChooseLayouts());
  BindKernelsOptions bind;
  bind.open = true; // where several kernels fit, the search chooses
  manager.addPass(createBindKernels(bind));
  BalanceRatesOptions balance;
  balance.system = options.system;
  balance.maxUtilization = options.maxUtilization;
  balance.objective = options.objective;
  balance.targetCycles = options.targetCycles;
  balance.targetPerSecond = options.targetPerSecond;
  manager.addPass(createBalanceRates(balance));
  PartitionOptions partition;
  partition.system = options.system;
  partition.maxUtilization = options.maxUtilization;
  partition.objective = options.objective;
  partition.targetCycles = options.targetCycles;
  partition.targetPerSecond = options.targetPerSecond;
  manager.addPass(createPartition(partition));
  // What a node costs is known once it has a device.
  manager.addPass(createAnnotateCost());
  VerifyMappingOptions verify;
  verify.maxUtilization = options.maxUtilization;
  manager.addPass(createVerifyMapping(verify));
}

void xplat::buildDataflowPipeline(OpPassManager &manager, const DataflowPipelineOptions &options) {
  manager.addPass(createConvertToDataflow());
  SizeFifosOptions size;
  size.effort = options.effort;
  manager.addPass(createSizeFifos(size));
  manager.addPass(createPlaceParameters());
  manager.addPass(createVerifyLowerable());
  // Last: what comes before sees all devices at once.
  manager.addPass(createOutlineDevices());
}

void xplat::registerPipelines() {
  PassPipelineRegistration<>("xplat-software",
                             "a network ready for calibration: batch norm, constants and flatten folded, attention and "
                             "element-wise chains fused, nothing twice",
                             buildSoftwarePipeline);
  PassPipelineRegistration<HardwarePipelineOptions>(
      "xplat-hardware", "a quantized network mapped to a system: kernels, unroll factors, places, within all budgets",
      buildHardwarePipeline);
  PassPipelineRegistration<DataflowPipelineOptions>(
      "xplat-dataflow",
      "a mapped network ready for lowering: streams, links, FIFOs, parameter memories, a function for each device",
      buildDataflowPipeline);
}
