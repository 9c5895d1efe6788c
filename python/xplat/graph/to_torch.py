# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Back to PyTorch: a graph as a trainable `nn.Module` with the original model's names.

The module holds the model's own parameters and buffers under the original state-dict keys, in the original order;
forward runs the graph, whatever passes have made of it, on parameters that are derived from them anew each time. So
gradients reach the model's own tensors through folded normalisation, permuted columns, masks and rounding (straight
through: Bengio et al. 2013). Invariant: `eval()` computes what `run_reference` computes, bit for bit once quantized.
"""

from __future__ import annotations

import operator
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import torch

from xplat import ir
from xplat.graph.state import StateEntry, is_extra_state
from xplat.graph.structure import Structure, nested
from xplat.interpreter import Interpreter, split, stack_samples
from xplat.interpreter.parameters import Parameters
from xplat.mlir import text_of
from xplat.support.errors import InputError, XplatError

KEPT_ELEMENTS = 1 << 27
"""Most elements of a module's tensors whose derived parameters are kept from one evaluation to the next."""


def to_torch(
    module: ir.Module,
    parameters: Mapping[str, torch.Tensor],
    state: Sequence[StateEntry],
    structure: Structure | None = None,
) -> XplatModule:
    """The graph as an `nn.Module`. `parameters`: values by symbol; `state`: the model's state dict, key by key.

    Gradients are those of the graph, which holds no `detach()` and no `torch.no_grad()` of the model.
    Raises `XplatError` when values of the state are missing.
    """
    return XplatModule(module, parameters, state, structure)


class Part(torch.nn.Module):
    """A module of the original model: it has a name, parameters, buffers and children, and cannot be called alone."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._xplat_kind = kind

    def _get_name(self) -> str:
        return self._xplat_kind

    def __getitem__(self, index: int | str) -> Any:
        """The part or parameter that a container of the model holds at `index`."""
        if isinstance(index, int) and not 0 <= index < len(self._modules) + len(self._parameters):
            raise IndexError(f"'{self._xplat_kind}' has no part {index}")
        return getattr(self, str(index))

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """A part has no function of its own: passes may have merged it with others."""
        raise XplatError(
            f"'{self._xplat_kind}' is a part of an xplat module and cannot be called", hint="call the whole module"
        )


class XplatModule(torch.nn.Module):
    """A graph that is called, trained and saved like the model it was made from.

    In `eval()` a quantized graph is computed in float64, so that every result is exact; in `train()` in float32,
    with gradients straight through roundings. Batch normalisation uses its running statistics and dropout does
    nothing in both modes; running statistics are buffers and stay as they are. The row of an embedding that is for
    padding (`padding_idx`) is trained like the others. Takes batches [batch, …] and gives
    what the model gives, floating point as float32: for one sample in the model's shape; the results of several
    samples lie one behind the other along the first dimension, whatever that is (three samples of [24] are [72]), and
    numbers without dimensions become [samples]. The result is nested as the model's, except that it is a plain tuple
    of tensors where that has a class that torch cannot write down (named tuples). Extra state (`get_extra_state`) in
    a state dict is left out.
    """

    def __init__(
        self,
        module: ir.Module,
        parameters: Mapping[str, torch.Tensor],
        state: Sequence[StateEntry],
        structure: Structure | None,
    ) -> None:
        super().__init__()
        self._xplat_text = text_of(module)
        self._xplat_structure = structure
        self._xplat_kinds = dict(structure.modules) if structure is not None else {}
        # Which key holds each canonical one: the tensors themselves are looked up when they are used.
        self._xplat_keys = {entry.key for entry in state if entry.alias_of is None}
        held = {entry.key for entry in state}
        self._xplat_constants = {symbol: value for symbol, value in parameters.items() if symbol not in held}
        self._xplat_kept: tuple[dict[str, torch.Tensor], Parameters] | None = None
        self._register(parameters, state)

    # ---- the tree of the model

    def _register(self, parameters: Mapping[str, torch.Tensor], state: Sequence[StateEntry]) -> None:
        tensors: dict[str, torch.Tensor] = {}
        missing = []
        for entry in state:
            owner, name = self._owner(entry.key)
            if entry.alias_of is not None:
                tensor = tensors.get(entry.alias_of)
            else:
                tensor = _initial(entry, parameters)
            if tensor is None:
                missing.append(entry.key)
                continue
            tensors[entry.key] = tensor
            if entry.kind == "parameter" and isinstance(tensor, torch.nn.Parameter):
                owner.register_parameter(name, tensor)
            else:
                # A tied buffer is one tensor under all of its names.
                buffer = tensor.detach() if isinstance(tensor, torch.nn.Parameter) else tensor
                owner.register_buffer(name, buffer, persistent=entry.persistent)
        if missing:
            raise XplatError(
                f"{len(missing)} tensors of the model have no values, first '{missing[0]}'",
                hint="give a state dict: graph.with_state_dict(state_dict)",
            )
        for path in self._xplat_kinds:
            # Parts without any state, such as activations.
            self._part(path)

    def _owner(self, key: str) -> tuple[torch.nn.Module, str]:
        path, _, name = key.rpartition(".")
        return self._part(path), name

    def _part(self, path: str) -> torch.nn.Module:
        part: torch.nn.Module = self
        walked = ""
        for name in path.split(".") if path else []:
            walked = f"{walked}.{name}" if walked else name
            if name not in part._modules:
                part.add_module(name, Part(self._xplat_kinds.get(walked, "Module")))
            part = part._modules[name]  # type: ignore[assignment]
        return part

    # ---- running

    @cached_property
    def _xplat_interpreter(self) -> Interpreter:
        return Interpreter.create(ir.Module.parse(self._xplat_text, ir.Context()))

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """As the model's own `forward`; inputs [batch, …]. Raises `InputError` when they do not fit."""
        interpreter, structure = self._xplat_interpreter, self._xplat_structure
        if structure is None:
            if kwargs:
                raise InputError("this graph takes its inputs by position", hint="call it without keywords")
            inputs: tuple[torch.Tensor, ...] = args
        else:
            inputs = structure.bind(args, kwargs)
        samples = stack_samples(interpreter.inputs, inputs)
        values = self._xplat_values()
        # Without gradients nothing has to be kept, so memory can be bounded.
        size = max(len(samples[0]), 1) if torch.is_grad_enabled() else interpreter.chunk
        if not len(samples[0]):
            raise InputError("there are no samples")
        outputs = interpreter.joined(interpreter.run(values, chunk) for chunk in split(samples, size))
        return nested(outputs, structure)

    def _xplat_values(self) -> Parameters:
        """The graph's parameters, derived from the module's tensors as they are now."""
        interpreter = self._xplat_interpreter
        if self.training:
            return Parameters(interpreter.module, _State(self), dtype=torch.float32, precision=torch.float32)
        fresh = Parameters(interpreter.module, _State(self), dtype=interpreter.dtype)
        if torch.is_grad_enabled():
            return fresh
        # Batch after batch of an evaluation has the same parameters. Versions of tensors would not tell of changes
        # through `.data`, so the tensors themselves are compared.
        tensors = {key: fresh.state[key] for key in self._xplat_keys if key in fresh}
        if sum(tensor.numel() for tensor in tensors.values()) > KEPT_ELEMENTS:
            return fresh
        if self._xplat_kept is not None:
            known, values = self._xplat_kept
            if all(_identical(tensor, known[key]) for key, tensor in tensors.items()):
                return values
        # Kept are copies of what was computed from copies: the tensors themselves may change, or be another's.
        copies = {key: tensor.clone() for key, tensor in tensors.items()}
        kept = Parameters(interpreter.module, ChainMap(copies, dict(fresh.state)), dtype=interpreter.dtype)
        self._xplat_kept = copies, kept
        return kept

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *args: Any) -> None:
        """Leaves the extra state of the model's own modules out: parts have no code that it could be for."""
        for key in [key for key in state_dict if key.startswith(prefix) and is_extra_state(key)]:
            del state_dict[key]
        super()._load_from_state_dict(state_dict, prefix, *args)

    # ---- copying and pickling: the graph travels as text

    def __getstate__(self) -> dict[str, Any]:
        state = {key: value for key, value in self.__dict__.items() if key != "_xplat_interpreter"}
        return {**state, "_xplat_kept": None}


class _State(Mapping[str, torch.Tensor]):
    """The module's tensors by canonical key, as they are now, and constants of the graph."""

    def __init__(self, module: XplatModule) -> None:
        self._module = module

    def __getitem__(self, symbol: str) -> torch.Tensor:
        module = self._module
        if symbol in module._xplat_keys:
            # As attributes, so that parametrisations and torch.func.functional_call are seen.
            tensor = operator.attrgetter(symbol)(module)
            return tensor.float() if tensor.dtype in (torch.float16, torch.bfloat16) else tensor
        constant = module._xplat_constants[symbol]
        device = next((tensor.device for tensor in module.parameters()), constant.device)
        return constant.to(device)

    def __iter__(self) -> Iterator[str]:
        yield from self._module._xplat_keys
        yield from self._module._xplat_constants

    def __len__(self) -> int:
        return len(self._module._xplat_keys) + len(self._module._xplat_constants)


def _identical(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and a.device == b.device and torch.equal(a, b)


def _initial(entry: StateEntry, parameters: Mapping[str, torch.Tensor]) -> torch.Tensor | None:
    """A tensor of its own for an entry of the state; None when there are no values."""
    dtype = getattr(torch, entry.dtype)
    value = parameters.get(entry.key)
    if value is None:
        # A counter, which old checkpoints lack.
        return torch.zeros((), dtype=dtype) if entry.shape == () and not dtype.is_floating_point else None
    typed = value.detach().to(dtype)
    if not torch.equal(typed.to(value.dtype), value):
        typed = value.detach()
    typed = typed.clone()
    return torch.nn.Parameter(typed, requires_grad=entry.trainable) if entry.kind == "parameter" else typed
