# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `make fuzz` starts from: pieces of `.mlir` files, with the options that their tests run them with."""

import itertools
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIECE = re.compile(r"^// -----.*$|^//--- .*$", re.MULTILINE)

# Options that read other inputs, print other outputs, or that the runner gives itself.
DROPPED = re.compile(r"-+(verify-diagnostics|split-input-file|help|show-dialects|o$)")


@dataclass(frozen=True)
class Input:
    """One piece of a file and one list of options."""

    path: Path  # from the root of the repository
    text: str
    options: tuple[str, ...]
    legal: bool  # no diagnostic is expected


def options_of(path: Path, text: str) -> list[tuple[str, ...]]:
    """The options of each xplat-opt in the RUN lines of a test that succeeds and needs no file made by the test."""
    found: list[tuple[str, ...]] = []
    # A command may go on in the next line.
    for line in re.findall(r"// RUN:(.*)", re.sub(r"\\\n// RUN:", "", text)):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|;<>&")
        lexer.whitespace_split = True
        for starts, command in itertools.groupby(lexer, lambda word: set(word) <= set("|;&")):
            words = list(command)
            if starts or words[0] != "xplat-opt":
                continue
            options = [word for word in words if word.startswith("-") and not DROPPED.match(word)]
            options = [os.path.normpath(word.replace("%S", str((ROOT / path).parent))) for word in options]
            if not any("%" in word for word in options) and tuple(options) not in found:
                found.append(tuple(options))
    return found or [()]


def read_inputs() -> list[Input]:
    """Inputs of all compiler tests, devices and kernel contracts."""
    inputs = []
    for folder in ("test/lit", "dialects/xplat/devices", "hw_kernels"):
        for file in sorted((ROOT / folder).rglob("*.mlir")):
            path = file.relative_to(ROOT)
            text = file.read_text()
            for options in options_of(path, text):
                for piece in PIECE.split(text):
                    code = "\n".join(line for line in piece.splitlines() if not line.lstrip().startswith("//"))
                    if code.strip():
                        legal = "expected-error" not in piece and "invalid" not in path.name
                        inputs.append(Input(path, code.strip() + "\n", options, legal))
    return inputs
