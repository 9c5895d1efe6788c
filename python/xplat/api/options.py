# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The options of `xplat.quantize` and `xplat.compile` and of the commands, in one table.

The command line is made from it (`xplat.cli`), and a test compares it with the signatures. An option that only one of
both has says what the other has in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from xplat.api.goal import OBJECTIVES

SAMPLES = ".npy, .npz (an array per input, in order or by their names in forward), .pt (a tensor, a list, a dictionary)"


@dataclass(frozen=True)
class Option:
    """One option: `name` in Python, `--name` with dashes on the command line.

    `type`: what the command line makes of the text that the user writes, `bool` for an option without a value;
    `metavar`: what stands for the value in the help. `where`: who has it; an option of one alone says in `instead` by
    which the other one does the same, or why it has none. `repeat`: may be given several times; `aliases`: further
    flags, of earlier releases; `short`: a flag of one letter.
    """

    name: str
    help: str
    type: Callable[[str], Any] = str
    default: Any = None
    metavar: str | None = None
    where: Literal["both", "Python", "command line"] = "both"
    instead: str = ""
    choices: tuple[str, ...] = ()
    repeat: bool = False
    required: bool = False
    aliases: tuple[str, ...] = ()
    short: str = ""

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")


_EXAMPLE_INPUTS = Option(
    "example_inputs",
    "inputs of one sample, of which the shapes are used",
    where="Python",
    instead="--input-shape, --sequence-length, or the first sample of --calibration",
)
_EXAMPLE_KWARGS = Option(
    "example_kwargs", "those that the model takes by keyword", where="Python", instead="--input-shape NAME=C,H,W"
)
STATE_DICT = Option("state_dict", "values of the parameters: .safetensors or .pt", metavar="FILE")
PROGRESS = Option("progress", "called with lines of progress", where="Python", instead="--quiet and --verbose")

INPUT_SHAPE = Option(
    "input_shape",
    "shape of one sample, once for each input of the model; NAME=… for inputs that go by keyword",
    metavar="[NAME=]C,H,W",
    repeat=True,
    where="command line",
    instead="example_inputs, example_kwargs",
)
SEQUENCE_LENGTH = Option(
    "sequence_length",
    "tokens of a sample (128)",
    type=int,
    metavar="N",
    where="command line",
    instead="example_inputs",
)
KERNELS = Option("kernels", "folder with kernels of yours", metavar="DIR", default=(), repeat=True)
QUIET = Option(
    "quiet", "no progress", type=bool, default=False, short="-q", where="command line", instead="logging, level ERROR"
)
VERBOSE = Option(
    "verbose",
    "also say which passes run, and how long",
    type=bool,
    default=False,
    short="-v",
    where="command line",
    instead="logging, level DEBUG",
)
SHAPES = (INPUT_SHAPE, SEQUENCE_LENGTH)
TALK = (QUIET, VERBOSE)

_REQUEST = (
    _EXAMPLE_INPUTS,
    _EXAMPLE_KWARGS,
    Option("calibration", f"samples that set the number formats: {SAMPLES}", metavar="FILE"),
    Option(
        "quantize",
        "int8 (the default), w4a8, int2 … int16, fixed8.4, msfp4, mxfp6, e4m3, …, or a JSON or YAML file with a format "
        "per module; kernels have fixed point alone",
        metavar="FORMAT|FILE",
    ),
    Option(
        "calibration_method",
        "max (the default): what holds all values; mse: what has the least squared error",
        choices=("max", "mse"),
    ),
    Option(
        "pruning",
        "2:4, unstructured:0.5, channel:0.25, existing, or a JSON or YAML file",
        metavar="RULE|FILE",
        aliases=("--prune",),
    ),
    STATE_DICT,
)
QUANTIZE = (
    *_REQUEST,
    Option(
        "decompose",
        "composite nodes, such as attention and norms, in the nodes that hardware has, with formats for values between",
        type=bool,
        default=False,
    ),
    KERNELS,
    PROGRESS,
)
"""Of `xplat.quantize`; the command `xplat quantize` has `QUANTIZE_COMMAND` beside them."""

COMPILE = (
    *_REQUEST,
    Option(
        "mapping",
        "device, kernel, unroll factors and memories of nodes, which the search keeps: a JSON or YAML file",
        metavar="FILE",
    ),
    Option(
        "objective",
        "throughput (the default; with a target, the least hardware), latency or area",
        default="throughput",
        choices=OBJECTIVES,
    ),
    Option("target", "samples per second to reach, 5000/s", metavar="RATE"),
    Option("target_cycles", "the same as cycles per sample", type=int, metavar="N"),
    Option("max_utilization", "share of each resource in use (0.8)", type=float, default=0.8, metavar="SHARE"),
    KERNELS,
    PROGRESS,
)
"""Of `xplat.compile`."""


def _output(what: str, metavar: str, instead: str, *, required: bool = False) -> Option:
    return Option("output", what, metavar=metavar, short="-o", required=required, where="command line", instead=instead)


QUANTIZE_COMMAND = (*SHAPES, _output("folder for the quantized graph", "DIR", "Graph.save", required=True), *TALK)
COMPILE_COMMAND = (*SHAPES, _output("folder for the design", "DIR", "Design.save", required=True), *TALK)

IMPORT = (
    replace(_EXAMPLE_INPUTS, instead="--input-shape, --sequence-length"),
    _EXAMPLE_KWARGS,
    Option("name", "of the graph's function (forward)", default="forward", metavar="NAME"),
    STATE_DICT,
)
"""Of `xplat.import_model`."""
IMPORT_COMMAND = (
    Option(
        "check",
        "say for each operation: kernel, HLS or host, and where the model has it",
        type=bool,
        default=False,
        where="command line",
        instead="xplat.frontend.check.check_graph",
    ),
    _output(
        "folder for the graph, which `xplat compile` takes; or a file for xplat-opt, with the values beside it",
        "DIR|FILE.mlir",
        "Graph.save",
    ),
    *SHAPES,
    KERNELS,
    *TALK,
)

SIMULATE = (
    Option("links", "direct connections instead of serial links", where="Python", default=True, instead="--no-links"),
    Option("backpressure", "probability of a stall (0)", type=float, default=0.0, metavar="P"),
    Option("seed", "of random samples and stalls (0)", type=int, default=0, metavar="N"),
    Option("assertions", "stop where an assertion of the RTL does not hold", type=bool, default=False),
    PROGRESS,
)
"""Of `Design.simulate`."""
SIMULATE_COMMAND = (
    Option(
        "inputs",
        f"samples: {SAMPLES}; default: random",
        metavar="FILE",
        where="command line",
        instead="the argument x",
    ),
    Option(
        "samples",
        "how many: random ones (what steady state needs, 64 at most), or the first of FILE (all)",
        type=int,
        metavar="N",
        where="command line",
        instead="the argument x",
    ),
    Option(
        "no_links",
        "direct connections instead of serial links",
        type=bool,
        default=False,
        where="command line",
        instead="links",
    ),
    _output("save the outputs, by their names in the model's result", "FILE.npz", "Simulation.outputs"),
    *TALK,
)
REPORT_COMMAND = (
    Option("json", "for programs", type=bool, default=False, where="command line", instead="report().json()"),
    Option(
        "plot",
        "also draw the graph, coloured by device (.svg, .png, .pdf)",
        metavar="FILE",
        where="command line",
        instead="Design.plot",
    ),
    *TALK,
)
EMIT_COMMAND = (_output("folder for the hardware", "DIR", "Design.emit", required=True), *TALK)
