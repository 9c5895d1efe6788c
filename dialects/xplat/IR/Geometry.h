//===- Geometry.h - How nodes walk their data, and what follows -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A node states its iteration space once: a range and a kind for each iterator,
// and an affine map from the iterators to the elements of each operand, result
// and parameter (`Indexing`). Everything else follows from it (`Geometry`): the
// loops of its kernel, legal unroll factors, lanes, prefixes of the operands,
// layouts of parameter memories, multiply-accumulates, and which channels belong
// together.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_GEOMETRY_H
#define XPLAT_IR_GEOMETRY_H

#include "xplat/IR/Support.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace xplat {

/// A parameter and how the iterators index it. A symbol of the map stands for an index that the data decides.
struct ParameterIndexing {
  llvm::StringRef name;
  mlir::FlatSymbolRefAttr symbol;
  mlir::AffineMap map;
};

/// The iteration space of a node and how its iterators index operands, results and parameters.
///
/// Iterators are the dimensions of the iteration space. A loop of the kernel walks one iterator or several, outermost
/// first. Maps give indices in the dimensions of the type. Instead, a map of one result may give the position in the
/// stream. An index outside the shape touches no element: padding. A reduction iterator that indexes the result, too,
/// means that every result element along it needs all operand elements along it (softmax).
struct Indexing {
  llvm::SmallVector<int64_t> ranges;
  llvm::SmallVector<IteratorKind> kinds;
  /// The loop that walks each iterator; -1 for none.
  llvm::SmallVector<int64_t> loops;
  /// Null for an operand that is not indexed by the iterators: a result element may need any of its elements.
  llvm::SmallVector<mlir::AffineMap> operands;
  llvm::SmallVector<mlir::AffineMap> results;
  llvm::SmallVector<ParameterIndexing> parameters;

  // What maps do not say.
  /// Work on all elements of the result's innermost dimension begins together: a window is complete before its pixel is
  /// computed.
  bool wholePixels = false;
  /// Work on so many neighbouring elements of the result's innermost dimension begins together, as they share an
  /// exponent; the last of a row may be fewer. What each of them needs is free again when it is done.
  int64_t blockElements = 1;
  /// The kernel stores the operand and reads it in another order: work on the results that follow from a window of the
  /// operand begins when the window is complete, and the window is kept until they are done. `TravelMap` has the
  /// windows.
  bool storesWindows = false;
  /// The lanes are those of the stream types, and there is no choice.
  bool fixedLanes = false;
  /// Operands that kernels hold as a whole and read in several places at once. A loop may be unrolled even if it does
  /// not walk their neighbouring elements.
  llvm::SmallVector<unsigned> heldOperands;
};

/// Collects the indexing of a node.
class IndexingBuilder {
public:
  explicit IndexingBuilder(mlir::MLIRContext *context) : context(context) {}

  /// A new iterator that `loop` walks, inside its other ones.
  mlir::AffineExpr iterate(int64_t loop, int64_t range, IteratorKind kind = IteratorKind::parallel);
  llvm::SmallVector<mlir::AffineExpr> iterate(int64_t loop, llvm::ArrayRef<int64_t> ranges);
  /// The groups of a convolution, inside the other iterators of `loop`; the index 0 when there is one group.
  mlir::AffineExpr iterateGroups(int64_t loop, int64_t groups);
  /// An iterator for each dimension of `type`, in the order of the stream: `loop` walks the innermost one, loop 0 the
  /// others. Those of the dimensions `reduced` are reductions. Returns the iterators by dimension.
  llvm::SmallVector<mlir::AffineExpr> iterateOver(mlir::Type type, llvm::ArrayRef<int64_t> reduced = {},
                                                  int64_t loop = 1);
  mlir::AffineExpr constant(int64_t value) { return mlir::getAffineConstantExpr(value, context); }
  /// An index that the data decides.
  mlir::AffineExpr addDataIndex() { return mlir::getAffineSymbolExpr(numSymbols++, context); }

  void addOperand(llvm::ArrayRef<mlir::AffineExpr> indices) { operands.emplace_back(llvm::to_vector(indices)); }
  /// An operand that kernels hold as a whole.
  void addHeldOperand(llvm::ArrayRef<mlir::AffineExpr> indices) {
    indexing.heldOperands.push_back(operands.size());
    addOperand(indices);
  }
  /// An operand of which a result element may need any element.
  void addUnknownOperand() { operands.push_back(std::nullopt); }
  void addResult(llvm::ArrayRef<mlir::AffineExpr> indices) { results.push_back(llvm::to_vector(indices)); }
  /// Nothing when `symbol` is null: the parameter is absent.
  void addParameter(llvm::StringRef name, mlir::FlatSymbolRefAttr symbol, llvm::ArrayRef<mlir::AffineExpr> indices);
  void setWholePixels() { indexing.wholePixels = true; }
  void setBlockElements(int64_t elements) { indexing.blockElements = elements; }
  void setStoresWindows() { indexing.storesWindows = true; }
  void setFixedLanes() { indexing.fixedLanes = true; }
  Indexing take();

private:
  using Indices = llvm::SmallVector<mlir::AffineExpr>;
  mlir::MLIRContext *context;
  unsigned numSymbols = 0;
  llvm::SmallVector<std::optional<Indices>> operands;
  llvm::SmallVector<Indices> results, parameters;
  Indexing indexing;
};

/// A resident operand of a node.
struct ParameterUse {
  llvm::StringRef name;
  mlir::FlatSymbolRefAttr symbol;
  /// For each dimension the loop that walks it, and it alone; -1 for none.
  llvm::SmallVector<int64_t, 4> loops;
  /// The dimensions in the order in which the node walks them, outermost first.
  llvm::SmallVector<int64_t, 4> order;
};

/// How the weight of a node indexes the channels of its operand: the weight, in the shape `weight`, is multiplied by a
/// vector of channels in the shape `channels`, broadcast where its extents are one.
struct OperandView {
  /// Dimension of the operand whose elements are the channels.
  int64_t dim;
  llvm::SmallVector<int64_t> weight, channels;
  /// Dimensions of `weight` that the node sums over: all but those of the result's channels.
  llvm::SmallVector<int64_t> summed;
  /// Whether zeros around the operand take part in the sums.
  bool padded;
};

/// The positions in one stream that successive elements of another one have, for a node that only moves elements. The
/// other stream's position is a mixed-radix number of digits; each digit moves the position by a stride. It all repeats
/// with the next window.
struct TravelMap {
  struct Digit {
    int64_t extent, stride;
  };
  /// Of the positions in a window, outermost first. None has the extent one, and no two neighbours could be one digit.
  llvm::SmallVector<Digit, 6> digits;
  /// Position of the first element in its window.
  int64_t offset = 0;
  /// Windows in a sample, and the positions that each of them has. Outer digits that move from one window to the next
  /// are windows, so that these are as small as can be.
  int64_t windows = 1, length = 1;

  /// From the digits of a whole sample in a stream of `length` elements.
  static TravelMap create(llvm::ArrayRef<Digit> digits, int64_t offset, int64_t length);
  /// Elements of the other stream in a window.
  int64_t getSteps() const;
};

/// A result that repeats an operand as it comes: every run of `run` neighbouring elements comes `repeats` times in a
/// row, and every block of `block` operand elements, with the repetitions of its runs, `replays` times.
struct Repetition {
  int64_t replays, block, repeats, run;
};

/// Which elements of an operand have to be there for a result element, in the order of the streams. Neither function
/// falls from one result element to the next. Made once and asked often.
class Prefixes {
public:
  /// Elements of the operand that result element `element` or one before it needs to have arrived: up to the last one
  /// that the maps touch.
  int64_t getRequired(int64_t element) const;
  /// Elements of the operand that neither result element `element` nor a later one needs: those before the first index
  /// that the maps touch. In padding above the operand that index is above it, too, and nothing is released.
  int64_t getReleased(int64_t element) const;
  /// Whether each result element needs the operand element at its own position alone, so that the two are `element + 1`
  /// and `element`.
  bool isIdentity() const;

private:
  friend class Geometry;
  /// A dimension of the operand, outermost first, as a function of the digits of the result's position.
  struct Dim {
    int64_t extent, stride;
    llvm::SmallVector<int64_t, 6> coefficients;
    /// What the other iterators and the constant add, at least and at most.
    int64_t low, high;
  };
  void addDim(Dim dim);
  void mergeDigits();
  /// The last of the elements that begin together with `element`.
  int64_t getLastOfBlock(int64_t element) const;
  /// The digits of a position in the result.
  llvm::SmallVector<int64_t, 6> digitsOf(int64_t element) const;

  /// The operand has no map, or several iterations add to one result element.
  bool needsAll = false;
  int64_t numElements = 0;
  /// Result elements that begin together, and how many of them are in a row, whose last block may be shorter.
  int64_t block = 1, row = 1;
  /// Result elements that let go of the operand together.
  int64_t kept = 1;
  /// A step of the walk is a mixed-radix number of these digits, outermost first. A position in the result is one of
  /// those that do not add up.
  llvm::SmallVector<int64_t, 6> digits;
  /// Of each digit, whether it is of an iterator that adds up, which is at its end when a result is complete. It is no
  /// part of the position then.
  llvm::SmallVector<bool, 6> isSum;
  llvm::SmallVector<Dim, 4> dims;
};

/// What follows from the indexing of a node. Its methods are cheap; making it asks the node, which may look up
/// parameters.
class Geometry {
public:
  explicit Geometry(mlir::Operation *node);

  /// Extents of the kernel's loops.
  llvm::SmallVector<int64_t> getIterationDomain() const;
  /// How each loop combines: as its innermost iterator does.
  llvm::SmallVector<IteratorKind> getIteratorKinds() const;
  /// Unroll factors of a loop, ascending. A loop may be unrolled when its innermost iterator walks neighbouring
  /// elements of every stream that it indexes, but for operands that are held, or moves a window over an operand; then
  /// every group of lanes lies within the innermost dimension of the streams. A loop that walks fibers may be unrolled,
  /// too, where `explainUnroll` has nothing against it.
  llvm::SmallVector<int64_t> getLegalUnroll(unsigned loop) const;
  /// Whether each step of the loop goes to the next fiber of the streams that it indexes: the elements along the
  /// innermost dimension, such as the channels of a pixel or a row of a matrix. Unrolled, it puts whole fibers into a
  /// beat.
  bool walksFibers(unsigned loop) const { return fiberLoops[loop]; }
  llvm::StringRef getLoopName(unsigned loop) const { return loopNames[loop]; }
  /// Why factors that are legal one by one are not legal together: beats of several fibers hold whole ones, in which no
  /// elements share an exponent. Nothing when they are.
  std::optional<std::string> explainUnroll(llvm::ArrayRef<int64_t> unroll) const;
  /// Lanes of a stream: the product of the factors of the loops that walk its neighbouring elements, and, of those that
  /// walk its fibers, of the fibers that a step goes on by.
  int64_t getOperandLanes(unsigned index, llvm::ArrayRef<int64_t> unroll) const;
  int64_t getResultLanes(unsigned index, llvm::ArrayRef<int64_t> unroll) const;
  /// Prefixes of an operand for elements of the first result, with a kernel that walks the loops in `order`, outermost
  /// first; none: that computes result after result. What is required is the same in every order that suits the node.
  Prefixes getPrefixes(unsigned operand, llvm::ArrayRef<int64_t> order = {}) const;
  /// Why the order does not suit the node, or the dataflow model does not describe such a kernel; nothing when all is
  /// well. Where no unroll factors are given, what holds whatever they are.
  std::optional<std::string> explainOrder(llvm::ArrayRef<int64_t> order, llvm::ArrayRef<int64_t> unroll = {}) const;
  /// Where successive elements of the first result come from in the operand; none when that follows from no digits, or
  /// not from the operand alone.
  std::optional<TravelMap> getTravelMap(unsigned operand = 0) const;
  llvm::SmallVector<ParameterUse> getParameters() const;
  /// How the first result repeats an operand; none when it reorders or drops elements, or nests repetitions deeper.
  std::optional<Repetition> getRepetition(unsigned operand) const;
  /// The iterations, if the node multiplies two operands or parameters and adds the products up; else 0.
  int64_t getMultiplyAccumulates() const;

  /// Whether every channel of the result follows from one channel of each operand, or from all of them by a weight.
  bool hasChannels() const;
  /// For each channel of the result the channel of operand `index` that it follows from; -1 for none or all.
  llvm::SmallVector<int64_t> getOperandChannels(unsigned index) const;
  /// Loops that walk the channels of the result and of the first operand; -1 for none.
  int64_t getResultChannelLoop() const;
  int64_t getOperandChannelLoop() const;
  /// Parameters whose dimension 0 is indexed by the result's channels.
  llvm::SmallVector<mlir::FlatSymbolRefAttr> getChannelParameters() const;

  // Of the first parameter, the weight.
  /// Dimension of the result that a dimension of the weight indexes.
  int64_t getResultChannelDim() const;
  /// That dimension of the weight.
  int64_t getWeightChannelDim() const;
  /// Dimension of the weight that indexes the operand's last dimension; -1 for none.
  int64_t getColumnDim() const;
  std::optional<OperandView> getOperandView() const;

private:
  /// A sum of iterators times coefficients, and a constant; `byData` when a symbol takes part.
  struct Index {
    llvm::SmallVector<int64_t, 8> coefficients;
    int64_t constant = 0;
    bool byData = false;

    bool uses(unsigned iterator) const { return coefficients[iterator] != 0; }
  };
  /// An operand, result or parameter.
  struct Access {
    bool isKnown = true, isPosition = false;
    /// Whether its elements share exponents along the innermost dimension.
    bool hasBlocks = false;
    /// One for each dimension, and its extent; one for the whole stream where the map gives a position.
    llvm::SmallVector<Index, 4> indices;
    llvm::SmallVector<int64_t, 4> extents;
    /// The dimensions in the order of the stream, outermost first.
    llvm::SmallVector<int64_t, 4> order;
    int64_t numElements = 0;
    /// Lanes of the stream type; 0 for a tensor.
    int64_t lanes = 0;

    bool uses(unsigned iterator) const;
    /// The index of the innermost dimension of the stream; null when there is none.
    const Index *getInnermost() const { return order.empty() ? nullptr : &indices[order.back()]; }
    /// The dimension outside it, whose index says which fiber it is; -1 for none.
    int64_t getFiberDim() const { return order.size() < 2 ? -1 : order[order.size() - 2]; }
    /// The index of the dimension of the channels; null when there is none.
    const Index *getChannels() const {
      return isPosition || indices.empty() ? nullptr : &indices[getChannelsDim(extents)];
    }
  };

  Access makeAccess(mlir::AffineMap map, mlir::Type type, llvm::ArrayRef<int64_t> order) const;
  llvm::SmallVector<Index, 4> flatten(mlir::AffineMap map) const;
  static bool isInnermost(const Index &index, unsigned iterator);
  int64_t getLanes(const Access &access, llvm::ArrayRef<int64_t> unroll) const;
  /// Those of them that lie along the innermost dimension.
  int64_t getFiberLanes(const Access &access, llvm::ArrayRef<int64_t> unroll) const;
  bool findsFibers(unsigned loop) const;
  /// The operands and the results.
  llvm::SmallVector<const Access *, 4> getStreams() const;
  /// The innermost iterator of a loop; -1 for none.
  int64_t getInnermostIterator(unsigned loop) const;
  /// The loop whose iterators the index consists of; -1 for none.
  int64_t getLoop(const Index &index) const;
  bool isInResults(unsigned iterator) const;
  /// Whether a channel of the result follows from one of the operand, or from all by a weight.
  bool followsChannel(const Access &operand) const;
  bool mixesChannels(const Access &operand) const;
  /// Whether every iterator of `index` satisfies `predicate`, and there is one.
  bool allIterators(const Index &index, llvm::function_ref<bool(unsigned)> predicate) const;
  /// Digits of a position in the stream: its iterators, outermost first; none when several of their values may touch
  /// one element, or none touches it.
  std::optional<llvm::SmallVector<unsigned>> getDigits(const Access &access) const;
  /// The iterators as a kernel walks them that walks the loops in `order`, those that have one value only left out.
  llvm::SmallVector<unsigned> getWalk(llvm::ArrayRef<int64_t> order) const;
  /// Whether a loop that adds up stands outside one that indexes the result, or every step takes the next element of
  /// the only operand.
  bool keepsSums(llvm::ArrayRef<int64_t> order) const;
  /// The loops that walk the iterators: `(m, k)`.
  std::string describeLoops(llvm::ArrayRef<unsigned> iterators) const;

  Indexing indexing;
  llvm::SmallVector<llvm::StringRef> loopNames;
  unsigned numLoops;
  llvm::SmallVector<bool> fiberLoops;
  llvm::SmallVector<Access, 3> operands;
  llvm::SmallVector<Access, 2> results;
  /// Parameters have no shape here.
  llvm::SmallVector<Access, 2> parameters;
};

namespace detail {
/// An element-wise node: identity maps over the loops (n: outer elements, c: innermost of the stream) of `type`.
Indexing indexElementwise(mlir::Operation *node, mlir::Type type);
} // namespace detail

} // namespace xplat

#endif // XPLAT_IR_GEOMETRY_H
