# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network: a module of xplat nodes and the parameters it names, imported or quantized, and how it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.graph.channels import check_removed_channels
from xplat.graph.origin import Origin
from xplat.graph.reference import run_reference
from xplat.graph.samples import Samples, as_tensors
from xplat.graph.sparsity import with_sparsity
from xplat.graph.state import StateEntry, check_parameters, values_from
from xplat.graph.structure import Structure, default_result_names
from xplat.graph.to_torch import XplatModule, to_torch
from xplat.mlir import Boundary, entry_of, extents, text_of
from xplat.support.deprecated import moved, warn
from xplat.support.errors import DesignFileError, InputError, ModelImportError
from xplat.support.output import output_directory
from xplat.support.progress import Progress, logged
from xplat.support.versions import FileKind

HEADER = "xplat.json"
"""The file with kind and version of a saved graph or design."""
GRAPH, VALUES = "graph.mlir", "parameters.safetensors"
"""The other files of a saved graph."""
GRAPH_FILE = FileKind("graph", version=1, error=DesignFileError, remedy="import or quantize the model again")


@dataclass(frozen=True)
class Note:
    """A node that became `xplat.aten`: its name, the operation, why no op of xplat's own fits, and its place.

    Or what is left out: a conversion to a floating-point type narrower than f32, or a detach in training. Or a function
    that has no polynomials within the error that is asked for.
    """

    node: str
    operation: str
    reason: str
    origin: Origin

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True)
class Graph:
    """A network as xplat nodes: as it was imported (f32), or quantized.

    `module` holds the function `name` and an `xplat.param` for each parameter it uses. `parameters` has values by
    symbol, which is the key in the model's state dict: floating point as float32, on the CPU, as they were before
    rounding. Values of state that the graph does not use are there too; all are absent when the model was imported
    without weights. `state` is the inventory of the model's whole state dict, tied weights and unused buffers included.
    `notes`: the nodes that are operations of PyTorch (`xplat.aten`), and why; and what is left out: roundings to
    narrower floats, detaches; and functions without polynomials. `seconds`: of each stage that made a quantized graph.
    """

    module: ir.Module
    parameters: Mapping[str, torch.Tensor]
    name: str = "forward"
    state: tuple[StateEntry, ...] = ()
    structure: Structure | None = None
    """How the model is called and what modules it has."""
    notes: tuple[Note, ...] = ()
    quantized: bool = False
    """Whether `xplat.quantize` has chosen the format of every value and parameter."""
    seconds: Mapping[str, float] = field(default_factory=dict)

    # ---- what it takes and gives

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shape of one sample of each of the model's inputs."""
        return tuple(tuple(extents(argument)[1:]) for argument in entry_of(self.module).arguments)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Name of each of the model's inputs, as its `forward` has it."""
        if self.structure is not None:
            return self.structure.inputs
        boundary = Boundary.of(entry_of(self.module))
        names = dict(zip(boundary.arguments, (xp.node_name(op) for op in boundary.inputs), strict=True))
        return tuple(names.get(index, str(index)) for index in range(len(self.input_shapes)))

    @property
    def result_names(self) -> tuple[str, ...]:
        """Name of each tensor in the model's result: keys and positions on the way to it, joined by dots.

        `output` where the result is one tensor.
        """
        if self.structure is not None:
            return self.structure.result_names
        return default_result_names(len(Boundary.of(entry_of(self.module)).results))

    def reference(self, x: Samples, *, progress: Progress = logged) -> Any:
        """Runs the graph: `x` of shape [batch, …]; the result in float32, of a quantized graph exact.

        Several inputs are a sequence in the order of the model's `forward`, or a mapping by its names; NumPy arrays
        are as good as tensors. The result is nested as the model's: a tensor, a tuple, a dictionary. (A plain tuple of
        tensors where it has a class that torch cannot write down, such as a named tuple.) Raises `InputError` for
        samples that do not fit.
        """
        return run_reference(self.module, self.parameters, x, structure=self.structure, progress=progress)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`reference`, with arguments as the model itself takes them, by position and by name."""
        if len(args) == 1 and not kwargs:
            return self.reference(args[0])
        if self.structure is None:
            if kwargs:
                raise InputError("the names of the inputs are not known", hint="give them in order")
            return self.reference(args)
        return self.reference(self.structure.bind(as_tensors(args), as_tensors(kwargs)))

    # ---- values

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
                hint="give a state dict: state_dict=… (on the command line --state-dict FILE), or "
                "graph.with_state_dict(state_dict)",
            )

    def with_state_dict(self, state_dict: Mapping[str, torch.Tensor]) -> Graph:
        """The same graph with the values of a state dict of the model; number formats stay as they were chosen.

        Raises `ModelImportError` that lists every key that is missing, unknown, of another shape, or not finite, or
        that is not zero in channels that have been removed because they were.
        """
        values = values_from(self.state, state_dict)
        check_parameters(values)
        parameters = {**self.parameters, **values}
        check_removed_channels(self.module, parameters)
        result = replace(self, parameters=parameters)
        return result.with_module(with_sparsity(self.module, parameters)) if self.quantized else result

    def with_parameters(self, state_dict: Mapping[str, torch.Tensor]) -> Graph:
        """Deprecated: use `with_state_dict`."""
        warn("Graph.with_parameters", "with_state_dict")
        return self.with_state_dict(state_dict)

    def with_constants(self, constants: Mapping[str, torch.Tensor]) -> Graph:
        """The same graph with further values by symbol that are no state of the model, e.g. the masks of pruning."""
        return replace(self, parameters={**self.parameters, **constants})

    def to_torch(self) -> XplatModule:
        """The graph as a trainable `nn.Module` with the model's own module names and state-dict keys.

        In `eval()` it gives what `reference` gives, bit for bit once quantized; in `train()` gradients pass straight
        through roundings. `with_state_dict` takes the trained weights back. Gradients go through what the model
        detaches or computes under `torch.no_grad()`: see docs/HowTo/fine-tune.md.
        """
        return to_torch(self.module, self.parameters, self.state, self.structure)

    # ---- other modules

    def with_module(self, module: ir.Module) -> Graph:
        """The same parameters with another module, e.g. one that passes have transformed."""
        return replace(self, module=module)

    def copy(self) -> Graph:
        """A graph whose module can be changed without changing this one."""
        text = text_of(self.module)
        return self.with_module(ir.Module.parse(text, self.module.context))

    def __str__(self) -> str:
        return str(self.module)

    # ---- files

    def save(self, directory: str | Path) -> Path:
        """Writes the graph into a folder, with values, formats and calibration, for `load`; returns its path."""
        from safetensors.torch import save_file

        with output_directory(directory) as folder:
            (folder / GRAPH).write_text(text_of(self.module), encoding="utf-8")
            tensors = {name: tensor.detach().clone().contiguous() for name, tensor in self.parameters.items()}
            save_file(tensors, folder / VALUES)
            header = {
                "name": self.name,
                "quantized": self.quantized,
                "state": [entry.to_json() for entry in self.state],
                "structure": self.structure.to_json() if self.structure is not None else None,
                "notes": [asdict(note) for note in self.notes],
                "seconds": dict(self.seconds),
            }
            (folder / HEADER).write_text(json.dumps(GRAPH_FILE.stamp(header)), encoding="utf-8")
        return Path(directory)

    @staticmethod
    def load(directory: str | Path) -> Graph:
        """Reads what `save` wrote. Raises `DesignFileError` when the folder holds no graph, a broken one, or one of
        another version."""
        from safetensors.torch import load_file

        folder = Path(directory)
        hint = "make one with graph.save(DIR), xplat import … --output DIR or xplat quantize … --output DIR"
        if not (folder / HEADER).is_file():
            raise DesignFileError(f"'{folder}' holds no graph: '{HEADER}' is missing", hint=hint)
        header = GRAPH_FILE.read(folder / HEADER)
        try:
            module = ir.Module.parse((folder / GRAPH).read_text(encoding="utf-8"), ir.Context())
            entry_of(module)
            structure = header["structure"]
            return Graph(
                module=module,
                parameters=load_file(folder / VALUES),
                name=header["name"],
                state=tuple(StateEntry.from_json(entry) for entry in header["state"]),
                structure=Structure.from_json(structure) if structure is not None else None,
                notes=tuple(Note(**{**note, "origin": Origin(**note["origin"])}) for note in header["notes"]),
                quantized=header["quantized"],
                seconds=header["seconds"],
            )
        except Exception as error:
            raise DesignFileError(f"'{folder}' holds a broken graph: {error}", hint=GRAPH_FILE.remedy) from error

    graph = moved("QuantizedModel.graph", "the graph itself: xplat.quantize returns a Graph", lambda self: self)
