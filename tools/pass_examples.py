# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The examples of passes, which stand in their lit tests and nowhere else.

In the test that is named after the pass's flag the example begins after a comment `The documentation's example.`, and
ends at the next `// -----`, at a comment `The end of the example.`, or with the file. What follows on the line of the
mark, and comments after it, explain the example. Lines that FileCheck or the check of diagnostics reads do not show.
"""

import re
from dataclasses import dataclass

MARK = re.compile(r"^// The documentation's example\.(.*)$", re.MULTILINE)
END = re.compile(r"^// (?:-----|The end of the example\.)$", re.MULTILINE)
CHECK = re.compile(r"^\s*// (?:[A-Z]+(?:-[A-Z]+)*:|expected-)")


@dataclass(frozen=True)
class Example:
    explanation: str
    code: str


def example(test: str) -> Example | None:
    """The example in the text of a lit test; none where it is not marked once."""
    marks = list(MARK.finditer(test))
    if len(marks) != 1:
        return None
    end = END.search(test, marks[0].end())
    text = test[marks[0].end() : end.start() if end else None]
    lines = [line for line in text.strip("\n").splitlines() if not CHECK.match(line)]
    explanation = [marks[0].group(1)]
    while lines and lines[0].startswith("// "):
        explanation.append(lines.pop(0).removeprefix("// "))
    code = "\n".join(lines).strip()
    return Example(" ".join(" ".join(explanation).split()), code) if code else None
