# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plain calls of copies of the model: whether it runs on its example inputs, and whether it remembers a call.

torch.export traces one call. What a model keeps for its next one, in whatever object, would silently stay as that
call left it; so results are compared. Calls before the trace also fill caches that lie outside of the model
(`functools.lru_cache`, tables of a file) with tensors that have values, where the trace would leave its own.
"""

from __future__ import annotations

import copy
import pickle
import random
import warnings
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from xplat.frontend.capture.weightless import fake_mode_of
from xplat.support.quiet import quiet

COPIED = 1 << 26
"""Elements up to which parameters are copied for the trial; those of larger models are shared with the copy."""
TOLERANCE = 1e-4
"""Difference between equal calls, relative to the largest value, that is the rounding of sums in another order."""

Inputs = tuple[torch.Tensor, ...]
Keywords = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Trial:
    """The result of the trial calls; nothing is known of a model that cannot be copied."""

    model: torch.nn.Module | None = None
    """The copy that was called first."""
    failure: Exception | None = None
    """Of the first call."""
    remembers: bool | None = None
    """Whether a call gives something else, or fails, once the model has been called on another sample; without
    values, whether it computes something else. None when that is not known."""


def try_calls(model: torch.nn.Module, inputs: Inputs, kwargs: Keywords) -> Trial:
    """Calls one copy of the model on the inputs, and another on other inputs and then on these, each call with the
    same random numbers."""
    with quiet(), torch.compiler.set_stance("force_eager"):
        try:
            copied, used = _copy(model), _copy(model)
        except Exception:
            return Trial()
        draws = Draws()
        try:
            first = _outcome(copied, inputs, kwargs)
        except Exception as error:
            return Trial(copied, failure=error)
        finally:
            draws.restore()
        try:
            used(*map(_another, inputs), **{key: _another(tensor) for key, tensor in kwargs.items()})
        except Exception:
            pass  # not every sample need be one that the model takes
        finally:
            draws.restore()
        try:
            again = _outcome(used, inputs, kwargs)
        except Exception:
            return Trial(copied, remembers=True)
        finally:
            draws.restore()
    differ = len(first) != len(again) or not all(map(_same, first, again))
    return Trial(copied, remembers=differ)


class Draws:
    """The random number generators of Python, NumPy and PyTorch at one time."""

    def __init__(self) -> None:
        self._python = random.getstate()
        self._numpy: Any = numpy.random.get_state(legacy=False)
        self._torch = torch.get_rng_state()

    def restore(self) -> None:
        """Puts them back."""
        random.setstate(self._python)
        numpy.random.set_state(self._numpy)
        torch.set_rng_state(self._torch)

    def others_than_torchs(self) -> bool:
        """Whether numbers have been drawn from Python's or NumPy's since, which torch.export takes for constants."""
        same = pickle.dumps(numpy.random.get_state(legacy=False)) == pickle.dumps(self._numpy)
        return random.getstate() != self._python or not same


def _copy(model: torch.nn.Module) -> torch.nn.Module:
    """A copy, with parameters of its own that share their values with the model's where these are many."""
    memo: dict[int, Any] = {}
    if sum(parameter.numel() for parameter in model.parameters()) > COPIED:
        memo = {id(p): torch.nn.Parameter(p.detach(), p.requires_grad) for p in model.parameters()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of copies of tensors without values
        return copy.deepcopy(model, memo)


def _outcome(model: torch.nn.Module, inputs: Inputs, kwargs: Keywords) -> list[Any]:
    """The leaves of the model's result; without values the operations that it calls."""
    inputs, kwargs = pytree.tree_map(torch.clone, (inputs, kwargs))
    if fake_mode_of(model) is None:
        return pytree.tree_leaves(model(*inputs, **kwargs))
    with _Operations() as operations:
        model(*inputs, **kwargs)
    return operations.called


class _Operations(TorchDispatchMode):
    """Notes each operation that is called, with its arguments: shapes in place of tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        shapes = pytree.tree_map_only(torch.Tensor, lambda tensor: tuple(tensor.shape), (args, kwargs))
        self.called.append(f"{func} {shapes}")
        return func(*args, **(kwargs or {}))


def _another(tensor: torch.Tensor) -> torch.Tensor:
    """Another sample of the same kind."""
    other = tensor.flip(-1).clone()
    return other * 0.5 if tensor.dtype.is_floating_point else other


def _same(a: Any, b: Any) -> bool:
    """Whether two results are the same, to rounding; objects of which nothing is known are."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        if not a.numel() or not a.dtype.is_floating_point:
            return torch.equal(a, b)
        finite = a[a.isfinite()]
        bound = TOLERANCE * float(finite.abs().max()) if finite.numel() else 0.0
        return torch.allclose(a, b, rtol=0.0, atol=bound, equal_nan=True)
    known = (int, float, str, torch.Tensor, type(None))
    return bool(a == b) if isinstance(a, known) and isinstance(b, known) else True
