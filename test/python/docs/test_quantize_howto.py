# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/HowTo/quantize.md as it stands: its file is read, its names are known."""

from __future__ import annotations

import re
from pathlib import Path

import torch

import xplat
from xplat.formats import Formats, Quantization, mlir_type, parse

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "HowTo" / "quantize.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_file(tmp_path: Path) -> None:
    (text,) = blocks("yaml")
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


def test_names_are_known() -> None:
    page = (DOCS / "Formats.md").read_text()
    table = page.split("## Names")[1].split("## Fixed point")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    names = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert {"int2", "msfp4b32", "mxfp6e3m2", "minifloat-e5m4", "fixed8.4", "fp8"} <= names
    for name in names:
        assert mlir_type(parse(name))
