# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values of parameters: those of the model as they are, derived ones by their derivation.

Derivations are differentiable torch, so that training reaches the model's own tensors through everything that passes
have made of them. The reference computes them in float64; a quantized parameter is rounded once, half to even, from
the value of its source. Running statistics of batch normalisation are buffers: constants of training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import BlockFormat, FixedPoint, FixedSigns, fake_round, format_of
from xplat.interpreter.program import Program
from xplat.interpreter.semantics import Scope
from xplat.mlir import functions_of
from xplat.support.errors import DesignFileError, ModelImportError

Sources = list[torch.Tensor]


class Parameters(Mapping[str, torch.Tensor]):
    """The value of every `xplat.param` of a module, by symbol; each is computed on first use, and kept.

    `state`: the model's own parameters by symbol. Floating-point values are in `dtype`; derived ones are computed in
    `precision`, by default float64. Integers stay as they are. Raises `DesignFileError` when one is missing or has
    another shape than the module says.
    """

    def __init__(
        self,
        module: ir.Module,
        state: Mapping[str, torch.Tensor],
        *,
        dtype: torch.dtype = torch.float64,
        precision: torch.dtype = torch.float64,
    ) -> None:
        self.module = module
        self.state = state
        self.dtype = dtype
        self.precision = precision
        self._params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
        self._precise: dict[str, torch.Tensor] = {}
        self._values: dict[str, torch.Tensor] = {}

    def __getitem__(self, symbol: str) -> torch.Tensor:
        if symbol not in self._values:
            derived = self._params[symbol].derivation is not None
            self._values[symbol] = _cast(self.precise(symbol) if derived else self._own(symbol), self.dtype)
        return self._values[symbol]

    def __iter__(self) -> Iterator[str]:
        return iter(self._params)

    def __len__(self) -> int:
        return len(self._params)

    def forget(self) -> None:
        """Drops the values that are kept: memory for one node at a time, where all of them are walked."""
        self._values.clear()
        self._precise.clear()

    def precise(self, symbol: str) -> torch.Tensor:
        """The value in `precision`: what other parameters are derived from."""
        op = self._params[symbol]
        if op.derivation is None:
            return _cast(self._own(symbol), self.precision)
        if symbol not in self._precise:
            sources = [self.precise(source.value) for source in op.derivation.sources or []]
            if xp.DerivationKind(op.derivation.kind) == xp.DerivationKind.evaluate:
                self._precise[symbol] = self._evaluate(op, sources)
            elif xp.DerivationKind(op.derivation.kind) == xp.DerivationKind.exponents:
                self._precise[symbol] = self._exponents(op, sources)
            else:
                self._precise[symbol] = _DERIVATIONS[xp.DerivationKind(op.derivation.kind)](op, sources)
        return self._precise[symbol]

    def _own(self, symbol: str) -> torch.Tensor:
        shape = list(self._params[symbol].type_.value.shape)
        if symbol not in self.state:
            raise DesignFileError(
                f"parameter '{symbol}' has no values",
                hint="keep the weights beside the design; give a graph its own by graph.with_state_dict(state_dict)",
            )
        value = self.state[symbol]
        if list(value.shape) != shape:
            raise DesignFileError(f"parameter '{symbol}' has shape {list(value.shape)}, expected {shape}")
        return value

    def _evaluate(self, op: xp.ParamOp, sources: Sources) -> torch.Tensor:
        name = op.derivation.function.value
        function = functions_of(self.module).get(name)
        if function is None:
            raise DesignFileError(f"parameter '{op.sym_name.value}' is computed by '@{name}', which does not exist")
        device = sources[0].device if sources else torch.device("cpu")
        scope = Scope(_Precise(self), self.precision, device)
        (result,) = Program.of(function).run(scope, sources, None)
        return result

    def _exponents(self, op: xp.ParamOp, sources: Sources) -> torch.Tensor:
        source = op.derivation.sources[0].value
        form = format_of(self._params[source].type_.value)
        if not isinstance(form, BlockFormat):
            raise DesignFileError(f"parameter '{op.sym_name.value}' has the exponents of '{source}', which has none")
        exponents = form.encode(sources[0].detach()).exponents
        assert exponents is not None
        return exponents


class _Precise(Mapping[str, torch.Tensor]):
    """The parameters in the precision of derivations."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __getitem__(self, symbol: str) -> torch.Tensor:
        return self._parameters.precise(symbol)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)


def evaluate_parameters(module: ir.Module, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Every `xplat.param` of the module by symbol, on the CPU.

    Fixed-point parameters are int64 tensors of stored integers, those in block and binary formats of the bit patterns
    of their elements; indices, exponents and masks are integers, all others float64.
    `state`: the model's own parameters by symbol. Raises `DesignFileError` when one is missing or has another shape
    than the module says.
    """
    values = parameter_values(module, state)
    for op in module.body.operations:
        if not isinstance(op, xp.ParamOp):
            continue
        form, symbol = format_of(op.type_.value), op.sym_name.value
        if isinstance(form, BlockFormat) or (isinstance(form, FixedSigns) and form.width == 1):
            values[symbol] = form.encode(values[symbol]).elements
        elif isinstance(form, FixedPoint):
            values[symbol] = form.to_integers(values[symbol])
    return values


def parameter_values(module: ir.Module, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Like `evaluate_parameters`, but what fixed-point parameters mean, as float64, exactly."""
    with torch.no_grad():
        return {symbol: value.detach().cpu() for symbol, value in Parameters(module, state).items()}


def check_compressed(module: ir.Module, state: Mapping[str, torch.Tensor]) -> None:
    """Raises `ModelImportError` when weights hold more numbers than a kernel that skips zeros has room for."""
    values = Parameters(module, state)
    try:
        with torch.no_grad():
            for op in module.body.operations:
                if isinstance(op, xp.ParamOp) and op.derivation is not None:
                    if xp.DerivationKind(op.derivation.kind) == xp.DerivationKind.compress:
                        values.precise(op.sym_name.value)
    except DesignFileError as error:
        raise ModelImportError(error.message, hint=error.hint) from None


def _cast(value: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return value.to(dtype) if value.dtype.is_floating_point else value


def _fold_batch_norm_weight(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    gamma, variance = sources[-2:]
    factor = gamma / torch.sqrt(variance + op.derivation.epsilon.value)
    shape = list(op.type_.value.shape)
    factor = factor.reshape([-1] + [1] * (len(shape) - 1))
    return sources[0] * factor if len(sources) == 3 else factor.expand(shape)


def _fold_batch_norm_bias(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    gamma, beta, mean, variance = sources[-4:]
    bias = sources[0] if len(sources) == 5 else torch.zeros_like(mean)
    return (bias - mean) * gamma / torch.sqrt(variance + op.derivation.epsilon.value) + beta


def _quantize(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    form = format_of(op.type_.value)
    return sources[0] if form is None else fake_round(sources[0], form)


def _transpose(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    return sources[0].permute(list(op.derivation.shape))


def _reshape(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    return sources[0].reshape(list(op.type_.value.shape))


def _select(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    indices = torch.tensor(list(op.derivation.shape), dtype=torch.int64, device=sources[0].device)
    return sources[0].index_select(op.derivation.axis.value, indices)


def _mask(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    weight, mask = sources
    if mask.dtype != torch.bool and not bool(((mask == 0) | (mask == 1)).all()):
        raise DesignFileError(
            f"parameter '{op.derivation.sources[1].value}' masks '{op.derivation.sources[0].value}' and holds other "
            "values than 0 and 1",
            hint="it was a mask when the model was imported: keep it one, or import the model with the new values",
        )
    return weight.masked_fill(mask == 0, 0)


def _compress(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    return _kept(op, sources)[0]


def _compress_index(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    kept, places = _kept(op, sources)
    places = torch.where(kept == 0, 0, places)
    return places if isinstance(op.type_.value.element_type, ir.IntegerType) else places.to(kept.dtype)


def _kept(op: xp.ParamOp, sources: Sources) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights that are not zero and their places in their groups, both [rows, slots, groups]; zeros fill up."""
    rows, slots, groups = op.type_.value.shape
    weight = sources[0].reshape(rows, -1)
    size = -(-weight.shape[1] // groups)
    weight = torch.nn.functional.pad(weight, (0, groups * size - weight.shape[1])).reshape(rows, groups, size)
    most = int((weight != 0).sum(-1).max())
    if most > slots:
        raise DesignFileError(
            f"parameter '{op.sym_name.value}' holds {slots} of {size} neighbouring weights, but {most} are not zero",
            hint="the weights were pruned when the design was made: keep what was pruned at zero",
        )
    order = torch.argsort((weight == 0).to(torch.int8), dim=-1, stable=True)[..., :slots]
    return weight.gather(-1, order).transpose(1, 2), order.transpose(1, 2)


def _every_number(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    form = format_of(op.type_.value)
    assert isinstance(form, FixedPoint)
    return form.every_number()


_DERIVATIONS: dict[xp.DerivationKind, Callable[[xp.ParamOp, Sources], torch.Tensor]] = {
    xp.DerivationKind.fold_batch_norm_weight: _fold_batch_norm_weight,
    xp.DerivationKind.fold_batch_norm_bias: _fold_batch_norm_bias,
    xp.DerivationKind.quantize: _quantize,
    xp.DerivationKind.transpose: _transpose,
    xp.DerivationKind.reshape: _reshape,
    xp.DerivationKind.select: _select,
    xp.DerivationKind.mask: _mask,
    xp.DerivationKind.compress: _compress,
    xp.DerivationKind.compress_index: _compress_index,
    xp.DerivationKind.every_number: _every_number,
}
