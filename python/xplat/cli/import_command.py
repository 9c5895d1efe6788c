"""The command `xplat import`: a model by name or from the user's file becomes a graph, which is summed up.

Example inputs of a user's model come from its file: the function returns `(model, inputs)`, or the file has a name
`example_inputs` (a tensor, a tuple of them, or a function that returns one) and, for inputs by keyword, a dictionary
`example_kwargs`; or from `--input-shape`, or, for a model of token ids, from `--sequence-length`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xplat.cli.files import allocated, load_file, random_inputs
from xplat.mlir import text_of
from xplat.support.errors import OutputDirError, XplatError
from xplat.support.progress import Progress

VALUES = ".safetensors"
"""Suffix of the file with the values of a graph's parameters, beside the graph."""


def run(options: argparse.Namespace, progress: Progress) -> None:
    """Runs the command; raises `XplatError` for everything that the user can put right."""
    progress("loading PyTorch …")
    from xplat.frontend import import_model
    from xplat.frontend.check.summary import summarize

    length = options.sequence_length
    if length is not None and length < 1:
        raise XplatError(f"a sequence of {length} tokens is none", hint="give --sequence-length of at least 1")
    if options.output and Path(options.output).suffix == VALUES:
        raise OutputDirError(
            f"'{options.output}' cannot hold the graph: the values are written to it",
            hint=f"name the graph FILE.mlir; its values then go to FILE{VALUES}",
        )
    if options.output and (options.output.endswith(os.sep) or not Path(options.output).name):
        raise OutputDirError(f"'{options.output}' is a folder", hint="name the graph's file, FILE.mlir")
    start = time.monotonic()
    state = load_state_dict(options.state_dict) if options.state_dict else None
    published = None
    named: Mapping[str, Any] = {}
    if ".py:" in options.model:
        model, inputs, named = _users(options)
    elif options.model.endswith(".py"):
        raise XplatError(f"'{options.model}' is a file", hint=f"name its model: {options.model}:make_model")
    else:
        from xplat import models
        from xplat.frontend.capture.weightless import build_without_weights

        spec = models.get(options.model)
        if options.input_shape:
            raise XplatError("--input-shape is for models of your own; those of the zoo have theirs")
        if length is not None and not spec.takes_tokens:
            raise XplatError(f"{spec.name} takes images; --sequence-length is for models of token ids")
        progress(f"import {spec.name}: {spec.task}")
        built = build_without_weights(spec, tokens=length)
        model, inputs = built.model, built.inputs
        published = spec.published if length is None else None
    progress("tracing the model and making a graph of it …")
    graph = import_model(model, inputs, example_kwargs=named, state_dict=state)
    seconds = time.monotonic() - start
    summary = summarize(graph)
    print(_figures(summary, published, graph.has_values, seconds))
    if options.check:
        from xplat.frontend.check import check_graph, table

        progress("looking for kernels; trying HLS where there is none …")
        print()
        print(table(check_graph(graph, kernels=options.kernels)))
    if options.output:
        _write(graph, Path(options.output), progress)


def load_state_dict(file: str) -> dict[str, Any]:
    """Tensors by key from a .safetensors or .pt file. Raises `XplatError` when it holds no state dict."""
    import torch

    try:
        if file.endswith(".safetensors"):
            from safetensors.torch import load_file

            loaded: Any = load_file(file)
        else:
            loaded = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except Exception as error:
        raise XplatError(f"'{file}' cannot be read: {error}", hint="expected a .safetensors or .pt file") from None
    if not isinstance(loaded, Mapping) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        raise XplatError(f"'{file}' holds no state dict", hint="save model.state_dict() with torch.save or safetensors")
    return dict(loaded)


def _users(options: argparse.Namespace) -> tuple[Any, Any, Mapping[str, Any]]:
    """The model of the user's file and its example inputs, by position and by name."""
    import torch

    module, found = load_file(options.model)
    inputs: Any = getattr(module, "example_inputs", None)
    named: Any = getattr(module, "example_kwargs", {})
    if isinstance(found, tuple) and len(found) == 2:
        found, inputs = found
    if not isinstance(found, torch.nn.Module):
        raise XplatError(f"'{options.model}' is a {type(found).__name__}, expected a torch.nn.Module")
    if options.input_shape:
        inputs, named = random_inputs(options.input_shape)
    elif options.sequence_length is not None:
        length = options.sequence_length
        named = {}
        inputs = (allocated(lambda: torch.zeros(1, length, dtype=torch.int64), f"a sample of {length} tokens"),)
    else:
        inputs = _called(inputs, "example_inputs")
        named = _called(named, "example_kwargs")
    if inputs is None and not named:
        raise XplatError(
            "the shape of the input is unknown",
            hint="give --input-shape (or --sequence-length for token ids), return (model, inputs), or put "
            "example_inputs into the file",
        )
    return found, inputs, named


def _called(value: Any, name: str) -> Any:
    """What the user's file has under `name`, or what it returns when it is a function."""
    import torch

    from xplat.support.frames import line_of

    if not callable(value) or isinstance(value, torch.Tensor):
        return value
    try:
        return value()
    except (Exception, SystemExit) as error:
        raise XplatError(f"{name}() failed: {type(error).__name__}: {error}", location=line_of(error)) from error


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


def _write(graph: Any, file: Path, progress: Progress) -> None:
    """Writes the graph to `file` and its values beside it: both or neither."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    values = {key: value.clone().contiguous() for key, value in graph.parameters.items()}
    targets = [file.with_suffix(VALUES), file] if values else [file]
    try:
        for target in targets:
            if target.exists() and not target.is_file():
                raise OutputDirError(f"cannot write '{target}': it is no ordinary file", hint="choose another name")
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
    progress(f"graph written to {file}")
