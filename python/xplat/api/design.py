# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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
from xplat.graph.graph import HEADER, Graph
from xplat.graph.samples import Samples, in_order
from xplat.graph.structure import nested
from xplat.graph.to_torch import XplatModule
from xplat.hardware.emit import emit
from xplat.hardware.sim import Simulation, simulate_samples
from xplat.hardware.sim.verilator import find_verilator
from xplat.interpreter import InputSpec, check_inputs
from xplat.interpreter.parameters import check_compressed
from xplat.mlir import entry_of, text_of
from xplat.support.deprecated import moved
from xplat.support.errors import DesignFileError, InputError
from xplat.support.output import output_directory
from xplat.support.progress import Progress, logged
from xplat.support.versions import FileKind
from xplat.views.plot import plot_module
from xplat.views.report import Report, build_report

GRAPH, MAPPED = "graph", "mapped.mlir"
"""The other parts of a saved design: the folder of its graph, and the dataflow form."""
OF_RELEASE_0_1 = ("design.mlir", "network.mlir", "state.json")
DESIGN_FILE = FileKind(
    "design", version=4, error=DesignFileError, remedy="compile it again: xplat compile … --output DIR"
)


@dataclass(frozen=True)
class Design:
    """A network mapped to a system.

    `graph`: the quantized network, which the reference runs, with the model's own parameters. `mapped`: the dataflow
    form, every op bound and placed. `seconds`: of each compile stage.
    """

    graph: Graph
    mapped: ir.Module
    seconds: Mapping[str, float] = field(default_factory=dict)

    def report(self) -> Report:
        """Throughput, latency, limits, use of each device and every node; `print()` it or take `.json()`."""
        return build_report(self.mapped, inputs=self.graph.input_names, results=self.graph.result_names)

    def reference(self, x: Samples) -> Any:
        """Bit-exact integer reference: `graph.reference(x)`."""
        return self.graph.reference(x)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`reference`, with arguments as the model itself takes them; the result is nested as the model's."""
        return self.graph(*args, **kwargs)

    def to_torch(self) -> XplatModule:
        """The quantized network as a trainable `nn.Module`: `graph.to_torch()`."""
        return self.graph.to_torch()

    def with_state_dict(self, state_dict: Mapping[str, torch.Tensor]) -> Design:
        """The same design with other weights, e.g. those that `to_torch()` was trained to.

        Everything derived from the weights follows: folded and quantized parameters, memories of the hardware.
        Number formats stay as calibration chose them; where training has left their range, quantize anew from the
        new weights instead. Raises `ModelImportError` that lists every key that does not fit, and channels that were
        removed because they were zero and no longer are; also for weights that are not zero where a kernel skips them.
        """
        graph = self.graph.with_state_dict(state_dict)
        check_compressed(self.mapped, graph.parameters)
        return replace(self, graph=graph)

    def emit(self, directory: str | Path) -> Path:
        """Writes SystemVerilog, weight memories, test bench and tool scripts to `directory`; returns its path.

        Raises `OutputDirError` when the folder cannot be written; nothing half-written is left behind.
        """
        graph = self.graph
        return emit(self.mapped, graph.parameters, directory, inputs=graph.input_names, results=graph.result_names)

    def simulate(
        self,
        x: Samples,
        *,
        links: bool = True,
        backpressure: float = 0.0,
        seed: int = 0,
        assertions: bool = False,
        progress: Progress = logged,
    ) -> Simulation:
        """Simulates the design's RTL on the samples `x` with Verilator; `x` and the outputs are as for `reference`.

        `links`: with the serial links between devices, or with direct connections. `backpressure`: probability
        in each cycle that the source offers nothing and that the sink accepts nothing. `assertions`: check those of
        the RTL, such as the stream protocol of a user's own kernel, which takes more time. Raises `ToolMissingError`
        without Verilator, `InputError` for samples that the design cannot take or none, `SimulationError` on a
        deadlock and for an assertion that does not hold.
        """
        find_verilator()
        specs = [InputSpec.of(argument) for argument in entry_of(self.graph.module).arguments]
        tensors = check_inputs(specs, in_order(x, self.graph.structure))
        if not len(tensors[0]):
            raise InputError("there are no samples to simulate", hint="give at least one")
        with tempfile.TemporaryDirectory(prefix="xplat-design-") as scratch:
            folder = self.emit(Path(scratch) / "design")
            result = simulate_samples(
                folder,
                tensors,
                links=links,
                backpressure=backpressure,
                seed=seed,
                assertions=assertions,
                progress=progress,
            )
        return replace(result, outputs=nested(result.outputs, self.graph.structure))

    def plot(self, file: str | Path) -> Path:
        """Draws the graph coloured by device into `file` (.svg, .png or .pdf)."""
        return plot_module(self.mapped, self.report(), Path(file))

    def save(self, directory: str | Path) -> Path:
        """Writes everything that `load` needs into `directory`; returns its path."""
        with output_directory(directory) as folder:
            self.graph.save(folder / GRAPH)
            (folder / MAPPED).write_text(text_of(self.mapped), encoding="utf-8")
            header = DESIGN_FILE.stamp({"seconds": dict(self.seconds)})
            (folder / HEADER).write_text(json.dumps(header), encoding="utf-8")
        return Path(directory)

    @staticmethod
    def load(directory: str | Path) -> Design:
        """Reads what `save` wrote. Raises `DesignFileError` when the folder holds no design, a broken one, or one of
        another version."""
        folder = Path(directory)
        if not (folder / HEADER).is_file() and all((folder / name).is_file() for name in OF_RELEASE_0_1):
            raise DesignFileError(
                f"'{folder}' holds a design of xplat 0.1.0, which has no version; expected version "
                f"{DESIGN_FILE.version} of an xplat design",
                hint=f"its hardware is not that of this xplat; {DESIGN_FILE.remedy}",
            )
        if not (folder / HEADER).is_file():
            raise DesignFileError(
                f"'{folder}' holds no design: '{HEADER}' is missing",
                hint="make one with: xplat compile … --output DIR",
            )
        header = DESIGN_FILE.read(folder / HEADER)
        graph = Graph.load(folder / GRAPH)
        try:
            mapped = ir.Module.parse((folder / MAPPED).read_text(encoding="utf-8"), graph.module.context)
            entry_of(mapped)
            if not any(isinstance(op, xp.MappingOp) for op in mapped.body.operations):
                raise DesignFileError(f"'{MAPPED}' has no 'xplat.mapping'")
            return Design(graph=graph, mapped=mapped, seconds=header["seconds"])
        except Exception as error:
            raise DesignFileError(f"'{folder}' holds a broken design: {error}", hint=DESIGN_FILE.remedy) from error

    module = moved("Design.module", "Design.mapped", lambda self: self.mapped)
    network = moved("Design.network", "Design.graph.module", lambda self: self.graph.module)
    parameters = moved("Design.parameters", "Design.graph.parameters", lambda self: self.graph.parameters)
    state = moved("Design.state", "Design.graph.state", lambda self: self.graph.state)
    structure = moved("Design.structure", "Design.graph.structure", lambda self: self.graph.structure)
    input_shapes = moved("Design.input_shapes", "Design.graph.input_shapes", lambda self: self.graph.input_shapes)
