# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Calibration: the float graph is run over the user's data, and ranges are noted on nodes and parameters.

`absmax` is what `xplat-quantize` reads. With the method "max" it is the largest magnitude seen. With "mse" it
is the largest magnitude of that power-of-two format, among the one that just holds everything and the four
below it, whose squared error over the data is smallest: rare outliers saturate, everything else gains bits. What a
mask hides from softmax saturates too. Requests for binary and ternary weights get their scales, which are of least
squared error with either method.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import format_of, mlir_type, signs_of
from xplat.graph.graph import Graph
from xplat.graph.samples import Array, as_tensors
from xplat.graph.structure import Structure
from xplat.interpreter import InputSpec, Interpreter, split, stack_samples
from xplat.interpreter.parameters import Parameters
from xplat.interpreter.semantics import integer_dtype
from xplat.support.errors import CalibrationError, InputError
from xplat.support.progress import STATUS, Progress, logged

SEARCH = 5
"""Formats that "mse" compares, one bit apart."""

WIDTH = 8
"""Bits where no width is requested."""

Method = Literal["max", "mse"]
Batch = tuple[torch.Tensor, ...]


def calibrate(
    graph: Graph,
    data: Array | Iterable[Any] | Mapping[str, Array],
    *,
    method: str = "max",
    progress: Progress = logged,
) -> Graph:
    """A copy of the graph whose nodes and parameters know the range of their values (`absmax`).

    `data`: a tensor [batch, …]; or an iterable of such, or of single samples; a data loader's (inputs, labels) pairs
    are taken too. For a model of several inputs: a tuple with a tensor for each, or a dictionary by the names that
    `forward` has for them, or an iterable of such; what a dictionary holds beside the inputs, such as labels, is left
    out. NumPy arrays are as good as tensors. `method`: "max" or "mse", which compares
    formats of the widths that the nodes carry (`complete_formats`), or of 8 bits.

    Raises `CalibrationError` when there is no data, it does not fit, or values are not finite.
    """
    if method not in ("max", "mse"):
        raise CalibrationError(f"unknown calibration method '{method}'", hint="choose 'max' or 'mse'")
    graph.require_values("calibration")
    result = graph.copy()
    interpreter = Interpreter.create(result.module, progress=progress)
    if interpreter.exact:
        raise CalibrationError("the graph is quantized already; calibrate the float graph")
    batches = _batches(data, interpreter.inputs, interpreter.chunk, graph.structure)
    with torch.no_grad():
        return _calibrated(result, interpreter, batches, method, progress)


def _calibrated(
    graph: Graph,
    interpreter: Interpreter,
    batches: list[Batch],
    method: str,
    progress: Progress,
) -> Graph:
    values = interpreter.parameters(graph.parameters)
    collected = _run(interpreter, values, batches, _Maximum, progress, "ranges")
    absmax = {name: stat.value for name, stat in collected.items()}
    nodes = list(interpreter.function.entry_block.operations)
    if method == "mse":
        widths = {index: _width(op) for index, op in enumerate(nodes)}
        errors = _run(interpreter, values, batches, lambda key: _Errors(absmax[key], widths[key]), progress, "errors")
        absmax = {name: stat.best() for name, stat in errors.items()}
    with graph.module.context, ir.Location.unknown():
        params = {op.sym_name.value: op for op in graph.module.body.operations if isinstance(op, xp.ParamOp)}
        parameter_widths = _parameter_widths(nodes, params)
        for index, op in enumerate(nodes):
            if index in absmax and hasattr(op, "absmax"):
                op.absmax = ir.FloatAttr.get(ir.F64Type.get(), absmax[index])
        for symbol, op in params.items():
            if _has_range(op.type_.value):
                bits = parameter_widths.get(symbol, WIDTH)
                op.absmax = ir.DenseF64ArrayAttr.get(_slice_absmax(values[symbol].double(), method, bits))
        for op in nodes:
            _scale_signs(op, values)
    return graph


def _scale_signs(op: Any, values: Parameters) -> None:
    """Gives a request for binary or ternary weights the scales of least squared error."""
    if not xp.is_weighted(op) or op.quantization is None:
        return
    request = op.quantization
    signs = signs_of(request.weight)
    if signs is None:
        return
    per_channel = request.per_channel is not False and xp.weight_channel_dim(op) == 0
    weight = ir.Type.parse(mlir_type(signs.fit(values[xp.weight(op).value], per_channel=per_channel)))
    xp.request_formats(op, xp.QuantizationAttr.get(request.value, weight, request.per_channel))


def _width(op: Any, *, weight: bool = False) -> int:
    """Bits of the fixed-point format that a node shall have for its result, or its weight.

    A node that carries none for its result has the format of its operand.
    """
    request = op.quantization if xp.has_number_format(op) else None
    form = None if request is None else request.weight if weight else request.value
    if form is None and not weight and xp.keeps_format(op) and not isinstance(op.operands[0].owner, ir.Block):
        return _width(op.operands[0].owner.operation.opview)
    return int(form.width) if isinstance(form, ir.IntegerType) else WIDTH


def _parameter_widths(nodes: Sequence[Any], params: Mapping[str, Any]) -> dict[str, int]:
    """Bits of each parameter by symbol: as its node's weight, else as the result, whose format it has.

    What a parameter is derived from is given its width.
    """
    widths: dict[str, int] = {}
    for op in nodes:
        if not xp.is_node(op):
            continue
        waiting = [symbol.value for symbol in xp.parameters(op).values()]
        while waiting:
            symbol = waiting.pop()
            own = _width(op, weight=xp.is_weighted(op))
            if widths.setdefault(symbol, own) == own and (derivation := params[symbol].derivation) is not None:
                waiting += [source.value for source in derivation.sources]
    return widths


def _has_range(kind: ir.Type) -> bool:
    """Whether values of this type are numbers whose format is to be chosen; indices and truth values are not."""
    return integer_dtype(ir.RankedTensorType(kind).element_type) is None and format_of(kind) is None


def _batches(data: Any, specs: Sequence[InputSpec], chunk: int, structure: Structure | None) -> list[Batch]:
    """The data as chunks that the interpreter takes."""
    wanted = (
        "give a tensor [batch, …], or an iterable of such; for several inputs a tuple with a tensor for each input, "
        "or a dictionary by their names"
    )
    if isinstance(data, np.ndarray | torch.Tensor | Mapping):
        items: list[Any] = [data]
    elif isinstance(data, str | bytes):
        raise CalibrationError(f"calibration data is a {type(data).__name__}, expected tensors", hint=wanted)
    elif isinstance(data, tuple) and len(specs) > 1 and all(isinstance(x, torch.Tensor | np.ndarray) for x in data):
        items = [data]
    else:
        try:
            items = list(data)
        except TypeError:
            raise CalibrationError(
                f"calibration data is a {type(data).__name__}, expected tensors", hint=wanted
            ) from None
    batches: list[Batch] = []
    for item in items:
        try:
            inputs = _inputs_of(item, specs, structure)
            batches += split(stack_samples(specs, inputs, what="calibration data"), chunk)
        except InputError as error:
            raise CalibrationError(error.message, hint=error.hint or wanted) from None
    if not any(len(batch[0]) for batch in batches):
        raise CalibrationError("there is no calibration data", hint="give some samples, e.g. 100 of the training set")
    return batches


def _inputs_of(item: Any, specs: Sequence[InputSpec], structure: Structure | None) -> tuple[Any, ...]:
    """The inputs of a batch, or of a single sample, without what a data loader gives beside them."""
    item = as_tensors(item, what="calibration data")
    if isinstance(item, Sequence) and item and isinstance(item[0], Mapping | list | tuple):
        item = item[0]  # inputs that lie together, and labels
    if isinstance(item, Mapping) and structure is not None:
        inputs = structure.by_name(item, what="calibration data", more=True)
    elif isinstance(item, torch.Tensor):
        inputs = (item,)
    elif isinstance(item, Sequence) and not isinstance(item, str | bytes):
        inputs = tuple(item)[: len(specs)]
    else:
        raise InputError(f"a sample of the calibration data is a {type(item).__name__}")
    # A sample without its batch dimension.
    return tuple(
        tensor.unsqueeze(0)
        if isinstance(tensor, torch.Tensor) and not tensor.is_nested and tuple(tensor.shape) == spec.shape[1:]
        else tensor
        for tensor, spec in zip(inputs, specs, strict=False)
    )


class _Maximum:
    """Largest magnitude seen."""

    def __init__(self, _: int) -> None:
        self.value = 0.0

    def update(self, values: torch.Tensor) -> None:
        if values.numel():
            self.value = max(self.value, float(values.abs().max()))


class _Errors:
    """Squared error of each candidate format."""

    def __init__(self, absmax: float, width: int) -> None:
        self.limit = 2.0 ** (width - 1)
        self.absmax = absmax
        self.bits = _candidates(absmax, width)
        self.errors = [0.0] * len(self.bits)

    def update(self, values: torch.Tensor) -> None:
        for index, bits in enumerate(self.bits):
            self.errors[index] += float(_squared_error(values, bits, self.limit).sum())

    def best(self) -> float:
        if not self.bits:
            return 0.0
        return (self.limit - 1) * 2.0 ** -self.bits[self.errors.index(min(self.errors))]


def _candidates(absmax: float, width: int) -> list[int]:
    """Fractional bits of the format that just holds `absmax`, and of the finer ones to compare; none for zero."""
    if absmax == 0:
        return []
    limit = 2.0 ** (width - 1) - 1
    bits = math.floor(math.log2(limit / absmax))
    while absmax * 2.0**bits > limit:
        bits -= 1
    return [bits + extra for extra in range(SEARCH)]


def _squared_error(values: torch.Tensor, bits: int, limit: float) -> torch.Tensor:
    scaled = values * 2.0**bits
    return ((scaled - torch.round(scaled).clamp_(-limit, limit - 1)) * 2.0**-bits).square()


def _slice_absmax(values: torch.Tensor, method: str, width: int) -> list[float]:
    """`absmax` of each slice along dimension 0 of a parameter; minus infinity, in a mask, is the least f32."""
    values = values.clamp(min=torch.finfo(torch.float32).min)
    slices = values.reshape(len(values), -1) if values.dim() else values.reshape(1, 1)
    largest: list[float] = slices.abs().amax(1).tolist()
    # A parameter of one dimension is a bias or a statistic: it is not rounded to `width` bits.
    if method == "max" or values.dim() < 2:
        return largest
    result = []
    for row, absmax in zip(slices, largest, strict=True):
        errors = _Errors(absmax, width)
        errors.update(row)
        result.append(errors.best())
    return result


def _run(
    interpreter: Interpreter,
    values: Parameters,
    batches: list[Batch],
    make: Callable[[int], Any],
    progress: Progress,
    what: str,
) -> dict[int, Any]:
    """Runs all batches and gives every node's results to a statistic of its own, keyed by the node's position."""
    positions = {op.operation: index for index, op in enumerate(interpreter.function.entry_block.operations)}
    statistics: dict[int, Any] = {}

    def observe(op: Any, values: torch.Tensor) -> None:
        if not values.dtype.is_floating_point:
            return
        # What a mask adds to what softmax must not see has no part in a range.
        hidden = values <= -xp.HIDING_MAGNITUDE
        if bool(hidden.any()):
            values = values[~hidden]
        if not bool(torch.isfinite(values).all()):
            raise CalibrationError(
                f"node '{xp.node_name(op)}' gives NaN or infinite values on the calibration data",
                hint="check the data and the weights",
            )
        key = positions[op.operation]
        if key not in statistics:
            statistics[key] = make(key)
        statistics[key].update(values)

    interpreter.observers.append(observe)
    done, total, told = 0, sum(len(batch[0]) for batch in batches), time.monotonic()
    try:
        for batch in batches:
            interpreter.run(values, [part.detach().cpu() for part in batch])
            done += len(batch[0])
            STATUS.part(done, total)
            if time.monotonic() - told > 1.0:
                progress(f"calibrate: {what} over {done} of {total} samples")
                told = time.monotonic()
    finally:
        interpreter.observers.pop()
    return statistics
