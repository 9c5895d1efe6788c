"""The reference: what a graph computes, one function per op.

A graph with fixed-point formats is run in float64 on exact values, and every op's result is rounded once into
its format, so the outputs are bit-exact. A graph of f32 alone is run in float32, like PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
import torch.nn.functional as F

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.errors import InputError, XplatError
from xplat.formats import fixed_point
from xplat.parameters import parameter_values

CHUNK_SAMPLES, CHUNK_ELEMENTS = 256, 1 << 24
"""Most samples, and most elements of one value, that are run together: bounds the memory of wide layers."""

Observer = Callable[[Any, torch.Tensor], None]
Semantics = Callable[["Interpreter", Any, list[torch.Tensor]], torch.Tensor]
_SEMANTICS: dict[str, Semantics] = {}


def run_reference(
    module: ir.Module, parameters: Mapping[str, torch.Tensor], x: torch.Tensor | Sequence[torch.Tensor]
) -> Any:
    """Runs a graph on samples: `x` of shape [batch, …] (a sequence of such for several inputs), floating point.

    Returns float32 of shape [batch, …], a tuple of them for several outputs. For a quantized graph the values
    are exact. Raises `InputError` when `x` does not fit the graph's inputs.
    """
    interpreter = Interpreter.create(module, parameters)
    inputs = check_inputs(interpreter.input_shapes, x)
    if not len(inputs[0]):
        raise InputError("there are no samples")
    chunks = [interpreter.run(chunk) for chunk in split(inputs, interpreter.chunk)]
    outputs = tuple(torch.cat(parts) for parts in zip(*chunks, strict=True))
    return outputs[0] if len(outputs) == 1 else outputs


def split(inputs: Sequence[torch.Tensor], size: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """The samples in chunks of at most `size`."""
    for start in range(0, len(inputs[0]), size):
        yield tuple(tensor[start : start + size] for tensor in inputs)


def check_inputs(
    shapes: Sequence[Sequence[int]], x: torch.Tensor | Sequence[torch.Tensor], *, what: str = "input"
) -> tuple[torch.Tensor, ...]:
    """The inputs as a tuple of float tensors [batch, …]; raises `InputError` when they are not what `shapes` say."""
    inputs = (x,) if isinstance(x, torch.Tensor) else tuple(x)
    if len(inputs) != len(shapes):
        raise InputError(f"got {len(inputs)} tensors as {what}, expected {len(shapes)}, one per input of the model")
    for index, (tensor, shape) in enumerate(zip(inputs, shapes, strict=True)):
        label = what if len(shapes) == 1 else f"{what} {index}"
        if not isinstance(tensor, torch.Tensor):
            raise InputError(f"{label} is a {type(tensor).__name__}, expected a tensor")
        if not tensor.dtype.is_floating_point:
            raise InputError(f"{label} has type {tensor.dtype}, expected floating point", hint="convert it: x.float()")
        if list(tensor.shape[1:]) != list(shape[1:]):
            wanted = ", ".join(str(extent) for extent in shape[1:])
            raise InputError(f"{label} has shape {list(tensor.shape)}, expected [batch, {wanted}]")
        if len(tensor) != len(inputs[0]):
            raise InputError(f"{label} has {len(tensor)} samples, but the first input has {len(inputs[0])}")
        if not bool(torch.isfinite(tensor).all()):
            raise InputError(f"{label} has values that are NaN or infinite")
    return inputs


@dataclass
class Interpreter:
    """Runs one function of a module on batches of samples."""

    module: ir.Module
    """Kept because an op does not keep its module alive."""
    function: Any
    parameters: Mapping[str, torch.Tensor]
    exact: bool
    chunk: int
    """Samples to run together."""
    observers: list[Observer] = field(default_factory=list)

    @staticmethod
    def create(module: ir.Module, state: Mapping[str, torch.Tensor]) -> Interpreter:
        """For the module's only function; `state` has the model's own parameters by symbol."""
        functions = [op for op in module.body.operations if isinstance(op, func.FuncOp)]
        if len(functions) != 1:
            raise XplatError(f"the module has {len(functions)} functions, expected one graph")
        ops = list(functions[0].entry_block.operations)
        exact = any(fixed_point(result.type) is not None for op in ops for result in op.results)
        values = parameter_values(module, state)
        dtype = torch.float64 if exact else torch.float32
        widest = max(math.prod(result.type.shape) for op in ops for result in op.results)
        chunk = max(1, min(CHUNK_SAMPLES, CHUNK_ELEMENTS // widest))
        return Interpreter(module, functions[0], {key: value.to(dtype) for key, value in values.items()}, exact, chunk)

    @cached_property
    def _last_uses(self) -> dict[ir.Operation, list[ir.Value]]:
        """The values that no op behind this one reads."""
        last = {operand: op.operation for op in self.function.entry_block.operations for operand in op.operands}
        result: dict[ir.Operation, list[ir.Value]] = {op.operation: [] for op in self.function.entry_block.operations}
        for value, op in last.items():
            result[op].append(value)
        return result

    @property
    def input_shapes(self) -> list[list[int]]:
        """Shape of each input, batch of one included."""
        return [list(argument.type.shape) for argument in self.function.arguments]

    def parameter(self, symbol: ir.FlatSymbolRefAttr | None) -> torch.Tensor | None:
        """Values of a parameter; None for none."""
        return None if symbol is None else self.parameters[symbol.value]

    def run(self, inputs: Sequence[torch.Tensor]) -> tuple[torch.Tensor, ...]:
        """Results (float32) for a batch of samples."""
        dtype = torch.float64 if self.exact else torch.float32
        values: dict[ir.Value, torch.Tensor] = {}
        for argument, tensor in zip(self.function.arguments, inputs, strict=True):
            values[argument] = tensor.detach().to("cpu", dtype)
        with torch.no_grad():
            for op in self.function.entry_block.operations:
                operands = [values[operand] for operand in op.operands]
                if isinstance(op, func.ReturnOp):
                    return tuple(tensor.to(torch.float32) for tensor in operands)
                semantics = _SEMANTICS.get(op.operation.name)
                if semantics is None:
                    raise XplatError(f"'{op.operation.name}' has no reference semantics")
                result = semantics(self, op, operands)
                form = fixed_point(op.results[0].type)
                if form is not None:
                    result = form.round(result)
                values[op.results[0]] = result
                for observer in self.observers:
                    observer(op, result)
                for operand in self._last_uses[op.operation]:
                    values.pop(operand, None)
        raise XplatError("the graph does not return")


def semantics(*classes: type) -> Callable[[Semantics], Semantics]:
    """Decorator: the function computes the exact result of these ops from exact operands."""

    def add(function: Semantics) -> Semantics:
        for cls in classes:
            _SEMANTICS[cls.OPERATION_NAME] = function
        return function

    return add


@semantics(xp.HostInputOp, xp.HostOutputOp, xp.CastOp)
def _same(_: Interpreter, op: Any, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0]


@semantics(xp.LinearOp)
def _linear(run: Interpreter, op: xp.LinearOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return F.linear(operands[0], run.parameter(op.weight), run.parameter(op.bias))


@semantics(xp.Conv2DOp)
def _conv2d(run: Interpreter, op: xp.Conv2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    weight, bias = run.parameter(op.weight), run.parameter(op.bias)
    return F.conv2d(operands[0], weight, bias, list(op.stride), list(op.padding), groups=op.groups.value)


@semantics(xp.DepthwiseConv2DOp)
def _depthwise_conv2d(run: Interpreter, op: xp.DepthwiseConv2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    weight, bias = run.parameter(op.weight), run.parameter(op.bias)
    assert weight is not None
    return F.conv2d(operands[0], weight, bias, list(op.stride), list(op.padding), groups=len(weight))


@semantics(xp.MaxPool2DOp)
def _max_pool2d(_: Interpreter, op: xp.MaxPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return F.max_pool2d(operands[0], list(op.kernel_size), list(op.stride), list(op.padding))


@semantics(xp.AvgPool2DOp)
def _avg_pool2d(_: Interpreter, op: xp.AvgPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    height, width = list(op.kernel_size)
    # Sum exactly, divide once.
    total = F.avg_pool2d(operands[0], (height, width), list(op.stride), list(op.padding), divisor_override=1)
    return total / (height * width)


@semantics(xp.GlobalAvgPool2DOp)
def _global_avg_pool2d(_: Interpreter, op: xp.GlobalAvgPool2DOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    mean = x.sum((2, 3)) / (x.shape[2] * x.shape[3])
    return mean.reshape(len(x), *op.results[0].type.shape[1:])


@semantics(xp.ReluOp)
def _relu(_: Interpreter, op: xp.ReluOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0].clamp(min=0)


@semantics(xp.AddOp)
def _add(_: Interpreter, op: xp.AddOp, operands: list[torch.Tensor]) -> torch.Tensor:
    return operands[0] + operands[1]


@semantics(xp.ReshapeOp)
def _reshape(_: Interpreter, op: xp.ReshapeOp, operands: list[torch.Tensor]) -> torch.Tensor:
    (x,) = operands
    order = op.order.value if op.order is not None else xp.ReshapeOrder.row_major
    if order == xp.ReshapeOrder.channels_last:
        x = x.permute(0, 2, 3, 1)
    return x.reshape(len(x), *op.results[0].type.shape[1:])


@semantics(xp.BatchNormOp)
def _batch_norm(run: Interpreter, op: xp.BatchNormOp, operands: list[torch.Tensor]) -> torch.Tensor:
    gamma, beta, mean, variance = (run.parameter(symbol) for symbol in (op.gamma, op.beta, op.mean, op.var))
    return F.batch_norm(operands[0], mean, variance, gamma, beta, eps=op.epsilon.value)
