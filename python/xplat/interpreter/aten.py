# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat.aten`: any operation of PyTorch as it is, written into the IR and called back from it.

The op holds the operation's name and all arguments of its schema in order, so that nothing depends on defaults.
Invariants: every floating-point type is f32 in the IR, so a dtype argument that is a floating-point type is f32
too; device, layout and memory format say nothing about values and are left out (a unit attribute).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch
import torch.fx
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils import _pytree as pytree
from torch.utils.flop_counter import FlopCounterMode

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.support.errors import XplatError
from xplat.support.quiet import quiet

_INTEGER_BITS = {torch.bool: 1, torch.int8: 8, torch.int16: 16, torch.int32: 32, torch.int64: 64}
_INTEGER_TYPES = {bits: dtype for dtype, bits in _INTEGER_BITS.items()}
_WITHOUT_VALUES = (torch.device, torch.layout, torch.memory_format)


class NotEncodable(Exception):
    """An argument that `xplat.aten` cannot hold; its text says which and why."""


def count_multiplications(node: torch.fx.Node) -> int:
    """Multiplications that an FX node adds up, for the shapes that it is called with, as PyTorch's counter knows it."""
    args, kwargs = torch.fx.map_arg((node.args, node.kwargs), lambda source: source.meta["val"])
    modes = {tensor.fake_mode for tensor in pytree.tree_leaves((args, kwargs)) if isinstance(tensor, FakeTensor)}
    target: Any = node.target
    try:
        with quiet(), torch.no_grad(), FlopCounterMode(display=False) as counter:
            with modes.pop() if modes else nullcontext():
                target(*args, **kwargs)
    except Exception:
        return 0  # the import itself says what does not run
    return int(counter.get_total_flops()) // 2


def encode_arguments(
    node: torch.fx.Node, value_of: Callable[[torch.fx.Node], ir.Value]
) -> tuple[list[ir.Value], ir.ArrayAttr]:
    """Operands and arguments of an FX node that calls an `OpOverload`, for `xplat.aten`.

    `value_of` gives the IR value of an FX node. Needs an MLIR context in force. Raises `NotEncodable`.
    """
    operands: list[ir.Value] = []
    numbers: dict[torch.fx.Node, int] = {}

    def encode(value: Any) -> ir.Attribute:
        if isinstance(value, torch.fx.Node):
            if value not in numbers:
                numbers[value] = len(operands)
                operands.append(value_of(value))
            return xp.OperandAttr.get(numbers[value])
        if value is None or isinstance(value, _WITHOUT_VALUES):
            return ir.UnitAttr.get()
        if isinstance(value, bool):
            return ir.BoolAttr.get(value)
        if isinstance(value, int):
            if not -(1 << 63) <= value < 1 << 63:
                raise NotEncodable(f"the integer {value} has more than 64 bits")
            return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
        if isinstance(value, float):
            return ir.FloatAttr.get(ir.F64Type.get(), value)
        if isinstance(value, str):
            return ir.StringAttr.get(value)
        if isinstance(value, torch.dtype):
            return ir.TypeAttr.get(_type_of(value))
        if isinstance(value, (list, tuple)):
            return ir.ArrayAttr.get([encode(item) for item in value])
        raise NotEncodable(f"an argument of type {type(value).__name__} cannot be held by 'xplat.aten'")

    arguments = []
    for index, argument in enumerate(node.target._schema.arguments):  # type: ignore[union-attr]
        given = node.args[index] if index < len(node.args) else node.kwargs.get(argument.name, argument.default_value)
        arguments.append(encode(None if argument.name in _NO_VALUES else given))
    return operands, ir.ArrayAttr.get(arguments)


_NO_VALUES = frozenset({"device", "layout", "pin_memory", "memory_format", "non_blocking"})
"""Names of arguments that say where and how a tensor lies, and not what it holds."""


def decode_arguments(
    op: xp.AtenOp, operands: Sequence[torch.Tensor], *, dtype: torch.dtype | None = None
) -> tuple[Any, list[Any], dict[str, Any]]:
    """The `OpOverload` of an `xplat.aten`, with positional and keyword arguments to call it.

    `dtype` is what f32 stands for; by default float64 when an operand is float64, else float32. Raises `XplatError`
    when this PyTorch has no such operation, or one with other arguments.
    """
    overload = find_overload(op.target.value)
    floating = dtype or next((torch.float64 for tensor in operands if tensor.dtype == torch.float64), torch.float32)
    encoded = list(op.arguments)
    schema = overload._schema.arguments
    if len(encoded) != len(schema):
        raise XplatError(
            f"'{op.target.value}' has {len(schema)} arguments in this PyTorch, but the IR has {len(encoded)}"
        )
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for argument, attribute in zip(schema, encoded, strict=True):
        value = _decode(attribute, operands, floating)
        if value is None and argument.name in _NO_VALUES:
            if argument.kwarg_only or argument.has_default_value():
                continue
            value = torch.device("cpu") if argument.name == "device" else None
        if argument.kwarg_only:
            kwargs[argument.name] = value
        else:
            args.append(value)
    return overload, args, kwargs


def call_aten(op: xp.AtenOp, operands: Sequence[torch.Tensor], *, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Computes an `xplat.aten` for operands of its own shapes: result number `index` of the operation.

    Differentiable where the operation is, and works under `torch.func.vmap`. `dtype`: see `decode_arguments`.
    """
    overload, args, kwargs = decode_arguments(op, operands, dtype=dtype)
    result = overload(*args, **kwargs)
    return result[op.index.value if op.index is not None else 0] if isinstance(result, (tuple, list)) else result


def find_overload(name: str) -> Any:
    """The operation of a name like `aten.cumsum.default`; raises `XplatError` when this PyTorch has none."""
    namespace, _, rest = name.partition(".")
    packet, _, overload = rest.partition(".")
    try:
        return getattr(getattr(getattr(torch.ops, namespace), packet), overload)
    except (AttributeError, RuntimeError):
        raise XplatError(
            f"this PyTorch has no operation '{name}'", hint="import the package that defines it first"
        ) from None


def _type_of(dtype: torch.dtype) -> ir.Type:
    if dtype.is_floating_point:
        return ir.F32Type.get()
    if dtype not in _INTEGER_BITS:
        raise NotEncodable(f"numbers of type {dtype} are not supported")
    return ir.IntegerType.get_signless(_INTEGER_BITS[dtype])


def _decode(attribute: ir.Attribute, operands: Sequence[torch.Tensor], floating: torch.dtype) -> Any:
    if isinstance(attribute, xp.OperandAttr):
        return operands[attribute.index]
    if isinstance(attribute, ir.ArrayAttr):
        return [_decode(item, operands, floating) for item in attribute]
    if isinstance(attribute, ir.UnitAttr):
        return None
    if isinstance(attribute, ir.TypeAttr):
        kind = attribute.value
        return _INTEGER_TYPES[kind.width] if isinstance(kind, ir.IntegerType) else floating
    if isinstance(attribute, (ir.BoolAttr, ir.IntegerAttr, ir.FloatAttr, ir.StringAttr)):
        return attribute.value
    raise XplatError(f"'{attribute}' is not an argument of 'xplat.aten'")
