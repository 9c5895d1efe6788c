"""What an imported model is: a module of xplat nodes and the parameters it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.graph.channels import check_removed_channels
from xplat.graph.origin import Origin
from xplat.graph.state import StateEntry, check_parameters, values_from
from xplat.graph.structure import Structure
from xplat.graph.to_torch import XplatModule, to_torch
from xplat.mlir import text_of
from xplat.support.errors import ModelImportError


@dataclass(frozen=True)
class Note:
    """A node that became `xplat.aten`: its name, the operation, why no op of xplat's own fits, and its place.

    Or what is left out: a conversion to a floating-point type narrower than f32, or a detach in training.
    """

    node: str
    operation: str
    reason: str
    origin: Origin

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True)
class Graph:
    """A model as xplat nodes.

    `module` holds the function `name` and an `xplat.param` for each parameter it uses. `parameters` has values by
    symbol, which is the key in the model's state dict: floating point as float32, on the CPU. Values of state that
    the graph does not use are there too; all are absent when the model was imported without weights. `state` is
    the inventory of the model's whole state dict, tied weights and unused buffers included. `notes`: the nodes that
    are operations of PyTorch (`xplat.aten`), and why; and what is left out: roundings to narrower floats, detaches.
    """

    module: ir.Module
    parameters: Mapping[str, torch.Tensor]
    name: str = "forward"
    state: tuple[StateEntry, ...] = ()
    structure: Structure | None = None
    """How the model is called and what modules it has."""
    notes: tuple[Note, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The model's own parameters that the graph uses and that have no values."""
        own = (op for op in self.module.body.operations if isinstance(op, xp.ParamOp) and op.derivation is None)
        return tuple(op.sym_name.value for op in own if op.sym_name.value not in self.parameters)

    @property
    def has_values(self) -> bool:
        """Whether every parameter has values: the graph can be run and calibrated."""
        return not self.missing

    def require_values(self, purpose: str) -> None:
        """Raises `ModelImportError` when the graph was imported without values, which `purpose` (`to …`) needs."""
        if missing := self.missing:
            raise ModelImportError(
                f"{len(missing)} parameters have no values, first '{missing[0]}'; {purpose} needs them",
                hint="give a state dict: import_model(…, state_dict=…), or graph.with_parameters(state_dict)",
            )

    def with_module(self, module: ir.Module) -> Graph:
        """The same parameters with another module, e.g. one that passes have transformed."""
        return replace(self, module=module)

    def with_parameters(self, state_dict: Mapping[str, torch.Tensor]) -> Graph:
        """The same graph with the values of a state dict of the model.

        Raises `ModelImportError` that lists every key that is missing, unknown, of another shape, or not finite, or
        that is not zero in channels that have been removed because they were.
        """
        values = values_from(self.state, state_dict)
        check_parameters(values)
        parameters = {**self.parameters, **values}
        check_removed_channels(self.module, parameters)
        return replace(self, parameters=parameters)

    def with_constants(self, constants: Mapping[str, torch.Tensor]) -> Graph:
        """The same graph with further values by symbol that are no state of the model, e.g. the masks of pruning."""
        return replace(self, parameters={**self.parameters, **constants})

    def to_torch(self) -> XplatModule:
        """The graph as a trainable `nn.Module` with the model's own module names and state-dict keys.

        Gradients go through what the model detaches or computes under `torch.no_grad()`: see docs/HowTo/fine-tune.md.
        """
        return to_torch(self.module, self.parameters, self.state, self.structure)

    def copy(self) -> Graph:
        """A graph whose module can be changed without changing this one."""
        text = text_of(self.module)
        return self.with_module(ir.Module.parse(text, self.module.context))

    def __str__(self) -> str:
        return str(self.module)
