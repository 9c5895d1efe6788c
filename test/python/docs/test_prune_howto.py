# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/HowTo/prune.md as it stands: its file is read, its rules are known."""

from __future__ import annotations

import re
from pathlib import Path

from xplat.software import PruneRule, Pruning

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "HowTo" / "prune.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_file(tmp_path: Path) -> None:
    (text,) = blocks("yaml")
    path = tmp_path / "pruning.yaml"
    path.write_text(text)
    pruning = Pruning.parse(path)
    assert pruning.rule_of("features.3") == PruneRule("channel", fraction=0.25, norm="l2")
    assert pruning.rule_of("features.0") == PruneRule()
    assert pruning.rule_of("classifier") == PruneRule("n:m", n=2, m=4)
    assert pruning.rule_of("stem") == PruneRule()


def test_rules_are_known() -> None:
    table = PAGE.split("It can be")[1].split("## Another")[0]
    for rule in re.findall(r"^\| `([^`]*)` \|", table, re.MULTILINE):
        assert PruneRule.parse(rule).method != "none"
