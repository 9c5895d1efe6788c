# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The files that how-tos show are read, and the names in their tables are known."""

from __future__ import annotations

import re
from pathlib import Path

import torch

import xplat
from xplat.formats import Formats, Quantization, mlir_type, parse
from xplat.software import PruneRule, Pruning

DOCS = Path(__file__).resolve().parents[3] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / "HowTo" / page).read_text(), re.DOTALL)


def test_file_of_formats(tmp_path: Path) -> None:
    (text,) = blocks("quantize.md", "yaml")
    path = tmp_path / "formats.yaml"
    path.write_text(text)
    quantization = Quantization.parse(path)
    assert quantization.formats_of("0") == Formats(parse("int8"), parse("int4"), True)
    assert quantization.formats_of("2") == Formats(parse("fp32"), parse("mxfp6"), True)
    assert quantization.formats_of("encoder.attention.query").per_channel is False
    path.write_text("\n".join(line for line in text.splitlines() if "attention" not in line))
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    samples = torch.randn(10, 64)
    quantized = xplat.quantize(model, example_inputs=samples, quantize=path)
    text = str(quantized.module)
    assert "<i4:f32:0" in text and "!xplat.mx<f6E2M3FN, 32" in text


def test_names_of_formats_are_known() -> None:
    page = (DOCS / "Formats.md").read_text()
    table = page.split("## Names")[1].split("## Fixed point")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    names = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert {"int2", "msfp4b32", "mxfp6e3m2", "minifloat-e5m4", "fixed8.4", "fp8"} <= names
    for name in names:
        assert mlir_type(parse(name))


def test_file_of_pruning(tmp_path: Path) -> None:
    (text,) = blocks("prune.md", "yaml")
    path = tmp_path / "pruning.yaml"
    path.write_text(text)
    pruning = Pruning.parse(path)
    assert pruning.rule_of("features.3") == PruneRule("channel", fraction=0.25, norm="l2")
    assert pruning.rule_of("features.0") == PruneRule()
    assert pruning.rule_of("classifier") == PruneRule("n:m", n=2, m=4)
    assert pruning.rule_of("stem") == PruneRule()


def test_rules_of_pruning_are_known() -> None:
    table = (DOCS / "HowTo" / "prune.md").read_text().split("It can be")[1].split("## Another")[0]
    for rule in re.findall(r"^\| `([^`]*)` \|", table, re.MULTILINE):
        assert PruneRule.parse(rule).method != "none"
