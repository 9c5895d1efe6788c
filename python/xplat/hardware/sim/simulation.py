# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulates an emitted design and evaluates the run.

`simulate` works on integers in order of travel, `simulate_samples` on samples in float. Both take the folder that
`emit` wrote; its manifest says everything else.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from xplat.hardware.clocks import jitter
from xplat.hardware.manifest import read_manifest
from xplat.hardware.sim import verilator
from xplat.hardware.streams import StreamPort
from xplat.support.errors import InputError, SimulationError
from xplat.support.progress import Progress, logged


@dataclass(frozen=True)
class FifoUse:
    """A FIFO of the design: its instance, how many beats it holds, and the most it ever held."""

    name: str
    depth: int
    max_occupancy: int


@dataclass(frozen=True)
class Run:
    """The record of one simulation.

    `outputs`: int64 [samples, elements] for each output stream, in order of travel. `done`: cycle of each sample's
    last output beat. `first`: cycle of the first beat.
    """

    outputs: tuple[np.ndarray, ...]
    first: int
    done: tuple[int, ...]
    fifos: tuple[FifoUse, ...]
    stalls: bool = False
    """Whether the host stalled at random: then the intervals differ at random too."""
    jitter: int = 0
    """Cycles by which equal intervals may differ, because samples leave at edges of one clock of several."""

    @property
    def intervals(self) -> tuple[int, ...]:
        """Cycles from each sample's last output beat to that of the next one."""
        return tuple(after - before for before, after in zip(self.done, self.done[1:], strict=False))

    @property
    def filling(self) -> int:
        """Samples that entered before the first one had left: they met a pipeline that was not yet full."""
        return -(-self.latency // max(min(self.intervals, default=1), 1))

    @property
    def _steady_from(self) -> int | None:
        """The first sample in steady state; None when the run was too short for one."""
        if self.stalls:
            return self.filling if self.filling < len(self.intervals) else None
        return _repeat_from(self.intervals, self.filling, self.jitter)

    @property
    def steady(self) -> bool:
        """Whether the run reached steady state; see `Simulation`."""
        return self._steady_from is not None

    @property
    def warm_up(self) -> int:
        """Samples before steady state; of a run that did not reach it, all that leave one interval or more."""
        start = self._steady_from
        return max(min(self.filling, len(self.intervals) - 1), 0) if start is None else start

    @property
    def cycles_per_sample(self) -> tuple[int, ...]:
        """The intervals after the warm-up."""
        return self.intervals[self.warm_up :]

    @property
    def latency(self) -> int:
        """Cycles from the first input beat to the last output beat of the first sample."""
        return self.done[0] - self.first


MOST_PERIOD = 16
"""Samples after which intervals repeat, at most."""


def _repeat_from(intervals: Sequence[int], start: int, jitter: int) -> int | None:
    """The first index from `start` on behind which the intervals repeat to the end, with a period seen twice."""

    def equal(ones: Sequence[int], others: Sequence[int]) -> bool:
        return all(abs(one - other) <= jitter for one, other in zip(ones, others, strict=True))

    for first in range(start, len(intervals) - 1):
        tail = intervals[first:]
        for period in range(1, min(MOST_PERIOD, len(tail) // 2) + 1):
            if equal(tail[period:], tail[:-period]):
                return first
    return None


@dataclass(frozen=True)
class Simulation:
    """A simulated design. `outputs`: float32 [batch, …], exact values: a tuple of the model's results, and
    from `Design.simulate` nested as the model nests them.

    `intervals`: cycles from each sample's last output beat to that of the next. `warm_up`: how many samples come
    before steady state, which begins where the pipeline is full (the sample entered after the first one had left) and
    from where on the intervals repeat until the end, with a period of at most 16 samples that is seen twice.
    `cycles_per_sample`: the intervals from there on. `steady`: whether the run was long enough for such a state; where
    not, these say little. When the host stalls at random nothing repeats: then a full pipeline is enough.
    `latency_cycles`: from the first input beat to the last output beat of the first sample; `fifos`: what each FIFO
    held at most. `clock_mhz`: the clock whose cycles these are, that of the devices or, where `clocks_differ`, the
    lowest common multiple; then equal intervals differ by less than a cycle of the device that the samples leave.
    """

    outputs: Any
    intervals: tuple[int, ...]
    cycles_per_sample: tuple[int, ...]
    warm_up: int
    steady: bool
    latency_cycles: int
    total_cycles: int
    fifos: tuple[FifoUse, ...]
    links: bool
    clock_mhz: float
    clocks_differ: bool = False

    @property
    def mean_cycles(self) -> float | None:
        """Cycles per sample after the warm-up, on average; None for one sample alone."""
        counts = self.cycles_per_sample
        return sum(counts) / len(counts) if counts else None

    def __str__(self) -> str:
        spread = sorted(set(self.cycles_per_sample))
        unit, scale = ("us", self.clock_mhz) if self.clocks_differ else ("cycles", 1)
        rate = "-" if self.mean_cycles is None else f"{self.mean_cycles / scale:,.6g}"
        if len(spread) > 1:
            rate += f" ({spread[0] / scale:,.10g} to {spread[-1] / scale:,.10g})"
        state = f"in steady state, after {self.warm_up} samples of warm-up"
        if not self.steady:
            state = f"not yet in steady state: simulate more than {len(self.intervals) + 1} samples"
        full = sum(fifo.max_occupancy == fifo.depth for fifo in self.fifos)
        return "\n".join(
            [
                f"samples      {len(self.intervals) + 1} in {self.total_cycles / scale:,.10g} {unit}"
                f" ({'with' if self.links else 'without'} links)",
                f"throughput   one every {rate} {unit} (simulated), {state}",
                f"latency      {self.latency_cycles / scale:,.10g} {unit} (simulated)",
                f"FIFOs        {len(self.fifos)}, {full} of them were full at some time",
            ]
        )


def simulate(
    folder: str | Path,
    inputs: Sequence[np.ndarray],
    *,
    links: bool = True,
    backpressure: float = 0.0,
    seed: int = 0,
    idle_limit: int | None = None,
    assertions: bool = False,
    progress: Progress = logged,
) -> Run:
    """Simulates the design in `folder` on int64 samples [samples, elements], one array per input, in travel order.

    `links`: through the serial links, or with devices connected directly. `backpressure`: probability, in each
    cycle, that a source offers nothing and that a sink accepts nothing. `idle_limit`: cycles without a beat at any
    port after which the design counts as stuck. `assertions`: check those of the RTL. Raises `ToolMissingError`,
    `InputError`, `SimulationError`.
    """
    home = Path(folder).resolve()
    manifest = read_manifest(home)
    sources = [StreamPort.from_dict(port) for port in manifest["inputs"]]
    sinks = [StreamPort.from_dict(port) for port in manifest["outputs"]]
    if not 0.0 <= backpressure < 1.0:
        raise InputError(f"backpressure is {backpressure}, expected a probability below 1")
    samples = _check(sources, inputs)
    if idle_limit is None:
        quiet = 4 * (manifest["cycles"] + manifest["latency_cycles"]) + 20_000
        idle_limit = int(quiet / (1.0 - backpressure) ** 2)
    top = manifest["top"] if links else manifest["direct_top"]
    executable = verilator.build(home, top=top, assertions=assertions, progress=progress)
    progress(f"simulating {samples} samples …")
    with tempfile.TemporaryDirectory(prefix="xplat-sim-") as scratch:
        into = [Path(scratch) / f"{port.name}.bin" for port in sources]
        out = [Path(scratch) / f"{port.name}.bin" for port in sinks]
        for port, file, integers in zip(sources, into, inputs, strict=True):
            port.pack(integers).tofile(file)
        text = verilator.run(
            executable,
            home,
            samples=samples,
            inputs=into,
            outputs=out,
            backpressure=backpressure,
            seed=seed,
            idle_limit=idle_limit,
        )
        done = tuple(int(cycle) for cycle in re.findall(r"^XPLAT_DONE (\d+)$", text, re.MULTILINE))
        fifos = _fifos(text)
        if stuck := re.search(r"^XPLAT_STUCK (\d+)$", text, re.MULTILINE):
            raise SimulationError(
                _describe_standstill(text, int(stuck[1]), idle_limit, len(done), samples, fifos),
                hint="a FIFO on a path that joins another is too small, or a kernel breaks the stream protocol",
            )
        results = tuple(port.unpack(np.fromfile(file, dtype="<u4")) for port, file in zip(sinks, out, strict=True))
    first = re.search(r"^XPLAT_FIRST (\d+)$", text, re.MULTILINE)
    assert first is not None, "the test bench reports its first beat"
    return Run(
        outputs=results,
        first=int(first[1]),
        done=done,
        fifos=fifos,
        stalls=backpressure > 0.0,
        jitter=jitter(manifest.get("clocks", [])),
    )


def simulate_samples(
    folder: str | Path,
    samples: Sequence[torch.Tensor],
    *,
    links: bool = True,
    backpressure: float = 0.0,
    seed: int = 0,
    assertions: bool = False,
    progress: Progress = logged,
) -> Simulation:
    """Simulates the design in `folder` on float samples [batch, …], one tensor for each of the model's inputs.

    The host rounds the samples into the input's format and reads the outputs exactly: one tensor for each of the
    model's results, which may share a stream. Options and errors as for `simulate`.
    """
    manifest = read_manifest(Path(folder))
    sources = [StreamPort.from_dict(port) for port in manifest["inputs"]]
    sinks = {port["name"]: StreamPort.from_dict(port) for port in manifest["outputs"]}
    sent = {taken["port"]: tensor for taken, tensor in zip(manifest["model"]["inputs"], samples, strict=True)}
    run = simulate(
        folder,
        [port.quantize(sent[port.name].cpu()) for port in sources],
        links=links,
        backpressure=backpressure,
        seed=seed,
        assertions=assertions,
        progress=progress,
    )
    received = dict(zip(sinks, run.outputs, strict=True))
    given = [result["port"] for result in manifest["model"]["results"]]
    return Simulation(
        outputs=tuple(sinks[port].dequantize(received[port]) for port in given),
        intervals=run.intervals,
        cycles_per_sample=run.cycles_per_sample,
        warm_up=run.warm_up,
        steady=run.steady,
        latency_cycles=run.latency,
        total_cycles=run.done[-1] - run.first,
        fifos=run.fifos,
        links=links,
        clock_mhz=manifest["clock_mhz"],
        clocks_differ=len(manifest.get("clocks", [])) > 1,
    )


def _check(sources: Sequence[StreamPort], inputs: Sequence[np.ndarray]) -> int:
    """Number of samples; raises `InputError` when the arrays are not what the ports take."""
    if len(inputs) != len(sources):
        raise InputError(f"got {len(inputs)} arrays of samples, expected {len(sources)}, one per input stream")
    counts = {len(array) for array in inputs}
    if len(counts) != 1 or counts == {0}:
        raise InputError(f"expected as many samples, one or more, for every input but got {sorted(counts)}")
    for port, array in zip(sources, inputs, strict=True):
        expected = port.beats * port.fields
        if array.ndim != 2 or array.shape[1] != expected:
            raise InputError(f"input '{port.name}' has shape {list(array.shape)}, expected [samples, {expected}]")
        low, high = (0, 255) if port.blocks else (port.format.minimum, port.format.maximum)
        if array.min() < low or array.max() > high:
            raise InputError(f"input '{port.name}' has integers outside {low} to {high}, its format's range")
    return counts.pop()


def _path(instance: str) -> str:
    """`fpga0.conv1_fifo` from the simulator's full path, `TOP.xplat_system.fpga0.core.conv1_fifo`: without the tops,
    and without the core in the shell of a device. A node may be called like either."""
    match = re.fullmatch(r"(?:TOP\.)?(?:xplat_system\w*\.)?([^.]+)(?:\.core(?=\.))?(.*)", instance)
    return match[1] + match[2] if match else instance


def _fifos(text: str) -> tuple[FifoUse, ...]:
    found = re.findall(r"^XPLAT_FIFO (\S+) (\d+) (\d+)$", text, re.MULTILINE)
    return tuple(
        sorted((FifoUse(_path(name), int(depth), int(most)) for name, depth, most in found), key=lambda f: f.name)
    )


def _describe_standstill(
    text: str, cycle: int, idle_limit: int, done: int, samples: int, fifos: Sequence[FifoUse]
) -> str:
    """The streams with a beat that no reader takes, and the streams that a reader waits for."""
    streams = re.findall(r"^XPLAT_STREAM (\S+) (\S+) (\d) (\d)$", text, re.MULTILINE)
    held = sorted({f"{_path(where)}.{name}" for where, name, valid, ready in streams if valid == "1" and ready == "0"})
    empty = sorted({f"{_path(where)}.{name}" for where, name, valid, ready in streams if valid == "0" and ready == "1"})
    full = [f"{fifo.name} ({fifo.depth})" for fifo in fifos if fifo.max_occupancy == fifo.depth]
    lines = [
        f"the design stands still: no beat at any port for {idle_limit:,} cycles up to cycle {cycle:,}; "
        f"{done} of {samples} samples are done",
        f"beats wait at: {', '.join(held) or 'no stream'}",
        f"waited for, but empty: {', '.join(empty) or 'no stream'}",
    ]
    if full:
        lines.append(f"FIFOs that have been full: {', '.join(full)}")
    return "\n  ".join(lines)
