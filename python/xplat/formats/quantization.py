# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A user's request for quantization: formats for values and weights, a default and globs on module paths.

The same request serves the compiler (`xplat.compile(quantize=…)`), the command line and the PT2E quantizer. It can
be a name (`"int8"`), two names (`"w4a8"`, `"w=msfp4,a=mxint8"`), a mapping, or a JSON or YAML file with one:

    default: int8
    modules:
      "layer1": w4a8
      "layer*.conv2": {weight: msfp4, per_channel: false}
      "fc": fp32

A glob that matches a module's path matches everything inside the module. What a later glob says wins over what
earlier ones say; what none says is the default's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xplat.formats.base import NumberFormat
from xplat.formats.fixed import FixedPoint, Integer
from xplat.formats.globs import check_globs, check_keys, matches, names_file, read_mapping
from xplat.formats.names import KNOWN_NAMES, parse
from xplat.formats.signs import FixedSigns, Signs
from xplat.support.errors import FormatError

_EXAMPLES = "write a format (int8, mxfp4, …), w4a8 (weights of 4, values of 8 bits), w=msfp4,a=mxint8, or a file"

_PER_TENSOR = "-per-tensor"


@dataclass(frozen=True)
class Formats:
    """Formats of a node's result and of its weight; whether an integer weight has a scale per output channel.

    None: not said here.
    """

    value: NumberFormat | None = None
    weight: NumberFormat | None = None
    per_channel: bool | None = None

    def over(self, other: Formats) -> Formats:
        """These formats, with those of `other` where one is absent."""
        return Formats(
            value=self.value if self.value is not None else other.value,
            weight=self.weight if self.weight is not None else other.weight,
            per_channel=self.per_channel if self.per_channel is not None else other.per_channel,
        )

    def __str__(self) -> str:
        widths = [form.width for form in (self.weight, self.value) if isinstance(form, Integer) and form.signed is None]
        if len(widths) == 2 and self.value != self.weight:
            name = "w{}a{}".format(*widths)
        elif self.value is not None and self.weight == _with_sign(self.value):
            name = str(self.value)
        else:
            said = {"w": self.weight, "a": self.value}
            name = ",".join(f"{key}={form}" for key, form in said.items() if form is not None)
        return f"{name}{_PER_TENSOR}" if self.per_channel is False else name


@dataclass(frozen=True)
class Quantization:
    """A complete `default`, and `modules`: globs on module paths with what differs there, in order."""

    default: Formats = field(default_factory=lambda: Formats(Integer(8), Integer(8), True))
    modules: tuple[tuple[str, Formats], ...] = ()
    source: str = field(default="", compare=False)
    """Name of the file that it comes from."""

    @staticmethod
    def parse(request: str | Path | Mapping[str, Any] | NumberFormat | Quantization) -> Quantization:
        """From any form of request in the head of this file. Raises `FormatError`."""
        if isinstance(request, Quantization):
            return request
        if isinstance(request, Mapping):
            return _from_mapping(request, "quantization")
        if names_file(request):
            return _from_file(Path(request))
        return Quantization(_complete(_formats(request, "")))

    def formats_of(self, path: str) -> Formats:
        """The formats for the node or module at a path such as `"layer1.0.conv1"`."""
        return self.requested_formats_of(path).over(self.default)

    def requested_formats_of(self, path: str, *, part_of: str | None = None) -> Formats:
        """The formats that globs request for it, without the default.

        `part_of`: a node of which it is a part; globs that match this node are about its result, and do not count.
        """
        result = Formats()
        for pattern, formats in self.modules:
            if matches(pattern, path) and not (part_of is not None and matches(pattern, part_of)):
                result = formats.over(result)
        return result

    def check(self, paths: Iterable[str]) -> None:
        """Raises `FormatError` when a glob matches none of these paths."""
        globs = [pattern for pattern, _ in self.modules]
        check_globs(globs, paths, source=self.source, what="module", error=FormatError)

    def __str__(self) -> str:
        if not self.modules:
            return str(self.default)
        return f"{self.default} with other formats for " + ", ".join(f"'{pattern}'" for pattern, _ in self.modules)


def _complete(formats: Formats) -> Formats:
    """A default says everything: one format alone serves values and weights; int8 where there is none."""
    alone = formats.value or formats.weight or Integer(8)
    return Formats(formats.value or alone, formats.weight or _with_sign(alone), formats.per_channel is not False)


def _with_sign(form: NumberFormat) -> NumberFormat:
    """What a format that is given alone says of weights, which have a sign in any case."""
    if isinstance(form, Integer) and form.signed is False:
        return Integer(form.width)
    if isinstance(form, FixedPoint) and form.unsigned:
        return replace(form, unsigned=False)
    return form


def _formats(request: Any, where: str) -> Formats:
    """From a name, two names, or a mapping of value, weight and per_channel."""
    before = f"{where}: " if where else ""
    if isinstance(request, NumberFormat):
        _check_value(request, before)
        return Formats(request, _with_sign(request))
    if isinstance(request, Mapping):
        check_keys(request, ("value", "weight", "per_channel"), where=where, error=FormatError)
        per_channel = request.get("per_channel")
        if per_channel is not None and not isinstance(per_channel, bool):
            raise FormatError(f"{before}'per_channel' is {per_channel!r}, expected true or false")
        forms = {}
        for key in ("value", "weight"):
            try:
                forms[key] = parse(request[key]) if key in request else None
            except FormatError as error:
                raise FormatError(f"{before}'{key}': {error.message}", hint=error.hint) from None
        _check_value(forms["value"], before)
        _check_weight(forms["weight"], before)
        return Formats(forms["value"], forms["weight"], per_channel)
    if not isinstance(request, str):
        raise FormatError(f"{before}expected a number format but got {request!r}", hint=_EXAMPLES)
    text = request.strip()
    base = text[: -len(_PER_TENSOR)] if text.lower().endswith(_PER_TENSOR) else text
    per_channel = False if base != text else None
    try:
        if match := re.fullmatch(r"w(\d+)a(\d+)", base, re.IGNORECASE):
            return Formats(Integer(int(match[2])), Integer(int(match[1])), per_channel)
        if "=" in base:
            return replace(_pair(base), per_channel=per_channel)
        form = parse(base)
    except FormatError as error:
        hint = _EXAMPLES if not error.hint else "names: " + "; ".join(KNOWN_NAMES) + f"\n  {_EXAMPLES}"
        message = error.message if f"'{request}'" in error.message else f"'{request}': {error.message}"
        raise FormatError(before + message, hint=hint) from None
    _check_value(form, before)
    return Formats(form, _with_sign(form), per_channel)


def _pair(text: str) -> Formats:
    """`w=FORMAT,a=FORMAT`, either alone too."""
    found: dict[str, NumberFormat] = {}
    for part in text.split(","):
        key, separator, name = (piece.strip() for piece in part.partition("="))
        key = key.lower()
        if not separator or key not in ("w", "a"):
            raise FormatError(f"'{part.strip()}' is neither w=FORMAT nor a=FORMAT")
        if key in found:
            raise FormatError(f"'{key}' is given twice")
        found[key] = parse(name)
    _check_value(found.get("a"), "")
    _check_weight(found.get("w"), "")
    return Formats(found.get("a"), found.get("w"))


def _check_value(form: NumberFormat | None, before: str) -> None:
    if isinstance(form, Signs | FixedSigns):
        raise FormatError(
            f"{before}{form} is a format of weights, not of values",
            hint=f"request it for weights alone: w={form},a=int8, or {{'weight': '{form}'}} for some modules",
        )


def _check_weight(form: NumberFormat | None, before: str) -> None:
    if form is not None and form != _with_sign(form):
        raise FormatError(f"{before}a weight has a sign, but {form} has none", hint=f"write {_with_sign(form)}")


def _from_mapping(request: Mapping[str, Any], source: str) -> Quantization:
    check_keys(request, ("default", "modules"), where=source, error=FormatError)
    default = _complete(_formats(request.get("default", "int8"), f"{source}: 'default'"))
    modules = request.get("modules") or {}
    if not isinstance(modules, Mapping):
        raise FormatError(f"{source}: 'modules' is {modules!r}, expected globs with their formats")
    rules = []
    for pattern, entry in modules.items():
        if not isinstance(pattern, str):
            raise FormatError(f"{source}: module path {pattern!r} is not a string", hint="put it in quotes")
        rules.append((pattern, _formats(entry, f"{source}: '{pattern}'")))
    return Quantization(default, tuple(rules), source)


def _from_file(path: Path) -> Quantization:
    try:
        return _from_mapping(read_mapping(path), str(path))
    except FormatError as error:
        raise FormatError(error.message, hint=error.hint or _EXAMPLES) from None
