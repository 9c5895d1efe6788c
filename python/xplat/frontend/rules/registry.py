# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules: one function per PyTorch operation.

A rule reads the arguments of an FX node by name, builds xplat ops with the generated bindings, and returns the
value of the result (a list of values for an operation with several results). The location and the insertion point
are already in force when it runs. What a rule rejects becomes `xplat.aten`.
"""

from __future__ import annotations

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import extents

Rule = Callable[[Any, torch.fx.Node], Any]

_RULES: dict[Any, Rule] = {}


class Unsupported(Exception):
    """Raised by a rule (through `RuleContext.reject`) for options that the ops of xplat do not have."""


class Refused(Exception):
    """Raised by a rule (through `RuleContext.refuse`) for an operation that cannot be imported at all."""


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


def arguments_of(node: torch.fx.Node) -> dict[str, Any]:
    """All arguments of a node by the names of its operation's schema, defaults filled in."""
    result: dict[str, Any] = {}
    for index, argument in enumerate(node.target._schema.arguments):  # type: ignore[union-attr]
        if index < len(node.args):
            result[argument.name] = node.args[index]
        else:
            result[argument.name] = node.kwargs.get(argument.name, argument.default_value)
    return result


def is_random(arguments: Mapping[str, Any]) -> bool:
    """Whether an operation with these arguments drops elements: dropout in training mode, unless it drops none."""
    if not (arguments.get("train") or arguments.get("training")):
        return False
    return next((arguments[name] for name in ("p", "dropout") if name in arguments), 1) != 0


def shape_of(node: torch.fx.Node) -> list[int]:
    """Static shape of a node's (first) result."""
    return [int(extent) for extent in tensor_of(node).shape]


def tensor_of(node: torch.fx.Node) -> torch.Tensor:
    """The fake tensor of a node's (first) result."""
    meta = node.meta["val"]
    tensor = meta[0] if isinstance(meta, (tuple, list)) else meta
    if not isinstance(tensor, torch.Tensor):
        raise Refused(f"'{node.name}' is not a tensor")
    return tensor


def used_results(node: torch.fx.Node) -> set[int]:
    """Which of the results of an operation with several are read."""
    return {user.args[1] for user in node.users if user.target is operator.getitem and user.users}  # type: ignore[misc]


class RuleContext(ABC):
    """The queries of a rule, and helpers to build ops; the importer implements the rest."""

    # ---- what the operation is

    def arguments(self, node: torch.fx.Node) -> dict[str, Any]:
        """All arguments of the node by the names of the operation's schema, defaults filled in."""
        return arguments_of(node)

    def argument(self, node: torch.fx.Node, name: str) -> Any:
        """One argument of the node by its name in the schema."""
        return arguments_of(node)[name]

    def shape(self, node: Any) -> list[int]:
        """Static shape of an FX node's (first) result."""
        return shape_of(node)

    def result_type(self, node: torch.fx.Node) -> ir.RankedTensorType:
        """The tensor type of the node's (first) result."""
        return tensor_type(tensor_of(node))

    def is_float(self, *nodes: Any) -> bool:
        """Whether the (first) results of these FX nodes are floating point."""
        return all(tensor_of(node).dtype.is_floating_point for node in nodes)

    # ---- operands

    @abstractmethod
    def value(self, node: Any) -> ir.Value:
        """The value that the graph computes for an FX node; a parameter becomes an `xplat.constant`."""

    @abstractmethod
    def result(self, node: torch.fx.Node, index: int) -> ir.Value:
        """One result of an FX node that has several."""

    @abstractmethod
    def has_parameter(self, node: Any) -> bool:
        """Whether an FX node is a parameter or buffer, perhaps transposed or in another shape."""

    @abstractmethod
    def parameter(
        self, node: Any, *, what: str, shape: Sequence[int] | None = None, permutation: Sequence[int] | None = None
    ) -> str:
        """Symbol of the parameter that an FX node stands for; with its dimensions permuted, and then in another shape.

        A transposed or reshaped parameter gets a symbol of its own that says how it follows from the model's.
        """

    @abstractmethod
    def known(self, node: Any) -> torch.Tensor | None:
        """The value of an FX node that depends on buffers and on numbers alone; None where it depends on more."""

    @abstractmethod
    def constant(self, symbol: str, value: torch.Tensor) -> str:
        """Symbol of a parameter that the model does not have, with a value of the rule's own.

        It is `symbol`, with a number behind it when the model has a parameter of that name or a rule another value.
        """

    # ---- building

    @abstractmethod
    def part(self, kind: str) -> AbstractContextManager[None]:
        """While it is on, ops are named as a part of the node: they are not what users know by its name."""

    def splat(self, value: float, shape: Sequence[int], element: ir.Type | None = None) -> ir.Value:
        """A tensor (f32 by default) of one number."""
        kind = ir.RankedTensorType.get(list(shape), element or ir.F32Type.get())
        with self.part("splat"):
            return xp.SplatOp(kind, float(value)).result

    def reshaped(self, value: ir.Value, shape: Sequence[int]) -> ir.Value:
        """The value in another shape, row-major; the value itself when it has that shape."""
        if extents(value) == list(shape):
            return value
        op = value.owner.opview if isinstance(value.owner, ir.Operation) else value.owner
        if isinstance(op, xp.ReshapeOp) and extents(op.input) == list(shape):
            return op.input
        with self.part("reshape"):
            return xp.ReshapeOp(with_shape(value.type, shape), value).result

    def in_rows(self, value: ir.Value, kept: int) -> ir.Value:
        """The value with all dimensions but the last `kept` as one, where it has four or more.

        A tensor of rank 4 travels like an image, with its second dimension innermost; others travel row after row, as
        kernels that work on rows or matrices take them.
        """
        shape = extents(value)
        if len(shape) < 4:
            return value
        return self.reshaped(value, [math.prod(shape[: len(shape) - kept]), *shape[len(shape) - kept :]])

    def broadcasted(self, value: ir.Value, shape: Sequence[int]) -> ir.Value:
        """The value repeated to a shape; the value itself when it has that shape."""
        if math.prod(extents(value)) == math.prod(shape):
            return self.reshaped(value, shape)
        with self.part("broadcast"):
            return xp.BroadcastOp(with_shape(value.type, shape), value).result

    def transposed(self, value: ir.Value, permutation: Sequence[int]) -> ir.Value:
        """The value with permuted dimensions; the value itself when they stay."""
        if list(permutation) == list(range(len(permutation))):
            return value
        shape = [extents(value)[dim] for dim in permutation]
        with self.part("transpose"):
            return xp.TransposeOp(with_shape(value.type, shape), value, list(permutation)).result

    # ---- what cannot be imported

    def reject(self, reason: str) -> Any:
        """Says that xplat's own ops do not have the operation as it is used here: it becomes `xplat.aten`."""
        raise Unsupported(reason)

    def refuse(self, reason: str) -> Any:
        """Says that the operation can be imported in no way as it is used here."""
        raise Refused(reason)


def with_shape(kind: Any, shape: Sequence[int]) -> ir.RankedTensorType:
    """A tensor type of the same elements in another shape."""
    return ir.RankedTensorType.get(list(shape), ir.RankedTensorType(kind).element_type)


def tensor_type(tensor: torch.Tensor) -> ir.RankedTensorType:
    """The type of a tensor in the IR: every floating-point type is f32, truth values are i1.

    Raises `Refused` for element types and shapes that are none of the IR's.
    """
    if tensor.dtype.is_floating_point:
        element: ir.Type = ir.F32Type.get()
    elif tensor.dtype in _INTEGERS:
        element = ir.IntegerType.get_signless(_INTEGERS[tensor.dtype])
    else:
        kind = str(tensor.dtype).removeprefix("torch.")
        raise Refused(f"a tensor of type {kind} is not supported; use floating point, int64, int32 or bool")
    if not math.prod(tensor.shape):
        raise Refused(f"a tensor of shape {list(tensor.shape)} has no elements")
    return ir.RankedTensorType.get([int(extent) for extent in tensor.shape], element)


_INTEGERS = {torch.bool: 1, torch.int32: 32, torch.int64: 64}


def pair(value: Any) -> list[int]:
    """An int or a list of one or two ints as two ints (height, width)."""
    values = [int(v) for v in value] if isinstance(value, (list, tuple)) else [int(value)]
    return values * 2 if len(values) == 1 else values
