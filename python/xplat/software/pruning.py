# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The user's request for pruning: a default and globs on module paths.

The request can be a rule (`"2:4"`, `"unstructured:0.5"`, `"channel:0.25"`), a mapping, or a JSON or YAML file with one:

    default: none
    modules:
      "layers.*.fc": "2:4"
      "features.*": {method: channel, fraction: 0.25, norm: l2}
      "features.0": none

A glob that matches a module's path matches everything inside the module; of several the last one wins. In YAML a
rule such as "2:4" is in quotes: without them it is a number of base 60, which is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xplat.formats.globs import check_globs, check_keys, matches, names_file, read_mapping
from xplat.support.errors import FormatError, PruningError

METHODS = ("none", "unstructured", "n:m", "channel", "existing")
NORMS = ("l1", "l2")
_COUNTS = {"unstructured": ("fraction",), "channel": ("fraction",), "n:m": ("n", "m")}
"""By method: which of the numbers of a rule it reads."""
_EXAMPLES = (
    "write 2:4 (two of four neighbours stay), unstructured:0.5 (half of the weights go), channel:0.25 (a quarter of "
    "the channels goes), existing (zeros stay zero), none, or a file"
)


@dataclass(frozen=True)
class PruneRule:
    """How one weight is pruned.

    `method`: "unstructured" takes out the share `fraction` of a weight's elements, "channel" that share of its output
    channels, "n:m" all but the `n` largest of each `m` neighbours along the dimension that is summed over; "existing"
    keeps those at zero that are; "none" leaves the weight alone. `norm`: what makes a channel small, "l1" or "l2".
    """

    method: str = "none"
    fraction: float = 0.0
    n: int = 1
    m: int = 1
    norm: str = "l1"

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise PruningError(f"unknown pruning method '{self.method}'", hint="choose one of " + ", ".join(METHODS))
        if not 0.0 <= self.fraction < 1.0:
            raise PruningError(f"the fraction to prune is {self.fraction}, expected at least 0 and less than 1")
        if self.method == "n:m" and not 1 <= self.n <= self.m:
            raise PruningError(f"'{self.n}:{self.m}' keeps {self.n} of {self.m} weights", hint="write 2:4, for example")
        if self.norm not in NORMS:
            raise PruningError(f"unknown norm '{self.norm}'", hint="choose l1 or l2")

    @staticmethod
    def parse(request: Any, where: str = "") -> PruneRule:
        """From text such as `"2:4"` or `"channel:0.25,l2"`, or a mapping of the fields. Raises `PruningError`."""
        before = f"{where}: " if where else ""
        if isinstance(request, PruneRule):
            return request
        try:
            if isinstance(request, Mapping):
                return _from_fields(request)
            if isinstance(request, (int, float)) and not isinstance(request, bool):
                _check_base_60(request)
                return PruneRule("unstructured", fraction=float(request))
            if isinstance(request, str):
                return _from_text(request)
        except PruningError as error:
            raise PruningError(before + error.message, hint=error.hint) from None
        raise PruningError(f"{before}{request!r} says not how to prune", hint=_EXAMPLES)

    def __str__(self) -> str:
        norm = f",{self.norm}" if self.norm != NORMS[0] else ""
        if self.method == "n:m":
            return f"{self.n}:{self.m}{norm}"
        return f"{self.method}:{self.fraction:g}{norm}" if self.method in ("unstructured", "channel") else self.method


@dataclass(frozen=True)
class Pruning:
    """A `default`, and `modules`: globs on module paths with the rules that hold there instead, in order."""

    default: PruneRule = PruneRule()
    modules: tuple[tuple[str, PruneRule], ...] = ()
    source: str = ""
    """Name of the file that it comes from."""

    @staticmethod
    def parse(request: str | float | Path | Mapping[str, Any] | PruneRule | Pruning) -> Pruning:
        """From whatever a user may write; see the head of this file. Raises `PruningError`."""
        if isinstance(request, Pruning):
            return request
        if names_file(request):
            try:
                return _from_mapping(read_mapping(Path(request)), str(request))
            except FormatError as error:
                raise PruningError(error.message, hint=_EXAMPLES) from None
        if isinstance(request, Mapping) and not set(request) & {"method", "fraction", "n", "m", "norm"}:
            return _from_mapping(request, "pruning")
        return Pruning(PruneRule.parse(request))

    def rule_of(self, path: str) -> PruneRule:
        """The rule for the node or module at a path such as `"layer1.0.conv1"`."""
        return next((rule for pattern, rule in reversed(self.modules) if matches(pattern, path)), self.default)

    def names(self, path: str) -> bool:
        """Whether a glob, and not the default, decides for this path."""
        return any(matches(pattern, path) for pattern, _ in self.modules)

    def check(self, paths: Iterable[str]) -> None:
        """Raises `PruningError` when a glob matches none of these paths."""
        globs = [pattern for pattern, _ in self.modules]
        check_globs(globs, paths, source=self.source, what="module with weights", error=PruningError)

    def __str__(self) -> str:
        others = ", ".join(f"'{pattern}': {rule}" for pattern, rule in self.modules)
        return f"{self.default}" + (f" with {others}" if others else "")


def _from_text(text: str) -> PruneRule:
    base, _, norm = (part.strip().lower() for part in text.partition(","))
    norm = norm or NORMS[0]
    if base.isdecimal() and norm.isdecimal():
        raise PruningError(f"'{text}' says not how to prune", hint=f"is it {base}:{norm}? {_EXAMPLES}")
    if match := re.fullmatch(r"(\d+):(\d+)", base):
        return PruneRule("n:m", n=int(match[1]), m=int(match[2]), norm=norm)
    if match := re.fullmatch(r"(?:(unstructured|channel):)?(\d*\.?\d+(?:e-?\d+)?)", base):
        return PruneRule(match[1] or "unstructured", fraction=float(match[2]), norm=norm)
    if base in ("none", "existing"):
        return PruneRule(base, norm=norm)
    raise PruningError(f"'{text}' says not how to prune", hint=_EXAMPLES)


def _check_base_60(value: object) -> None:
    """Raises `PruningError` for a number that YAML has made of `2:4`."""
    if isinstance(value, int) and value >= 60:
        text = f"{value // 60}:{value % 60}"
        raise PruningError(
            f"{value} says not how to prune", hint=f'is it {text} in a YAML file? write "{text}" in quotes'
        )


def _from_fields(fields: Mapping[str, Any]) -> PruneRule:
    check_keys(fields, ("method", "fraction", "n", "m", "norm"), error=PruningError)
    for key, kinds in (("fraction", (int, float)), ("n", (int,)), ("m", (int,))):
        if key in fields and (isinstance(fields[key], bool) or not isinstance(fields[key], kinds)):
            raise PruningError(f"'{key}' is {fields[key]!r}, expected a number")
    _check_base_60(fields.get("method"))
    method = fields.get("method", "n:m" if "m" in fields else "unstructured" if "fraction" in fields else None)
    if not isinstance(method, str):
        raise PruningError("'method' is missing", hint="choose one of " + ", ".join(METHODS))
    complete = bool(re.search(r"\d", method))
    base = _from_text(method) if complete else PruneRule(method, n=1, m=1)
    read = () if complete else _COUNTS.get(base.method, ())
    if lacking := [key for key in read if key not in fields]:
        raise PruningError(f"'{method}' needs '{lacking[0]}'", hint=_EXAMPLES)
    if unread := [key for key in ("fraction", "n", "m") if key in fields and key not in read]:
        raise PruningError(
            f"pruning method '{method}' does not use '{unread[0]}', but got {fields[unread[0]]}",
            hint=f"leave it out, or write another method than '{method}': " + ", ".join(METHODS),
        )
    return PruneRule(
        method=base.method,
        fraction=float(fields.get("fraction", base.fraction)),
        n=fields.get("n", base.n),
        m=fields.get("m", base.m),
        norm=str(fields.get("norm", base.norm)),
    )


def _from_mapping(request: Mapping[str, Any], source: str) -> Pruning:
    for key in request:
        if key not in ("default", "modules"):
            raise PruningError(f"{source}: unknown key {key!r}", hint="known keys: default, modules")
    modules = request.get("modules") or {}
    if not isinstance(modules, Mapping):
        raise PruningError(f"{source}: 'modules' is {modules!r}, expected globs with their rules")
    default = PruneRule.parse(request.get("default", "none"), f"{source}: 'default'")
    rules = tuple((str(pattern), PruneRule.parse(rule, f"{source}: '{pattern}'")) for pattern, rule in modules.items())
    return Pruning(default, rules, source)
