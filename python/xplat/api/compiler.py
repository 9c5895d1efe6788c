# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`xplat.compile`: every stage from a PyTorch model to a design, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.api.design import Design
from xplat.api.goal import Goal
from xplat.api.mapping import FixedMapping, MappingRequest
from xplat.dialects import xplat as xp
from xplat.frontend.check.unsupported import explain_failure
from xplat.graph.graph import Graph
from xplat.graph.samples import Array
from xplat.mlir import nodes_of
from xplat.mlir.passes import pass_text, run_pipeline
from xplat.software.functions import approximate_functions
from xplat.software.quantized import PruningRequest, Request
from xplat.software.quantized import quantize as quantize_model
from xplat.support.errors import InputError, PassError
from xplat.support.progress import Progress, Stages, logged
from xplat.target.kernel_check import check_kernel
from xplat.target.library import contract_files, fragments_file, kernel_files, link_pass
from xplat.target.system import System


def compile(  # the name users expect; it shadows the builtin in this file alone
    model: torch.nn.Module | torch.export.ExportedProgram | str | Graph,
    system: System | str | Path,
    *,
    example_inputs: Array | Sequence[Array] | None = None,
    example_kwargs: Mapping[str, Array] | None = None,
    calibration: Array | Iterable[Any] | Mapping[str, Array] | None = None,
    quantize: Request | None = None,
    calibration_method: str | None = None,
    pruning: PruningRequest | None = None,
    state_dict: Mapping[str, torch.Tensor] | None = None,
    mapping: MappingRequest | None = None,
    objective: str = "throughput",
    target: str | None = None,
    target_cycles: int | None = None,
    max_utilization: float = 0.8,
    kernels: str | Path | Sequence[str | Path] = (),
    progress: Progress = logged,
) -> Design:
    """Maps `model` to `system`: number formats, kernels, unroll factors, placement, streams, FIFOs.

    `example_inputs`: a tensor or NumPy array, or one per input of the model, with a leading batch dimension of which
    the first sample fixes the shapes; `example_kwargs`: those that the model takes by keyword. `calibration`: samples
    (batched) whose ranges choose the number formats, in order or in dictionaries by the names of the inputs; without it
    the example inputs do, which is rarely good enough. `quantize`: `"int8"` (the default), `"int6"`, `"w4a8"`, or
    whatever else `xplat.quantize` takes. `calibration_method`: "max" (the default) or "mse". `pruning`: `"2:4"`,
    `"channel:0.5"`, whatever `xplat.prune` takes. `state_dict`: weights to use instead of the model's own. `model` may
    also be an exported program, the name of a zoo model (with `state_dict`, since the zoo has no weights), or a graph
    that `import_model` or `xplat.quantize` gave. The formats of a quantized graph are chosen already: it comes without
    data and without any of these but `state_dict`. Composite nodes are decomposed, as `xplat.quantize` does
    with `decompose=True`, unless a kernel of your own implements them.

    `mapping`: what is fixed of the mapping, by globs on names of nodes, for example
    `{"layer1.*": {"device": "fpga0", "unroll": {"oc": 4}, "kernel": "conv2d"}}`, or a JSON or YAML file with it: kept
    exactly, or refused. `objective`: "throughput", "latency" (of one sample) or "area". `target`: throughput to reach,
    `"5000/s"`; `target_cycles`: the same as clock cycles per sample. With a target, the objective "throughput" means
    as little hardware as reaches it. `max_utilization`: share of each device's resources that may be used. `kernels`:
    a folder, or several, with kernels of the user's own.

    Raises `XplatError` with what is wrong, where, and what to do.
    """
    # Before the work: the pass that reads them comes last.
    if not 0.0 < max_utilization <= 1.0:
        raise InputError(f"expected max_utilization in (0, 1] but got {max_utilization:g}", hint="0.8, for example")
    goal = Goal.of(objective, target, target_cycles)
    fixed = FixedMapping.parse({} if mapping is None else mapping)
    stage = Stages(progress)
    devices = system if isinstance(system, System) else System.load(str(system))
    if isinstance(model, Graph) and model.quantized:
        chosen = {
            "example_inputs": example_inputs,
            "example_kwargs": example_kwargs,
            "calibration": calibration,
            "quantize": quantize,
            "calibration_method": calibration_method,
            "pruning": pruning,
        }
        if given := [name for name, value in chosen.items() if value is not None]:
            raise InputError("the model is quantized already", hint=f"leave out {' and '.join(given)}")
        graph = model if state_dict is None else model.with_state_dict(state_dict)
        graph = approximate_functions(graph, kernels=kernels, progress=progress)
    else:
        graph = quantize_model(
            model,
            example_inputs=example_inputs,
            example_kwargs=example_kwargs,
            calibration=calibration,
            quantize=quantize,
            calibration_method=calibration_method,
            pruning=pruning,
            state_dict=state_dict,
            decompose=True,
            kernels=kernels,
            progress=progress,
        )
    with stage("map"):
        linked = _link(graph.module, devices, [kernels] if isinstance(kernels, str | Path) else kernels)
        if fixed.rules:
            linked = fixed.apply(linked, devices)
        pipeline = pass_text(
            "xplat-hardware",
            system=devices.name,
            max_utilization=max_utilization,
            objective=goal.objective,
            target_cycles=goal.cycles,
            target_per_second=goal.per_second,
        )
        try:
            mapped = run_pipeline(linked, pipeline, where="map")
        except PassError as failure:
            raise explain_failure(linked, graph, failure) from None
    with stage("dataflow"):
        module = run_pipeline(mapped, "xplat-dataflow", where="dataflow")
    return Design(graph=graph, mapped=module, seconds={**graph.seconds, **stage.seconds})


def _link(network: ir.Module, system: System, kernels: Sequence[str | Path]) -> ir.Module:
    """The network with the system's devices and the kernels' contracts beside it; the user's kernels are checked."""
    own = link_pass([*(file for folder in kernels for file in contract_files(folder)), fragments_file()])
    for folder in kernels:
        check_kernel(folder)
    linked = system.merged_into(network)
    if kernels:
        # What the user's own kernels can do, they do; the built-in ones compete for the rest.
        linked = run_pipeline(linked, f"{own},{pass_text('xplat-bind-kernels', partial=True)}", where="link kernels")
        with linked.context:
            for op in nodes_of(linked):
                if (kernel := xp.kernel_name(op)) is not None:
                    op.fixed = xp.with_parts(op.fixed, kernel=kernel)
                    del op.attributes["config"]
    return run_pipeline(linked, link_pass(kernel_files()), where="link kernels")
