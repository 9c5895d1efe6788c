# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: recurrent layers (LSTM, GRU, RNN), step after step.

The products with the inputs of all steps are one linear layer, whose rows are the steps. Each step then has the nodes
of its own state: a linear layer, tables, products and sums. So steps of following samples run at the same time, and the
state never leaves the nodes between two steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.frontend.rules.matrix import symbol
from xplat.frontend.rules.registry import RuleContext, register_rule, used_results, with_shape
from xplat.frontend.rules.shape import concat_of, slice_of
from xplat.mlir import extents

aten = torch.ops.aten
State = tuple[ir.Value | None, ...]
"""What a cell carries from step to step, each [1, hidden]; nothing where it is zero."""


@dataclass(frozen=True)
class Weights:
    """One direction of one layer: symbols of the weights [gates · hidden, inputs] and [gates · hidden, hidden], and of
    their biases; the extent of the state."""

    inputs: Any
    hidden: Any
    input_bias: Any
    hidden_bias: Any
    size: int


Cell = Callable[[ir.Value, State, Weights], State]


class Builder:
    """Nodes of a recurrent layer, named as its parts."""

    def __init__(self, context: RuleContext) -> None:
        self.context = context

    def node(self, op: Callable[..., Any], *operands: ir.Value, kind: str) -> ir.Value:
        """An element-wise node."""
        with self.context.part(kind):
            result: ir.Value = op(operands[0].type, *operands).result
        return result

    def sigmoid(self, x: ir.Value) -> ir.Value:
        return self.node(xp.SigmoidOp, x, kind="sigmoid")

    def tanh(self, x: ir.Value) -> ir.Value:
        return self.node(xp.TanhOp, x, kind="tanh")

    def relu(self, x: ir.Value) -> ir.Value:
        return self.node(xp.ReluOp, x, kind="relu")

    def add(self, x: ir.Value, y: ir.Value | None) -> ir.Value:
        return x if y is None else self.node(xp.AddOp, x, y, kind="add")

    def sub(self, x: ir.Value, y: ir.Value) -> ir.Value:
        return self.node(xp.SubOp, x, y, kind="sub")

    def mul(self, x: ir.Value, y: ir.Value) -> ir.Value:
        return self.node(xp.MulOp, x, y, kind="mul")

    def linear(self, x: ir.Value, weight: Any, bias: Any, rows: int) -> ir.Value:
        """x [..., k] · weight [rows, k]^T + bias."""
        kind = with_shape(x.type, [*extents(x)[:-1], rows])
        with self.context.part("linear"):
            result: ir.Value = xp.LinearOp(kind, x, weight, bias=bias).result
        return result

    def gates(self, x: ir.Value, count: int) -> list[ir.Value]:
        """The parts of [1, count · hidden]."""
        size = extents(x)[-1] // count
        return [slice_of(self.context, x, 1, index * size, size) for index in range(count)]

    def recurrent(self, weights: Weights, state: ir.Value | None, gates: int) -> ir.Value | None:
        """The products with the state [1, gates · hidden]; nothing where they are zero."""
        if state is None and weights.hidden_bias is None:
            return None
        known = self.context.splat(0.0, [1, weights.size]) if state is None else state
        return self.linear(known, weights.hidden, weights.hidden_bias, gates * weights.size)

    # ---- cells: from the products with the input [1, gates · hidden] and the state to the next state

    def lstm(self, x: ir.Value, state: State, weights: Weights) -> State:
        h, c = state
        given, forget, cell, out = self.gates(self.add(x, self.recurrent(weights, h, 4)), 4)
        new = self.mul(self.sigmoid(given), self.tanh(cell))
        if c is not None:
            new = self.add(self.mul(self.sigmoid(forget), c), new)
        return self.mul(self.sigmoid(out), self.tanh(new)), new

    def gru(self, x: ir.Value, state: State, weights: Weights) -> State:
        (h,) = state
        both = self.recurrent(weights, h, 3)
        of_state = self.gates(both, 3) if both is not None else [None] * 3
        of_input = self.gates(x, 3)
        reset = self.sigmoid(self.add(of_input[0], of_state[0]))
        update = self.sigmoid(self.add(of_input[1], of_state[1]))
        remembered = of_state[2]
        new = self.tanh(self.add(of_input[2], None if remembered is None else self.mul(reset, remembered)))
        if h is None:
            return (self.sub(new, self.mul(update, new)),)
        return (self.add(new, self.mul(update, self.sub(h, new))),)

    def rnn(self, function: Callable[[ir.Value], ir.Value]) -> Cell:
        def step(x: ir.Value, state: State, weights: Weights) -> State:
            return (function(self.add(x, self.recurrent(weights, state[0], 1))),)

        return step


def _is_zero(value: ir.Value) -> bool:
    op = value.owner.opview if isinstance(value.owner, ir.Operation) else value.owner
    return isinstance(op, xp.SplatOp) and op.value.value == 0


def _initial(context: RuleContext, node: Any, count: int, hidden: int) -> list[ir.Value | None]:
    """The initial states [1, hidden] of `count` directions of layers, from [count, 1, hidden]."""
    value = context.value(node)
    if _is_zero(value):
        return [None] * count
    rows = context.reshaped(value, [count, hidden])
    return [slice_of(context, rows, 0, index, 1) for index in range(count)]


@register_rule(aten.lstm.input, aten.gru.input, aten.rnn_tanh.input, aten.rnn_relu.input)
def recurrent(context: RuleContext, node: torch.fx.Node) -> list[ir.Value | None]:
    """LSTM, GRU, RNN → one xplat.linear for the inputs of all steps of a layer; for each step another one for the
    state, with slices, functions, products and sums."""
    a, build = context.arguments(node), Builder(context)
    if a["train"] and a["dropout"]:
        context.refuse("dropout in training mode is random; import the model in evaluation mode")
    is_lstm = node.target is aten.lstm.input
    cells: dict[Any, tuple[Cell, int]] = {
        aten.lstm.input: (build.lstm, 4),
        aten.gru.input: (build.gru, 3),
        aten.rnn_tanh.input: (build.rnn(build.tanh), 1),
        aten.rnn_relu.input: (build.rnn(build.relu), 1),
    }
    cell, gates = cells[node.target]
    shape = context.shape(a["input"])
    steps = shape[0 if len(shape) == 2 or not a["batch_first"] else 1]
    if len(shape) == 3 and shape[0] * shape[1] != steps:
        context.reject(f"expected a batch of one but got an input {shape}")
    if any(not context.has_parameter(parameter) for parameter in a["params"]):
        context.reject("a weight is computed by the model; it has to be a parameter or buffer")
    each = 4 if a["has_biases"] else 2
    directions, layers = 2 if a["bidirectional"] else 1, int(a["num_layers"])
    if len(a["params"]) != each * directions * layers:
        context.reject("a projection of the state")
    hidden = context.shape(a["params"][1])[1]
    given = a["hx"] if is_lstm else [a["hx"]]
    initial = [_initial(context, state, layers * directions, hidden) for state in given]

    x = context.reshaped(context.value(a["input"]), [steps, shape[-1]])
    finals: list[State] = []
    for layer in range(layers):
        results: list[list[ir.Value]] = []
        for direction in range(directions):
            index = layer * directions + direction
            own: list[Any] = [
                symbol(context.parameter(parameter, what="weight"))
                for parameter in a["params"][each * index : each * (index + 1)]
            ]
            of_input, of_state, *biases = own
            input_bias, hidden_bias = biases or [None, None]
            weights = Weights(of_input, of_state, input_bias, hidden_bias, hidden)
            products = build.linear(x, weights.inputs, weights.input_bias, gates * hidden)
            state: State = tuple(states[index] for states in initial)
            outputs: dict[int, ir.Value] = {}
            for step in range(steps) if direction == 0 else reversed(range(steps)):
                state = cell(slice_of(context, products, 0, step, 1), state, weights)
                assert state[0] is not None
                outputs[step] = state[0]
            finals.append(state)
            results.append([outputs[step] for step in range(steps)])
        rows = [concat_of(context, [one[step] for one in results], 1) for step in range(steps)]
        used = used_results(node)
        x = concat_of(context, rows, 0) if layer + 1 < layers or 0 in used else x
    return [
        context.reshaped(x, context.shape(node)) if 0 in used else None,
        *(_final(context, [state[part] for state in finals], node, part + 1, used) for part in range(len(given))),
    ]


def _final(
    context: RuleContext, states: list[ir.Value | None], node: torch.fx.Node, index: int, used: set[int]
) -> ir.Value | None:
    """The last states of all directions of layers in the shape of that result."""
    if index not in used:
        return None
    rows = concat_of(context, [state for state in states if state is not None], 0)
    return context.reshaped(rows, [int(extent) for extent in node.meta["val"][index].shape])
