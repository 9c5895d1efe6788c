"""The `xplat` command: import, compile, report, emit, simulate, check-kernel, models, systems.

Exit codes: 0 success, 1 an error that the message explains, 2 wrong usage, 3 simulation and reference differ.
Results go to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from xplat.cli.files import load_model, load_samples, random_inputs, random_tensors, takes
from xplat.support.errors import OutputDirError, XplatError
from xplat.support.progress import Progress, silent, to_stderr

OK, FAILED, USAGE, MISMATCH = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except XplatError as error:
        print(f"xplat: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        print("xplat: interrupted", file=sys.stderr)
        return 130


_INPUT_SHAPE = "shape of one sample, once for each input of the model; NAME=… for inputs that go by keyword"
_SAMPLES = (
    ".npy, .npz (an array per input, in order or by their names in forward), .pt (a tensor, a list, a dictionary)"
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xplat", description="Maps PyTorch models to systems of FPGAs and writes the hardware that runs them."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    import_ = commands.add_parser(
        "import",
        help="make a graph of a model and say how it would be supported",
        description="Imports a model of the zoo by name, without its weights, or a model of your own.",
        epilog="examples: xplat import resnet50; xplat import --check model.py:make_model --input-shape 3,32,32. "
        "`xplat models` lists the zoo.",
    )
    import_.add_argument("model", metavar="NAME|FILE.py:NAME", help="a model of the zoo, or one of your own")
    import_.add_argument(
        "--check", action="store_true", help="say for each operation: kernel, HLS or host, and where the model has it"
    )
    import_.add_argument("--state-dict", metavar="FILE", help="values of the parameters: .safetensors or .pt")
    import_.add_argument("--output", "-o", metavar="FILE.mlir", help="write the graph, and values beside it")
    import_.add_argument("--sequence-length", type=int, metavar="N", help="tokens of a sample (128)")
    import_.add_argument("--input-shape", action="append", metavar="[NAME=]C,H,W", help=_INPUT_SHAPE)
    import_.add_argument("--kernels", action="append", default=[], metavar="DIR", help="folder with kernels of yours")
    import_.add_argument("--quiet", "-q", action="store_true", help="no progress")
    import_.set_defaults(run=_import)

    compile_ = commands.add_parser(
        "compile",
        help="map a model to a system and save the design",
        description="Maps a model to a system and saves the design in a folder that the other commands read.",
        epilog="example: xplat compile model.py:make_model --system 2xz7020 --input-shape 1,8,8 "
        "--calibration images.npy --output build/design",
    )
    compile_.add_argument("model", metavar="FILE.py:NAME", help="a torch.nn.Module, or a function that returns one")
    compile_.add_argument("--system", required=True, help="name such as 2xz7020 or 4xu250-ring, or a .mlir file")
    compile_.add_argument("--input-shape", action="append", metavar="[NAME=]C,H,W", help=_INPUT_SHAPE)
    compile_.add_argument("--calibration", metavar="FILE", help=f"samples that set the number formats: {_SAMPLES}")
    compile_.add_argument(
        "--quantize",
        default="int8",
        metavar="FORMAT|FILE",
        help="int8 (default), w4a8, int2 … int16, fixed8.4, or a JSON or YAML file with a format per module; kernels "
        "have fixed point, other formats are for xplat.quantize",
    )
    compile_.add_argument(
        "--prune", metavar="RULE", help="2:4, unstructured:0.5, channel:0.25, existing, or a JSON or YAML file"
    )
    compile_.add_argument("--target-cycles", type=int, help="cycles per sample to reach with the least hardware")
    compile_.add_argument("--max-utilization", type=float, default=0.8, help="share of each resource in use (0.8)")
    compile_.add_argument("--kernels", action="append", default=[], metavar="DIR", help="folder with kernels of yours")
    compile_.add_argument("--output", "-o", required=True, metavar="DIR", help="folder for the design")
    compile_.add_argument("--quiet", "-q", action="store_true", help="no progress")
    compile_.set_defaults(run=_compile)

    report = commands.add_parser("report", help="throughput, limits and use of a design")
    report.add_argument("design", metavar="DIR", help="folder that `xplat compile` wrote")
    report.add_argument("--json", action="store_true", help="for programs")
    report.add_argument("--plot", metavar="FILE", help="also draw the graph, coloured by device (.svg, .png, .pdf)")
    report.add_argument("--quiet", "-q", action="store_true", help="no progress")
    report.set_defaults(run=_report)

    emit = commands.add_parser("emit", help="write SystemVerilog, memories, test bench and tool scripts")
    emit.add_argument("design", metavar="DIR", help="folder that `xplat compile` wrote")
    emit.add_argument("--output", "-o", required=True, metavar="DIR", help="folder for the hardware")
    emit.add_argument("--quiet", "-q", action="store_true", help="no progress")
    emit.set_defaults(run=_emit)

    simulate = commands.add_parser("simulate", help="run the design's RTL and compare it with the integer reference")
    simulate.add_argument("design", metavar="DIR", help="folder that `xplat compile` wrote")
    simulate.add_argument("--inputs", metavar="FILE", help=f"samples: {_SAMPLES}; default: random")
    simulate.add_argument(
        "--samples",
        type=int,
        help="how many: random ones (what steady state needs, 64 at most), or the first of FILE (all)",
    )
    simulate.add_argument("--no-links", action="store_true", help="direct connections instead of serial links")
    simulate.add_argument("--backpressure", type=float, default=0.0, metavar="P", help="probability of a stall (0)")
    simulate.add_argument("--seed", type=int, default=0, help="of random samples and stalls (0)")
    simulate.add_argument(
        "--output", "-o", metavar="FILE.npz", help="save the outputs, by their names in the model's result"
    )
    simulate.add_argument("--quiet", "-q", action="store_true", help="no progress")
    simulate.set_defaults(run=_simulate)

    check = commands.add_parser("check-kernel", help="compare the contract of a kernel folder with its RTL")
    check.add_argument("folder", metavar="DIR", help="folder with kernel.mlir, or with folders that have one")
    check.set_defaults(run=_check_kernel)

    models = commands.add_parser("models", help="list the models that `xplat import` knows by name")
    models.set_defaults(run=_models)

    systems = commands.add_parser("systems", help="list the devices and the names of systems made of them")
    systems.set_defaults(run=_systems)
    return parser


# ---- commands


def _import(options: argparse.Namespace) -> int:
    from xplat.cli.import_command import run

    run(options, _progress(options))
    return OK


def _compile(options: argparse.Namespace) -> int:
    import xplat

    progress = _progress(options)
    progress("loading PyTorch …")
    model = load_model(options.model)
    calibration = None
    if options.calibration:
        calibration = load_samples(options.calibration)
        if isinstance(calibration, dict) and not takes(model, calibration):
            calibration = tuple(calibration.values())
    example: tuple[Any, ...] = ()
    named: dict[str, Any] = {}
    if options.input_shape:
        example, named = random_inputs(options.input_shape)
    elif isinstance(calibration, dict):
        named = {name: tensor[:1] for name, tensor in calibration.items()}
    elif calibration is not None:
        example = tuple(tensor[:1] for tensor in calibration)
    else:
        raise XplatError("the shape of the input is unknown", hint="give --input-shape or --calibration")
    if calibration is None:
        progress("warning: no --calibration: number formats come from random data; accuracy will suffer")
    design = xplat.compile(
        model,
        options.system,
        example_inputs=example,
        example_kwargs=named,
        calibration=calibration,
        quantize=options.quantize,
        pruning=options.prune,
        target_cycles=options.target_cycles,
        max_utilization=options.max_utilization,
        kernels=options.kernels,
        progress=progress,
    )
    print(design.report())
    design.save(options.output)
    progress(f"design saved in {options.output}")
    return OK


def _report(options: argparse.Namespace) -> int:
    progress = _progress(options)
    progress("reading the design …")
    design = _load_design(options.design)
    report = design.report()
    print(report.json() if options.json else report)
    if options.plot:
        progress(f"picture written to {design.plot(options.plot)}")
    return OK


def _emit(options: argparse.Namespace) -> int:
    progress = _progress(options)
    progress("reading the design …")
    design = _load_design(options.design)
    progress("writing hardware …")
    directory = design.emit(options.output)
    print(f"hardware written to {directory}")
    return OK


def _simulate(options: argparse.Namespace) -> int:
    import numpy as np

    progress = _progress(options)
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
        samples, links=not options.no_links, backpressure=options.backpressure, seed=options.seed, progress=progress
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
    return MISMATCH if mismatches else OK


def _samples_for(report: Any) -> int:
    """How many samples show steady state: those that fill the pipeline, and some more."""
    filling = -(-report.latency_cycles // report.cycles_per_sample)
    return int(min(max(8, filling + 6), 64))


def _tensors(result: Any) -> list[Any]:
    """The tensors in a model's result, in its order."""
    import torch
    from torch.utils import _pytree as pytree

    return [leaf for leaf in pytree.tree_leaves(result) if isinstance(leaf, torch.Tensor)]


def _check_kernel(options: argparse.Namespace) -> int:
    from xplat.target.kernel_check import check_kernel

    for name in check_kernel(options.folder):
        print(f"@{name}: contract and RTL agree")
    return OK


def _models(options: argparse.Namespace) -> int:
    from xplat.models import get, names

    width = max(map(len, names()))
    for name in names():
        spec = get(name)
        also = f"; also {', '.join(spec.aliases)}" if spec.aliases else ""
        print(f"{name.ljust(width)}  {spec.task}{also}")
    return OK


def _systems(options: argparse.Namespace) -> int:
    from xplat.target.system import describe_known

    print(describe_known())
    return OK


def _progress(options: argparse.Namespace) -> Progress:
    return silent if options.quiet else to_stderr


def _load_design(directory: str) -> Any:
    from xplat.api.design import Design

    return Design.load(directory)
