# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes an input that crashes smaller while it crashes in the same way."""

import time
from collections.abc import Sequence

from mutate import TOKEN
from runner import Outcome, Runner


def minimise(text: str, options: Sequence[str], outcome: Outcome, runner: Runner, *, seconds: float = 60) -> str:
    """Lines go first, then tokens, in pieces that get smaller. Takes at most about `seconds`."""
    end = time.monotonic() + seconds

    def crashes(candidate: str) -> bool:
        found = runner.run([candidate], options)
        return found is not None and found.digest == outcome.digest

    def shrink(parts: list[str]) -> list[str]:
        size = max(len(parts) // 2, 1)
        while parts and time.monotonic() < end:
            start, changed = 0, False
            while start < len(parts) and time.monotonic() < end:
                fewer = parts[:start] + parts[start + size :]
                if crashes("".join(fewer)):
                    parts, changed = fewer, True
                else:
                    start += size
            if size == 1 and not changed:
                break
            size = max(size // 2, 1)
        return parts

    text = "".join(shrink(text.splitlines(keepends=True)))
    places = [match.end() for match in TOKEN.finditer(text)]
    if len(places) < 400:
        text = "".join(shrink([text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]))
    return text
