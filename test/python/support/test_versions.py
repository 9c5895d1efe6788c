# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The one reader of versions: older files are upgraded step by step, all others refused with words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xplat.support.errors import KernelError
from xplat.support.versions import FileKind

DATA = FileKind(
    "thing",
    version=3,
    error=KernelError,
    remedy="make it again",
    upgrades={1: lambda data: data | {"two": 2}, 2: lambda data: data | {"three": data["two"] + 1}},
)
TEXT = FileKind(
    "word", version=2, unstated=1, error=KernelError, remedy="write it again", upgrades={1: lambda text: text.upper()}
)


def test_upgrade_of_data(tmp_path: Path) -> None:
    file = tmp_path / "thing.json"
    for version in (1, 2, 3):
        given = {1: {}, 2: {"two": 2}, 3: {"two": 2, "three": 3}}[version]
        file.write_text(json.dumps({"kind": "xplat thing", "version": version, **given}))
        assert DATA.read(file) == {"two": 2, "three": 3}
    file.write_text(json.dumps(DATA.stamp({"own": 1})))
    assert DATA.read(file) == {"own": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"kind": "xplat thing", "version": 4}', "holds version 4 of an xplat thing, expected version 3\n  a newer"),
        ('{"kind": "xplat thing", "version": 0}', "holds version 0 of an xplat thing, expected version 3\n  make it"),
        ('{"kind": "xplat thing", "version": true}', "states version True, expected a whole number"),
        ('{"kind": "xplat thing"}', "states version None, expected a whole number"),
        ('{"kind": "xplat word", "version": 3}', "holds an xplat word, expected an xplat thing"),
        ('{"version": 3}', "holds an xplat None, expected an xplat thing"),
        ("{}", "holds an xplat thing without a version, expected version 3\n  make it again"),
        ("[]", "is not a file of an xplat thing"),
        ("nonsense", "is not a file of an xplat thing"),
    ],
)
def test_data_that_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "thing.json").write_text(text)
    with pytest.raises(KernelError) as caught:
        DATA.read(tmp_path / "thing.json")
    assert message in str(caught.value) and "thing.json" in str(caught.value)


def test_upgrade_of_text() -> None:
    assert TEXT.upgraded_text("a\n", "file") == "A\n", "a file without a version is of the first one"
    assert TEXT.upgraded_text("// xplat word version 1\na\n", "file") == "// XPLAT WORD VERSION 1\nA\n"
    text = f"// A head.\n//\n\n{TEXT.comment}a\n"
    assert TEXT.upgraded_text(text, "file") == text
    behind = "a\n// xplat word version 9\n"
    assert TEXT.upgraded_text(behind, "file") == behind.upper(), "a comment behind the first line says nothing"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("// xplat word version 3", "holds version 3 of an xplat word, expected version 2\n  a newer xplat"),
        ("// xplat word version 0", "holds version 0 of an xplat word, expected version 2\n  write it again"),
        ("//xplat word version two", "states version 'two', expected a whole number"),
        ("// xplat word version", "states version '', expected a whole number"),
        ("// xplat thing version 2", "holds an xplat thing, expected an xplat word"),
    ],
)
def test_text_that_is_refused(line: str, message: str) -> None:
    with pytest.raises(KernelError) as caught:
        TEXT.upgraded_text(f"{line}\na\n", "file")
    assert message in str(caught.value)
