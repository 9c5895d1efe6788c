# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The `xplat` command: import, quantize, compile, report, emit, simulate, kernel, check-kernel, models, systems.

Exit codes: 0 success, 1 an error that the message explains, 2 wrong usage, 3 simulation and reference differ.
Results go to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from xplat.api import options as table
from xplat.api.options import Option
from xplat.cli import commands
from xplat.support.errors import XplatError
from xplat.support.progress import talking

OK, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns the exit code."""
    options = parser().parse_args(arguments)
    level = logging.ERROR if options.quiet else logging.DEBUG if options.verbose else logging.INFO
    try:
        with talking(level):
            return int(options.run(options) or OK)
    except XplatError as error:
        print(f"xplat: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        print("xplat: interrupted", file=sys.stderr)
        return INTERRUPTED


_MODEL = ("model", "NAME|FILE.py:NAME|DIR")
_MODEL_HELP = (
    "a model of the zoo; a torch.nn.Module of yours, or a function that returns one; or a graph that was saved"
)
_DESIGN = ("design", "DIR")
_DESIGN_HELP = "folder that `xplat compile` wrote"


def parser() -> argparse.ArgumentParser:
    """The parser of the command line, made of the table of options."""
    result = argparse.ArgumentParser(
        prog="xplat", description="Maps PyTorch models to systems of FPGAs and writes the hardware that runs them."
    )
    subparsers = result.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int | None], options: Sequence[Option], text: str, more: str = ""
    ) -> argparse.ArgumentParser:
        made = subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=more or None)
        made.set_defaults(run=run, quiet=False, verbose=False)
        for option in options:
            _add(made, option)
        return made

    import_ = command(
        "import",
        commands.import_,
        (*table.IMPORT, *table.IMPORT_COMMAND),
        "make a graph of a model and say how it would be supported",
        "examples: xplat import resnet50; xplat import --check model.py:make_model --input-shape 3,32,32. Models of "
        "the zoo (`xplat models`) come without weights.",
    )
    import_.add_argument(_MODEL[0], metavar="NAME|FILE.py:NAME", help="a model of the zoo, or one of your own")

    quantize = command(
        "quantize",
        commands.quantize,
        (*table.QUANTIZE, *table.QUANTIZE_COMMAND),
        "give every value of a model its number format and save the graph, which `xplat compile` takes",
        "example: xplat quantize model.py:make_model --quantize w4a8 --calibration images.npy --output build/quantized",
    )
    quantize.add_argument(_MODEL[0], metavar=_MODEL[1], help=_MODEL_HELP)

    compile_ = command(
        "compile",
        commands.compile_,
        (*table.COMPILE, *table.COMPILE_COMMAND),
        "map a model to a system and save the design, which the other commands read",
        "example: xplat compile model.py:make_model --system 2xz7020 --calibration images.npy --output build/design",
    )
    compile_.add_argument(_MODEL[0], metavar=_MODEL[1], help=_MODEL_HELP)
    compile_.add_argument("--system", required=True, help="name such as 2xz7020 or 4xu250-ring, or a .mlir file")

    report = command("report", commands.report, table.REPORT_COMMAND, "throughput, limits and use of a design")
    report.add_argument(_DESIGN[0], metavar=_DESIGN[1], help=_DESIGN_HELP)

    emit = command(
        "emit", commands.emit, table.EMIT_COMMAND, "write SystemVerilog, memories, test bench and tool scripts"
    )
    emit.add_argument(_DESIGN[0], metavar=_DESIGN[1], help=_DESIGN_HELP)

    simulate = command(
        "simulate",
        commands.simulate,
        (*table.SIMULATE, *table.SIMULATE_COMMAND),
        "run the design's RTL and compare it with the integer reference",
    )
    simulate.add_argument(_DESIGN[0], metavar=_DESIGN[1], help=_DESIGN_HELP)

    _add_kernel_commands(subparsers)
    check = command("check-kernel", commands.check_kernel, (), "compare the contract of a kernel folder with its RTL")
    check.add_argument("folder", metavar="DIR", help="folder with kernel.mlir, or with folders that have one")

    command("models", commands.models, (), "list the models that xplat knows by name")
    command("systems", commands.systems, (), "list the devices and the names of systems made of them")
    return result


def _add_kernel_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`xplat kernel new` and `xplat kernel check`."""
    text = "begin a kernel folder of your own, and check one"
    kernel = subparsers.add_parser("kernel", help=text, description=f"{text[0].upper()}{text[1:]}.")
    actions = kernel.add_subparsers(dest="action", required=True, metavar="new|check")
    new = actions.add_parser("new", help="write a kernel folder that passes the check")
    new.add_argument("name", metavar="NAME", help="of the kernel, its module and its folder")
    new.add_argument(
        "--op",
        required=True,
        metavar="OP",
        help="the op that it implements, for example relu; an error lists those with a skeleton",
    )
    new.add_argument("--output", "-o", metavar="DIR", help="folder to write (default: NAME)")
    new.set_defaults(run=commands.kernel_new)
    check = actions.add_parser("check", help="simulate the cases of a kernel folder and compare with its contract")
    check.add_argument("folder", metavar="DIR", help="folder with kernel.mlir, or with folders that have one")
    check.add_argument(
        "--random-cases", type=int, default=4, metavar="N", help="cases to draw from random_case (default 4)"
    )
    check.add_argument("--seed", type=int, default=0, metavar="N", help="of random cases and values (default 0)")
    check.set_defaults(run=commands.kernel_check)
    for made in (new, check):
        made.add_argument("--quiet", "-q", action="store_true", help="no progress")
        made.set_defaults(verbose=False)


def _add(made: argparse.ArgumentParser, option: Option) -> None:
    """The argument of one option; none for what Python alone has."""
    if option.where == "Python":
        return
    flags = [option.flag, *option.aliases, *([option.short] if option.short else [])]
    if option.type is bool:
        made.add_argument(*flags, action="store_true", help=option.help)
    elif option.choices:
        made.add_argument(*flags, choices=option.choices, default=option.default, help=option.help)
    else:
        made.add_argument(
            *flags,
            type=option.type,
            action="append" if option.repeat else "store",
            default=[] if option.repeat else option.default,
            required=option.required,
            metavar=option.metavar,
            help=option.help,
        )
