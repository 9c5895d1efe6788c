//===- GeometryTest.cpp - What follows from index maps, by enumeration ----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `xplat-geometry-test FILE`  walks the iteration space of every node of a module
//   through its maps and holds what Geometry says against what it saw: prefixes,
//   lanes under every legal unroll, layouts of parameters, channels.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

namespace {
using Point = SmallVector<int64_t>;

/// Calls `visit` with every point of a space, the last coordinate fastest.
void walk(ArrayRef<int64_t> ranges, llvm::function_ref<void(const Point &)> visit) {
  if (product(ranges) == 0)
    return;
  Point point(ranges.size(), 0);
  while (true) {
    visit(point);
    size_t axis = ranges.size();
    while (axis > 0 && ++point[axis - 1] == ranges[axis - 1])
      point[--axis] = 0;
    if (axis == 0)
      return;
  }
}

/// A stream that a map indexes.
struct Stream {
  AffineMap map;
  SmallVector<int64_t> shape, order;
  int64_t numElements;

  Stream(AffineMap map, Type type) : map(map), shape(getDataShape(type)), numElements(product(getDataShape(type))) {
    if (map && map.getNumResults() == 1 && shape.size() != 1)
      shape.assign({numElements});
    order = shape.size() == getDataShape(type).size() ? getOrder(type) : SmallVector<int64_t>{0};
  }
  Point indexOf(const Point &point) const { return map.compose(point); }
  bool contains(const Point &index) const {
    return llvm::all_of(llvm::zip(index, shape),
                        [](auto pair) { return std::get<0>(pair) >= 0 && std::get<0>(pair) < std::get<1>(pair); });
  }
  /// Elements that come before an index, which may lie outside.
  int64_t countBefore(const Point &index) const {
    int64_t count = 0, stride = numElements;
    for (int64_t dim : order) {
      stride /= shape[dim];
      if (index[dim] < 0)
        break;
      count += std::min(index[dim], shape[dim]) * stride;
      if (index[dim] >= shape[dim])
        break;
    }
    return count;
  }
  int64_t channelOf(const Point &index) const { return shape.empty() ? 0 : index[getChannelsDim(shape)]; }
};

class NodeTest {
public:
  explicit NodeTest(NodeOpInterface node) : node(node), indexing(node.getIndexing()), geometry(node) {
    SmallVector<AffineMap> maps = node.getIndexingMapsArray();
    for (auto [index, type] : llvm::enumerate(node->getOperandTypes()))
      operands.emplace_back(maps[index], type);
    for (auto [index, type] : llvm::enumerate(node->getResultTypes()))
      results.emplace_back(maps[operands.size() + index], type);
  }

  /// The first thing that is wrong; empty when all is right.
  std::string run() {
    for (unsigned index = 0; index < operands.size(); ++index)
      testPrefixes(index);
    testLanes();
    testParameters();
    if (isa<ChannelOpInterface>(node.getOperation()))
      testChannels();
    if (isa<WeightedOpInterface>(node.getOperation()))
      testView();
    return wrong;
  }
  int64_t getCount() const { return count; }

private:
  void expect(int64_t value, int64_t expected, const Twine &what) {
    ++count;
    if (value != expected && wrong.empty())
      wrong = (what + " is " + Twine(value) + " but " + Twine(expected) + " was seen").str();
  }

  /// The smallest number of result elements that make a window, when the operand falls into as many windows as the
  /// result and each of these has all of the elements that one of the result's comes from.
  static int64_t findWindow(ArrayRef<int64_t> positions, int64_t numOperands) {
    auto count = static_cast<int64_t>(positions.size());
    for (int64_t window : getDivisors(count)) {
      int64_t windows = count / window, length = numOperands / windows;
      bool isWindow = length * windows == numOperands;
      for (auto [element, position] : llvm::enumerate(positions))
        isWindow = isWindow && position / length == static_cast<int64_t>(element) / window;
      if (isWindow)
        return window;
    }
    return count;
  }

  /// What result elements touch of an operand.
  void testPrefixes(unsigned index) {
    Prefixes prefixes = geometry.getPrefixes(index);
    const Stream &operand = operands[index], &result = results.front();
    std::string name = "operand " + std::to_string(index);
    if (!operand.map) {
      expect(prefixes.getRequired(0), operand.numElements, "required prefix of unknown " + name);
      return expect(prefixes.getReleased(result.numElements - 1), 0, "released prefix of unknown " + name);
    }
    // Along a reduction a result element needs what any of them needs: they share an entry.
    auto entryOf = [&](Point point) {
      for (auto [axis, kind] : llvm::enumerate(indexing.kinds))
        if (kind == IteratorKind::reduction)
          point[axis] = 0;
      return result.countBefore(result.indexOf(point));
    };
    std::vector<int64_t> last(result.numElements, -1), first(result.numElements, operand.numElements);
    std::vector<Point> origin(result.numElements);
    std::vector<int64_t> entry(result.numElements, -1);
    // The iterators that touch a result element, without those that the result does not have.
    std::vector<std::optional<Point>> writer(result.numElements);
    bool isPadded = false, isSpread = false;
    walk(node.getStaticLoopRanges(), [&](const Point &point) {
      Point to = result.indexOf(point), from = operand.indexOf(point);
      isPadded |= !operand.contains(from);
      isSpread |= !result.contains(to);
      if (!result.contains(to))
        return;
      Point own = point;
      for (auto [axis, coordinate] : llvm::enumerate(own))
        coordinate *= result.map.isFunctionOfDim(axis);
      std::optional<Point> &known = writer[result.countBefore(to)];
      isSpread |= known && *known != own;
      known = own;
      int64_t shared = entryOf(point);
      entry[result.countBefore(to)] = shared;
      for (auto [axis, coordinate] : llvm::enumerate(from))
        if (origin[shared].empty())
          origin[shared] = from;
        else
          origin[shared][axis] = std::min(origin[shared][axis], coordinate);
      if (operand.contains(from)) {
        last[shared] = std::max(last[shared], operand.countBefore(from));
        first[shared] = std::min(first[shared], operand.countBefore(from));
      }
    });
    // Where several iterations add to one result element, or none, all is needed.
    if (isSpread || !llvm::all_of(writer, [](const std::optional<Point> &point) { return point.has_value(); })) {
      expect(prefixes.getRequired(0), operand.numElements, "required prefix of " + name);
      return expect(prefixes.getReleased(result.numElements - 1), 0, "released prefix of " + name);
    }
    int64_t block = indexing.wholePixels ? result.shape[result.order.back()] : 1, needed = 0;
    if (indexing.storesWindows) {
      std::vector<int64_t> positions;
      for (int64_t element : entry)
        positions.push_back(last[element]);
      block = findWindow(positions, operand.numElements);
    }
    for (int64_t element = 0; element < result.numElements; element += block) {
      for (int64_t other = element; other < element + block; ++other)
        needed = std::max(needed, last[entry[other]] + 1);
      for (int64_t other = element; other < element + block; ++other)
        expect(prefixes.getRequired(other), needed, "required prefix of " + name + " for element " + Twine(other));
      if (prefixes.isIdentity())
        expect(needed, element + 1, "required prefix of the identity " + name);
    }
    int64_t kept = operand.numElements, exact = operand.numElements;
    for (int64_t element = result.numElements - block; element >= 0; element -= block) {
      for (int64_t other = element; other < element + block; ++other) {
        exact = std::min(exact, first[entry[other]]);
        if (last[entry[other]] >= 0)
          kept = std::min(kept, operand.countBefore(origin[entry[other]]));
      }
      int64_t expected = isPadded ? kept : exact;
      for (int64_t other = element; other < element + block; ++other)
        expect(prefixes.getReleased(other), expected, "released prefix of " + name + " for element " + Twine(other));
      if (prefixes.isIdentity())
        expect(expected, element, "released prefix of the identity " + name);
    }
  }

  /// The elements of a stream that one step of the unrolled loops touches are its lanes: neighbours, aligned.
  void testLanes() {
    if (indexing.fixedLanes)
      return;
    SmallVector<SmallVector<int64_t>> legal;
    SmallVector<int64_t> choices;
    for (unsigned loop = 0; loop < geometry.getIterationDomain().size(); ++loop) {
      legal.push_back(geometry.getLegalUnroll(loop));
      choices.push_back(legal.back().size());
    }
    walk(choices, [&](const Point &choice) {
      SmallVector<int64_t> unroll, tiles = node.getStaticLoopRanges(), tile(tiles.size(), 1);
      for (auto [loop, index] : llvm::enumerate(choice))
        unroll.push_back(legal[loop][index]);
      if (geometry.explainUnroll(unroll))
        return;
      // The iterator whose steps go on by several fibers.
      std::optional<unsigned> fibers;
      for (auto [loop, factor] : llvm::enumerate(unroll)) {
        unsigned innermost = 0;
        for (auto [axis, other] : llvm::enumerate(indexing.loops))
          if (other == static_cast<int64_t>(loop))
            innermost = axis;
        if (factor > 1 && geometry.walksFibers(loop))
          fibers = innermost;
        if (factor == 1 || indexing.kinds[innermost] == IteratorKind::window)
          continue;
        expect(tiles[innermost] % factor, 0, "remainder of loop " + Twine(loop));
        tile[innermost] = factor;
        tiles[innermost] /= factor;
      }
      // The first and the last step.
      for (bool isLast : {false, true}) {
        auto test = [&](const Stream &stream, int64_t lanes, const Twine &what, bool isHeld = false) {
          llvm::SetVector<int64_t> touched, beats;
          walk(tile, [&](Point point) {
            for (auto [axis, coordinate] : llvm::enumerate(point))
              coordinate += isLast ? (tiles[axis] - 1) * tile[axis] : 0;
            if (Point index = stream.indexOf(point); stream.contains(index))
              touched.insert(stream.countBefore(index));
          });
          if (touched.empty())
            return; // padding
          // Of an operand that is held, whole beats in several places.
          for (int64_t element : touched)
            beats.insert(element / lanes);
          if (isHeld) {
            expect(touched.size(), lanes * static_cast<int64_t>(beats.size()), "elements of beats of " + what);
            return;
          }
          expect(touched.size(), lanes, "number of lanes of " + what);
          expect(touched.front() % lanes, 0, "alignment of " + what);
          expect(*llvm::max_element(touched) - *llvm::min_element(touched), lanes - 1, "span of lanes of " + what);
        };
        // A window reaches beyond the fibers that a step goes on by: from step to step it moves by a beat.
        auto testStep = [&](const Stream &stream, int64_t lanes, const Twine &what) {
          walk(tiles, [&](Point point) {
            for (auto [axis, coordinate] : llvm::enumerate(point))
              coordinate *= tile[axis];
            Point next = point;
            next[*fibers] += tile[*fibers];
            if (next[*fibers] >= tiles[*fibers] * tile[*fibers])
              return;
            Point from = stream.indexOf(point), to = stream.indexOf(next);
            if (stream.contains(from) && stream.contains(to))
              expect(stream.countBefore(to) - stream.countBefore(from), lanes, "lanes of a step of " + what);
          });
        };
        for (auto [index, operand] : llvm::enumerate(operands))
          if (operand.map && fibers && operand.map.isFunctionOfDim(*fibers))
            testStep(operand, geometry.getOperandLanes(index, unroll), "operand " + Twine(index));
          else if (operand.map)
            test(operand, geometry.getOperandLanes(index, unroll), "operand " + Twine(index),
                 llvm::is_contained(indexing.heldOperands, index));
        for (auto [index, result] : llvm::enumerate(results))
          test(result, geometry.getResultLanes(index, unroll), "result " + Twine(index));
      }
    });
  }

  /// The order in which the iteration space first visits the elements of a parameter is that of its memory.
  void testParameters() {
    for (auto [parameter, use] : llvm::zip(indexing.parameters, geometry.getParameters())) {
      auto isWalkedByOneLoop = [&](AffineExpr index) {
        llvm::SmallSet<int64_t, 2> loops;
        for (auto [axis, loop] : llvm::enumerate(indexing.loops))
          if (index.isFunctionOfDim(axis))
            loops.insert(loop);
        return loops.size() < 2;
      };
      if (parameter.map.getNumSymbols() || !llvm::all_of(parameter.map.getResults(), isWalkedByOneLoop))
        continue;
      ArrayRef<int64_t> shape = getDataShape(lookupParam(node, parameter.symbol).getType());
      llvm::SetVector<int64_t> visited;
      walk(node.getStaticLoopRanges(), [&](const Point &point) {
        int64_t address = 0;
        Point index = parameter.map.compose(point);
        for (int64_t dim : use.order)
          address = address * shape[dim] + index[dim];
        visited.insert(address);
      });
      for (auto [position, address] : llvm::enumerate(visited))
        expect(address, position, "address of element " + Twine(position) + " of " + parameter.name);
      expect(visited.size(), product(shape), "elements of " + parameter.name);
    }
  }

  void testChannels() {
    if (!geometry.hasChannels())
      return;
    const Stream &result = results.front();
    for (auto [index, operand] : llvm::enumerate(operands)) {
      SmallVector<int64_t> sources = geometry.getOperandChannels(index);
      std::vector<llvm::SetVector<int64_t>> seen(sources.size());
      walk(node.getStaticLoopRanges(), [&](const Point &point) {
        Point to = result.indexOf(point), from = operand.indexOf(point);
        if (result.contains(to) && operand.contains(from))
          seen[result.channelOf(to)].insert(operand.channelOf(from));
      });
      int64_t channels = getChannelsExtent(operand.shape);
      for (auto [channel, source] : llvm::enumerate(sources)) {
        expect(source < 0 && seen[channel].empty() ? channels : seen[channel].size(), source < 0 ? channels : 1,
               "operand channels of channel " + Twine(channel));
        if (source >= 0)
          expect(source, seen[channel].front(), "source of channel " + Twine(channel));
      }
    }
  }

  /// A weight in the shape of the view meets the channel at the same place.
  void testView() {
    std::optional<OperandView> view = geometry.getOperandView();
    if (!view)
      return;
    const ParameterIndexing &weight = indexing.parameters.front();
    ArrayRef<int64_t> shape = getDataShape(lookupParam(node, weight.symbol).getType());
    expect(product(view->weight), product(shape), "elements of the view");
    bool isPadded = false;
    walk(node.getStaticLoopRanges(), [&](const Point &point) {
      Point index = weight.map.compose(point), from = operands.front().indexOf(point),
            to = results.front().indexOf(point);
      isPadded |= !operands.front().contains(from);
      int64_t position = 0, channel = 0, stride = product(shape);
      for (auto [dim, extent] : llvm::enumerate(shape))
        position = position * extent + index[dim];
      for (auto [extent, channels] : llvm::zip(view->weight, view->channels)) {
        stride /= extent;
        channel = channel * channels + (channels == 1 ? 0 : position / stride % extent);
      }
      expect(channel, from[view->dim], "channel of a weight");
      expect(index[geometry.getWeightChannelDim()], to[geometry.getResultChannelDim()], "result channel of a weight");
      if (int64_t column = geometry.getColumnDim(); column >= 0)
        expect(index[column], from.back(), "column of a weight");
    });
    expect(view->padded, isPadded, "padding");
  }

  NodeOpInterface node;
  Indexing indexing;
  Geometry geometry;
  SmallVector<Stream> operands, results;
  std::string wrong;
  int64_t count = 0;
};
} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    llvm::errs() << "usage: xplat-geometry-test FILE\n";
    return 2;
  }
  MLIRContext context;
  context.loadDialect<XplatDialect, func::FuncDialect, quant::QuantDialect, arith::ArithDialect, math::MathDialect>();
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(argv[1], &context);
  if (!module)
    return 1;
  int64_t nodes = 0, values = 0;
  int status = 0;
  SymbolScope scope(*module);
  module->walk([&](NodeOpInterface node) {
    NodeTest test(node);
    std::string wrong = test.run();
    if (!wrong.empty()) {
      llvm::errs() << "error: " << *node << ": " << wrong << "\n";
      status = 1;
    }
    ++nodes;
    values += test.getCount();
  });
  llvm::outs() << values << " values of " << nodes << " nodes equal\n";
  return status;
}
