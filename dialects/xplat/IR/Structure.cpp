//===- Structure.cpp - Forks, FIFOs, converters, links --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"
#include "xplat/IR/StructureOps.h"

using namespace mlir;
using namespace xplat;

#define GET_OP_CLASSES
#include "xplat/IR/XplatStructure.cpp.inc"

/// Elements pass in order; the lanes are in the types.
static Indexing indexStructure(Operation *op) {
  IndexingBuilder builder(op->getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(op->getResult(0).getType(), {}, /*loop=*/0);
  builder.addOperand(indices);
  for (unsigned i = 0; i < op->getNumResults(); ++i)
    builder.addResult(indices);
  builder.setFixedLanes();
  return builder.take();
}

/// Loop (n); its unroll factor is the lanes of the first result and cannot be chosen.
#define STRUCTURE_NODE(OpT)                                                                                            \
  Indexing OpT::getIndexing() { return indexStructure(*this); }                                                        \
  SmallVector<StringRef> OpT::getDimensionNames() { return {"n"}; }                                                    \
  SmallVector<int64_t> OpT::getUnrollFactors() {                                                                       \
    return {cast<StreamType>(getOperation()->getResult(0).getType()).getLanes()};                                      \
  }                                                                                                                    \
  LayoutRule OpT::getLayoutRule() { return LayoutRule::own; }

/// Bits of a beat of the stream that `op` passes on, shared bits included.
static int64_t beatBits(Operation *op) { return cast<StreamType>(op->getOperand(0).getType()).getBeatBits(); }

STRUCTURE_NODE(ForkOp)
XPLAT_NO_SYMBOLS(ForkOp)
SmallVector<StringRef> ForkOp::getConstantNames() { return {"outs", "beat_bits"}; }
SmallVector<int64_t> ForkOp::getConstants() { return {static_cast<int64_t>(getNumResults()), beatBits(*this)}; }

LogicalResult ForkOp::verify() {
  if (getNumResults() < 2)
    return emitOpError("[fork C1] expected at least two results but got ") << getNumResults();
  for (Type type : getResultTypes())
    if (type != getInput().getType())
      return emitOpError("[fork C1] expected results of the operand's type ")
             << getInput().getType() << " but got " << type;
  return success();
}

STRUCTURE_NODE(FifoOp)
XPLAT_NO_SYMBOLS(FifoOp)
SmallVector<StringRef> FifoOp::getConstantNames() { return {"depth", "beat_bits"}; }
SmallVector<int64_t> FifoOp::getConstants() { return {static_cast<int64_t>(getDepth()), beatBits(*this)}; }

LogicalResult FifoOp::verify() {
  if (static_cast<int64_t>(getDepth()) < 2)
    return emitOpError("[fifo C1] expected a depth of at least 2 but got ") << static_cast<int64_t>(getDepth());
  if (getInput().getType() != getType())
    return emitOpError("[fifo C2] expected operand and result of one type but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

STRUCTURE_NODE(ConvertStreamOp)
XPLAT_NO_SYMBOLS(ConvertStreamOp)
SmallVector<StringRef> ConvertStreamOp::getConstantNames() {
  return {"in_lanes", "common_lanes", "permutes", "shared_bits"};
}
SmallVector<int64_t> ConvertStreamOp::getConstants() {
  auto in = cast<StreamType>(getInput().getType());
  int64_t common = std::gcd(in.getLanes(), cast<StreamType>(getType()).getLanes());
  return {in.getLanes(), common, getTravelOrder(in) != getTravelOrder(getType()),
          cast<NumberFormatTypeInterface>(in.getElementType()).getSharedBits()};
}

LogicalResult ConvertStreamOp::verify() {
  auto in = cast<StreamType>(getInput().getType()), out = cast<StreamType>(getType());
  if (in.getShape() != out.getShape() || in.getElementType() != out.getElementType() || in == out)
    return emitOpError("[convert_stream C1] expected types that differ in order or beat and in nothing else but got ")
           << in << " and " << out;
  return success();
}

STRUCTURE_NODE(LinkOp)
SmallVector<StringRef> LinkOp::getConstantNames() { return {"phit_bits", "latency_cycles", "credits", "beat_bits"}; }
SmallVector<int64_t> LinkOp::getConstants() {
  return {static_cast<int64_t>(getPhitBits()), static_cast<int64_t>(getLatencyCycles()),
          static_cast<int64_t>(getCredits()), beatBits(*this)};
}

// The credit is registered at both ends and travels as long as the beat.
int64_t LinkOp::getReturnCycles() { return static_cast<int64_t>(getLatencyCycles()) + 2; }
PlaceAttr LinkOp::getResultPlacement() { return getDestinationAttr(); }

LogicalResult LinkOp::verify() {
  if (getInput().getType() != getType())
    return emitOpError("[link C1] expected operand and result of one type but got ")
           << getInput().getType() << " and " << getType();
  SmallVector<int64_t> constants = getConstants();
  if (constants[0] <= 0 || constants[2] <= 0 || constants[1] < 0)
    return emitOpError("[link C2] expected positive 'phit_bits' and 'credits' and a 'latency_cycles' that is not "
                       "negative");
  return success();
}

LogicalResult LinkOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SmallVector<CableOp> cables;
  for (SymbolRefAttr symbol : {getCable(), getArrivalAttr()}) {
    if (!symbol)
      continue;
    auto cable = symbols.lookupNearestSymbolFrom<CableOp>(*this, symbol);
    if (!cable)
      return emitOpError("[link C3] expected ") << symbol << " to name an 'xplat.cable'";
    cables.push_back(cable);
  }
  if (!getPlacement())
    return success();
  StringAttr system = getCable().getRootReference();
  for (SymbolRefAttr symbol : {getPlacement().getDevice(), getDestination().getDevice(), getArrivalAttr()})
    if (symbol && symbol.getRootReference() != system)
      return emitOpError("[link C3] expected cable ")
             << getCable() << " to be of the same system as " << getPlacement().getDevice() << " and "
             << getDestination().getDevice();
  StringRef from = getPlacement().getDevice().getLeafReference().getValue();
  StringRef to = getDestination().getDevice().getLeafReference().getValue();
  bool connects;
  if (cables.size() == 1) {
    bool forward = cables[0].getSource() == from && cables[0].getTarget() == to;
    connects = forward || (cables[0].getSource() == to && cables[0].getTarget() == from);
  } else {
    // Instances have a port at every cable, so a cable without a target port ends at a switch.
    connects = from != to && cables[0].getSource() == from && cables[1].getSource() == to &&
               cables[0].getTarget() == cables[1].getTarget() && !cables[0].getTargetPortAttr();
  }
  if (connects)
    return success();
  auto diagnostic = emitOpError("[link C3] expected ") << (cables.size() == 1 ? "cable " : "cables ") << getCable();
  if (getArrivalAttr())
    diagnostic << " and " << getArrivalAttr();
  diagnostic << " to connect @" << from << " and @" << to;
  for (CableOp cable : cables)
    diagnostic.attachNote(cable.getLoc()) << "it connects @" << cable.getSource() << " and @" << cable.getTarget();
  return diagnostic;
}

STRUCTURE_NODE(CdcOp)
XPLAT_NO_SYMBOLS(CdcOp)
SmallVector<StringRef> CdcOp::getConstantNames() { return {"depth", "beat_bits"}; }
SmallVector<int64_t> CdcOp::getConstants() { return {static_cast<int64_t>(getDepth()), beatBits(*this)}; }
void CdcOp::deepen(int64_t beats) { setDepth(llvm::PowerOf2Ceil(getDepth() + beats)); }

// Two flops behind the reading side's count, and the cycle in which the writing side sees them.
int64_t CdcOp::getReturnCycles() { return 3; }
// A flop catches a change that comes with its clock's edge, or a cycle later.
int64_t CdcOp::getUncertainCycles() { return 1; }

LogicalResult CdcOp::verify() {
  if (getInput().getType() != getType())
    return emitOpError("[cdc C1] expected operand and result of one type but got ")
           << getInput().getType() << " and " << getType();
  if (auto depth = static_cast<int64_t>(getDepth()); depth < leastDepth || !llvm::isPowerOf2_64(depth))
    return emitOpError("[cdc C2] expected a power of two of at least ") << leastDepth << " as depth but got " << depth;
  return success();
}

//===----------------------------------------------------------------------===//
// Between functions
//===----------------------------------------------------------------------===//

/// The ends at which the stream that `op` sends or receives leaves functions of the module, or enters them.
static SmallVector<StreamEndOpInterface> findEnds(StreamEndOpInterface op, bool senders) {
  SmallVector<StreamEndOpInterface> found;
  for (auto function : op->getParentOp()->getParentRegion()->getOps<func::FuncOp>())
    for (auto end : function.getOps<StreamEndOpInterface>())
      if (end.isSender() == senders && end.getStreamName() == op.getStreamName())
        found.push_back(end);
  return found;
}

/// `diagnostic` with how many ends were found instead of one, and where they are.
static InFlightDiagnostic countEnds(InFlightDiagnostic diagnostic, ArrayRef<StreamEndOpInterface> found) {
  diagnostic << " but there " << (found.empty() ? "is none" : "are ");
  if (!found.empty())
    diagnostic << found.size();
  for (StreamEndOpInterface end : found)
    diagnostic.attachNote(end.getLoc()) << "one is in @" << cast<func::FuncOp>(end->getParentOp()).getSymName();
  return diagnostic;
}

LogicalResult SendOp::verifySymbolUses(SymbolTableCollection &) {
  SmallVector<StreamEndOpInterface> found = findEnds(cast<StreamEndOpInterface>(getOperation()), /*senders=*/false);
  auto function = cast<func::FuncOp>((*this)->getParentOp());
  if (found.size() != 1)
    return countEnds(emitOpError("[send C1] expected one 'xplat.receive' of stream @")
                         << getStreamName() << ", which @" << function.getSymName() << " sends,",
                     found);
  bool leaves = found[0]->getParentOp() != function;
  if (leaves && found[0].getStream().getType() == getInput().getType())
    return success();
  auto diagnostic = emitOpError("[send C2] expected ");
  if (leaves)
    diagnostic << "stream @" << getStreamName() << " to arrive as " << getInput().getType() << " but it arrives as "
               << found[0].getStream().getType();
  else
    diagnostic << "another function than @" << function.getSymName() << " to receive stream @" << getStreamName();
  diagnostic.attachNote(found[0].getLoc()) << "received here";
  return diagnostic;
}

LogicalResult ReceiveOp::verifySymbolUses(SymbolTableCollection &) {
  SmallVector<StreamEndOpInterface> found = findEnds(cast<StreamEndOpInterface>(getOperation()), /*senders=*/true);
  if (found.size() == 1)
    return success();
  return countEnds(emitOpError("[receive C1] expected one 'xplat.send' of stream @")
                       << getStreamName() << ", which @" << cast<func::FuncOp>((*this)->getParentOp()).getSymName()
                       << " receives,",
                   found);
}
