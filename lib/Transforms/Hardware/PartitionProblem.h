//===- PartitionProblem.h - Which node runs on which device -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One instance per node, so that resources, cables and memories suffice. A node
// that has a place keeps it. The structure ops that a placement needs (forks,
// width converters, links) are those of its StructurePlan.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H
#define XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H

#include "Transforms/Hardware/Configurations.h"
#include "Transforms/Hardware/StructurePlan.h"
#include "xplat/Analysis/PartitionSolver.h"

namespace xplat {

/// The instance of each node.
using Placement = llvm::SmallVector<unsigned>;

struct PartitionProblem {
  /// A budget that a placement exceeds.
  struct Violation {
    /// How many times the budget is needed; more than 1.
    double load = 0;
    /// The resource by its position, or none for cables and memories.
    std::optional<unsigned> resource;
    std::string reason;
  };
  struct Evaluation {
    std::vector<Area> usage;
    /// Bits per sample over all cables.
    int64_t crossingBits = 0;
    /// Cycles per sample of the slowest link, 0 without one; the node whose result crosses there.
    int64_t linkCycles = 0;
    unsigned linkNode = 0;
    /// Cycles per sample that the busiest memory needs.
    int64_t memoryCycles = 0;
    /// Largest share of a budget that is used.
    double utilization = 0;
    /// The worst one; none when the placement is legal.
    std::optional<Violation> violation;

    /// Whether this is the better one of two: legal, then fewer crossing bits,
    /// then lower utilization; of two that are not legal, the smaller excess.
    bool isBetterThan(const Evaluation &other) const;
  };

  PartitionProblem(MappingGraph &graph, const SystemModel &system, const DeviceKinds &kinds, StructureCosts &structure,
                   double maxUtilization);

  /// Sets the choice of each node, and the cycles per sample that links must reach.
  void configure(llvm::ArrayRef<const Configuration *> choices, int64_t cycles);

  /// Reports an error when the problem itself makes no sense.
  mlir::LogicalResult check() const;
  Evaluation evaluate(llvm::ArrayRef<unsigned> placement) const;
  /// Whether `placement` is legal; reports violations.
  mlir::LogicalResult verify(llvm::ArrayRef<unsigned> placement) const;

  /// Whether the node may be on the instance: it is not fixed to another one, and its choice exists there.
  bool allows(unsigned node, unsigned instance) const {
    return (!fixed[node] || *fixed[node] == instance) && choices[node]->areas[kinds.ofInstance[instance]];
  }
  /// The area of a node on a kind of device; none where its choice does not exist.
  const std::optional<Area> &getArea(unsigned node, unsigned kind) const { return choices[node]->areas[kind]; }
  /// On the first kind where it exists.
  const Area &getArea(unsigned node) const { return choices[node]->getArea(); }
  /// The instance to which the node is fixed, none where placement may choose.
  std::optional<unsigned> getFixed(unsigned node) const { return fixed[node]; }
  /// The last node that is fixed to the instance; -1 for none.
  int getLastFixed(unsigned instance) const { return lastFixed[instance]; }
  bool hasFixed() const {
    return llvm::any_of(lastFixed, [](int node) { return node >= 0; });
  }
  /// Whether two instances may change places without any difference.
  bool areInterchangeable(unsigned a, unsigned b) const { return interchangeable[a][b]; }
  /// Whether a cable leads from `a` to `b`, or two with a switch between them do.
  bool areConnected(unsigned a, unsigned b) const { return connected[a][b]; }
  /// Bits a cycle that all ports of an instance together send, and receive.
  int64_t getPortBits(unsigned instance) const { return totalPortBits[instance]; }
  unsigned getNumNodes() const { return graph.nodes.size(); }
  unsigned getNumInstances() const { return budgets.size(); }

  MappingGraph &graph;
  const SystemModel &system;
  const DeviceKinds &kinds;
  int64_t cycles = 0;
  /// Budget of each instance.
  llvm::SmallVector<Area> budgets;
  double maxUtilization;

private:
  void placeStream(unsigned producer, llvm::ArrayRef<unsigned> placement, CablePlan &cables, Evaluation &result) const;

  StructureCosts &structure;
  CablePlan cables;
  llvm::SmallVector<std::optional<unsigned>> fixed;
  llvm::SmallVector<int> lastFixed;
  std::vector<llvm::SmallVector<bool>> interchangeable, connected;
  llvm::SmallVector<int64_t> totalPortBits;
  llvm::SmallVector<const Configuration *> choices;
  /// Bits per sample between each node and memory.
  llvm::SmallVector<int64_t> memoryBits;
};

struct PartitionSolution {
  Placement placement;
  PartitionProblem::Evaluation evaluation;
};

/// The best placement that the solver finds; illegal when it finds no legal
/// one. With `anyLegal` the first legal one does.
PartitionSolution solve(const PartitionProblem &problem, PartitionSolver solver, bool anyLegal);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H
