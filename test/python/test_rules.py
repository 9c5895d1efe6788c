"""The rules of tools/check_rules.py hold, and each of them notices what it forbids."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "tools" / "check_rules.py"
    spec = importlib.util.spec_from_file_location("check_rules", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rules = load()

# Rule, file, what its text becomes, what the rule then says.
BREACHES = [
    ("op_names", "lib/Transforms/Software/Quantize.cpp", "if (isa<ReluOp>(op)) {}", "tests for a node op"),
    (
        "op_names",
        "lib/Transforms/Software/Quantize.cpp",
        "dyn_cast_or_null<xplat::Conv2DOp>(op)",
        "tests for a node op",
    ),
    ("op_names", "lib/Transforms/Software/Quantize.cpp", 'if (name == "xplat.add") {}', "tests for a node op"),
    ("attribute_strings", "lib/Transforms/Software/Quantize.cpp", 'op->getAttr("place")', "reaches an attribute"),
    ("pass_tests", "lib/Transforms/Passes.td", 'def A : Pass<"xplat-a-b">', "no lit test is named after the flag"),
    ("file_lengths", "lib/Transforms/Software/Quantize.cpp", "x\n" * 501, "501 lines, more than 500"),
    ("spec_table", "dialects/xplat/IR/Structure.cpp", '"[fork C9] no"', "a verifier reports '[fork C9]'"),
    ("spec_table", "dialects/xplat/IR/Structure.cpp", "", "no verifier reports '[fork C1]'"),
    ("spec_table", "test/lit/IR/fork-invalid.mlir", "", "no test breaks '[fork C1]'"),
    ("machine_paths", "Makefile", "A := /ro" + "ot/x", "is a path of one machine"),
    ("unfinished", "README.md", "TO" + "DO: write", "do it, or say in the documentation"),
    ("head_comments", "lib/Transforms/Software/Quantize.cpp", "int x;", "no comment at the head"),
]


@pytest.mark.parametrize("rule", rules.RULES)
def test_rule_holds(rule: str) -> None:
    assert list(rules.RULES[rule]()) == []


@pytest.mark.parametrize(("rule", "file", "text", "message"), BREACHES)
def test_rule_notices(rule: str, file: str, text: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = rules.read
    monkeypatch.setattr(rules, "read", lambda name: text if name == file else original(name))
    findings = list(rules.RULES[rule]())
    assert any(file.rsplit("/", 1)[0] in finding or file in finding for finding in findings)
    assert any(message in finding for finding in findings)


def test_every_rule_is_tried() -> None:
    assert {rule for rule, *_ in BREACHES} == set(rules.RULES)
