//===- PartitionSolver.h - Names of the partition solvers -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_ANALYSIS_PARTITIONSOLVER_H
#define XPLAT_ANALYSIS_PARTITIONSOLVER_H

namespace xplat {

enum class PartitionSolver {
  /// `cuts` for up to four devices, else `path`.
  automatic,
  /// Every cut of the graph's order into segments, every order of devices.
  cuts,
  /// Dynamic programming over cuts, along simple paths of cables.
  path
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_PARTITIONSOLVER_H
