# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`make fuzz` finds a crash, keeps a small input of it, and tells our crashes from those of MLIR."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FUZZ = ROOT / "tools" / "fuzz"

# Ends by a signal when the word is in its input, as xplat-opt would.
CRASHES = """\
#!{python}
import os, sys
text = open(sys.argv[1]).read()
if "{word}" in text:
    print("x: f.cpp:1: void f(): Assertion `text' failed.", file=sys.stderr)
    print(" #0 0x01 xplat::ReluOp::verify() ReluOp.cpp:0:0", file=sys.stderr, flush=True)
    os.abort()
sys.exit(1)
"""


def fuzz(*options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FUZZ), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True)


def test_finds_the_guilty_input_and_makes_it_small(tmp_path: Path) -> None:
    program = tmp_path / "xplat-opt"
    program.write_text(CRASHES.format(python=sys.executable, word="xplat.relu"))
    program.chmod(0o755)
    options = ("--opt", program, "--only", "elementwise-invalid", "--count", 40, "--batch", 20, "--out", tmp_path)
    found = fuzz(*options)
    assert found.returncode == 1, found.stderr
    assert "xplat: text in xplat::ReluOp::verify" in found.stdout
    assert "1 different ones of xplat, 0 of upstream" in found.stdout
    (kept,) = tmp_path.glob("xplat-??????????.mlir")
    head, _, text = kept.read_text().partition("\n\n")
    assert head.startswith("// RUN: not xplat-opt") and text.split() == ["xplat.relu"]
    program.write_text(CRASHES.format(python=sys.executable, word="nothing has this"))
    assert fuzz(*options).returncode == 0


def test_a_hang_is_found(tmp_path: Path) -> None:
    program = tmp_path / "xplat-opt"
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    program.chmod(0o755)
    found = fuzz("--opt", program, "--count", 1, "--seconds", 0.2, "--out", tmp_path)
    assert found.returncode == 1 and "hang of more than 0.2 s" in found.stdout


@pytest.mark.parametrize(
    ("stack", "owner"),
    [
        (" #0 0x01 mlir::Op::fold() (/bin/xplat-opt+0x1)\n #1 0x02 main xplat-opt.cpp:0:0\n", "upstream"),
        (" #0 0x01 (anonymous namespace)::Quantize::run() Quantize.cpp:0:0\n #1 0x02 main xplat-opt.cpp:0:0", "xplat"),
        ("    #0 0x01 in mlir::detail::f(int) F.cpp:1\n    #1 0x02 in xplat::g(int) /src/g.cpp:2:3\n", "xplat"),
        (" #0 0x01 a::resolveSSAUse(int) (/x+1)\n #1 0x02 xplat::ReluOp::parse() ReluOp.cpp:0:0\n", "upstream"),
        ("    #0 0x01 in estimate /src/lib/Partition.cpp:44\n    #1 0x02 in mlir::run(int) /x/P.cpp:3\n", "xplat"),
        ("no stack at all", "xplat"),
    ],
)
def test_owner(stack: str, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FUZZ))
    from runner import judge

    assert judge(-6, "LLVM ERROR: out of memory\n" + stack).owner == owner


@pytest.mark.parametrize(("innermost", "owner"), [("xplat::FusedOp::parse", "upstream"), ("xplat::Fuse::run", "xplat")])
def test_what_is_known_of_upstream_is_known_by_the_whole_stack(
    innermost: str, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(FUZZ))
    from runner import judge

    frames = ["mlir::Operation::~Operation", "a", "b", "c", "mlir::Region::~Region", innermost]
    stack = "".join(f" #{index} 0x01 {frame}() (/x+1)\n" for index, frame in enumerate(frames))
    assert judge(-6, "LLVM ERROR: operation destroyed but still has uses\n" + stack).owner == owner


def test_options_without_sense_are_refused() -> None:
    assert "must be positive" in fuzz("--count", 0).stderr
    assert "no input has 'nowhere'" in fuzz("--only", "nowhere").stderr
