# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which values of an exported program cannot be negative, whatever the samples and the parameters are.

The compiler knows this of its own nodes (`xplat-quantize`); here it is said of operations of PyTorch, which are
quantized before they become nodes. An operation that is not listed may give anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch.fx import Node

from xplat.frontend.rules.quantized import CARRYING

aten = torch.ops.aten

_NEVER: set[Any] = {
    aten.relu.default, aten.relu_.default, aten.relu6.default, aten.relu6_.default, aten.sigmoid.default,
    aten.sigmoid_.default, aten.hardsigmoid.default, aten.hardsigmoid_.default, aten.softmax.int,
    aten._softmax.default, aten.exp.default, aten.abs.default, aten.sqrt.default, aten.rsqrt.default,
    aten.square.default,
}  # fmt: skip
"""Operations whose result is never negative."""

_LIMITED: set[Any] = {
    aten.hardtanh.default, aten.hardtanh_.default, aten.clamp.default, aten.clamp_.default, aten.clamp_min.default,
}  # fmt: skip
"""Operations whose second argument is the least value of the result."""

_KEEPING: set[Any] = CARRYING | {
    aten.avg_pool2d.default, aten.adaptive_avg_pool2d.default, aten.mean.dim, aten.sum.dim_IntList, aten.cat.default,
    aten.matmul.default, aten.bmm.default, aten.amax.default, aten.amin.default, aten.minimum.default,
}  # fmt: skip
"""Operations whose result is not negative where none of their tensors is."""

_OF_TWO: set[Any] = {
    aten.add.Tensor, aten.add_.Tensor, aten.mul.Tensor, aten.mul_.Tensor, aten.div.Tensor, aten.div_.Tensor,
}  # fmt: skip
"""Operations whose result is not negative where neither of their two operands is, tensors or numbers."""


def never_negative(nodes: Iterable[Node]) -> set[Node]:
    """Those of the nodes, which come in the order of the graph, whose values cannot be negative."""
    known: set[Node] = set()
    for node in nodes:
        if node.op == "call_function" and _is_never_negative(node, known):
            known.add(node)
    return known


def _is_never_negative(node: Node, known: set[Node]) -> bool:
    operation, arguments = node.target, node.args

    def holds(value: Any) -> bool:
        return value in known if isinstance(value, Node) else isinstance(value, int | float) and value >= 0

    if operation in _NEVER:
        return True
    if operation in _LIMITED:
        return holds(arguments[1] if len(arguments) > 1 else node.kwargs.get("min"))
    if operation is aten.pow.Tensor_Scalar:
        exponent = arguments[1]
        return holds(arguments[0]) or (isinstance(exponent, int | float) and exponent % 2 == 0)
    if operation is aten.maximum.default:
        return any(holds(operand) for operand in arguments[:2])
    if operation in _OF_TWO:
        return not node.kwargs and all(holds(operand) for operand in arguments[:2])
    return operation in _KEEPING and all(holds(operand) for operand in node.all_input_nodes)
