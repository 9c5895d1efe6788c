# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Requests that name modules: globs on names of nodes, which begin with module paths, and files that hold them."""

from __future__ import annotations

import difflib
import fnmatch
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from xplat.support.errors import FormatError, XplatError

_FILE = re.compile(r"[/\\]|\.(ya?ml|json)$")


def prefixes(path: str) -> Iterable[str]:
    """`a`, `a.b`, `a.b.c` of `a.b.c`."""
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def matches(pattern: str, path: str) -> bool:
    """Whether the glob matches the path or a module that it is inside of."""
    return any(fnmatch.fnmatchcase(prefix, pattern) for prefix in prefixes(path))


def nearest(pattern: str, paths: Sequence[str]) -> str:
    """Paths that look like a glob that matches none, for an error message."""
    parents = sorted({parent for path in paths for parent in prefixes(path)})
    near = difflib.get_close_matches(pattern, parents, n=3, cutoff=0.4) or list(paths[:3])
    return ", ".join(f"'{path}'" for path in near)


def check_globs(globs: Iterable[str], paths: Iterable[str], *, source: str, what: str, error: type[XplatError]) -> None:
    """Raises `error` when a glob matches none of the paths; `what` names what it should have matched.

    `source`: the file that the globs come from; empty for none.
    """
    known = sorted(set(paths))
    lines = [
        f"'{pattern}' matches no {what}; nearest: {nearest(pattern, known)}"
        for pattern in globs
        if not any(matches(pattern, path) for path in known)
    ]
    if lines:
        raise error(
            (f"{source}: " if source else "") + "\n".join(lines),
            hint="globs match modules (the paths that model.named_modules() gives), functional operations "
            "('sigmoid', 'block.add_1') and inputs, by name; * also matches dots",
        )


def check_keys(request: Iterable[Any], known: Sequence[str], *, where: str = "", error: type[XplatError]) -> None:
    """Raises `error` for a key that is not among the known ones. `where`: what the request belongs to."""
    for key in request:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
            raise error(
                (f"{where}: " if where else "")
                + f"unknown key {key!r}"
                + (f", did you mean '{near[0]}'?" if near else ""),
                hint="known keys: " + ", ".join(known),
            )


def names_file(request: object) -> TypeGuard[str | Path]:
    """Whether a request is the name of a JSON or YAML file."""
    return isinstance(request, Path) or (isinstance(request, str) and bool(_FILE.search(request)))


def read_mapping(path: Path, *, expected: str = "the keys 'default' and 'modules'") -> Mapping[str, Any]:
    """The mapping that a JSON (`.json`) or YAML file holds, which is `expected`. Raises `FormatError`.

    A key given twice is an error: the order of globs matters. What YAML merges (`<<`) stands in front of the keys
    that are written.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormatError(f"cannot read '{path}': {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"'{path}' is neither JSON nor YAML: {error}") from None
    loaded = _load_json(path, text) if path.suffix.lower() == ".json" else _load_yaml(path, text)
    if not isinstance(loaded, Mapping):
        raise FormatError(f"'{path}' holds {type(loaded).__name__}, expected {expected}")
    return loaded


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?|[{}]')
"""Texts, with a colon where they are keys, and the ends of objects."""


def _load_json(path: Path, text: str) -> Any:
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"'{path}':{error.lineno} is not valid JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, thousands of brackets
        raise FormatError(f"'{path}' cannot be read as JSON: {error}") from None
    seen: list[set[str]] = []
    for token in _JSON_TOKEN.finditer(text):
        if token[0] == "{":
            seen.append(set())
        elif token[0] == "}":
            seen.pop()
        elif token[1]:
            key = json.loads(token[0].removesuffix(token[1]))
            if key in seen[-1]:
                line = text.count("\n", 0, token.start()) + 1
                raise FormatError(f"'{path}':{line}: '{key}' is given twice")
            seen[-1].add(key)
    return loaded


def _load_yaml(path: Path, text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise FormatError(f"'{path}'{line} is neither JSON nor YAML: {problem}") from None
    except RecursionError as error:
        raise FormatError(f"'{path}' cannot be read as YAML: {error}") from None


def _loader() -> Any:
    """A safe loader whose mappings have texts as keys, each once; all its errors are those of YAML."""
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        def compose_mapping_node(self, anchor: Any) -> Any:
            node = super().compose_mapping_node(anchor)
            seen = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a key is not a string", key.start_mark)
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' is given twice", key.start_mark)
                seen.add(key.value)
            return node

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep=deep)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                problem = f"'{node.value}' is not a valid {node.tag.rpartition(':')[2]}"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        loader.flatten_mapping(node)
        result: dict[Any, Any] = {}
        for key, value in loader.construct_pairs(node, deep=True):
            result.pop(key, None)  # what is merged and written too stands where it is written
            result[key] = value
        return result

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return Loader
