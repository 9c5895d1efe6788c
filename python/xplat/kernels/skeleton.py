# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A kernel folder to begin with: contract, RTL and cases that pass the check as they are.

It is for ops of one operand whose result has as many elements: one beat in, one beat out, a cycle each. The author
puts the op's arithmetic into the marked place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from xplat.support.errors import KernelError, OutputDirError
from xplat.support.output import output_directory
from xplat.support.paths import kernels_dir
from xplat.target.library import CONTRACT

TEMPLATES = Path(__file__).parent / "skeletons"


@dataclass(frozen=True)
class Skeleton:
    """An op for which there is a skeleton: the result of an element `x` in SystemVerilog, and what it is in words."""

    expression: str
    words: str


SKELETONS = {
    "relu": Skeleton("x < 0 ? '0 : x", "maximum with zero"),
    "neg": Skeleton("-x", "negative"),
    "abs": Skeleton("x < 0 ? -x : x", "absolute value"),
    "cast": Skeleton("x", "value itself"),
}


def new_kernel(name: str, op: str, directory: str | Path | None = None) -> Path:
    """Writes the folder of a kernel `name` for the op `op`, by default to a folder of that name; returns it.

    Raises `KernelError` for a name or an op that cannot be, `OutputDirError` where the folder exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise KernelError(f"'{name}' cannot be the name of a kernel", hint="use small letters, digits and '_'")
    if name in _taken():
        raise KernelError(f"xplat has a kernel '{name}'", hint=f"choose another name, for example my_{name}")
    if op.removeprefix("xplat.") not in SKELETONS:
        raise KernelError(
            f"there is no skeleton for '{op}': known are {', '.join(SKELETONS)}",
            hint="for another op copy a folder of xplat that is like it: " + str(kernels_dir()),
        )
    op = op.removeprefix("xplat.")
    folder = Path(directory or name)
    if folder.exists():
        raise OutputDirError(f"'{folder}' exists", hint="choose another folder: --output DIR")
    skeleton = SKELETONS[op]
    with output_directory(folder) as staged:
        (staged / "rtl").mkdir()
        for template, target in (
            ("kernel.mlir", CONTRACT),
            ("kernel.sv", f"rtl/{name}.sv"),
            ("case.py.txt", "case.py"),
        ):
            # The licence line is the template's own; the folder is the author's.
            text = (TEMPLATES / template).read_text().partition("\n")[2]
            for key, value in (
                ("OP", op),
                ("NAME", name),
                ("EXPRESSION", skeleton.expression),
                ("WORDS", skeleton.words),
            ):
                text = text.replace(f"@{key}@", value)
            (staged / target).write_text(text)
    return folder


def _taken() -> set[str]:
    return {
        name
        for file in kernels_dir().glob(f"*/{CONTRACT}")
        for name in re.findall(r"^xplat\.kernel @(\w+)", file.read_text(), re.MULTILINE)
    }
