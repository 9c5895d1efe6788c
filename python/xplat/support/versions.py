# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Versions of the files that xplat writes and reads: read in one place, by one rule.

A file of data has the keys `kind` and `version`. A file of text has a comment among the first ones:
`// xplat kernel version 1`; without it the version is the one that its kind has for files that state none. An older
version is upgraded, one step at a time, where its kind knows how. Every other version is refused, with what was found,
what is expected and what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xplat.support.errors import XplatError

_STATEMENT = re.compile(r"//\s*xplat\s+(?P<kind>\w+)\s+version\b\s*(?P<version>.*?)\s*")


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    `name`: what messages call it; `version`: the one that is written; `error`: what its reader raises; `remedy`: what
    to do with a file that is too old. `unstated`: the version of a file that states none. `upgrades`: by version, what
    makes the data (a dictionary, or text) of the next version.
    """

    name: str
    version: int
    error: type[XplatError]
    remedy: str
    unstated: int = 0
    upgrades: Mapping[int, Callable[[Any], Any]] = field(default_factory=dict)

    def stamp(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data as it is written: with its kind and version."""
        return {"kind": f"xplat {self.name}", "version": self.version, **data}

    @property
    def comment(self) -> str:
        """The line with which a file of text states its version."""
        return f"// xplat {self.name} version {self.version}\n"

    def read(self, file: Path) -> dict[str, Any]:
        """The data of a JSON file, at the present version. Raises the kind's error."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:  # the latter: no JSON, or no UTF-8
            raise self.error(f"'{file}' is not a file of an xplat {self.name}: {error}", hint=self.remedy) from None
        if not isinstance(data, dict):
            raise self.error(f"'{file}' is not a file of an xplat {self.name}", hint=self.remedy)
        return self.upgraded(data, str(file))

    def upgraded(self, data: Mapping[str, Any], source: str) -> dict[str, Any]:
        """`data`, a file's content with its stamp, at the present version and without the stamp."""
        content = {key: value for key, value in data.items() if key not in ("kind", "version")}
        if "kind" not in data and "version" not in data:
            return self._raised(content, self.unstated, source, stated=False)
        self._check_kind(str(data.get("kind")).removeprefix("xplat "), source)
        return self._raised(content, self._number(data.get("version"), source), source)

    def upgraded_text(self, text: str, source: str) -> str:
        """`text` at the present version."""
        for line in text.splitlines():
            if line.strip() and not line.lstrip().startswith("//"):
                break
            if statement := _STATEMENT.fullmatch(line.strip()):
                self._check_kind(statement["kind"], source)
                stated = statement["version"]
                number = int(stated) if re.fullmatch(r"[0-9]{1,9}", stated) else stated
                return self._raised(text, self._number(number, source), source)
        return self._raised(text, self.unstated, source, stated=False)

    def check_text(self, file: Path) -> None:
        """Raises the kind's error when a file of text, that others read as it stands, is of another version."""
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self.error(f"'{file}' cannot be read: {error}") from None
        if self.upgraded_text(text, str(file)) != text:
            raise self.error(f"'{file}' is of an older version than {self.version}", hint=self.remedy)

    def _check_kind(self, found: str, source: str) -> None:
        if found != self.name:
            raise self.error(f"'{source}' states that it holds an xplat {found}, expected an xplat {self.name}")

    def _number(self, version: Any, source: str) -> int:
        if not isinstance(version, int) or isinstance(version, bool) or version < 0:
            raise self.error(
                f"'{source}' states version {version!r}, expected a whole number",
                hint=f"this xplat writes version {self.version} of an xplat {self.name}",
            )
        return version

    def _raised(self, content: Any, version: int, source: str, *, stated: bool = True) -> Any:
        while version < self.version and version in self.upgrades:
            content, version = self.upgrades[version](content), version + 1
        if version == self.version:
            return content
        found = f"version {version} of an xplat {self.name}" if stated else f"an xplat {self.name} without a version"
        raise self.error(
            f"'{source}' holds {found}, expected version {self.version}",
            hint="a newer xplat wrote it: install that, or make the file again with this one"
            if version > self.version
            else self.remedy,
        )
