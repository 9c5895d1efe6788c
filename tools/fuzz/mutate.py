# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random changes to the text of `.mlir` files: of tokens, numbers, lines, brackets, attributes and bytes."""

import random
import re
from collections.abc import Callable

TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|[-+]?\d+(?:\.\d+(?:[eE][-+]?\d+)?)?|[%@!#^]?[A-Za-z_][\w.$]*|[%@!#^]\w+|->|::|\S'
)
NUMBERS = ("0", "1", "-1", "2", "3", "7", "16", "31", "32", "33", "63", "64", "65", "255", "65536", "2147483647",
           "2147483648", "-2147483648", "4294967296", "9223372036854775807", "-9223372036854775808",
           "18446744073709551616", "0.0", "-0.0", "1.0e308", "-1.5", "4.9e-324", "0x7FF0000000000000", "?")  # fmt: skip
DIGITS = re.compile(r"(?<![\w.])-?\d+(?:\.\d+(?:e[-+]?\d+)?)?|(?<=x)\d+|(?<=[xif])\d+")
# Types and attributes with at most one level of brackets inside.
VALUE = re.compile(r"(?:tensor|memref|vector|[!#][\w.]+)<(?:[^<>\n]|<[^<>\n]*>)*>|\[[^\[\]\n]*\]")
CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


def kind(token: str) -> str:
    """Tokens of one kind replace each other."""
    if token[0].isdigit() or (token[0] in "+-" and token[1:2].isdigit()):
        return "number"
    if token[0] in '"%@!#^':
        return token[0]
    return "word" if token[0].isalpha() or token[0] == "_" else "sign"


class Mutator:
    """Changes texts; draws replacements from all of them."""

    def __init__(self, texts: list[str]) -> None:
        self.lines = sorted({line for text in texts for line in text.splitlines() if line.strip()})
        kinds: dict[str, set[str]] = {}
        for text in texts:
            for token in TOKEN.findall(text):
                kinds.setdefault(kind(token), set()).add(token)
        self.tokens = {name: sorted(tokens) for name, tokens in kinds.items()}
        self.values = sorted({match.group() for text in texts for match in VALUE.finditer(text)})
        # What often stays legal, so that passes see it, and what tries the parsers.
        Change = Callable[[str, random.Random], str]
        self.gentle: list[Change] = [
            self.change_number, self.change_everywhere, self.change_everywhere, self.copy_token, self.drop_entry,
            self.replace_value, self.replace_value_everywhere, self.drop_line, self.double_line, self.swap_lines,
        ]  # fmt: skip
        self.rough: list[Change] = [
            self.replace_token, self.drop_token, self.double_token, self.swap_tokens, self.foreign_line,
            self.drop_bracket, self.change_byte, self.cut,
        ]  # fmt: skip

    def mutate(self, text: str, chance: random.Random) -> str:
        """`text` with one to four changes, mostly one."""
        changes = self.gentle if chance.random() < 0.75 else self.rough
        for _ in range(1 + min(int(chance.expovariate(1.6)), 3)):
            text = chance.choice(changes)(text, chance)
        return text

    # ---- tokens

    @staticmethod
    def pick(text: str, chance: random.Random, pattern: re.Pattern[str] = TOKEN) -> re.Match[str] | None:
        found = list(pattern.finditer(text))
        return chance.choice(found) if found else None

    @staticmethod
    def put(text: str, match: re.Match[str] | None, new: str) -> str:
        return text if match is None else text[: match.start()] + new + text[match.end() :]

    def replace_token(self, text: str, chance: random.Random) -> str:
        match = self.pick(text, chance)
        return self.put(text, match, chance.choice(self.tokens[kind(match.group())])) if match else text

    def copy_token(self, text: str, chance: random.Random) -> str:
        """A token becomes another of the same text and kind: names that exist, in a wrong place."""
        match = self.pick(text, chance)
        if match is None:
            return text
        same = [token for token in TOKEN.findall(text) if kind(token) == kind(match.group())]
        return self.put(text, match, chance.choice(same))

    def change_number(self, text: str, chance: random.Random) -> str:
        return self.put(text, self.pick(text, chance, DIGITS), self.number(chance))

    @staticmethod
    def number(chance: random.Random) -> str:
        return str(chance.randrange(40)) if chance.random() < 0.5 else chance.choice(NUMBERS)

    def change_everywhere(self, text: str, chance: random.Random) -> str:
        """All numbers of one value become another one: shapes stay consistent."""
        match = self.pick(text, chance, DIGITS)
        if match is None:
            return text
        old, new = match.group(), self.number(chance)
        return DIGITS.sub(lambda found: new if found.group() == old else found.group(), text)

    def replace_value(self, text: str, chance: random.Random) -> str:
        """A type, an attribute or a list becomes another one."""
        return self.put(text, self.pick(text, chance, VALUE), chance.choice(self.values))

    def replace_value_everywhere(self, text: str, chance: random.Random) -> str:
        match = self.pick(text, chance, VALUE)
        return text.replace(match.group(), chance.choice(self.values)) if match else text

    def drop_token(self, text: str, chance: random.Random) -> str:
        return self.put(text, self.pick(text, chance), "")

    def double_token(self, text: str, chance: random.Random) -> str:
        match = self.pick(text, chance)
        return self.put(text, match, f"{match.group()} {match.group()}") if match else text

    def swap_tokens(self, text: str, chance: random.Random) -> str:
        found = list(TOKEN.finditer(text))
        if len(found) < 2:
            return text
        first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
        return self.put(self.put(text, second, first.group()), first, second.group())

    # ---- lines

    def drop_line(self, text: str, chance: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        if len(lines) > 1:
            del lines[chance.randrange(len(lines))]
        return "".join(lines)

    def double_line(self, text: str, chance: random.Random) -> str:
        lines = text.splitlines(keepends=True) or [""]
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
        return "".join(lines)

    def swap_lines(self, text: str, chance: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        if len(lines) > 1:
            first, second = chance.sample(range(len(lines)), 2)
            lines[first], lines[second] = lines[second], lines[first]
        return "".join(lines)

    def foreign_line(self, text: str, chance: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(self.lines) + "\n")
        return "".join(lines)

    # ---- structure

    def drop_bracket(self, text: str, chance: random.Random) -> str:
        """What stands in a pair of brackets goes, with or without them."""
        match = self.pick(text, chance, re.compile(r"[(\[{<]"))
        if match is None:
            return text
        opening, depth = match.group(), 0
        for end in range(match.start(), len(text)):
            depth += (text[end] == opening) - (text[end] == CLOSING[opening])
            if depth == 0:
                inside = opening + CLOSING[opening] if chance.random() < 0.5 else ""
                return text[: match.start()] + inside + text[end + 1 :]
        return text

    def drop_entry(self, text: str, chance: random.Random) -> str:
        """An attribute or an element of a list goes."""
        return self.put(text, self.pick(text, chance, re.compile(r"[^,{}()<>\[\]\n]+,\s?|,\s?[^,{}()<>\[\]\n]+")), "")

    def change_byte(self, text: str, chance: random.Random) -> str:
        if not text:
            return text
        place = chance.randrange(len(text))
        return text[:place] + chr(chance.randrange(1, 256)) + text[place + chance.randrange(2) :]

    def cut(self, text: str, chance: random.Random) -> str:
        return text[: chance.randrange(len(text))] if text and chance.random() < 0.3 else text
