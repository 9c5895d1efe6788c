#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The layers of the Python package: which package may import which, read from docs/Architecture.md.

`check_rules.py` reports imports that break the table. Run by itself, `import_layers.py [PACKAGE [PAGE]]` counts.
PACKAGE is the folder of the sources, PAGE a file with the table; a room is a module or package right below PACKAGE.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = "docs/Architecture.md"
SOURCES = "python/xplat"
HEADING = "## Layers of the Python package"
BINDINGS = ("ir", "dialects", "passmanager", "rewrite", "extras", "_mlir_libs")
"""What MLIR's build generates or copies into the package."""


@dataclass(frozen=True)
class Import:
    """`importer` imports `imported`, both names of modules below the package; `line`: where."""

    importer: str
    imported: str
    line: int


def table(text: str) -> dict[str, int]:
    """The layer of each package, by its name below `xplat`; the package's own `__init__` is `xplat`."""
    _, _, section = text.partition(HEADING)
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", section.split("\n## ")[0], re.MULTILINE)
    return {name: int(layer) for layer, names in rows for name in re.findall(r"`([\w.]+)`", names)}


def modules_of(files: Iterable[str], package: str = SOURCES) -> dict[str, str]:
    """Files of the package by module: the module's name below the package, `xplat` for the package itself."""
    found = {}
    for file in files:
        if file.startswith(package + "/") and file.endswith(".py"):
            name = file.removeprefix(package + "/").removesuffix(".py").replace("/", ".")
            found["xplat" if name == "__init__" else name.removesuffix(".__init__")] = file
    return found


def imports_of(module: str, text: str, modules: Mapping[str, str]) -> Iterator[Import]:
    """Imports of a module from the package: anywhere in the text, in functions and for type checkers too."""
    for node in ast.walk(ast.parse(text)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            home = _home(module, modules[module], node.level)
            names = [".".join(filter(None, (home, node.module, alias.name))) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            names = [str(node.args[0].value)] if called in ("import_module", "__import__") else []
        line = getattr(node, "lineno", 0)
        for name in names:
            if name == "xplat" or name.startswith("xplat."):
                yield Import(module, _module(name.removeprefix("xplat").lstrip("."), modules), line)


def _home(module: str, file: str, level: int) -> str:
    """The package that `level` dots stand for in a module."""
    parts = ["xplat", *module.split(".")] if module != "xplat" else ["xplat"]
    if file.endswith("/__init__.py"):
        level -= 1
    return ".".join(parts[: len(parts) - level])


def _module(name: str, modules: Mapping[str, str]) -> str:
    """The module that a dotted name is, or is in."""
    while name and name not in modules and name.split(".")[0] not in BINDINGS:
        name = name.rpartition(".")[0]
    return name or "xplat"


def package_of(module: str, layers: Mapping[str, int]) -> str | None:
    """The package of the table that a module is in: the longest name; None when the table has none."""
    name = module
    while name and name not in layers:
        name = name.rpartition(".")[0]
    return name or None


def circles(arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of names that reach one another along the arrows, each sorted."""
    out: dict[str, set[str]] = {}
    for source, target in arrows:
        out.setdefault(source, set()).add(target)
        out.setdefault(target, set())
    reach = {name: _reached(name, out) for name in out}
    groups = {
        tuple(sorted(other for other in reach[name] if name in reach[other])) for name in out if name in reach[name]
    }
    return [list(group) for group in sorted(groups)]


def _reached(start: str, out: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    stack = list(out[start])
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += out[name]
    return seen


def findings(sources: Mapping[str, str], page: str) -> Iterator[str]:
    """What breaks the table, as `path:line: what is wrong; remedy`. `sources`: texts of the package by path."""
    layers = table(page)
    modules = modules_of(sources)
    if not layers:
        yield f"{PAGE}:1: no table under '{HEADING}'; list each layer with its packages"
        return
    edges = [edge for name, file in modules.items() for edge in imports_of(name, sources[file], modules)]
    for name, file in modules.items():
        if package_of(name, layers) is None and any(edge.importer == name for edge in edges):
            yield f"{file}:1: '{name}' is in no package of the table of layers; add it to {PAGE}"
    for package in layers:
        known = package in BINDINGS or any(package_of(name, layers) == package for name in modules)
        if not known:
            yield f"{PAGE}:1: the table of layers has '{package}', which is no package of {SOURCES}; remove it"
    for edge in edges:
        importer, imported = (package_of(name, layers) for name in (edge.importer, edge.imported))
        if importer is None or imported is None or importer == imported or layers[imported] < layers[importer]:
            continue
        place = f"{modules[edge.importer]}:{edge.line}"
        where = "a higher layer than" if layers[imported] > layers[importer] else "the same layer as"
        yield (
            f"{place}: '{importer}' imports '{edge.imported}', but '{imported}' is in {where} '{importer}'; "
            f"move the imported code to a lower layer, or the importing code to a higher one ({PAGE})"
        )
    within = [edge for edge in edges if edge.importer != edge.imported and edge.imported in modules]
    for circle in circles((edge.importer, edge.imported) for edge in within):
        first = next(edge for edge in within if edge.importer == circle[0] and edge.imported in circle)
        yield (
            f"{modules[circle[0]]}:{first.line}: modules import one another in a circle: {', '.join(circle)}; "
            "move what they share into a module of its own"
        )


# ---- figures


def count(package: Path, page: str) -> str:
    """Rooms, arrows between them, arrows that do not lead down in the table of `page`, and circles."""
    files = {f"{package.name}/{path.relative_to(package)}": path.read_text() for path in sorted(package.rglob("*.py"))}
    modules = modules_of(files, package.name)
    edges = [edge for name, file in modules.items() for edge in imports_of(name, files[file], modules)]
    edges = [edge for edge in edges if edge.importer != edge.imported]
    rooms = {name.split(".")[0] for name in modules} - {*BINDINGS, "xplat"}
    pairs = {(edge.importer.split(".")[0], edge.imported.split(".")[0]) for edge in edges}
    arrows = sorted((a, b) for a, b in pairs if a != b and a in rooms and b in rooms)
    layers = table(page)
    lowest = {room: min(n for name, n in layers.items() if name.split(".")[0] == room) for room in rooms}
    highest = {room: max(n for name, n in layers.items() if name.split(".")[0] == room) for room in rooms}
    up = [f"{a} -> {b}" for a, b in arrows if highest[a] <= lowest[b]]
    return "\n".join(
        [
            f"rooms    {len(rooms)}, {sum((package / f'{room}.py').exists() for room in rooms)} of them single modules",
            f"arrows   {len(arrows)}",
            f"upward   {len(up)}{': ' if up else ''}{', '.join(up)}",
            *(f"circle   of rooms: {', '.join(circle)}" for circle in circles(arrows)),
            *(
                f"circle   of modules: {', '.join(circle)}"
                for circle in circles((edge.importer, edge.imported) for edge in edges)
            ),
        ]
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    print(count(Path(given[0]) if given else ROOT / SOURCES, Path(given[1] if given[1:] else ROOT / PAGE).read_text()))
