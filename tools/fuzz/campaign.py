# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs changed inputs in batches and finds the one that makes a batch crash."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inputs import Input
from mutate import Mutator
from runner import Outcome, Runner


@dataclass(frozen=True)
class Finding:
    """An input that crashes."""

    path: Path  # of the file that it was made from
    text: str
    options: tuple[str, ...]
    outcome: Outcome


class Campaign:
    """Inputs by their options, and what became of changed ones."""

    def __init__(self, inputs: list[Input], runner: Runner, *, seed: int, batch: int) -> None:
        self.runner, self.batch = runner, batch
        self.chance = random.Random(seed)
        self.mutator = Mutator([item.text for item in inputs])
        self.groups: dict[tuple[str, ...], list[Input]] = {}
        for item in inputs:
            self.groups.setdefault(item.options, []).append(item)
        self.inputs = inputs
        self.done = self.crashes = 0
        self._seen: set[str] = set()

    def run(self, count: int) -> Iterator[Finding]:
        """Tries `count` changed inputs; yields each different crash once."""
        while self.done < count:
            # Every set of options in turn, with the inputs of its tests or with any.
            options = self.chance.choice(list(self.groups))
            group = self.groups[options] if self.chance.random() < 0.6 else self.inputs
            if self.chance.random() < 0.8:  # a small change of what is legal gets further than the parser
                group = [item for item in group if item.legal] or group
            size = min(self.batch, count - self.done)
            sources = [self.chance.choice(group) for _ in range(size)]
            texts = [self.mutator.mutate(source.text, self.chance) for source in sources]
            self.done += size
            yield from self._search(sources, texts, options)

    def _search(self, sources: list[Input], texts: list[str], options: tuple[str, ...]) -> Iterator[Finding]:
        """Crashes among the texts, by halves."""
        outcome = self.runner.run(texts, options)
        if outcome is None:
            return
        if len(texts) == 1:
            self.crashes += 1
            if outcome.digest not in self._seen:
                self._seen.add(outcome.digest)
                yield Finding(sources[0].path, texts[0], options, outcome)
            return
        half = len(texts) // 2
        yield from self._search(sources[:half], texts[:half], options)
        yield from self._search(sources[half:], texts[half:], options)
