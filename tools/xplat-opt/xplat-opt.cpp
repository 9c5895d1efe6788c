//===- xplat-opt.cpp - Runs xplat's passes on a file ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "InitAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  xplat::registerAllDialects(registry);
  xplat::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "xplat: maps models to systems of FPGAs. Reads MLIR, runs passes, writes MLIR", registry));
}
