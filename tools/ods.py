# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The definitions of the dialect in ODS, as data: ops, types, attributes, and the interfaces that have constraints.

`llvm-tblgen --dump-json` writes every record of a `.td` file with its classes and its place.
"""

import importlib.metadata
import json
import re
import subprocess
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "dialects/xplat/IR/XplatOps.td"
KINDS = ("Op", "TypeDef", "AttrDef", "OpInterface")
# Interfaces that diagnostics call by a name, because they have constraints.
NAMED = {
    "NodeOpInterface": "node",
    "ElementwiseOpInterface": "elementwise",
    "ApproximableOpInterface": "approximable",
}
CONSTRAINT = re.compile(r"^ *- (\([ACEN]\d+\) .*)$", re.MULTILINE)

Record = dict[str, Any]


@dataclass(frozen=True)
class Definition:
    name: str  # its C++ class
    mnemonic: str  # in text and in diagnostics: `conv2d`, `stream`, `node` for what every node obeys
    kind: str  # one of KINDS
    is_node: bool
    summary: str
    description: str  # paragraphs and lists without indentation, without the constraints
    constraints: tuple[str, ...]  # `(C1) text`
    cases: tuple[tuple[str, str], ...] = ()  # of an attribute that is an enum: each in text and its meaning


def constraints_of(text: str) -> tuple[str, ...]:
    return tuple(" ".join(item.split()) for item in CONSTRAINT.findall(text))


def place(record: Record) -> tuple[str, int]:
    file, _, line = record["!locs"][0].rpartition(":")
    return file, int(line)


def mnemonic_of(record: Record, kind: str) -> str:
    if kind == "Op":
        return str(record["opName"])
    if kind == "OpInterface":
        return NAMED.get(record["cppInterfaceName"], "")
    return str(record["mnemonic"])


def definition(records: Record, name: str, kind: str) -> Definition:
    record = records[name]
    described = record.get("description") or ""
    prose, _, listed = textwrap.dedent(described).strip().partition("Constraints:\n")
    enum = records[record["enum"]["def"]] if "EnumAttr" in record["!superclasses"] else {}
    cases = [records[case["def"]] for case in enum.get("enumerants", ())]
    return Definition(
        name=name.removeprefix("Xplat_"),
        mnemonic=mnemonic_of(record, kind),
        kind=kind,
        is_node="Xplat_NodeOp" in record["!superclasses"],
        summary=record.get("summary") or "",
        description=prose.strip(),
        constraints=constraints_of(listed),
        # ODS itself says `case x` of a case without a meaning.
        cases=tuple((case["str"], case["summary"].removeprefix(f"case {case['str']}")) for case in cases),
    )


@cache
def definitions() -> tuple[Definition, ...]:
    """Ops, types and attributes of xplat, and the interfaces in NAMED, in the order of the files."""
    kits = {
        kit: Path(str(importlib.metadata.distribution(f"xtc-{kit}-dev").locate_file(kit))) for kit in ("llvm", "mlir")
    }
    command = [str(kits["llvm"] / "bin" / "llvm-tblgen"), "--dump-json", "-I", str(kits["mlir"] / "include")]
    written = subprocess.run([*command, "-I", "dialects", SOURCE], cwd=ROOT, capture_output=True, text=True)
    if written.returncode != 0:
        raise SystemExit(f"{SOURCE} cannot be read:\n{written.stderr}")
    records: Record = json.loads(written.stdout)
    found = [
        (place(records[name]), name, kind)
        for kind in KINDS
        for name in records["!instanceof"].get(kind, ())
        if name.startswith("Xplat_")
    ]
    everything = (definition(records, name, kind) for _, name, kind in sorted(found))
    return tuple(each for each in everything if each.mnemonic)
