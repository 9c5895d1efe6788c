"""Requests that name modules: globs on module paths, and files that hold them."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xplat.errors import FormatError, XplatError

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
            hint="globs match the paths that model.named_modules() gives; * also matches dots",
        )


def names_file(request: object) -> bool:
    """Whether a request is the name of a JSON or YAML file."""
    return isinstance(request, Path) or (isinstance(request, str) and bool(_FILE.search(request)))


def read_mapping(path: Path) -> Mapping[str, Any]:
    """The mapping that a JSON or YAML file holds. Raises `FormatError`."""
    import yaml

    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())
    except OSError as error:
        raise FormatError(f"cannot read '{path}': {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise FormatError(f"'{path}'{line} is neither JSON nor YAML: {problem}") from None
    if not isinstance(loaded, Mapping):
        raise FormatError(f"'{path}' holds {type(loaded).__name__}, expected the keys 'default' and 'modules'")
    return loaded


def _loader() -> Any:
    """A safe loader for which a key given twice is an error: the order of globs matters."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' is given twice", key.start_mark)
            seen.add(key.value)
        return dict(loader.construct_pairs(node, deep=True))

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return Loader
