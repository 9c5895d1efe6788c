# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a user may ask for as `quantize=`: names, mappings, files with globs; and the errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import xplat
from xplat.dialects import xplat as xp
from xplat.formats import Formats, Integer, Quantization, parse
from xplat.mlir import nodes_of
from xplat.software.assign import assign_formats, complete_formats
from xplat.support.errors import FormatError

FILE = """
default: int8
modules:
  "layer1": w4a8
  "layer1.conv2": {weight: msfp4, per_channel: false}
  "layer*.norm": fp32
  "head": w=mxfp4
"""


def formats(value: str, weight: str, per_channel: bool = True) -> Formats:
    return Formats(parse(value), parse(weight), per_channel)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int8", formats("int8", "int8")),
        ("w4a8", formats("int8", "int4")),
        ("mxfp6e3m2", formats("mxfp6e3m2", "mxfp6e3m2")),
        ("w=msfp4,a=mxint8", formats("mxint8", "msfp4")),
        ("w=int4,a=fp32-per-tensor", formats("fp32", "int4", False)),
        ("w=e4m3", formats("e4m3", "e4m3")),
        ("int8-per-tensor", formats("int8", "int8", False)),
        ("uint8", formats("uint8", "int8")),
        ("sint6", formats("sint6", "sint6")),
        ("ufixed8.4", formats("ufixed8.4", "fixed8.4")),
        ("w=int4,a=uint8", formats("uint8", "int4")),
        (" W4A8 ", formats("int8", "int4")),
        ("W4a8-Per-Tensor", formats("int8", "int4", False)),
        ("W=MSFP4, A=MXINT8", formats("mxint8", "msfp4")),
    ],
)
def test_names(text: str, expected: Formats) -> None:
    quantization = Quantization.parse(text)
    assert quantization.default == expected
    assert quantization.formats_of("any.path") == expected
    assert Quantization.parse(str(quantization)) == quantization
    assert quantization.requested_formats_of("any.path") == Formats()


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json"])
def test_files(tmp_path: Path, suffix: str) -> None:
    import yaml

    path = tmp_path / f"formats{suffix}"
    path.write_text(json.dumps(yaml.safe_load(FILE)) if suffix == ".json" else FILE)
    quantization = Quantization.parse(str(path))
    assert quantization == Quantization.parse(path) == Quantization.parse(yaml.safe_load(FILE))
    expected = {
        "stem": formats("int8", "int8"),
        "layer1": formats("int8", "int4"),
        "layer1.conv1": formats("int8", "int4"),
        "layer1.conv2": formats("int8", "msfp4", False),
        "layer1.norm": formats("fp32", "fp32"),
        "layer2.norm.mul": formats("fp32", "fp32"),
        "layer10": formats("int8", "int8"),
        "head": formats("int8", "mxfp4"),
    }
    assert {name: quantization.formats_of(name) for name in expected} == expected
    quantization.check(expected)
    assert quantization.requested_formats_of("stem") == Formats()
    assert quantization.requested_formats_of("head") == Formats(weight=parse("mxfp4"))
    assert quantization.default == formats("int8", "int8", True)


def test_every_node_carries_the_complete_request() -> None:
    """The pass that quantizes needs no options: what no glob says is the default's."""
    request = {"default": "w4a6-per-tensor", "modules": {"block.fc": {"value": "int5"}, "tanh": "e4m3"}}
    samples = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    graph = complete_formats(assign_formats(xplat.import_model(Functional(), samples), request), request)
    nodes = {xp.node_name(op): op.quantization for op in nodes_of(graph.module) if xp.has_number_format(op)}
    assert all(form.value is not None for form in nodes.values())
    assert str(nodes["x"].value) == "i6" and str(nodes["tanh"].value) == "f8E4M3FN"
    weighted = [form for form in nodes.values() if form.weight is not None and form.per_channel is not None]
    assert weighted and {(str(form.weight), form.per_channel) for form in weighted} == {("i4", False)}
    assert nodes == {
        xp.node_name(op): op.quantization
        for op in nodes_of(complete_formats(graph, "int16").module)
        if xp.has_number_format(op)
    }, "what a node carries stays"


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ({}, formats("int8", "int8")),
        ({"per_channel": False}, formats("int8", "int8", False)),
        ({"weight": "int4"}, formats("int4", "int4")),
    ],
)
def test_a_default_that_says_not_everything(default: dict[str, object], expected: Formats) -> None:
    quantization = Quantization.parse({"default": default})
    assert quantization.default == expected
    assert Quantization.parse(str(quantization)) == quantization


def test_the_last_match_wins_field_by_field() -> None:
    quantization = Quantization.parse({"modules": {"a.b": {"weight": "int4"}, "a": {"value": "int6"}, "*.b": "w3a3"}})
    assert quantization.formats_of("a.c") == Formats(Integer(6), Integer(8), True)
    assert quantization.formats_of("a.b") == Formats(Integer(3), Integer(3), True)


def test_globs_that_match_nothing() -> None:
    quantization = Quantization.parse({"modules": {"layer1.*": "int4", "layr2.conv": "int4", "decoder": "int4"}})
    with pytest.raises(FormatError) as caught:
        quantization.check(["layer1.conv1", "layer2.conv", "layer2.conv.add"])
    assert "'layr2.conv' matches no module; nearest: 'layer2.conv'" in str(caught.value)
    assert "'decoder' matches no module" in str(caught.value)
    assert "'layer1.*'" not in str(caught.value)
    assert "functional operations" in str(caught.value) and "inputs" in str(caught.value)


class Functional(torch.nn.Module):
    """Two operations that are no modules, one of them twice, and a module with one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Residual()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(torch.tanh(self.block(torch.sigmoid(x))))


class Residual(torch.nn.Module):
    """A linear layer and what it adds to."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = torch.nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.fc(x)


def test_globs_name_inputs_and_operations_too() -> None:
    request = {"modules": {"x": "int4", "sigmoid": "int6", "sigmoid_1": "int7", "block.add": "int5", "block": "int3"}}
    samples = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))
    with pytest.raises(FormatError, match="'y' matches no module; nearest"):
        xplat.quantize(Functional(), example_inputs=samples, quantize={"modules": {"y": "int4"}})
    graph = assign_formats(xplat.import_model(Functional(), samples), request)
    nodes = [op for op in nodes_of(graph.module) if xp.has_number_format(op)]
    widths = {xp.node_name(op): op.quantization and str(op.quantization.value) for op in nodes}
    assert widths["x"] == "i4" and widths["sigmoid"] == "i6" and widths["sigmoid_1"] == "i7"
    assert widths["block.fc"] == widths["block.add"] == "i3", "what is said later wins"
    assert widths["tanh"] is None


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"defaults": "int8"}, "unknown key 'defaults', did you mean 'default'?"),
        ({"modules": {"fc": {"wieght": "int4"}}}, "'fc': unknown key 'wieght', did you mean 'weight'?"),
        ({"modules": {"fc": {"weight": "int99"}}}, "'fc': 'weight': 'int99'"),
        ({"modules": {"fc": {"per_channel": "yes"}}}, "'per_channel' is 'yes', expected true or false"),
        ({"modules": {"fc": 8}}, "'fc': expected a number format but got 8"),
        ({"modules": ["fc"]}, "'modules' is ['fc'], expected globs"),
        ({"modules": {3: "int8"}}, "module path 3 is not a string"),
        ({"default": "int1"}, "'default': 'int1'"),
        ("w=int4,b=int8", "'b=int8' is neither w=FORMAT nor a=FORMAT"),
        ("w=int4,w=int8", "'w' is given twice"),
        ("w=float", "'float'"),
        ("w=uint4,a=int8", "a weight has a sign, but uint4 has none"),
        ({"modules": {"fc": {"weight": "ufixed8.4"}}}, "'fc': a weight has a sign, but ufixed8.4 has none"),
        ("w1a8", "'w1a8'"),
        ("no/such/file", "cannot read 'no/such/file'"),
        ("missing.yaml", "cannot read 'missing.yaml'"),
        (8, "expected a number format but got 8"),
    ],
)
def test_errors(request_: object, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        Quantization.parse(request_)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("default: [int8", "is neither JSON nor YAML"),
        ("modules:\n  a: int8\n  a: int4\n", ":3 is neither JSON nor YAML: 'a' is given twice"),
        ("- int8\n", "holds list"),
        ("", "holds NoneType"),
        ("default: int8\nmodule: {}\n", "formats.yaml: unknown key 'module', did you mean 'modules'?"),
        (
            "default: int8\nmodules:\n  ? [a, b]\n  : int8\n",
            "formats.yaml':3 is neither JSON nor YAML: a key is not a string",
        ),
        ("modules:\n  {a: b}: int8\n", ":2 is neither JSON nor YAML: a key is not a string"),
        (
            "default: int8\nmodules:\n  a: 2020-13-45\n",
            ":3 is neither JSON nor YAML: '2020-13-45' is not a valid timestamp",
        ),
        ("modules:\n  a: !!int foo\n", ":2 is neither JSON nor YAML: 'foo' is not a valid int"),
        ("modules:\n  a: !!bool foo\n", ":2 is neither JSON nor YAML: 'foo' is not a valid bool"),
        ("modules:\n  a: !!timestamp foo\n", ":2 is neither JSON nor YAML: 'foo' is not a valid timestamp"),
        ("modules:\n  a: !!int ''\n", ":2 is neither JSON nor YAML: '' is not a valid int"),
        ("modules:\n  <<: int8\n", ":2 is neither JSON nor YAML: expected a mapping"),
        ("modules: &m\n  a: *m\n", ":1 is neither JSON nor YAML: found unconstructable recursive node"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "formats.yaml"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        Quantization.parse(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n\t"default": [int8\n}', "formats.json':2 is not valid JSON: Expecting value"),
        (
            '{\n  "modules": {\n    "a": "int8",\n    "a": "int4"\n  }\n}',
            "':4: 'a' is given twice",
        ),
        (
            '{"modules": {"a": "int8"},\n "\\u006dodules": {}}',
            "':2: 'modules' is given twice",
        ),
        (
            '{"modules": {"a": {"weight": "int8",\n\n"weight": "int4"}}}',
            "':3: 'weight' is given",
        ),
        ("[1]", "formats.json' holds list"),
        ("", "':1 is not valid JSON: Expecting value"),
        ('{"default": ' + "[" * 100_000, "cannot be read as JSON: maximum recursion depth"),
        ('{"default": ' + "1" * 5000 + "}", "cannot be read as JSON: Exceeds the limit"),
    ],
)
def test_broken_json_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "formats.json"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        Quantization.parse(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_json_is_read_as_json(tmp_path: Path, mark: str) -> None:
    modules = {'a"{b': {"value": "int4"}, "}": {"value": "int4"}, "modules": "int4", "c:\n\t": "int6"}
    path = tmp_path / "formats.json"
    path.write_text(mark + json.dumps({"modules": modules, "default": "int8"}, indent="\t"), encoding="utf-8")
    assert Quantization.parse(path) == Quantization.parse({"modules": modules})


def test_what_yaml_merges_stands_in_front(tmp_path: Path) -> None:
    path = tmp_path / "formats.yaml"
    path.write_text("""
default: &base {value: int8, weight: int6}
modules:
  "head": {<<: *base, weight: int4}
  "tail": {weight: int4, <<: [{weight: int2, value: int3}, *base]}
""")
    quantization = Quantization.parse(path)
    assert quantization.default == formats("int8", "int6")
    assert quantization.formats_of("head") == formats("int8", "int4")
    assert quantization.formats_of("tail") == formats("int3", "int4")
    path.write_text("""
modules:
  "a": int4
  <<: {"a": int8, "a.b": int6}
""")
    assert Quantization.parse(path).modules == (
        ("a.b", Formats(parse("int6"), parse("int6"))),
        ("a", Formats(parse("int4"), parse("int4"))),
    )
