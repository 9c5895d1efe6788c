# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Index maps of nodes against the meaning of the nodes: what a result depends on, by derivatives of the interpreter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.interpreter import Interpreter, stack_samples

LINES = (Path(__file__).parents[3] / "test/lit/IR/geometry.mlir").read_text().splitlines()


def declared(pattern: str) -> dict[str, str]:
    """The shape of each name in the lines that `pattern` matches."""
    return {match[1]: match[2] for line in LINES if (match := re.match(pattern, line))}


TYPES = declared(r"  (%t\d+) = xplat.splat 0.0 : tensor<(.*)>$")
PARAMETERS = declared(r"xplat.param (@\w+) : tensor<(.*)>$")
NODES = [
    s.strip()
    for s in LINES
    if s.startswith("  xplat.") and "%t" in s and "host_" not in s and not re.search(r"tensor<f32>|i64", s)
]
FREE = {"conv2d", "depthwise_conv2d", "max_pool2d", "avg_pool2d", "conv_transpose2d", "attention", "aten"}
"""Ops of which a result element may need more than it depends on: whole pixels, products with zero, all."""

STORED = {"reshape", "transpose"}
"""Ops whose kernel stores a window of its operand before the first element of it leaves."""


def whole_windows(position: torch.Tensor, operand: int) -> torch.Tensor:
    """What each result element needs when its window has to be complete; `position` is the operand element that it is.

    The smallest windows: as many of the operand as of the result, and each result element comes from its own.
    """
    count = len(position)
    for size in (size for size in range(1, count + 1) if count % size == 0 and operand % (count // size) == 0):
        length = operand // (count // size)
        if torch.equal(position // length, torch.arange(count) // size):
            return (torch.arange(count) // size + 1) * length
    raise AssertionError("the whole sample is a window")


def shape(kind: str) -> list[int]:
    return [int(extent) for extent in kind.split("x")[:-1]]


def in_stream_order(tensor: torch.Tensor, first: int, rank: int) -> torch.Tensor:
    """The `rank` dimensions from `first` on as one, channels innermost where there are four."""
    if rank == 4:
        tensor = tensor.movedim(first + 1, first + 3)
    return tensor.flatten(first, first + rank - 1) if rank else tensor.unsqueeze(first)


def module_of(node: str) -> tuple[ir.Module, list[str], str]:
    """The node between the boundaries to the host, and the types of operands and result."""
    operands = [TYPES[name] for name in re.findall(r"%t\d+", node)]
    result = re.findall(r"tensor<([^>]*)>", node)[-1]
    for index, name in enumerate(re.findall(r"%t\d+", node)):
        node = node.replace(name, f"%{index}", 1)
    lines = [
        f"xplat.param {name} : tensor<{kind}>" for name, kind in PARAMETERS.items() if re.search(rf"{name}\b", node)
    ]
    arguments = ", ".join(f"%in{i}: tensor<{kind}>" for i, kind in enumerate(operands))
    lines.append(f"func.func @forward({arguments}) -> tensor<{result}> {{")
    lines += [f"%{i} = xplat.host_input %in{i} : tensor<{k}> -> tensor<{k}>" for i, k in enumerate(operands)]
    lines.append(f"%r = {node}\n%o = xplat.host_output %r : tensor<{result}> -> tensor<{result}>")
    lines.append(f"return %o : tensor<{result}>\n}}")
    with ir.Context():
        return ir.Module.parse("\n".join(lines)), operands, result


@pytest.mark.parametrize("node", NODES)
def test_required_prefix_holds_all_that_a_result_depends_on(node: str) -> None:
    module, operands, kind = module_of(node)
    interpreter = Interpreter.create(module)
    generator = torch.Generator().manual_seed(1)
    state = {
        name[1:]: torch.rand(shape(size), generator=generator) + 0.5
        for name, size in PARAMETERS.items()
        if re.search(rf"{name}\b", node)
    }
    inputs = tuple(torch.rand(shape(size), generator=generator) + 0.5 for size in operands)

    def function(*sample: torch.Tensor) -> torch.Tensor:
        (result,) = interpreter.run(interpreter.parameters(state), stack_samples(interpreter.inputs, list(sample)))
        return result[0]

    rank, op = len(shape(kind)), list(module.body.operations)[-1].regions[0].blocks[0].operations[len(operands)]
    for index, derivative in enumerate(torch.autograd.functional.jacobian(function, inputs)):
        matrix = in_stream_order(in_stream_order(derivative, rank, len(shape(operands[index]))), 0, rank)
        elements = torch.arange(1, matrix.shape[1] + 1)
        needed = (elements * (matrix != 0)).amax(1).cummax(0).values
        required = torch.tensor([xp.required_elements(op, index, element) for element in range(len(needed))])
        assert (required >= needed).all()
        name = op.OPERATION_NAME.removeprefix("xplat.")
        if name in STORED:
            needed = whole_windows(matrix.argmax(1), matrix.shape[1])
        # A softmax over one element is one, whatever that is.
        if name not in FREE and matrix.any():
            assert torch.equal(required, needed)
