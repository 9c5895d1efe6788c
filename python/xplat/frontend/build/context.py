# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The state of an import, on which its rules work: values and parameters of the graph that is being built.

Invariants: every value is defined before it is used because nodes come in the program's order; parameters become
values (`xplat.constant`) only where one is asked for; every op has a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
import torch.fx

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.interpreter.aten import NotEncodable, count_multiplications, encode_arguments
from xplat.graph.graph import Note
from xplat.frontend.rules.layout import detaches, narrows
from xplat.frontend.capture.locations import Names, origin_of, plain_name
from xplat.graph.origin import Origin
from xplat.graph.state import has_values
from xplat.support.names import unique
from xplat.frontend.rules.refusals import beyond_f32, why_refused
from xplat.frontend.rules.registry import Refused, RuleContext, Unsupported, find_rule, tensor_of, tensor_type
from xplat.frontend.build.weights import Step, Weight, find_weight

NO_RULE = "no import rule"
_MOST_KNOWN = 1 << 22
"""Most elements of a tensor that is computed at import."""


class ImportContext(RuleContext):
    """The graph while it is being built.

    `symbols`: state-dict key of each FX node that is a parameter; `tensors`: values by key; `parameters`: keys that
    are no buffers; `trained`: inputs and parameters for which training computes gradients; `declare`: is told of
    every parameter of the module that has values of its own; `function`: where parameters are declared before.
    """

    def __init__(
        self,
        *,
        symbols: Mapping[torch.fx.Node, str],
        tensors: dict[str, torch.Tensor],
        parameters: Container[str],
        trained: Iterable[torch.fx.Node],
        declare: Callable[[str, torch.Tensor], None],
        function: func.FuncOp,
        names: Names,
    ) -> None:
        self.symbols = symbols
        self.tensors = tensors
        self.function = function
        self.names = names
        self.problems: list[str] = []
        self.notes: list[Note] = []
        self.values: dict[torch.fx.Node, Any] = {}
        self._declare_value = declare
        self._parameter_keys = parameters
        self._trained = set(trained)
        self._symbols = {*tensors, function.sym_name.value}
        self._derived: dict[tuple[str, Step], str] = {}
        self._own: dict[str, str] = {}
        self._weights: dict[torch.fx.Node, Weight | None] = {}
        self._known: dict[torch.fx.Node, torch.Tensor | None] = {}
        self._constants: dict[str, ir.Value] = {}
        self._params: dict[str, xp.ParamOp] = {}
        self._failed: set[torch.fx.Node] = set()
        self._fallbacks: dict[tuple[torch.fx.Node, int], ir.Value] = {}
        self._origin = Origin("", "")
        self._name = ""

    # ---- nodes

    def import_node(self, node: torch.fx.Node) -> None:
        """Imports an FX node that calls a function. Errors are added to `problems`."""
        self._note_what_is_left_out(node)
        if self._weight(node) is not None or _is_empty(node):
            # A parameter becomes a constant, or part of a product, where it is used; nothing is left out of `cat`.
            return
        outer = self._origin, self._name
        self._origin = origin_of(node)
        self._name = self.names.name(node)
        try:
            with self._origin.location(self._name):
                self.values[node] = self._import(node)
        except Refused as error:
            # Operations on the result of a failed one are not reported again.
            if not any(source in self._failed for source in node.all_input_nodes):
                self.problems.append(f"  {self._origin}: {error}")
            self._failed.add(node)
            self.values[node] = self._stand_in(node)
        finally:
            self._origin, self._name = outer

    def _note_what_is_left_out(self, node: torch.fx.Node) -> None:
        reason = ""
        if narrows(node):
            reason = f"stays f32: its rounding to {str(tensor_of(node).dtype).removeprefix('torch.')} is left out"
        if _has_gradient(node) and any(source in self._trained for source in node.all_input_nodes):
            if detaches(node):
                reason = "stops no gradient: in training, its detach is left out"
            else:
                self._trained.add(node)
        if reason:
            self.notes.append(Note(plain_name(node), str(node.target), reason, origin_of(node)))

    def _import(self, node: torch.fx.Node) -> Any:
        if (number := beyond_f32(node)) is not None:
            raise Refused(f"the number {number:g} is beyond the range of float32; use ±inf or a smaller one")
        rule, reason = find_rule(node.target), NO_RULE
        if rule is not None:
            try:
                return rule(self, node)
            except Unsupported as error:
                reason = str(error)
        if why := why_refused(node):
            raise Refused(why)
        if any(source in self._failed for source in node.all_input_nodes):
            raise Refused("an operand cannot be imported")
        self.notes.append(Note(self._name, str(node.target), reason, self._origin))
        if isinstance(node.meta["val"], (tuple, list)):
            return None  # one `xplat.aten` for each result that is used
        return self._fallback(node, 0)

    def _fallback(self, node: torch.fx.Node, index: int) -> ir.Value:
        """One result of a node as `xplat.aten`."""
        if (node, index) not in self._fallbacks:
            meta = node.meta["val"]
            kind = tensor_type(meta[index] if isinstance(meta, (tuple, list)) else meta)
            try:
                operands, arguments = encode_arguments(node, self.value)
            except NotEncodable as error:
                raise Refused(str(error)) from None
            work = None if index else count_multiplications(node) or None
            op = xp.AtenOp(kind, operands, str(node.target), arguments, index=index or None, multiplications=work)
            self._fallbacks[node, index] = op.result
        return self._fallbacks[node, index]

    def give_up(self, nodes: Iterable[torch.fx.Node]) -> None:
        """Takes these nodes for failed; whoever calls it has said why."""
        for node in nodes:
            self._failed.add(node)
            self.values[node] = None

    def has_failed(self, node: torch.fx.Node) -> bool:
        """Whether importing the node, or one that it depends on, went wrong."""
        return node in self._failed

    def _stand_in(self, node: torch.fx.Node) -> Any:
        """Something of the right type, so that the nodes after a failed one can be looked at too."""
        meta = node.meta.get("val")
        results = [self._anything(tensor) for tensor in (meta if isinstance(meta, (tuple, list)) else [meta])]
        return results if isinstance(meta, (tuple, list)) else results[0]

    @staticmethod
    def _anything(tensor: Any) -> ir.Value | None:
        if not isinstance(tensor, torch.Tensor) or any(not isinstance(extent, int) for extent in tensor.shape):
            return None
        try:
            kind = tensor_type(tensor)
        except Refused:
            kind = ir.RankedTensorType.get(list(tensor.shape), ir.F32Type.get())
        return ir.Operation.create("builtin.unrealized_conversion_cast", results=[kind]).result

    # ---- operands

    def value(self, node: Any) -> ir.Value:
        if not isinstance(node, torch.fx.Node):
            return self.reject(f"expected a tensor as operand but got the constant {node!r}")
        if node not in self.values:
            weight = self._weight(node)
            if weight is None:
                tensor_type(tensor_of(node))  # says when it has no elements
                raise Refused(f"'{node.name}' is not a tensor of the graph")
            self.values[node] = self._constant(self._symbol_of(weight), tensor_of(node))
        value = self.values[node]
        if value is None:
            # A failed node without a shape; with several results, the first one stands for it.
            if node in self._failed:
                raise Refused("an operand cannot be imported")
            return self._fallback(node, 0)
        return value[0] if isinstance(value, list) else value

    def result(self, node: torch.fx.Node, index: int) -> ir.Value:
        values = self.values[node]
        if isinstance(values, list):
            value = values[index]
        else:
            value = values if index == 0 else None
        if value is not None:
            return value
        if node in self._failed:
            raise Refused("an operand cannot be imported")
        return self._fallback(node, index)

    def _constant(self, symbol: str, tensor: torch.Tensor) -> ir.Value:
        if symbol not in self._constants:
            with ir.Location.name(self.names.unique(symbol)):
                op = xp.ConstantOp(tensor_type(tensor), ir.FlatSymbolRefAttr.get(symbol))
            self._constants[symbol] = op.result
        return self._constants[symbol]

    # ---- parameters

    def _weight(self, node: Any) -> Weight | None:
        if not isinstance(node, torch.fx.Node):
            return None
        if node not in self._weights:
            self._weights[node] = find_weight(node, self.symbols, self.tensors, self._parameter_keys)
        return self._weights[node]

    def has_parameter(self, node: Any) -> bool:
        return self._weight(node) is not None

    def parameter(
        self, node: Any, *, what: str, shape: Sequence[int] | None = None, permutation: Sequence[int] | None = None
    ) -> str:
        weight = self._weight(node)
        if weight is None:
            return self.reject(f"the {what} is computed by the model; it has to be a parameter or buffer")
        if permutation is not None and list(permutation) != sorted(permutation):
            weight = weight.transposed(list(permutation))
        return self._symbol_of(weight if shape is None else weight.reshaped(shape))

    def known(self, node: Any) -> torch.Tensor | None:
        if not isinstance(node, torch.fx.Node):
            return None
        if node not in self._known:
            self._known[node] = self._evaluate(node)
        return self._known[node]

    def _evaluate(self, node: torch.fx.Node) -> torch.Tensor | None:
        symbol = self.symbols.get(node)
        if symbol is not None:
            tensor = self.tensors[symbol]
            return tensor.detach() if has_values(tensor) and symbol not in self._parameter_keys else None
        meta = node.meta.get("val")
        if node.op != "call_function" or not isinstance(meta, torch.Tensor) or meta.numel() > _MOST_KNOWN:
            return None
        if not isinstance(node.target, torch._ops.OpOverload) or why_refused(node):
            return None
        if any(self.known(source) is None for source in node.all_input_nodes):
            return None
        args, kwargs = torch.fx.map_arg((node.args, node.kwargs), self.known)
        if "device" in kwargs:
            kwargs = {**kwargs, "device": torch.device("cpu")}
        value = node.target(*args, **kwargs)
        return value if isinstance(value, torch.Tensor) else None

    def constant(self, symbol: str, value: torch.Tensor) -> str:
        known = self._own.get(symbol)
        if known is not None and _equal(self.tensors[known], value):
            return known
        own = self._own[symbol] = unique(symbol, self._symbols)
        self.tensors[own] = value
        self._declare(own, value)
        return own

    def _symbol_of(self, weight: Weight) -> str:
        """The parameter's symbol; declares it and all that it derives from."""
        symbol, tensor = weight.symbol, self.tensors[weight.symbol]
        self._declare(symbol, tensor)
        for step in weight.steps:
            symbol = self._derive(symbol, step, tensor)
        return symbol

    def _declare(self, symbol: str, value: torch.Tensor) -> None:
        if symbol not in self._params:
            kind = tensor_type(value)
            self._declare_value(symbol, value)
            with ir.InsertionPoint(self.function), ir.Location.name(symbol):
                self._params[symbol] = xp.ParamOp(symbol, ir.TypeAttr.get(kind))

    def _derive(self, source: str, step: Step, tensor: torch.Tensor) -> str:
        if (source, step) not in self._derived:
            symbol = self._derived[source, step] = unique(f"{source}:{step.label}", self._symbols)
            kind = xp.DerivationKind.transpose if step.permutation else xp.DerivationKind.reshape
            sources = [source]
            if step.mask:
                kind = xp.DerivationKind.mask
                sources.append(step.mask)
                self._declare(step.mask, self.tensors[step.mask])
            derivation = xp.DerivationAttr.get(
                int(kind),
                [ir.FlatSymbolRefAttr.get(name) for name in sources],
                shape=ir.DenseI64ArrayAttr.get(step.permutation) if step.permutation else None,
            )
            element = tensor_type(tensor).element_type
            type_ = ir.TypeAttr.get(ir.RankedTensorType.get(step.shape, element))
            with ir.InsertionPoint(self.function), ir.Location.name(symbol):
                self._params[symbol] = xp.ParamOp(symbol, type_, derivation=derivation)
        return self._derived[source, step]

    # ---- building

    @contextmanager
    def part(self, kind: str) -> Iterator[None]:
        with self._origin.location(self.names.unique(f"{self._name}.{kind}")):
            yield

    # ---- after all nodes

    def drop_unused(self) -> None:
        """Erases nodes that no other node reads, and parameters that no node names."""
        block = self.function.entry_block
        for op in reversed(list(block.operations)):
            boundary = isinstance(op, (xp.HostInputOp, xp.HostOutputOp, func.ReturnOp))
            if not boundary and not any(list(result.uses) for result in op.results):
                op.operation.erase()
        named: set[str] = set()
        for op in block.operations:
            attributes = (op.attributes[name] for name in op.attributes)
            named |= {attribute.value for attribute in attributes if isinstance(attribute, ir.FlatSymbolRefAttr)}
        # A derived parameter is declared behind its sources.
        for symbol, param in reversed(self._params.items()):
            if symbol not in named:
                param.operation.erase()
            elif param.derivation is not None:
                named |= {source.value for source in param.derivation.sources}


def _has_gradient(node: torch.fx.Node) -> bool:
    """Whether gradients can go through the node: its result, or one of them, is floating point."""
    value = node.meta.get("val")
    results = value if isinstance(value, (tuple, list)) else [value]
    return any(isinstance(result, torch.Tensor) and result.dtype.is_floating_point for result in results)


def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and torch.equal(a, b)


def _is_empty(node: torch.fx.Node) -> bool:
    """Whether the node is a tensor without elements, which the IR does not have."""
    value = node.meta.get("val")
    return isinstance(value, torch.Tensor) and 0 in value.shape
