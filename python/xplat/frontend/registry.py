"""Import rules: one function per PyTorch operation.

A rule reads the arguments of an FX node by name, builds xplat ops with the generated bindings, and returns
the value of the result. The location and the insertion point are already in force when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.fx

from xplat import ir

Rule = Callable[["RuleContext", torch.fx.Node], Any]

_RULES: dict[Any, Rule] = {}


class Unsupported(Exception):
    """Raised by a rule (through `RuleContext.reject`) for options that it cannot import."""


def register_rule(*operations: Any) -> Callable[[Rule], Rule]:
    """Decorator: the function imports these operations, e.g. `torch.ops.aten.relu.default`.

        @register_rule(torch.ops.aten.relu.default)
        def relu(context, node):
            x = context.value(context.argument(node, "self"))
            return xp.ReluOp(context.result_type(node), x).result

    A later rule for the same operation replaces the earlier one.
    """

    def add(rule: Rule) -> Rule:
        for operation in operations:
            _RULES[operation] = rule
        return rule

    return add


def find_rule(operation: Any) -> Rule | None:
    """The rule for an operation, or None."""
    return _RULES.get(operation)


def known_operations() -> list[str]:
    """Names of the operations that have a rule, sorted."""
    return sorted(str(operation) for operation in _RULES)


@dataclass
class RuleContext:
    """What a rule may ask while the graph is being built."""

    values: dict[torch.fx.Node, Any]
    """Result of each node imported so far."""
    symbols: dict[torch.fx.Node, str]
    """State-dict key of each node that is a parameter."""
    tensors: dict[str, torch.Tensor]
    """Values of the parameters, by key."""
    declare: Callable[[str, torch.Tensor], None]
    """Makes sure that the module has an `xplat.param` of that name and with that value."""

    def arguments(self, node: torch.fx.Node) -> dict[str, Any]:
        """All arguments of the node by the names of the operation's schema, defaults filled in."""
        result: dict[str, Any] = {}
        for index, argument in enumerate(node.target._schema.arguments):  # type: ignore[union-attr]
            if index < len(node.args):
                result[argument.name] = node.args[index]
            else:
                result[argument.name] = node.kwargs.get(argument.name, argument.default_value)
        return result

    def argument(self, node: torch.fx.Node, name: str) -> Any:
        """One argument of the node by its name in the schema."""
        return self.arguments(node)[name]

    def value(self, node: Any) -> ir.Value:
        """The value that the graph computes for an FX node."""
        if not isinstance(node, torch.fx.Node):
            self.reject(f"expected a tensor as operand but got the constant {node!r}")
        if node in self.symbols:
            self.reject(f"parameter '{self.symbols[node]}' is used as data; only weights, biases and statistics can be")
        return self.values[node]

    def parameter(self, node: Any, *, what: str) -> str:
        """Symbol of the parameter that an FX node stands for."""
        if not isinstance(node, torch.fx.Node) or node not in self.symbols:
            self.reject(f"the {what} is computed by the model; it has to be a parameter or buffer")
        symbol = self.symbols[node]
        self.declare(symbol, self.tensors[symbol])
        return symbol

    def constant(self, symbol: str, value: torch.Tensor) -> str:
        """Symbol of a parameter that the model does not have, with a value of the rule's own."""
        self.tensors[symbol] = value
        self.declare(symbol, value)
        return symbol

    def shape(self, node: Any) -> list[int]:
        """Static shape of an FX node's (first) result."""
        meta = node.meta["val"]
        return [int(extent) for extent in (meta[0] if isinstance(meta, (tuple, list)) else meta).shape]

    def result_type(self, node: torch.fx.Node) -> ir.RankedTensorType:
        """The tensor type of the node's (first) result."""
        meta = node.meta["val"]
        return tensor_type(meta[0] if isinstance(meta, (tuple, list)) else meta)

    def reject(self, reason: str) -> Any:
        """Says that the operation cannot be imported as it is used here."""
        raise Unsupported(reason)


def tensor_type(tensor: torch.Tensor) -> ir.RankedTensorType:
    """The type of a tensor in the IR: every floating-point type is f32, truth values are i1.

    Raises `Unsupported` for element types that are none of the IR's.
    """
    if tensor.dtype.is_floating_point:
        element: ir.Type = ir.F32Type.get()
    elif tensor.dtype in _INTEGERS:
        element = ir.IntegerType.get_signless(_INTEGERS[tensor.dtype])
    else:
        raise Unsupported(f"a tensor of type {tensor.dtype} is not supported")
    return ir.RankedTensorType.get([int(extent) for extent in tensor.shape], element)


_INTEGERS = {torch.bool: 1, torch.int32: 32, torch.int64: 64}


def pair(value: Any) -> list[int]:
    """An int or a list of one or two ints as two ints (height, width)."""
    values = [int(v) for v in value] if isinstance(value, (list, tuple)) else [int(value)]
    return values * 2 if len(values) == 1 else values
