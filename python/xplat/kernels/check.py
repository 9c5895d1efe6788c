# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The check that every kernel folder passes, those of xplat and those of users.

Ports and parameters against the contract; results against the reference under stalls on every port; cycles per sample
and latency against the contract's formulas; recovery from a reset; no assertion fires; lint; combinational paths from
port to port; and a wrong bit, planted at the outputs, has to be found. A kernel that takes words of parameters in order
runs twice: with ROMs, and with memories that are late at random.
"""

from __future__ import annotations

import importlib.util
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from xplat.dialects import xplat as xp
from xplat.kernels.bench import Bench, Played, lint
from xplat.kernels.case import Case
from xplat.kernels.network import Network
from xplat.kernels.paths import Netlist
from xplat.support.errors import KernelError, SimulationError
from xplat.support.frames import line_of
from xplat.support.progress import Progress, logged
from xplat.target.kernel_check import check_kernel, read_contracts
from xplat.target.library import CONTRACT, contract_files, kernel_files

CASES = "case.py"
SAMPLES = 4
STALLS = ((0, 0), (128, 0), (0, 128), (100, 160), (230, 40))
"""Chances in 256 a cycle that the inputs wait, and that the outputs do."""
LATE_STALLS = ((0, 0, 0), (0, 0, 128), (128, 0, 230), (60, 160, 100))
"""Of the inputs, of the outputs, and of memories that may be late."""
NEVER = 256
"""An output that is never taken."""
MOST_PROBLEMS = 12


@dataclass(frozen=True)
class Folder:
    """A kernel folder: its contract, the kernels in it that have hardware of their own, and its cases."""

    path: Path
    contract: Path
    kernels: tuple[str, ...]
    chosen: tuple[Case, ...]
    module: ModuleType | None
    in_order: frozenset[str] = frozenset()
    """The kernels that take words of parameters in order."""

    @staticmethod
    def load(contract: Path) -> Folder:
        """Reads the folder of a contract. Raises `KernelError` when it has hardware and no cases."""
        # The host's ports are wires at the edge of a device. Ops live only while they are iterated over.
        known = [
            (op.sym_name.value, xp.takes_words_in_order(op))
            for op in read_contracts(contract)
            if op.backend.keyword != "port"
        ]
        kernels = [name for name, _ in known]
        in_order = frozenset(name for name, streams in known if streams)
        file = contract.parent / CASES
        if not kernels:
            return Folder(contract.parent, contract, (), (), None)
        if not file.is_file():
            raise KernelError(
                f"kernel folder '{contract.parent}' has no {CASES}",
                hint="it says what is simulated: cases(), a list of xplat.kernels.Case; see docs/HowTo/add-a-kernel.md",
            )
        module = _imported(file)
        chosen = tuple(_called(module, "cases"))
        folder = Folder(contract.parent, contract, tuple(kernels), chosen, module, in_order)
        used = {folder.kernel_of(case) for case in chosen}
        if without := [f"@{kernel}" for kernel in kernels if kernel not in used]:
            raise KernelError(
                f"'{file}' has no case for {', '.join(without)}", hint="cases() needs one for each kernel"
            )
        return folder

    def kernel_of(self, case: Case) -> str:
        """The kernel that a case is for. Raises `KernelError`."""
        if case.kernel is None and len(self.kernels) == 1:
            return self.kernels[0]
        if case.kernel not in self.kernels:
            known = ", ".join(self.kernels)
            raise KernelError(
                f"'{self.path / CASES}': kernel of '{case}' is {case.kernel}, expected one of {known}",
                hint="give Case(…, kernel=NAME)",
            )
        return case.kernel

    def drawn(self, count: int, seed: int) -> list[Case]:
        """Random cases; none when the folder has no `random_case`."""
        if self.module is None or not hasattr(self.module, "random_case"):
            return []
        generator = random.Random(seed)
        return [_called(self.module, "random_case", generator) for _ in range(count)]


def _imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"xplat_case_{file.parent.name}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with _users(file):
        spec.loader.exec_module(module)
    return module


def _called(module: ModuleType, name: str, *arguments: Any) -> Any:
    file = Path(str(module.__file__))
    if not hasattr(module, name):
        raise KernelError(f"'{file}' has no function '{name}'", hint="see docs/HowTo/add-a-kernel.md")
    with _users(file):
        return getattr(module, name)(*arguments)


@contextmanager
def _users(file: Path) -> Iterator[None]:
    """Errors in the user's own Python, with their line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise KernelError(
            f"'{file}' failed: {type(error).__name__}: {error}", location=line_of(error) or str(file)
        ) from error


def check_folders(
    folder: str | Path, *, random_cases: int = 4, seed: int = 0, progress: Progress = logged
) -> dict[str, int]:
    """Checks a kernel folder, or all folders below one: the number of cases that each kernel passed.

    `random_cases`: how many to draw from each folder's `random_case(generator)`, with `seed`. Raises `KernelError` that
    lists what is wrong, `ToolMissingError` without Verilator or slang.
    """
    return check_contracts(contract_files(folder), random_cases=random_cases, seed=seed, progress=progress)


def check_contracts(
    contracts: Sequence[Path], *, random_cases: int = 4, seed: int = 0, progress: Progress = logged
) -> dict[str, int]:
    """The same for the folders of these contracts, simulated together."""
    folders = [Folder.load(contract) for contract in contracts]
    for folder in folders:
        progress(f"{folder.path.name}: ports and parameters …")
        check_kernel(folder.path)
    if random_cases < 0:
        raise KernelError(f"expected at least 0 random cases but got {random_cases}")
    cases = [
        (folder.kernel_of(case), case)
        for folder in folders
        for case in (*folder.chosen, *folder.drawn(random_cases, seed))
    ]
    passed = {kernel: 0 for folder in folders for kernel in folder.kernels}
    if not cases:
        return passed
    library = _library(contracts)
    problems = _simulated(cases, library, seed, progress)
    late = [
        (kernel, case)
        for folder in folders
        for case in folder.chosen
        if (kernel := folder.kernel_of(case)) in folder.in_order
    ]
    if late and not problems:
        problems = check_late(late, library, seed, progress)
    if problems:
        more = len(problems) - MOST_PROBLEMS
        shown = [*problems[:MOST_PROBLEMS], *([f"and {more} more"] if more > 0 else [])]
        where = ", ".join(f"'{folder.path}'" for folder in folders)
        raise KernelError(
            f"kernel folder {where} does not pass its check:\n    " + "\n    ".join(shown),
            hint=f"correct the RTL, or {CONTRACT} where it promises something else; docs/KernelRtl.md has the rules",
        )
    for kernel, _ in cases:
        passed[kernel] += 1
    return passed


def _library(contracts: Sequence[Path]) -> list[Path]:
    """The contracts to link: these, then those that ship with xplat and are not among them."""
    own = {contract.resolve() for contract in contracts}
    return [*contracts, *(file for file in kernel_files() if file.resolve() not in own)]


def _simulated(cases: Sequence[tuple[str, Case]], library: Sequence[Path], seed: int, progress: Progress) -> list[str]:
    """The problems of the cases' hardware, found by lint and simulation."""
    progress(f"{len(cases)} cases: lowering …")
    network = Network.of(cases, library, seed)
    with tempfile.TemporaryDirectory(prefix="xplat-kernel-") as scratch:
        folder = network.emit(Path(scratch) / "hardware")
        progress("lint …")
        style = [
            f"lint: {line}"
            for define in ("XPLAT_SIMULATION", "SYNTHESIS")
            for line in lint(folder, "xplat_system", define)
        ]
        bench = Bench(folder, SAMPLES, progress)
        progress("paths from port to port …")
        style += _paths(network, bench)
        check = _Check.of(network, bench, seed)
        problems: list[str] = []
        for in_stall, out_stall in STALLS:
            progress(f"simulating with stalls {in_stall}/256 at the inputs, {out_stall}/256 at the outputs …")
            problems += check.run(in_stall, out_stall)
        if not problems:
            progress("simulating a reset in the middle, results that are never taken, and a planted wrong bit …")
            problems += check.reset()
            problems += check.blocked()
            problems += check.planted()
    return list(dict.fromkeys([*style, *problems]))


def check_late(
    cases: Sequence[tuple[str, Case]],
    library: Sequence[Path],
    seed: int,
    progress: Progress = logged,
    *,
    memories: str = "outside",
) -> list[str]:
    """The problems of the cases' hardware with memories whose words may be late at any time.

    `memories`: what holds them, a `MemoryKind` by its name. Those outside are late wherever a kernel may notice it.
    """
    progress(f"{len(cases)} cases with memories that may be late: lowering …")
    network = Network.of(cases, library, seed, memories=memories)
    with tempfile.TemporaryDirectory(prefix="xplat-kernel-") as scratch:
        bench = Bench(network.emit(Path(scratch) / "hardware"), SAMPLES, progress)
        check = _Check.of(network, bench, seed)
        problems: list[str] = []
        # The first sample waits for the words that fill a RAM, which no contract counts.
        for in_stall, out_stall, word_stall in LATE_STALLS if memories == "outside" else LATE_STALLS[1:]:
            progress(f"simulating with stalls {word_stall}/256 of the memories …")
            problems += check.run(in_stall, out_stall, word_stall)
        if not problems:
            problems += check.reset(word_stall=60)
            problems += check.planted()
    return list(dict.fromkeys(problems))


def _paths(network: Network, bench: Bench) -> list[str]:
    """Paths between ports in one cycle that may not be: through `ready` where the contract does not say so, and to any
    `valid` of a result."""
    netlist = Netlist.of(bench.folder, bench.top)
    problems: list[str] = []
    inputs, outputs = iter(bench.inputs), iter(bench.outputs)
    for number, bound in enumerate(network.bound):
        head = f"@{bound.kernel}, case {number}, {bound.case}"
        sources = {name: next(inputs).name for name in bound.case.inputs}
        sinks = [next(outputs).name for _ in bound.case.results]
        for index, sink in enumerate(sinks):
            reached = netlist.reached(f"{sink}_ready")
            if not bound.combinational:
                problems += [
                    f"{head}: `ready` of '{name}' depends on `ready` of result {index} in the same cycle; give the "
                    "kernel a place for one beat more, or say `buffer (1)`"
                    for name, source in sources.items()
                    if f"{source}_ready" in reached
                ]
            if f"{sink}_valid" in reached:
                problems.append(f"{head}: `valid` of result {index} waits for its `ready`")
        for name, source in sources.items() if bound.registered else ():
            for wire, port in (("valid", f"{source}_valid"), ("data", source)):
                reached = netlist.reached(port)
                problems += [
                    f"{head}: `valid` of result {index} depends on `{wire}` of '{name}' in the same cycle"
                    for index, sink in enumerate(sinks)
                    if f"{sink}_valid" in reached
                ]
    return problems


class _Check:
    """Runs of one bench, compared with what has to come out."""

    def __init__(
        self, network: Network, bench: Bench, integers: Sequence[np.ndarray], expected: Sequence[np.ndarray]
    ) -> None:
        self.network = network
        self.bench = bench
        self.integers = integers
        self.expected = expected
        self.cycles = 0
        """Of the first run."""

    @staticmethod
    def of(network: Network, bench: Bench, seed: int) -> _Check:
        """With random samples."""
        inputs = network.inputs(SAMPLES, seed)
        integers = [port.quantize(values) for port, values in zip(bench.inputs, inputs, strict=True)]
        return _Check(network, bench, integers, bench.codes(network.references(inputs, SAMPLES)))

    def run(self, in_stall: int, out_stall: int, word_stall: int = 0) -> list[str]:
        """Results under these stalls; without any, cycles and latency too."""
        where = f"stalls {in_stall}/{out_stall}" + (f", of memories {word_stall}" if self.bench.words else "")
        try:
            played = self.bench.play(self.integers, in_stall=in_stall, out_stall=out_stall, word_stall=word_stall)
        except SimulationError as error:
            return [f"{where}: {error}"]
        self.cycles = self.cycles or played.cycles
        problems = self._results(played, where)
        if in_stall == out_stall == word_stall == 0 and not problems:
            problems = self._timing(played)
        return problems

    def reset(self, word_stall: int = 0) -> list[str]:
        """A reset of one cycle while samples are under way: everything begins again. Needs a run before it."""
        problems: list[str] = []
        assert self.cycles > 0
        for share in (3, 2):
            where = f"reset in cycle {self.cycles // share}"
            try:
                played = self.bench.play(
                    self.integers, in_stall=60, out_stall=60, word_stall=word_stall, reset_at=self.cycles // share
                )
            except SimulationError as error:
                return [f"{where}: {error}"]
            problems += self._results(played, where)
        return problems

    def blocked(self) -> list[str]:
        """Results that are never taken: each input takes at least the beats that FIFO depths count on."""
        try:
            played = self.bench.play(self.integers, out_stall=NEVER, most=4 * self.cycles)
        except SimulationError as error:
            return [f"results that are never taken: {error}"]
        problems = []
        sources = iter(played.inputs)
        for number, bound in enumerate(self.network.bound):
            for (name, stream), beats in zip(bound.case.inputs.items(), bound.blocked, strict=True):
                expected = min(beats, self.bench.samples * math.prod(stream.shape) // stream.lanes)
                if (taken := len(next(sources).cycles)) < expected:
                    problems.append(
                        f"@{bound.kernel}, case {number}, {bound.case}: by the contract it takes {expected} beats of "
                        f"'{name}' while no result is taken, but it took {taken}"
                    )
        return problems

    def planted(self) -> list[str]:
        """One wrong bit in each output: the comparison has to find all of them, and nothing else."""
        beats = min(len(expected) for expected in self.expected)
        found = self._wrong(self.bench.play(self.integers, flip=beats - 1))
        missed = [index for index, wrong in enumerate(found) if wrong != [(beats - 1, 0)]]
        return [f"a planted wrong bit was not found at output {index}" for index in missed]

    def _wrong(self, played: Played) -> list[list[tuple[int, int]]]:
        """For each output the beats and lanes that differ."""
        found = []
        for trace, expected in zip(played.outputs, self.expected, strict=True):
            assert trace.elements is not None
            count = min(len(trace.elements), len(expected))
            different = np.argwhere(trace.elements[:count] != expected[:count])
            found.append([(int(beat), int(lane)) for beat, lane in different])
        return found

    def _results(self, played: Played, where: str) -> list[str]:
        problems = []
        wrong = self._wrong(played)
        position = 0
        for number, bound in enumerate(self.network.bound):
            for _ in bound.case.results:
                trace, expected = played.outputs[position], self.expected[position]
                assert trace.elements is not None
                head = f"@{bound.kernel}, {where}, case {number}, {bound.case}"
                if len(trace.elements) < len(expected):
                    problems.append(f"{head}: {len(trace.elements)} of {len(expected)} beats came, then it stood still")
                elif bound.case.inputs and len(trace.elements) > len(expected) + bound.free:
                    surplus = len(trace.elements) - len(expected)
                    problems.append(f"{head}: {surplus} beats more came than the {len(expected)} that were expected")
                elif wrong[position]:
                    beat, lane = wrong[position][0]
                    problems.append(
                        f"{head}: {len(wrong[position])} of {expected.size} elements are wrong, the first in beat "
                        f"{beat}, lane {lane}: expected {expected[beat, lane]} but got {trace.elements[beat, lane]}"
                    )
                position += 1
        return problems

    def _timing(self, played: Played) -> list[str]:
        problems = []
        taken, given = 0, 0
        for number, bound in enumerate(self.network.bound):
            head = f"@{bound.kernel}, case {number}, {bound.case}"
            sources = played.inputs[taken : taken + len(bound.case.inputs)]
            sink = played.outputs[given]
            per_sample = len(self.expected[given]) // self.bench.samples
            taken, given = taken + len(bound.case.inputs), given + len(bound.case.results)
            ends = sink.cycles[per_sample - 1 :: per_sample]
            if (steady := ends[-1] - ends[-2]) != bound.cycles:
                problems.append(f"{head}: the contract says {bound.cycles} cycles per sample but it takes {steady}")
            arrivals = [trace.cycles[beats - 1] for trace, beats in zip(sources, bound.needed, strict=True) if beats]
            if arrivals:  # a first beat that needs none is offered after reset
                arrived = max(arrivals)
                if (latency := sink.cycles[0] - arrived) != bound.latency:
                    problems.append(f"{head}: the contract says latency {bound.latency} but it is {latency}")
        return problems
