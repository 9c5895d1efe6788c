//===- LoopOrderTest.cpp - Orders of loops, by enumeration of the walk ----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `xplat-loop-order-test COUNT SEED`  draws small nodes. For each it takes orders
//   of its loops and legal unroll factors, and walks its iterations in that order
//   step by step. Geometry has to refuse the order exactly where the dataflow
//   model does not describe the walk, and its prefixes have to be those that the
//   walk shows, beat by beat.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

namespace {
using Point = SmallVector<int64_t>;

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

class NodeDrawer {
public:
  explicit NodeDrawer(std::mt19937 &random) : random(random) {}

  /// A module with a function that has one node.
  std::string draw() {
    params.clear();
    arguments.clear();
    std::string node = drawNode();
    return params + "func.func @f(" + arguments + ") {\n  " + node + "\n  return\n}\n";
  }

private:
  int64_t below(int64_t end) { return random() % end; }
  int64_t extent(int64_t most = 4) { return 1 + below(most); }
  Point extents(int64_t rank) {
    Point shape;
    for (int64_t dim = 0; dim < rank; ++dim)
      shape.push_back(extent());
    return shape;
  }
  static std::string tensor(ArrayRef<int64_t> shape) {
    std::string text = "tensor<";
    for (int64_t extent : shape)
      text += std::to_string(extent) + "x";
    return text + "f32>";
  }
  std::string operand(ArrayRef<int64_t> shape) {
    arguments += (arguments.empty() ? "%x: " : ", %y: ") + tensor(shape);
    return tensor(shape);
  }
  std::string param(ArrayRef<int64_t> shape) {
    params = "xplat.param @w : " + tensor(shape) + "\n";
    return " weight @w";
  }

  std::string drawNode() {
    switch (below(6)) {
    case 0: {
      Point x = extents(extent()), y = x;
      y.back() = extent();
      std::string weight = param({y.back(), x.back()});
      return "xplat.linear %x" + weight + " : " + operand(x) + " -> " + tensor(y);
    }
    case 1: {
      Point x = extents(extent()), y;
      int64_t set = 1 + below((1 << x.size()) - 1), keepsDims = below(2);
      std::string dims;
      for (size_t dim = 0; dim < x.size(); ++dim)
        if (set >> dim & 1) {
          dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
          if (keepsDims)
            y.push_back(1);
        } else {
          y.push_back(x[dim]);
        }
      return "xplat.reduce %x mean over [" + dims + "] : " + operand(x) + " -> " + tensor(y);
    }
    case 2: {
      Point x = extents(4);
      x[0] = 1;
      return "xplat.global_avg_pool2d %x : " + operand(x) + " -> " + tensor({1, x[1]});
    }
    case 3: {
      Point x = extents(extent(3) + 1), weight = x, y = x;
      int64_t rank = x.size(), columns = extent();
      weight[rank - 2] = x[rank - 1];
      weight[rank - 1] = y[rank - 1] = columns;
      std::string a = operand(x), b = operand(weight);
      return "xplat.matmul %x, %y : " + a + ", " + b + " -> " + tensor(y);
    }
    default:
      return drawWindow();
    }
  }

  /// A convolution, or one of each channel by itself.
  std::string drawWindow() {
    Point window{extent(2), extent(2)}, stride{extent(2), extent(2)}, x{1, 1}, y{1, 1};
    bool isDepthwise = below(2);
    int64_t groups = extent(2), inputs = extent(3), outputs = extent(3);
    x[1] = isDepthwise ? inputs : groups * inputs;
    y[1] = isDepthwise ? inputs : groups * outputs;
    for (unsigned axis : {0, 1}) {
      y.push_back(extent(3));
      x.push_back((y.back() - 1) * stride[axis] + window[axis] + below(stride[axis]));
    }
    auto pair = [](ArrayRef<int64_t> values) {
      return "[" + std::to_string(values[0]) + ", " + std::to_string(values[1]) + "]";
    };
    std::string weight = isDepthwise ? param({inputs, 1, window[0], window[1]})
                                     : param({groups * outputs, inputs, window[0], window[1]});
    return (isDepthwise ? "xplat.depthwise_conv2d %x" : "xplat.conv2d %x") + weight + " stride " + pair(stride) +
           " padding [0, 0]" + (isDepthwise ? "" : " groups " + std::to_string(groups)) + " : " + operand(x) + " -> " +
           tensor(y);
  }

  std::mt19937 &random;
  std::string params, arguments;
};

//===----------------------------------------------------------------------===//
// Walks
//===----------------------------------------------------------------------===//

/// Where a map leads, in a stream of some lanes.
struct Stream {
  AffineMap map;
  Point shape, order;
  int64_t lanes;

  Stream(AffineMap map, Type type, int64_t lanes)
      : map(map), shape(getDataShape(type)), order(getOrder(type)), lanes(lanes) {}
  int64_t elementOf(const Point &point) const {
    Point index = map.compose(point);
    int64_t element = 0;
    for (int64_t dim : order)
      element = element * shape[dim] + index[dim];
    return element;
  }
  int64_t beatOf(const Point &point) const { return elementOf(point) / lanes; }
  int64_t numBeats() const { return product(shape) / lanes; }
};

/// A node whose loops are walked in an order.
class Walk {
public:
  Walk(NodeOpInterface node, ArrayRef<int64_t> order)
      : node(node), indexing(node.getIndexing()), maps(node.getIndexingMapsArray()) {
    for (int64_t loop : order)
      for (auto [axis, own] : llvm::enumerate(indexing.loops))
        if (own == loop)
          axes.push_back(axis);
  }

  /// Calls `visit` with the number of the step and each iteration in it. Without factors a step is one iteration.
  void forEach(ArrayRef<int64_t> unroll, llvm::function_ref<void(int64_t step, const Point &point)> visit) const {
    Point tile(axes.size(), 1);
    for (auto [loop, factor] : llvm::enumerate(unroll))
      for (size_t axis = tile.size(); axis-- > 0;)
        if (indexing.loops[axis] == static_cast<int64_t>(loop)) {
          tile[axis] = factor;
          break;
        }
    int64_t steps = product(indexing.ranges) / product(tile);
    for (int64_t step = 0; step < steps; ++step)
      for (int64_t inner = 0; inner < product(tile); ++inner) {
        Point point(axes.size());
        int64_t outerRest = step, innerRest = inner;
        for (unsigned axis : llvm::reverse(axes)) {
          int64_t folds = indexing.ranges[axis] / tile[axis];
          point[axis] = outerRest % folds * tile[axis] + innerRest % tile[axis];
          outerRest /= folds;
          innerRest /= tile[axis];
        }
        visit(step, point);
      }
  }

  Stream operand(unsigned index, int64_t lanes) const {
    return {maps[index], node->getOperand(index).getType(), lanes};
  }
  Stream result(int64_t lanes) const { return {maps.back(), node->getResult(0).getType(), lanes}; }

  /// Whether an iterator that the result does not have is walked outside one that it has, or iterations that add up
  /// take the elements of the only operand as they come.
  bool keepsSums() const {
    bool adds = false;
    for (unsigned axis : axes)
      if (!maps.back().isFunctionOfDim(axis))
        adds = true;
      else if (adds)
        return true;
    if (!adds || node->getNumOperands() != 1)
      return false;
    Stream elements = operand(0, 1);
    bool takesNext = true;
    forEach({}, [&](int64_t step, const Point &point) { takesNext &= elements.elementOf(point) == step; });
    return takesNext && product(indexing.ranges) == elements.numBeats();
  }

  /// Whether elements of the result are complete one after the other, as they travel.
  bool completesInOrder() const {
    Stream whole = result(1);
    std::vector<int64_t> last(whole.numBeats(), -1);
    forEach({}, [&](int64_t step, const Point &point) { last[whole.elementOf(point)] = step; });
    return llvm::is_sorted(last);
  }

  /// Whether every step takes the next beat of the only operand, and so does every iteration with its elements.
  bool takesOperandAsItComes(ArrayRef<int64_t> unroll, int64_t lanes) const {
    if (node->getNumOperands() != 1)
      return false;
    Stream beats = operand(0, lanes), elements = operand(0, 1);
    bool takesNext = true;
    int64_t next = 0, steps = 0;
    forEach(unroll, [&](int64_t step, const Point &point) {
      takesNext &= beats.beatOf(point) == step;
      steps = step + 1;
    });
    forEach({}, [&](int64_t, const Point &point) {
      takesNext &= elements.elementOf(point) <= next;
      next += elements.elementOf(point) == next;
    });
    return takesNext && steps == beats.numBeats() && next == elements.numBeats();
  }

  NodeOpInterface node;
  Indexing indexing;
  SmallVector<AffineMap> maps;
  /// Iterators, outermost first.
  SmallVector<unsigned> axes;
};

class OrderTest {
public:
  OrderTest(NodeOpInterface node, ArrayRef<int64_t> order, ArrayRef<int64_t> unroll)
      : node(node), geometry(node), order(order), unroll(unroll), walk(node, order) {}

  /// The first thing that is wrong; empty when all is right.
  std::string run() {
    std::optional<std::string> reason = geometry.explainOrder(order, unroll);
    bool fits = walk.completesInOrder() &&
                (!walk.keepsSums() || walk.takesOperandAsItComes(unroll, geometry.getOperandLanes(0, unroll)));
    if (fits == reason.has_value())
      return fits ? "the order fits, but is refused: " + *reason : "the order does not fit, but is not refused";
    if (std::optional<std::string> always = geometry.explainOrder(order); always && !reason)
      return "the order is refused whatever the factors are: " + *always;
    isSupported = fits;
    std::string wrong;
    for (unsigned index = 0; fits && index < node->getNumOperands() && wrong.empty(); ++index)
      wrong = testPrefixes(index);
    return wrong;
  }
  bool isSupported = false;

private:
  std::string testPrefixes(unsigned index) {
    Stream operand = walk.operand(index, geometry.getOperandLanes(index, unroll)),
           result = walk.result(geometry.getResultLanes(0, unroll));
    int64_t block =
        walk.indexing.wholePixels ? std::max<int64_t>(result.shape[result.order.back()] / result.lanes, 1) : 1;
    // Of each block of result beats the first and the last step, of each step the beats that it reads.
    std::vector<int64_t> first(result.numBeats() / block, -1), last(first), lowest, highest;
    walk.forEach(unroll, [&](int64_t step, const Point &point) {
      int64_t beat = result.beatOf(point) / block, read = operand.beatOf(point);
      first[beat] = first[beat] < 0 ? step : first[beat];
      last[beat] = step;
      lowest.resize(step + 1, read);
      highest.resize(step + 1, read);
      lowest[step] = std::min(lowest[step], read);
      highest[step] = std::max(highest[step], read);
    });
    for (size_t step = 1; step < highest.size(); ++step)
      highest[step] = std::max(highest[step], highest[step - 1]);
    for (size_t step = lowest.size() - 1; step-- > 0;)
      lowest[step] = std::min(lowest[step], lowest[step + 1]);
    // The step that completes the first beat of a block.
    std::vector<int64_t> completed(first.size(), -1);
    walk.forEach(unroll, [&](int64_t step, const Point &point) {
      if (int64_t beat = result.beatOf(point); beat % block == 0)
        completed[beat / block] = step;
    });
    Prefixes prefixes = geometry.getPrefixes(index, order), withoutOrder = geometry.getPrefixes(index);
    for (int64_t beat = 0; beat < result.numBeats(); ++beat) {
      int64_t required = llvm::divideCeil(prefixes.getRequired((beat + 1) * result.lanes - 1), operand.lanes),
              released = prefixes.getReleased(beat * result.lanes) / operand.lanes, own = beat / block,
              begin = walk.keepsSums() ? completed[own] : first[own];
      auto differ = [&](const Twine &what, int64_t value, int64_t expected) {
        return (what + " prefix of operand " + Twine(index) + " for beat " + Twine(beat) + " is " + Twine(value) +
                " but the walk shows " + Twine(expected))
            .str();
      };
      if (withoutOrder.getRequired((beat + 1) * result.lanes - 1) !=
          prefixes.getRequired((beat + 1) * result.lanes - 1))
        return "the required prefix of operand " + std::to_string(index) + " depends on the order";
      if (required != highest[last[own]] + 1)
        return differ("required", required, highest[last[own]] + 1);
      if (released != lowest[begin])
        return differ("released", released, lowest[begin]);
    }
    return "";
  }

  NodeOpInterface node;
  Geometry geometry;
  SmallVector<int64_t> order, unroll;
  Walk walk;
};

/// Legal factors; half of them the largest ones, so that loops are unrolled completely.
SmallVector<int64_t> drawUnroll(NodeOpInterface node, std::mt19937 &random) {
  Geometry geometry(node);
  while (true) {
    SmallVector<int64_t> unroll;
    for (unsigned loop = 0; loop < node.getDimensionNames().size(); ++loop) {
      SmallVector<int64_t> legal = node.getLegalUnroll(loop);
      unroll.push_back(random() % 2 ? legal.back() : legal[random() % legal.size()]);
    }
    if (!geometry.explainUnroll(unroll))
      return unroll;
  }
}
} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    llvm::errs() << "usage: xplat-loop-order-test COUNT SEED\n";
    return 2;
  }
  MLIRContext context;
  context.loadDialect<XplatDialect, func::FuncDialect, quant::QuantDialect, arith::ArithDialect, math::MathDialect>();
  std::mt19937 random(std::stoi(argv[2]));
  NodeDrawer drawer(random);
  int64_t supported = 0, withSums = 0, refused = 0;
  for (int64_t count = std::stoi(argv[1]); count > 0; --count) {
    std::string text = drawer.draw();
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return 1;
    NodeOpInterface node;
    module->walk([&](NodeOpInterface found) { node = found; });
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, node.getDimensionNames().size()));
    for (int64_t draw = 0; draw < 24; ++draw) {
      SmallVector<int64_t> unroll = drawUnroll(node, random);
      OrderTest test(node, order, unroll);
      if (std::string wrong = test.run(); !wrong.empty()) {
        llvm::errs() << "error: order ";
        llvm::interleaveComma(order, llvm::errs());
        llvm::errs() << ", unroll ";
        llvm::interleaveComma(unroll, llvm::errs());
        llvm::errs() << ": " << wrong << "\n" << text;
        return 1;
      }
      (test.isSupported ? supported : refused) += 1;
      withSums += test.isSupported && Walk(node, order).keepsSums();
      std::shuffle(order.begin(), order.end(), random);
    }
  }
  llvm::outs() << supported << " orders equal, " << withSums << " of them with sums, " << refused << " refused\n";
  return 0;
}
