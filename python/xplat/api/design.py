"""A compiled design: what `xplat.compile` returns."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.graph.channels import check_removed_channels
from xplat.graph.reference import run_reference
from xplat.graph.samples import Samples, in_order
from xplat.graph.state import StateEntry, check_parameters, values_from
from xplat.graph.structure import Structure, default_result_names, nested
from xplat.graph.to_torch import XplatModule, to_torch
from xplat.hardware.emit import emit
from xplat.hardware.sim import Simulation, simulate_samples
from xplat.hardware.sim.verilator import find_verilator
from xplat.interpreter import InputSpec, check_inputs
from xplat.interpreter.parameters import check_compressed
from xplat.mlir import Boundary, entry_of, extents, text_of
from xplat.support.errors import DesignFileError, InputError
from xplat.support.output import output_directory
from xplat.support.progress import Progress, silent
from xplat.views.plot import plot_module
from xplat.views.report import Report, build_report


@dataclass(frozen=True)
class Design:
    """A model mapped to a system.

    `module`: the dataflow form, every op bound and placed. `network`: the quantized network on tensors, which
    the reference runs. `parameters`: the model's own, by state-dict key. `seconds`: of each compile stage.
    `state`: the inventory of the model's whole state dict. `structure`: how the model is called.
    """

    module: ir.Module
    network: ir.Module
    parameters: Mapping[str, torch.Tensor]
    seconds: Mapping[str, float] = field(default_factory=dict)
    state: tuple[StateEntry, ...] = ()
    structure: Structure | None = None

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shape of one sample of each of the model's inputs."""
        return tuple(tuple(extents(argument)[1:]) for argument in entry_of(self.network).arguments)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Name of each of the model's inputs, as its `forward` has it."""
        boundary = Boundary.of(entry_of(self.network))
        names = dict(zip(boundary.arguments, (xp.node_name(op) for op in boundary.inputs), strict=True))
        default = tuple(names.get(index, str(index)) for index in range(len(self.input_shapes)))
        return default if self.structure is None else self.structure.inputs

    @property
    def result_names(self) -> tuple[str, ...]:
        """Name of each tensor in the model's result: keys and positions on the way to it, joined by dots.

        `output` where the result is one tensor.
        """
        if self.structure is not None:
            return self.structure.result_names
        return default_result_names(len(Boundary.of(entry_of(self.network)).results))

    def report(self) -> Report:
        """Throughput, latency, limits, use of each device and every node; `print()` it or take `.json()`."""
        return build_report(self.module, inputs=self.input_names, results=self.result_names)

    def reference(self, x: Samples) -> Any:
        """Bit-exact integer reference: `x` of shape [batch, …] in float, the result's exact values in float32.

        Several inputs are a sequence in the order of the model's `forward`, or a mapping by its names; NumPy arrays
        are as good as tensors. The result is nested as the model's: a tensor, a tuple, a dictionary. (A plain tuple of
        tensors where it has a class that torch cannot write down, such as a named tuple.)
        """
        return run_reference(self.network, self.parameters, x, structure=self.structure)

    def to_torch(self) -> XplatModule:
        """The quantized network as a trainable `nn.Module` with the model's own names and state-dict keys.

        In `eval()` it gives what `reference` gives, bit for bit; in `train()` gradients pass straight through
        roundings. `with_state_dict` takes the trained weights back.
        """
        return to_torch(self.network, self.parameters, self.state, self.structure)

    def with_state_dict(self, state_dict: Mapping[str, torch.Tensor]) -> Design:
        """The same design with other weights, e.g. those that `to_torch()` was trained to.

        Everything derived from the weights follows: folded and quantized parameters, memories of the hardware.
        Number formats stay as calibration chose them; where training has left their range, quantize anew from the
        new weights instead. Raises `ModelImportError` that lists every key that does not fit, and channels that were
        removed because they were zero and no longer are; also for weights that are not zero where a kernel skips them.
        """
        values = values_from(self.state, state_dict)
        check_parameters(values)
        parameters = {**self.parameters, **values}
        check_removed_channels(self.network, parameters)
        check_compressed(self.module, parameters)
        return replace(self, parameters=parameters)

    def emit(self, directory: str | Path) -> Path:
        """Writes SystemVerilog, weight memories, test bench and tool scripts to `directory`; returns its path.

        Raises `OutputDirError` when the folder cannot be written; nothing half-written is left behind.
        """
        return emit(self.module, self.parameters, directory, inputs=self.input_names, results=self.result_names)

    def simulate(
        self,
        x: Samples,
        *,
        links: bool = True,
        backpressure: float = 0.0,
        seed: int = 0,
        progress: Progress = silent,
    ) -> Simulation:
        """Simulates the design's RTL on the samples `x` with Verilator; `x` and the outputs are as for `reference`.

        `links`: with the serial links between devices, or with direct connections. `backpressure`: probability
        in each cycle that the source offers nothing and that the sink accepts nothing. Raises `ToolMissingError`
        without Verilator, `InputError` for samples that the design cannot take or none, `SimulationError` on a
        deadlock.
        """
        find_verilator()
        specs = [InputSpec.of(argument.type) for argument in entry_of(self.network).arguments]
        tensors = check_inputs(specs, in_order(x, self.structure))
        if not len(tensors[0]):
            raise InputError("there are no samples to simulate", hint="give at least one")
        with tempfile.TemporaryDirectory(prefix="xplat-design-") as scratch:
            folder = self.emit(Path(scratch) / "design")
            result = simulate_samples(
                folder, tensors, links=links, backpressure=backpressure, seed=seed, progress=progress
            )
        return replace(result, outputs=nested(result.outputs, self.structure))

    def plot(self, file: str | Path) -> Path:
        """Draws the graph coloured by device into `file` (.svg, .png or .pdf)."""
        return plot_module(self.module, self.report(), Path(file))

    def save(self, directory: str | Path) -> Path:
        """Writes everything that `load` needs into `directory`."""
        from safetensors.torch import save_file

        with output_directory(directory) as folder:
            (folder / "design.mlir").write_text(text_of(self.module), encoding="utf-8")
            (folder / "network.mlir").write_text(text_of(self.network), encoding="utf-8")
            tensors = {name: tensor.detach().clone().contiguous() for name, tensor in self.parameters.items()}
            save_file(tensors, folder / "parameters.safetensors")
            (folder / "stages.json").write_text(json.dumps(dict(self.seconds), indent=2))
            structure = self.structure.to_json() if self.structure is not None else None
            state = {"state": [entry.to_json() for entry in self.state], "structure": structure}
            (folder / "state.json").write_text(json.dumps(state))
        return Path(directory)

    @staticmethod
    def load(directory: str | Path) -> Design:
        """Reads what `save` wrote. Raises `DesignFileError` when the folder holds no design or a broken one."""
        from safetensors.torch import load_file

        folder = Path(directory)
        names = ("design.mlir", "network.mlir", "parameters.safetensors", "stages.json", "state.json")
        files = [folder / name for name in names]
        for file in files:
            if not file.is_file():
                raise DesignFileError(
                    f"'{folder}' holds no design: '{file.name}' is missing",
                    hint="make one with: xplat compile … --output DIR",
                )
        context = ir.Context()
        try:
            module, network = (ir.Module.parse(file.read_text(encoding="utf-8"), context) for file in files[:2])
            for part in (module, network):
                entry_of(part)
            if not any(isinstance(op, xp.MappingOp) for op in module.body.operations):
                raise DesignFileError("'design.mlir' has no 'xplat.mapping'")
            state = json.loads(files[4].read_text())
            structure = Structure.from_json(state["structure"]) if state["structure"] is not None else None
            return Design(
                module=module,
                network=network,
                parameters=load_file(files[2]),
                seconds=json.loads(files[3].read_text()),
                state=tuple(StateEntry.from_json(entry) for entry in state["state"]),
                structure=structure,
            )
        except Exception as error:
            raise DesignFileError(f"'{folder}' holds a broken design: {error}", hint="compile it again") from error
