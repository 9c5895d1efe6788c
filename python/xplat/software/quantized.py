"""`xplat.quantize`: the software half of `xplat.compile`, from a PyTorch model to a network in number formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.formats import NumberFormat, Quantization
from xplat.frontend import import_model
from xplat.graph.graph import Graph
from xplat.graph.reference import run_reference
from xplat.graph.samples import Array, Samples, as_tensors
from xplat.graph.to_torch import XplatModule
from xplat.mlir.passes import run_pipeline
from xplat.software.assign import assign_formats
from xplat.software.calibration import calibrate
from xplat.software.masks import annotate_sparsity, prune
from xplat.software.pruning import PruneRule, Pruning
from xplat.support.errors import InputError
from xplat.support.progress import Progress, Stages, silent

SOFTWARE_PASSES = "xplat-software"
"""The pipeline between import and calibration."""

Request = str | Path | Mapping[str, Any] | NumberFormat | Quantization
"""How a user may say what becomes which number format: see `xplat.formats.Quantization`."""

PruningRequest = str | float | Path | Mapping[str, Any] | PruneRule | Pruning
"""How a user may say what is pruned: see `xplat.software.pruning`."""


@dataclass(frozen=True)
class QuantizedModel:
    """A model in number formats, without hardware. `seconds`: of each stage."""

    graph: Graph
    """Every value and parameter in its format."""
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def module(self) -> ir.Module:
        """The network as IR."""
        return self.graph.module

    @property
    def parameters(self) -> Mapping[str, torch.Tensor]:
        """The model's own parameters by state-dict key, as they were before rounding."""
        return self.graph.parameters

    def reference(self, x: Samples, *, progress: Progress = silent) -> Any:
        """Bit-exact reference: `x` of shape [batch, …], the result's exact values in float32.

        Several inputs are a sequence in the order of the model's `forward`, or a mapping by its names; NumPy arrays
        are as good as tensors. The result is nested as the model's: a tensor, a tuple, a dictionary.
        """
        return run_reference(self.module, self.parameters, x, structure=self.graph.structure, progress=progress)

    def to_torch(self) -> XplatModule:
        """The network as a trainable `nn.Module` with the model's own names and state-dict keys.

        In `eval()` it gives what `reference` gives, bit for bit; in `train()` gradients pass straight through
        roundings. `with_state_dict` takes the trained weights back.
        """
        return self.graph.to_torch()

    def with_state_dict(self, state_dict: Mapping[str, torch.Tensor]) -> QuantizedModel:
        """The same network with other weights; number formats stay as calibration chose them.

        Raises `ModelImportError` that lists every key that does not fit, and channels that were removed because they
        were zero and no longer are.
        """
        return replace(self, graph=annotate_sparsity(self.graph.with_parameters(state_dict)))


def quantize(
    model: torch.nn.Module | torch.export.ExportedProgram | str | Graph,
    *,
    example_inputs: Array | Sequence[Array] | None = None,
    example_kwargs: Mapping[str, Array] | None = None,
    calibration: Array | Iterable[Any] | Mapping[str, Array] | None = None,
    quantize: Request = "int8",
    calibration_method: str = "max",
    pruning: PruningRequest | None = None,
    state_dict: Mapping[str, torch.Tensor] | None = None,
    progress: Progress = silent,
) -> QuantizedModel:
    """Imports `model`, runs the software passes, calibrates, and gives every value its number format.

    `example_inputs`: a tensor or NumPy array, or one per input, with a leading batch dimension of which the first
    sample fixes the shapes; `example_kwargs`: those that the model takes by keyword. `calibration`: samples (batched)
    whose ranges choose the formats, in order or in dictionaries by the names of the inputs (see `calibrate`); without
    it the example inputs do, which is rarely good enough. `quantize`: `"int8"`, `"w4a8"`, `"msfp4"`, `"mxfp6"`, a JSON
    or YAML file with a format for each module, or a `Quantization`. `calibration_method`: "max" or "mse". `pruning`:
    what `xplat.prune` takes, done before. Weights that are zero are seen in any case. `state_dict`: weights to use
    instead of the model's, or the graph's, own. `model` may also be an exported program, the name of a zoo model or an
    imported graph.

    Raises `XplatError` with what is wrong, where, and what to do.
    """
    stage = Stages(progress)
    request = Quantization.parse(quantize)
    with stage("import"):
        if not isinstance(model, Graph):
            graph = import_model(model, example_inputs, example_kwargs=example_kwargs, state_dict=state_dict)
        else:
            graph = model if state_dict is None else model.with_parameters(state_dict)
    with stage("software passes"):
        # Before the passes: globs match the model's own modules, and a requested format keeps a node from being fused.
        graph = assign_formats(graph, request)
        graph = annotate_sparsity(graph) if pruning is None else prune(graph, pruning)
        graph = graph.with_module(run_pipeline(graph.module, SOFTWARE_PASSES, where="software passes"))
        graph = annotate_sparsity(graph)
    data = calibration
    if data is None and (example_inputs is not None or example_kwargs):
        data = _all_inputs(graph, example_inputs, example_kwargs or {})
    if data is None:
        raise InputError(
            "there is no calibration data", hint="give calibration=…, e.g. 100 samples of the training set"
        )
    with stage("calibrate"):
        graph = calibrate(
            graph,
            data,
            method=calibration_method,
            width=request.width,
            weight_width=request.weight_width,
            progress=progress,
        )
    with stage("quantize"):
        graph = graph.with_module(run_pipeline(graph.module, request.pass_text(), where="quantize"))
    return QuantizedModel(graph=graph, seconds=dict(stage.seconds))


def _all_inputs(graph: Graph, positional: Array | Sequence[Array] | None, named: Mapping[str, Array]) -> Any:
    """Example inputs as calibration data: a tuple, which has a tensor for each input of the graph."""
    given = as_tensors(() if positional is None else positional, what="example input")
    args = (given,) if isinstance(given, torch.Tensor) else tuple(given)
    if not named or graph.structure is None:
        return args
    return graph.structure.bind(args, as_tensors(named, what="example input"))
