# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat.quantize`: the software half of `xplat.compile`, from a PyTorch model to a graph in number formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from xplat.formats import NumberFormat, Quantization
from xplat.frontend import import_model
from xplat.graph.graph import Graph
from xplat.graph.samples import Array, as_tensors
from xplat.mlir.passes import run_pipeline
from xplat.software.assign import assign_formats, cast_blocks, complete_formats
from xplat.software.calibration import calibrate
from xplat.software.functions import approximate_functions
from xplat.software.masks import annotate_sparsity, prune
from xplat.software.pruning import PruneRule, Pruning
from xplat.support.errors import InputError
from xplat.support.progress import Progress, Stages, logged
from xplat.target.kernel_check import implemented_ops

SOFTWARE_PASSES = "xplat-software"
"""The pipeline between import and calibration."""

Request = str | Path | Mapping[str, Any] | NumberFormat | Quantization
"""How a user may say what becomes which number format: see `xplat.formats.Quantization`."""

PruningRequest = str | float | Path | Mapping[str, Any] | PruneRule | Pruning
"""How a user may say what is pruned: see `xplat.software.pruning`."""


def quantize(
    model: torch.nn.Module | torch.export.ExportedProgram | str | Graph,
    *,
    example_inputs: Array | Sequence[Array] | None = None,
    example_kwargs: Mapping[str, Array] | None = None,
    calibration: Array | Iterable[Any] | Mapping[str, Array] | None = None,
    quantize: Request | None = None,
    calibration_method: str | None = None,
    pruning: PruningRequest | None = None,
    state_dict: Mapping[str, torch.Tensor] | None = None,
    decompose: bool = False,
    kernels: str | Path | Sequence[str | Path] = (),
    progress: Progress = logged,
) -> Graph:
    """Imports `model`, runs the software passes, calibrates, and gives every value its number format.

    `example_inputs`: a tensor or NumPy array, or one per input, with a leading batch dimension of which the first
    sample fixes the shapes; `example_kwargs`: those that the model takes by keyword. `calibration`: samples (batched)
    whose ranges choose the formats, in order or in dictionaries by the names of the inputs (see `calibrate`); without
    it the example inputs do, which is rarely good enough. `quantize`: `"int8"` (the default), `"w4a8"`, `"msfp4"`,
    `"mxfp6"`, a JSON or YAML file with a format for each module, or a `Quantization`. `calibration_method`: "max" (the
    default) or "mse". `pruning`: what `xplat.prune` takes, done before. Weights that are zero are seen in any
    case. `state_dict`: weights to use instead of the model's, or the graph's, own. `decompose`: attention, softmax and
    norms of fixed point become the nodes that hardware has, with number formats for the values between, block formats
    those of the factors of products, with fixed point between, and functions that no kernel computes exactly get
    polynomials; without it their result alone is rounded, and every value has the requested format. `kernels`: a
    folder, or several, with kernels of your own; what they implement is not decomposed. `model` may also be an exported
    program, the name of a zoo model (with `state_dict`, since the zoo has no weights) or an imported graph.

    Raises `XplatError` with what is wrong, where, and what to do.
    """
    stage = Stages(progress)
    request = Quantization.parse("int8" if quantize is None else quantize)
    if isinstance(model, Graph) and model.quantized:
        raise InputError("the graph is quantized already", hint="quantize the model, or the graph of import_model")
    with stage("import"):
        if not isinstance(model, Graph):
            graph = import_model(model, example_inputs, example_kwargs=example_kwargs, state_dict=state_dict)
        else:
            graph = model if state_dict is None else model.with_state_dict(state_dict)
        graph.require_values("calibration")
    with stage("software passes"):
        # Before the passes: globs match the model's own modules, and a requested format keeps a node from being fused.
        graph = assign_formats(graph, request, decompose=decompose, keep=implemented_ops(kernels))
        graph = annotate_sparsity(graph) if pruning is None else prune(graph, pruning)
        graph = graph.with_module(run_pipeline(graph.module, SOFTWARE_PASSES, where="software passes"))
        signed = implemented_ops(kernels, signed=True)
        graph = complete_formats(annotate_sparsity(graph), request, signed=signed)
        if decompose:
            graph = cast_blocks(graph, request)
    data = calibration
    if data is None and (example_inputs is not None or example_kwargs):
        data = _all_inputs(graph, example_inputs, example_kwargs or {})
    if data is None:
        raise InputError(
            "there is no calibration data",
            hint="give calibration=… (on the command line --calibration FILE), e.g. 100 samples of the training set",
        )
    with stage("calibrate"):
        method = "max" if calibration_method is None else calibration_method
        graph = calibrate(graph, data, method=method, progress=progress)
    with stage("quantize"):
        graph = graph.with_module(run_pipeline(graph.module, "xplat-quantize", where="quantize"))
        graph = replace(graph, quantized=True)
        if decompose:
            graph = approximate_functions(graph, kernels=kernels, progress=progress)
    return replace(graph, seconds=dict(stage.seconds))


def _all_inputs(graph: Graph, positional: Array | Sequence[Array] | None, named: Mapping[str, Array]) -> Any:
    """Example inputs as calibration data: a tuple, which has a tensor for each input of the graph."""
    given = as_tensors(() if positional is None else positional, what="example input")
    args = (given,) if isinstance(given, torch.Tensor) else tuple(given)
    if not named or graph.structure is None:
        return args
    return graph.structure.bind(args, as_tensors(named, what="example input"))
