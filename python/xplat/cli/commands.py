# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The commands of `xplat`, each a function of its options."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from typing import Any

from xplat.api.options import COMPILE, QUANTIZE
from xplat.cli.files import load_samples, load_state_dict, random_tensors
from xplat.support.errors import OutputDirError, XplatError
from xplat.support.progress import logged

MISMATCH = 3
"""Exit code when simulation and reference differ."""


def import_(options: argparse.Namespace) -> None:
    """`xplat import`."""
    from xplat.cli.import_command import run

    run(options)


def quantize(options: argparse.Namespace) -> None:
    """`xplat quantize`."""
    import xplat

    model, given = _model_and_data(options)
    graph = xplat.quantize(model, **given, **_given(options, QUANTIZE))
    print(_formats(graph))
    graph.save(options.output)
    logged(f"quantized graph saved in {options.output}")


def compile_(options: argparse.Namespace) -> None:
    """`xplat compile`."""
    import xplat

    model, given = _model_and_data(options)
    design = xplat.compile(model, options.system, **given, **_given(options, COMPILE))
    print(design.report())
    design.save(options.output)
    logged(f"design saved in {options.output}")


def _given(options: argparse.Namespace, table: Any) -> dict[str, Any]:
    """The user's values of the options that Python has too; files are read, but for those of `_model_and_data`."""
    values = {option.name: getattr(options, option.name) for option in table if option.where == "both"}
    del values["calibration"]
    if values["state_dict"] is not None:
        values["state_dict"] = load_state_dict(values["state_dict"])
    return values


def _model_and_data(options: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    """The model, and example inputs and calibration data for it."""
    logged("loading PyTorch …")
    from xplat.cli.model import load

    calibration: Any = load_samples(options.calibration) if options.calibration else None
    found = load(options)
    if isinstance(calibration, dict) and not found.takes(calibration):
        calibration = tuple(calibration.values())
    if found.is_graph:
        return found.model, {"calibration": calibration}
    inputs, named = found.inputs, found.named
    if inputs is None and not named and calibration is not None:
        if isinstance(calibration, Mapping):
            named = {name: tensor[:1] for name, tensor in calibration.items()}
        else:
            inputs = tuple(tensor[:1] for tensor in calibration)
    elif inputs is None and not named and not found.in_zoo:
        raise XplatError(
            "the shape of the input is unknown",
            hint="give --input-shape or --calibration, or put example_inputs into the file",
        )
    elif calibration is None and found.random:
        logged("warning: no --calibration: number formats come from random data; accuracy will suffer")
    return found.model, {"example_inputs": inputs, "example_kwargs": named or None, "calibration": calibration}


def _formats(graph: Any) -> str:
    """How many nodes have a result of each number format."""
    from xplat.dialects import xplat as xp
    from xplat.formats import format_of
    from xplat.mlir import nodes_of

    nodes = [op for op in nodes_of(graph.module) if xp.has_number_format(op)]
    forms = [format_of(op.results[0].type) for op in nodes]
    kinds = Counter("fp32, or exact integers" if form is None else form.name for form in forms)
    width = max(map(len, kinds), default=0)
    return "\n".join(f"{kind.ljust(width)}  {count} nodes" for kind, count in kinds.most_common())


def report(options: argparse.Namespace) -> None:
    """`xplat report`."""
    logged("reading the design …")
    design = _load_design(options.design)
    report = design.report()
    print(report.json() if options.json else report)
    if options.plot:
        logged(f"picture written to {design.plot(options.plot)}")


def emit(options: argparse.Namespace) -> None:
    """`xplat emit`."""
    logged("reading the design …")
    design = _load_design(options.design)
    logged("writing hardware …")
    directory = design.emit(options.output)
    print(f"hardware written to {directory}")


def simulate(options: argparse.Namespace) -> int:
    """`xplat simulate`."""
    import numpy as np

    count = options.samples
    if count is not None and count < 1:
        raise XplatError(f"there is nothing to simulate in {count} samples", hint="give --samples 1 or more")
    design = _load_design(options.design)
    samples: Any
    if options.inputs:
        loaded = load_samples(options.inputs)
        if isinstance(loaded, dict) and set(loaded) >= set(design.graph.input_names):
            samples = {name: loaded[name][:count] for name in design.graph.input_names}
        else:
            samples = tuple(tensor[:count] for tensor in (loaded.values() if isinstance(loaded, dict) else loaded))
    else:
        samples = random_tensors(design.graph.input_shapes, count or _samples_for(design.report()), options.seed)
    result = design.simulate(
        samples,
        links=not options.no_links,
        backpressure=options.backpressure,
        seed=options.seed,
        assertions=options.assertions,
    )
    outputs, reference = _tensors(result.outputs), _tensors(design.reference(samples))
    wrong = [int((a != b).sum()) for a, b in zip(outputs, reference, strict=True)]
    mismatches, elements = sum(wrong), sum(tensor.numel() for tensor in reference)
    print(result)
    print(f"mismatches   {mismatches} of {elements} elements against the integer reference")
    names = design.graph.result_names
    if len(names) > 1:
        width = max(map(len, names))
        for name, count, tensor in zip(names, wrong, reference, strict=True):
            print(f"  {name.ljust(width)}  {count} of {tensor.numel()}")
    if options.output:
        arrays = [tensor.numpy() for tensor in outputs]
        # Of positions alone NumPy's own names say as much, and it takes two names for options of its own.
        own = names == ("output",) or all(name.isdecimal() for name in names)
        keys = [f"{name}_" if name in ("file", "allow_pickle") else name for name in names]
        try:
            np.savez(options.output, *arrays) if own else np.savez(
                options.output, **dict(zip(keys, arrays, strict=True))
            )
        except OSError as error:
            raise OutputDirError(f"cannot write '{options.output}': {error.strerror}") from None
    return MISMATCH if mismatches else 0


def _samples_for(report: Any) -> int:
    """How many samples show steady state: those that fill the pipeline, and some more."""
    filling = -(-report.latency_cycles // report.cycles_per_sample)
    return int(min(max(8, filling + 6), 64))


def _tensors(result: Any) -> list[Any]:
    """The tensors in a model's result, in its order."""
    import torch
    from torch.utils import _pytree as pytree

    return [leaf for leaf in pytree.tree_leaves(result) if isinstance(leaf, torch.Tensor)]


def check_kernel(options: argparse.Namespace) -> None:
    """`xplat check-kernel`."""
    from xplat.target.kernel_check import check_kernel

    for name in check_kernel(options.folder):
        print(f"@{name}: contract and RTL agree")


def kernel_new(options: argparse.Namespace) -> None:
    """`xplat kernel new`."""
    from xplat.kernels.skeleton import new_kernel

    folder = new_kernel(options.name, options.op, options.output)
    print(f"kernel folder written to {folder}; check it with: xplat kernel check {folder}")


def kernel_check(options: argparse.Namespace) -> None:
    """`xplat kernel check`."""
    from xplat.kernels.check import check_folders

    passed = check_folders(options.folder, random_cases=options.random_cases, seed=options.seed)
    for kernel, count in passed.items():
        print(f"@{kernel}: {count} cases pass")


def models(options: argparse.Namespace) -> None:
    """`xplat models`."""
    from xplat.models import get, names

    width = max(map(len, names()))
    for name in names():
        spec = get(name)
        also = f"; also {', '.join(spec.aliases)}" if spec.aliases else ""
        print(f"{name.ljust(width)}  {spec.task}{also}")


def systems(options: argparse.Namespace) -> None:
    """`xplat systems`."""
    from xplat.target.system import describe_known

    print(describe_known())


def _load_design(directory: str) -> Any:
    from xplat.api.design import Design

    return Design.load(directory)
