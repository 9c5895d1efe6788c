# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Users' names in other languages: how a module path, a file name or a symbol looks in each.

Such names may hold any character, so none of them reaches a file or a command line as it stands. What the compiler
writes (SystemVerilog, names of memories) has its counterpart in `dialects/xplat/Analysis/Names.h`; JSON and MLIR text
have quoting of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Control and format characters (such as those that turn the direction of writing), separators of lines and
# paragraphs, halves of characters.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./")


def printable(text: str, *, keep: str = "") -> str:
    """`text` on one line for terminals, reports and pictures: `\\n` for a newline, `\\u202e` for a mark that turns
    the direction of writing. Characters in `keep` stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if character in keep or unicodedata.category(character) not in _UNPRINTABLE else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def shortened(text: str, limit: int) -> str:
    """`text` with `…` for its middle when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    end = (limit - 1) // 2
    return f"{text[: limit - 1 - end]}…{text[-end:]}"


def tcl_word(text: str) -> str:
    """One word of a Tcl command, with any characters."""
    if text and set(text) <= _PLAIN:
        return text
    return "".join(map(_tcl_character, text)) or "{}"


def _tcl_character(character: str) -> str:
    if character in _PLAIN:
        return character
    if character.isascii() and character.isprintable():
        return f"\\{character}"
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def comment(text: str) -> str:
    """The rest of a `#` comment of Tcl, XDC or Yosys: one line, and a backslash at its end continues none."""
    return printable(text).replace("\\", "/")


def markdown_cell(text: str) -> str:
    """A cell of a Markdown table."""
    return re.sub(r"([\\`*\[\]<>|&$~])", r"\\\1", printable(text))


def pass_option(text: str) -> str:
    """A value in the options of an MLIR pass, which know no quoting of every character: `%` and two hexadecimal
    digits stand for a byte. Passes that take names or paths decode it."""
    data = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in data)


def slang_command(arguments: Iterable[str]) -> str:
    """Arguments as slang reads them from one line, where double quotes hold all but themselves and backslashes."""
    return " ".join('"{}"'.format(re.sub(r'(["\\])', r"\\\1", argument)) for argument in arguments)


def file_name(name: str, taken: Iterable[str] = ()) -> str:
    """`name` with other characters than letters, digits and `_+.-` replaced by `_`; numbered when one of `taken` is
    the same but for case, so that lists of files need no quoting and file systems that ignore case keep both."""
    used = {other.lower() for other in taken}
    plain = re.sub(r"[^A-Za-z0-9_+.-]", "_", name)
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = stem.lstrip("-+")[:200] or "_"
    result, number = f"{stem}{dot}{ending}", 1
    while result.lower() in used:
        result, number = f"{stem}_{number}{dot}{ending}", number + 1
    return result
