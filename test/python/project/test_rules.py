# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules of tools/check_rules.py hold, and each of them notices what it forbids."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).resolve().parents[3] / "tools" / "check_rules.py"
    sys.path.append(str(path.parent))  # it imports its neighbours
    spec = importlib.util.spec_from_file_location("check_rules", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rules = load()

SPEC = rules.read("docs/Spec.md")
LAYERS = "## Layers of the Python package\n\n"

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
    (
        "pass_tests",
        "lib/Transforms/Software/Passes.td",
        'def A : Pass<"xplat-a-b">',
        "no lit test is named after the flag",
    ),
    ("pass_tests", "lib/Transforms/Software/Passes.td", "```mlir", "an example in a description"),
    ("pass_tests", "test/lit/Transforms/Software/xplat-quantize.mlir", "", "no example of 'xplat-quantize' is marked"),
    (
        "pass_tests",
        "test/lit/Transforms/Software/xplat-quantize.mlir",
        "// The documentation's example.\nfunc.func private @f()\n",
        "no line runs 'xplat-quantize'",
    ),
    ("file_lengths", "lib/Transforms/Software/Quantize.cpp", "x\n" * 501, "501 lines, more than 500"),
    ("spec_table", "dialects/xplat/IR/Structure.cpp", '"[fork C9] no"', "a verifier reports '[fork C9]'"),
    ("spec_table", "dialects/xplat/IR/Structure.cpp", "", "no verifier reports '[fork C1]'"),
    ("spec_table", "test/lit/IR/fork-invalid.mlir", "", "no test breaks '[fork C1]'"),
    ("spec_table", "docs/Spec.md", SPEC.replace("max(x, 0)", "min(x, 0)"), "it is not what ODS says"),
    ("spec_table", "docs/Spec.md", "### `xplat.relu`\n", "the section '### `xplat.relu`' has no example"),
    ("spec_table", "docs/Spec.md", "### `xplat.relu`\n", "no section '### `xplat.neg`'"),
    ("spec_table", "docs/Spec.md", "### `xplat.attic`\n", "'### `xplat.attic`' has no definition in ODS"),
    ("machine_paths", "Makefile", "A := /ro" + "ot/x", "is a path of one machine"),
    ("unfinished", "README.md", "TO" + "DO: write", "do it, or say in the documentation"),
    ("head_comments", "lib/Transforms/Software/Quantize.cpp", "int x;", "no comment at the head"),
    ("licence", "lib/Transforms/Software/Quantize.cpp", "// Quantize.cpp\n", "no line 'SPDX-License-Identifier"),
    (
        "layers",
        "python/xplat/graph/state.py",
        "import xplat.api.design",
        "'graph' imports 'api.design', but 'api'",
    ),
    ("layers", "python/xplat/graph/state.py", "def f():\n    from xplat import cli", "'cli' is in a higher layer than"),
    ("layers", "python/xplat/graph/state.py", "from ..api import design", "'api' is in a higher layer than 'graph'"),
    ("layers", "python/xplat/graph/state.py", 'import_module("xplat.cli")', "'cli' is in a higher layer than 'graph'"),
    ("layers", "python/xplat/graph/state.py", "if TYPE_CHECKING:\n    import xplat", "'xplat' is in a higher layer"),
    ("layers", "python/xplat/formats/base.py", "from xplat.target import library", "is in the same layer as 'formats'"),
    ("layers", "python/xplat/graph/origin.py", "import xplat.graph.graph", "in a circle: graph.graph, graph.origin"),
    ("layers", "docs/Architecture.md", "", "no table under"),
    ("layers", "docs/Architecture.md", LAYERS + "| 0 | `support`, `attic` | all |", "has 'attic', which is no package"),
    (
        "layers",
        "docs/Architecture.md",
        LAYERS + "| 0 | `support` | all |",
        "'api.design' is in no package of",
    ),
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
