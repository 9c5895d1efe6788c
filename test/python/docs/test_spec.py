# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/Spec.md: its examples are read as they stand, its lists of kernel symbols are those of the compiler."""

import re
import subprocess
from pathlib import Path

import pytest

SPEC = Path(__file__).resolve().parents[3] / "docs" / "Spec.md"
PARTS = re.split(r"^### `[!#]?xplat\.(\w+)`$", SPEC.read_text(), flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))
EXAMPLES = {
    name: match.group(1)
    for name, body in SECTIONS.items()
    if (match := re.search(r"```mlir\n(.*?)```", body, re.DOTALL))
}
SYMBOLS = {
    name: re.findall(r"`(\w+)`", match.group(1))
    for name, body in SECTIONS.items()
    if (match := re.search(r"^- Kernel symbols: (.*)$", body, re.MULTILINE))
}


def xplat_opt(text: str, *flags: str) -> str:
    """Output of the compiler driver; fails the test with its message."""
    result = subprocess.run(["xplat-opt", "-", *flags], input=text, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def lines(text: str) -> list[str]:
    """Lines without indentation and without the module around them."""
    stripped = [line.strip() for line in text.strip().splitlines()]
    return stripped[1:-1] if stripped[0] == "module {" else stripped


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_read_and_printed_as_it_stands(name: str) -> None:
    printed = xplat_opt(EXAMPLES[name])
    assert f"xplat.{name}" in EXAMPLES[name]
    assert lines(printed) == lines(EXAMPLES[name])


@pytest.mark.parametrize("name", SYMBOLS)
def test_kernel_symbols_are_those_of_the_compiler(name: str) -> None:
    contract = f'xplat.kernel @k implements "xplat.{name}" generated {{ cycles (unheard_of)'
    refused = subprocess.run(["xplat-opt", "-"], input=contract, capture_output=True, text=True)
    # The message lists all of them, in this order.
    assert f"unknown name 'unheard_of'; there are {' '.join(SYMBOLS[name])}\n" in refused.stderr


def test_every_op_and_node_is_described() -> None:
    assert len(EXAMPLES) >= 28 and len(SYMBOLS) >= 17


def test_every_definition_has_one_section() -> None:
    headings = re.findall(r"^#+ .*", SPEC.read_text(), re.MULTILINE)
    assert len(headings) == len(set(headings))


def test_functions_of_formulas_are_those_of_the_compiler() -> None:
    contract = 'xplat.kernel @k implements "xplat.relu" generated { let a (nothing (1)) }'
    result = subprocess.run(["xplat-opt", "-"], input=contract, capture_output=True, text=True)
    known = re.search(r"unknown function 'nothing'; there are (.*)", result.stderr)
    assert known is not None
    described = re.search(r"\| function \| value .*?\n\n", SECTIONS["formula"], re.DOTALL)
    assert described is not None
    assert re.findall(r"`(\w+) \([^`]*\)`", described.group()) == known.group(1).split()
