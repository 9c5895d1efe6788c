# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The code on every page of the documentation runs: Python as one program a page, commands one by one.

A line of Python that is a comment by itself says what the program prints.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Pages whose commands take minutes.
LONG = {"docs/HowTo/import-a-model.md", "docs/HowTo/quantize.md", "docs/HowTo/write-your-own-blocks.md"}
# What a page's program prints and writes.
PRINTS = {"README.md": ("throughput", "upper bound")}
WRITES = {"README.md": ("build/hardware/files.f",)}
COMMANDS_WRITE = {"README.md": ("build/hardware/vivado_fpga0.tcl",)}

# What commands on the pages read: a user's model and the published weights of another one.
MODEL = """\
import torch

def make_model():
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU())
"""
WEIGHTS = """\
from safetensors.torch import save_file
import xplat

save_file(xplat.models.get("resnet50").build().state_dict(), "resnet50.safetensors")
"""


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def commands(page: Path) -> list[str]:
    """Commands in the page's shell blocks, without comments."""
    lines = [line.split(" #")[0].strip() for block in blocks(page, "sh") for line in block.splitlines()]
    return [line for line in lines if line]


def run(command: list[str], folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def pages_with(language: str, long: Collection[str] = ()) -> list[object]:
    """Pages that have a block in the language."""
    found = [page for page in PAGES if blocks(page, language)]
    assert found
    return [pytest.param(page, id=name(page), marks=[pytest.mark.long] if name(page) in long else []) for page in found]


@pytest.mark.parametrize("page", pages_with("python"))
def test_python_runs(page: Path, tmp_path: Path) -> None:
    program = "\n".join(blocks(page, "python"))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    printed = run([sys.executable, "-c", program], tmp_path)
    for line in (*re.findall(r"^# (.*)$", program, re.MULTILINE), *PRINTS.get(name(page), ())):
        assert line in printed
    for file in WRITES.get(name(page), ()):
        assert (tmp_path / file).is_file(), file


@pytest.mark.parametrize("page", pages_with("sh", LONG))
def test_commands_run(page: Path, tmp_path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    (tmp_path / "model.py").write_text(MODEL)
    for folder in ("dialects", "examples", "python", "test"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    if any("resnet50.safetensors" in command for command in commands(page)):
        run([sys.executable, "-c", WEIGHTS], tmp_path)
    for command in commands(page):
        program, *arguments = shlex.split(command)
        if program == "xplat":
            assert run([program, *arguments], tmp_path).strip(), command
        elif program == ".venv/bin/xplat-opt":
            assert run(["xplat-opt", *arguments], tmp_path).strip(), command
        elif program == "python":
            assert run([program, *arguments], tmp_path).strip(), command
        elif program in ("echo", "sed"):
            run(["bash", "-c", command], tmp_path)
        elif program == "make":
            assert arguments[0] in targets, command
        elif program in (".venv/bin/lit", ".venv/bin/python"):
            (file,) = [argument for argument in arguments if argument.startswith("test/")]
            assert (ROOT / file).is_file(), command
        else:
            assert program == "pip", f"'{command}' in {name(page)} is run by no test"
    for written in COMMANDS_WRITE.get(name(page), ()):
        assert (tmp_path / written).is_file(), written


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"\w+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = page.parent / file if file else page
        assert path.exists(), f"{name(page)} links to '{target}', which does not exist"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, f"{name(page)} links to '{target}', but {file} has no such heading"


@pytest.mark.long
def test_site_is_built_and_holds_every_page(tmp_path: Path) -> None:
    config = (ROOT / "mkdocs.yml").read_text().replace("build/site", str(tmp_path / "site"))
    config = config.replace("paths: [python]", f"paths: [{ROOT / 'python'}]")
    (tmp_path / "mkdocs.yml").write_text(config)
    run([sys.executable, str(ROOT / "tools" / "site_pages.py"), str(tmp_path / "site-pages")], ROOT)
    run(["mkdocs", "build", "--strict", "-f", str(tmp_path / "mkdocs.yml")], ROOT)
    for page in PAGES:
        written = tmp_path / "site" / page.relative_to(ROOT).with_suffix(".html")
        assert (written if page.name != "README.md" else tmp_path / "site" / "index.html").is_file()
    reference = tmp_path / "site" / "reference"
    assert "xplat-quantize" in (reference / "passes.html").read_text()
    assert 'id="xplat.compile"' in (reference / "python.html").read_text()
    (tmp_path / "site-pages" / "broken.md").write_text("[gone](nowhere.md)\n")
    with pytest.raises(AssertionError, match=r"nowhere\.md"):
        run(["mkdocs", "build", "--strict", "-f", str(tmp_path / "mkdocs.yml")], ROOT)
