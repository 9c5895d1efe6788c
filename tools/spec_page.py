#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes into docs/Spec.md what ODS says: `make format`. Without a change to make it writes nothing.

A section of the page is about one definition. It begins with the summary, the description and the constraints of the
definition, up to the line END; what follows is written by hand, as are sections about nothing in ODS. The first
section under `### Enums` is a table of the enums. `make check` fails when the page is not what this script writes.
"""

import re
import textwrap
from pathlib import Path

import ods

PAGE = Path("docs/Spec.md")
END = "<!-- up to here from ODS -->"
ENUMS = "### Enums"
INTERFACES = {
    "node": "## Every node",
    "elementwise": "## Element-wise nodes",
    "approximable": "## Nodes with polynomials",
}
SIGILS = {"Op": "", "TypeDef": "!", "AttrDef": "#"}


def heading(definition: ods.Definition) -> str:
    """The heading of the definition's section."""
    if definition.kind in SIGILS:
        return f"### `{SIGILS[definition.kind]}xplat.{definition.mnemonic}`"
    return INTERFACES[definition.mnemonic]


def one_line_each(text: str) -> str:
    """Paragraphs and items of lists on one line each. Examples go: those of the page are run by a test."""
    without = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    blocks: list[str] = []
    for paragraph in re.split(r"\n\s*\n", without):
        for item in re.split(r"\n(?=- )", textwrap.dedent(paragraph).strip()):
            blocks.append(" ".join(item.split()))
    written = ""
    for block in filter(None, blocks):
        in_list = block.startswith("- ") and written.rpartition("\n")[2].startswith("- ")
        written += ("\n" if in_list else "\n\n" if written else "") + block
    return written


def said(definition: ods.Definition) -> str:
    """The part of the definition's section that comes from ODS."""
    parts = [definition.summary, one_line_each(definition.description)]
    if definition.constraints:
        parts += ["Constraints:", "\n".join(f"- {constraint}" for constraint in definition.constraints)]
    return "\n\n".join(filter(None, parts))


def enums(definitions: tuple[ods.Definition, ...]) -> str:
    rows = ["| attribute | meaning | values |", "|---|---|---|"]
    for each in sorted((each for each in definitions if each.cases), key=lambda each: each.mnemonic):
        values = " · ".join(f"`{case}`" + (f": {meaning}" if meaning else "") for case, meaning in each.cases)
        rows.append(f"| `{each.mnemonic}` | {each.summary} | {values} |")
    return "\n".join(rows)


def written(page: str, definitions: tuple[ods.Definition, ...]) -> str:
    """The page with what the definitions say. Definitions without a section are not in it."""
    texts = {heading(each): said(each) for each in definitions if not each.cases} | {ENUMS: enums(definitions)}
    sections = re.split(r"^(?=##)", page, flags=re.MULTILINE)
    for index, section in enumerate(sections):
        head, _, rest = section.partition("\n")
        if head in texts:
            by_hand = rest.partition(END)[2] if END in rest else f"\n{rest}"
            sections[index] = f"{head}\n\n{texts[head]}\n\n{END}\n\n{by_hand.strip()}".rstrip() + "\n\n"
    return "".join(sections).rstrip() + "\n"


def main() -> None:
    path = ods.ROOT / PAGE
    text = path.read_text(encoding="utf-8")
    changed = written(text, ods.definitions())
    if changed != text:
        path.write_text(changed, encoding="utf-8")
        print(f"{PAGE}: written anew from ODS")


if __name__ == "__main__":
    main()
