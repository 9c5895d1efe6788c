#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks the rules of the project that no compiler checks. Run by `make check`.

Each rule is a function that yields findings, `path:line: what is wrong; remedy`.
Without arguments all rules run; with names of rules, those. Ends with status 1
when there is a finding. Reads tracked and new files, writes nothing.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import import_layers
import licence_lines
import ods
import pass_examples
import spec_page

ROOT = Path(__file__).resolve().parent.parent

MAX_LINES = 500
# Files that may be longer, and why.
LONG_FILES = {
    "docs/Spec.md": "one section per op, read by search",
}

PASS_SOURCES = ("lib/Transforms/", "dialects/xplat/Analysis/")
TEXT = {".c", ".cpp", ".cmake", ".csv", ".h", ".ini", ".json", ".md", ".mlir", ".py", ".sh", ".sv", ".svh", ".tcl"}
TEXT |= {".td", ".toml", ".txt", ".yaml", ".yml", ""}


@cache
def files() -> tuple[str, ...]:
    """Files of the repository: tracked, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(name for name in set(listing) if Path(name).suffix in TEXT and (ROOT / name).is_file()))


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def find(pattern: str, name: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Matches with the number of the line on which they start."""
    text = read(name)
    for match in re.finditer(pattern, text):
        yield text.count("\n", 0, match.start()) + 1, match


# ---- rules


def op_names() -> Iterator[str]:
    """Passes and analyses ask interfaces; they do not test for a node by its class or name."""
    nodes = [d for d in ods.definitions() if d.is_node]
    classes = "|".join(d.name for d in nodes)
    names = "|".join(d.mnemonic for d in nodes)
    tests = rf"\b(?:isa|dyn_cast|cast)(?:_\w+)?<[^<>;]*\b(?:{classes})\b"
    tests += rf"|\b(?:getOps|getParentOfType|OpRewritePattern|OpConversionPattern|Case)<[^<>;]*\b(?:{classes})\b"
    tests += rf'|"xplat\.(?:{names})"'
    for name in files():
        if name.startswith(PASS_SOURCES) and name.endswith((".cpp", ".h")):
            for line, match in find(tests, name):
                yield f"{name}:{line}: '{match.group()}' tests for a node op; ask an interface"


def attribute_strings() -> Iterator[str]:
    """Passes and analyses use the typed accessors of attributes."""
    for name in files():
        if name.startswith(PASS_SOURCES) and name.endswith((".cpp", ".h")):
            for line, match in find(r'\b(?:get|has|remove)Attr(?:OfType<[^>]*>)?\("', name):
                yield f"{name}:{line}: '{match.group()}' reaches an attribute by a string; use its accessor"


def pass_tests() -> Iterator[str]:
    """Each pass has a lit test named after its flag, which holds and runs the example of the documentation."""
    tests = {Path(name).stem: name for name in files() if name.startswith("test/lit/") and name.endswith(".mlir")}
    for name in files():
        if not re.fullmatch(r"lib/Transforms/\w+/Passes\.td", name):
            continue
        for line, match in find(r'Pass<"([^"]+)"', name):
            flag = match.group(1)
            if flag not in tests:
                yield f"{name}:{line}: no lit test is named after the flag '{flag}'; add one"
            elif pass_examples.example(read(tests[flag])) is None:
                yield f"{tests[flag]}:1: no example of '{flag}' is marked; mark one as tools/pass_examples.py says"
            elif not re.search(rf"^// RUN: .*xplat-opt.* -?-{flag}\b", read(tests[flag]), re.MULTILINE):
                yield f"{tests[flag]}:1: no line runs '{flag}', so that nothing holds its example"
        for line, _ in find(r"```", name):
            yield f"{name}:{line}: an example in a description, which no test runs; mark one in the pass's lit test"


def file_lengths() -> Iterator[str]:
    """No file is longer than a reader likes, or LONG_FILES says why."""
    for name in files():
        count = read(name).count("\n")
        if Path(name).suffix not in (".csv", ".json") and count > MAX_LINES and name not in LONG_FILES:
            yield f"{name}:{count}: {count} lines, more than {MAX_LINES}; split it, or give the reason in LONG_FILES"
    for name in LONG_FILES:
        if name not in files() or read(name).count("\n") <= MAX_LINES:
            yield f"tools/check_rules.py:1: '{name}' needs no place in LONG_FILES"


def spec_sections() -> dict[str, str]:
    """Sections of docs/Spec.md by heading."""
    parts = re.split(r"^(##.*)$", read(str(spec_page.PAGE)), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def spec_table() -> Iterator[str]:
    """ODS, docs/Spec.md, the verifiers and the tests know the same constraints."""
    page, sections = str(spec_page.PAGE), spec_sections()
    definitions = [each for each in ods.definitions() if not each.cases]
    labels = set()
    for definition in definitions:
        name, heading = definition.mnemonic, spec_page.heading(definition)
        labels |= {f"{name} {item[1 : item.index(')')]}" for item in definition.constraints}
        numbers = [int(item[2 : item.index(")")]) for item in definition.constraints]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{page}:1: the constraints of '{name}' are numbered {numbers}; number them from 1"
        if heading not in sections:
            yield f"{page}:1: no section '{heading}'; add the heading, and `make format` writes what ODS says"
        elif definition.kind == "Op" and "```mlir" not in sections[heading]:
            yield f"{page}:1: the section '{heading}' has no example"
    known = {spec_page.heading(each) for each in definitions}
    for heading in sections:
        if re.match(r"### `[!#]?xplat\.", heading) and heading not in known:
            yield f"{page}:1: '{heading}' has no definition in ODS"
    if spec_page.written(read(page), ods.definitions()) != read(page):
        yield f"{page}:1: it is not what ODS says; `make format` writes it"

    label = r"\b([a-z]\w* [ACEN]\d+)\b"
    checked = {match.group(1) for name in files() if name.startswith("dialects/xplat/IR/") and name.endswith(".cpp")
               for match in re.finditer(label, "\n".join(re.findall(r'"(.*?)"', read(name))))}  # fmt: skip
    tested = {match.group(1) for name in files() if re.fullmatch(r"test/lit/IR/.*-invalid\.mlir", name)
              for match in re.finditer(rf"expected-error.*\[{label}\]", read(name))}  # fmt: skip
    for missing in sorted(labels - checked):
        yield f"dialects/xplat/IR: no verifier reports '[{missing}]', which ODS and docs/Spec.md list"
    for missing in sorted(checked - labels):
        yield f"docs/Spec.md:1: a verifier reports '[{missing}]', which is not listed"
    for missing in sorted(checked & labels - tested):
        yield f"test/lit/IR/{missing.split()[0]}-invalid.mlir:1: no test breaks '[{missing}]'"
    for missing in sorted(tested - checked):
        yield f"test/lit/IR/{missing.split()[0]}-invalid.mlir:1: expects '[{missing}]', which no verifier reports"


def machine_paths() -> Iterator[str]:
    """No file names a folder of somebody's machine."""
    folders = "|".join(("work", "root", "home/[a-z]", "Users/[A-Za-z]"))
    for name in files():
        for line, match in find(rf"(?<![\w.$}}/-])/(?:{folders})\b[\w./-]*", name):
            yield f"{name}:{line}: '{match.group()}' is a path of one machine; derive it or take it as an argument"


def unfinished() -> Iterator[str]:
    """Nothing is left to do later."""
    marks = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X:"))
    for name in files():
        for line, match in find(rf"\b(?:{marks})\b", name):
            yield f"{name}:{line}: '{match.group()}'; do it, or say in the documentation what is not there"


def head_comments() -> Iterator[str]:
    """A source file says first what it is."""
    code, script = ("//", "/*"), ('"""', 'r"""', "#!")
    heads = {".cpp": code, ".h": code, ".td": code, ".sv": code, ".svh": code, ".py": script}
    for name in files():
        head = heads.get(Path(name).suffix)
        text = licence_lines.without(read(name))
        if head and text.strip() and not text.startswith(head):
            yield f"{name}:1: no comment at the head; say what the file holds and why"


def licence() -> Iterator[str]:
    """A source file names the licence in its head."""
    for name in files():
        if licence_lines.lacks(name, read(name)):
            yield f"{name}:1: no line '{licence_lines.LINE}'; `make format` adds it"


def layers() -> Iterator[str]:
    """Imports of the Python package lead down in the table of docs/Architecture.md, and in no circle."""
    package = f"{import_layers.SOURCES}/"
    sources = {name: read(name) for name in files() if name.startswith(package) and name.endswith(".py")}
    yield from import_layers.findings(sources, read(import_layers.PAGE))


RULES: dict[str, Callable[[], Iterator[str]]] = {
    rule.__name__: rule
    for rule in (
        op_names, attribute_strings, pass_tests, file_lengths, spec_table, machine_paths, unfinished, head_comments,
        licence, layers,
    )
}  # fmt: skip


def main() -> None:
    names = sys.argv[1:] or list(RULES)
    unknown = [name for name in names if name not in RULES]
    if unknown:
        sys.exit(f"unknown rule '{unknown[0]}'; there are {', '.join(RULES)}")
    count = 0
    for name in names:
        for finding in RULES[name]():
            print(f"{finding} [{name}]")
            count += 1
    print(f"rules: {len(names)} checked, {count} finding{'' if count == 1 else 's'}")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
