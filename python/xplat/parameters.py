"""Values of parameters: those of the model as they are, derived ones by their derivation.

Everything is computed in float64; a quantized parameter is rounded once, half to even, from the float64 value
of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.errors import DesignFileError
from xplat.formats import fixed_point

Sources = list[torch.Tensor]


def evaluate_parameters(module: ir.Module, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Every `xplat.param` of the module by symbol.

    Quantized parameters are int64 tensors of stored integers, all others float64. `state`: the model's own
    parameters by symbol. Raises `DesignFileError` when one is missing or has another shape than the module says.
    """
    params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
    values: dict[str, torch.Tensor] = {}

    def evaluate(symbol: str) -> torch.Tensor:
        if symbol not in values:
            op = params[symbol]
            values[symbol] = _own(op, state) if op.derivation is None else _derived(op, evaluate)
        return values[symbol]

    return {symbol: evaluate(symbol) for symbol in params}


def parameter_values(module: ir.Module, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Like `evaluate_parameters`, but what quantized parameters mean, as float64, exactly."""
    values = evaluate_parameters(module, state)
    for op in module.body.operations:
        if isinstance(op, xp.ParamOp) and (form := fixed_point(op.type_.value)) is not None:
            values[op.sym_name.value] = form.to_values(values[op.sym_name.value])
    return values


def _own(op: xp.ParamOp, state: Mapping[str, torch.Tensor]) -> torch.Tensor:
    symbol, shape = op.sym_name.value, list(op.type_.value.shape)
    if symbol not in state:
        raise DesignFileError(f"parameter '{symbol}' has no values", hint="keep the weights beside the design")
    value = state[symbol]
    if list(value.shape) != shape:
        raise DesignFileError(f"parameter '{symbol}' has shape {list(value.shape)}, expected {shape}")
    return value.detach().to("cpu", torch.float64)


def _derived(op: xp.ParamOp, evaluate: Callable[[str], torch.Tensor]) -> torch.Tensor:
    derivation = op.derivation
    sources = [evaluate(source.value) for source in derivation.sources]
    return _DERIVATIONS[xp.DerivationKind(derivation.kind)](op, sources)


def _fold_batch_norm_weight(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    gamma, variance = sources[-2:]
    factor = gamma / torch.sqrt(variance + op.derivation.epsilon.value)
    shape = list(op.type_.value.shape)
    weight = sources[0] if len(sources) == 3 else torch.ones(shape, dtype=torch.float64)
    return weight * factor.reshape([-1] + [1] * (len(shape) - 1))


def _fold_batch_norm_bias(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    gamma, beta, mean, variance = sources[-4:]
    bias = sources[0] if len(sources) == 5 else torch.zeros_like(mean)
    return (bias - mean) * gamma / torch.sqrt(variance + op.derivation.epsilon.value) + beta


def _channels_last_columns(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    (weight,) = sources
    return weight.reshape(weight.shape[0], *op.derivation.shape).permute(0, 2, 3, 1).reshape(weight.shape)


def _quantize(op: xp.ParamOp, sources: Sources) -> torch.Tensor:
    form = fixed_point(op.type_.value)
    assert form is not None, "a parameter quantized into f32"
    return form.to_integers(sources[0])


_DERIVATIONS: dict[xp.DerivationKind, Callable[[xp.ParamOp, Sources], torch.Tensor]] = {
    xp.DerivationKind.fold_batch_norm_weight: _fold_batch_norm_weight,
    xp.DerivationKind.fold_batch_norm_bias: _fold_batch_norm_bias,
    xp.DerivationKind.channels_last_columns: _channels_last_columns,
    xp.DerivationKind.quantize: _quantize,
}
