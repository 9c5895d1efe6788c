# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command `xplat import`: a model becomes a graph, which is summed up."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from xplat.cli.files import load_state_dict
from xplat.cli.model import load
from xplat.mlir import text_of
from xplat.support.errors import OutputDirError, XplatError
from xplat.support.progress import logged

VALUES = ".safetensors"
"""Suffix of the file with the values of a graph's parameters, beside the graph."""


def run(options: argparse.Namespace) -> None:
    """Runs the command; raises `XplatError` for everything that the user can put right."""
    logged("loading PyTorch …")
    from xplat.frontend import import_model
    from xplat.frontend.check.summary import summarize

    if options.output:
        _check_output(options.output)
    start = time.monotonic()
    state = load_state_dict(options.state_dict) if options.state_dict else None
    found = load(options)
    if found.is_graph:
        raise XplatError(f"'{options.model}' is a graph already", hint="xplat quantize and xplat compile take it")
    model, inputs, published = found.model, found.inputs, None
    if found.in_zoo:
        from xplat import models
        from xplat.frontend.capture.weightless import build_without_weights

        spec = models.get(model)
        logged(f"import {spec.name}: {spec.task}")
        built = build_without_weights(spec, tokens=options.sequence_length)
        model, inputs = built.model, built.inputs
        published = spec.published if options.sequence_length is None else None
    elif inputs is None and not found.named:
        raise XplatError(
            "the shape of the input is unknown",
            hint="give --input-shape (or --sequence-length for token ids), return (model, inputs), or put "
            "example_inputs into the file",
        )
    logged("tracing the model and making a graph of it …")
    graph = import_model(model, inputs, example_kwargs=found.named, state_dict=state, name=options.name)
    seconds = time.monotonic() - start
    summary = summarize(graph)
    print(_figures(summary, published, graph.has_values, seconds))
    if options.check:
        from xplat.frontend.check import check_graph, table

        logged("looking for kernels; trying HLS where there is none …")
        print()
        print(table(check_graph(graph, kernels=options.kernels)))
    if options.output:
        if Path(options.output).suffix == ".mlir":
            _write(graph, Path(options.output))
        else:
            graph.save(options.output)
        logged(f"graph written to {options.output}")


def _check_output(output: str) -> None:
    """Raises `OutputDirError` when the graph cannot have that name."""
    if Path(output).suffix == VALUES:
        raise OutputDirError(
            f"'{output}' cannot hold the graph: the values are written to it",
            hint=f"name the graph FILE.mlir; its values then go to FILE{VALUES}",
        )
    if not Path(output).name or (output.endswith(os.sep) and Path(output).suffix == ".mlir"):
        raise OutputDirError(f"'{output}' is a folder", hint="name the graph's file, FILE.mlir")


def _figures(summary: Any, published: Any, has_values: bool, seconds: float) -> str:
    everything = summary.gflops_with(summary.further_operations)
    rows = [
        ("nodes", f"{sum(summary.nodes.values())}"),
        *((f"  {kind}", str(count)) for kind, count in summary.nodes.items()),
        ("parameters", _parameters(summary.parameters) + ("" if has_values else " (without values)")),
        ("work", f"{_flops(summary.gflops)} for a sample (2 x multiply-accumulates)"),
        ("", f"{_flops(everything)} with normalisation, activation, pooling, sums"),
    ]
    if published:
        here = summary.gflops_with(published.counted_nodes)
        rows += [
            (
                "published",
                f"{published.parameters_m:,g} M parameters, {published.gflops:g} GFLOPs ({published.source})",
            ),
            ("  counts", published.counting),
            ("  here", f"{here:,.4g} GFLOPs counted so, ratio {here / published.gflops:.3f}"),
        ]
    rows += [("IR", f"{summary.ir_bytes / 1e3:,.0f} kB of text"), ("time", f"{seconds:.1f} s")]
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label.ljust(width)}  {text}" for label, text in rows)


def _flops(giga: float) -> str:
    """Operations in the unit that suits them."""
    for factor, unit in ((1.0, "GFLOPs"), (1e-3, "MFLOPs"), (1e-6, "kFLOPs")):
        if giga >= 0.1 * factor:
            return f"{giga / factor:,.4g} {unit}"
    return f"{giga * 1e9:,.0f} FLOPs"


def _parameters(count: int) -> str:
    return f"{count / 1e6:,.2f} M" if count >= 100_000 else f"{count:,}"


def _write(graph: Any, file: Path) -> None:
    """Writes the graph to `file` and its values beside it: both or neither."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    values = {key: value.clone().contiguous() for key, value in graph.parameters.items()}
    targets = [file.with_suffix(VALUES), file] if values else [file]
    try:
        for target in targets:
            if target.exists() and not target.is_file():
                raise OutputDirError(f"cannot write '{target}': it is not an ordinary file", hint="choose another name")
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".xplat-", dir=file.parent) as folder:
            staged = [Path(folder) / target.name for target in targets]
            staged[-1].write_text(text_of(graph.module), encoding="utf-8")
            if values:
                save_file(values, staged[0])
            for source, target in zip(staged, targets, strict=True):
                source.replace(target.resolve())
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputDirError(f"cannot write '{file}': {reason}", hint="choose a place that you may write to") from None
