#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes what a set of designs is, so that a change that must not alter designs can be held against it.

    golden.py DIR                    writes the designs of this tree to DIR
    golden.py DIR --against OLD      and prints each difference from OLD, another such folder; fails if there is one
    golden.py DIR --only 'random-*'  designs whose names fit the glob

The designs: the networks of the tests on several systems, 50 drawn networks, and the five CNNs of the zoo on U250s.
A folder for each design holds its report (cycles, latency, area and configuration of every node), the generated
SystemVerilog with the depth of every FIFO in it, hashes of the kernels' sources and of the weight memories, and a hash
of the reference's results. The CNNs have random weights and are lowered, but not exported: a hash stands for the text.
Reports of times are left out. Takes some minutes; DIR is replaced.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import torch
from torch import nn

import xplat
from xplat.hardware.emit.folder import lower
from xplat.testing import small_models
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, RandomNetwork, ResidualCnn, settle_batch_norm

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 8
CNNS = {
    "resnet18": "2xu250",
    "resnet50": "8xu250",
    "mobilenetv2": "u250",
    "mobilenetv3_small": "u250",
    "mobilenetv3_large": "u250",
}
"""With their systems."""
SYSTEMS: dict[str, dict[str, Any]] = {
    "z7020": {},
    "2xz7020": {"quantize": "int4"},
    "4xz7020-ring": {"max_utilization": 0.8},
    "8xu250": {"target_cycles": 256},
    "4xu250-switch": {"quantize": "int16"},
    "zu9eg": {"target_cycles": 4096},
}
"""With what is asked for there."""
SMALL = ("z7020", "2xz7020", "4xz7020-ring")
KINDS = {"conv1d": 8, "flatten": 8, "constants": 8}


@dataclass(frozen=True)
class Case:
    """One design: the model, the samples that it is calibrated with, and what `xplat.compile` is told."""

    name: str
    model: nn.Module
    samples: torch.Tensor
    system: str
    options: dict[str, Any]


def cases() -> Iterator[Case]:
    """The designs but for the CNNs."""
    for make in (Mlp, PlainCnn, ResidualCnn, DepthwiseCnn):
        for index, (system, options) in enumerate(SYSTEMS.items()):
            torch.manual_seed(index)
            samples = torch.randn(SAMPLES, 1, 8, 8)
            model = settle_batch_norm(make(), samples)
            yield Case(f"{make.__name__}-{system}", model, samples, system, options)
    for seed in range(50 - sum(KINDS.values())):
        network = RandomNetwork(seed)
        samples = torch.randn(SAMPLES, *network.input_shape)
        model = settle_batch_norm(network, samples)
        yield Case(f"random-{seed}", model, samples, SMALL[seed % 3], {})
    for kind, count in KINDS.items():
        for seed in range(count):
            model, samples = small_models.draw(kind, 7000 + seed)
            yield Case(f"{kind}-{seed}", model, samples, SMALL[seed % 2], {})


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def write_design(case: Case, folder: Path) -> None:
    """One folder of text files; for a refused design one file with the reason."""
    folder.mkdir(parents=True)
    try:
        design = xplat.compile(
            case.model, case.system, example_inputs=case.samples[:1], calibration=case.samples, **case.options
        )
    except xplat.XplatError as error:
        write_refusal(error, folder)
        return
    write_report(design, folder)
    with tempfile.TemporaryDirectory() as scratch:
        emitted = design.emit(Path(scratch) / "hw")
        kernels = emitted / "rtl" / "kernels"
        (folder / "kernels.txt").write_text("".join(f"{f.name} {digest(f.read_bytes())}\n" for f in files(kernels)))
        memories = files(emitted / "mem")
        (folder / "memories.txt").write_text("".join(f"{f.name} {digest(f.read_bytes())}\n" for f in memories))
        for source in sorted((emitted / "rtl").glob("*.sv")):
            (folder / source.name).write_text(without_tree(source.read_text()))
    results = design.reference(case.samples)
    tensors = results if isinstance(results, tuple | list) else [results]
    hashes = [digest(tensor.detach().double().numpy().tobytes()) for tensor in tensors]
    (folder / "reference.txt").write_text("\n".join(hashes) + "\n")


def write_refusal(error: xplat.XplatError, folder: Path) -> None:
    """Without what differs from run to run and from tree to tree."""
    lines = [line for line in str(error).splitlines() if "reproduce with" not in line]
    (folder / "refused.txt").write_text(without_tree("\n".join(lines)) + "\n")


def without_tree(text: str) -> str:
    """Without the paths of this tree, so that designs of two trees can be compared."""
    return text.replace(str(ROOT), "")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write_report(design: xplat.Design, folder: Path) -> None:
    report = json.loads(design.report().json())
    (folder / "report.json").write_text(json.dumps(report, indent=1, sort_keys=True) + "\n")


def write_cnn(name: str, system: str, folder: Path) -> None:
    """The graph of a CNN of the zoo, calibrated with random weights."""
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    spec = xplat.models.get(name)
    inputs = spec.example_inputs()
    model = spec.build().eval()
    try:
        design = xplat.compile(model, system, example_inputs=inputs, calibration=inputs, target_cycles=1 << 20)
    except xplat.XplatError as error:
        write_refusal(error, folder)
        return
    write_report(design, folder)
    (folder / "lowered.txt").write_text(digest(without_tree(lower(design.mapped)).encode()) + "\n")


def write_all(folder: Path, only: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for case in cases():
        if fnmatch(case.name, only):
            print(case.name, flush=True)
            write_design(case, folder / case.name)
    for name, system in CNNS.items():
        if fnmatch(name, only):
            print(name, flush=True)
            write_cnn(name, system, folder / name)


def differences(old: Path, new: Path, only: str) -> int:
    """Prints how two folders differ; returns in how many files."""
    count = 0
    names = sorted({str(f.relative_to(base)) for base in (old, new) for f in files(base)})
    names = [name for name in names if fnmatch(name.partition("/")[0], only)]
    for name in names:
        before, after = (
            (base / name).read_text().splitlines() if (base / name).is_file() else [] for base in (old, new)
        )
        if before == after:
            continue
        count += 1
        lines = list(difflib.unified_diff(before, after, f"old/{name}", f"new/{name}", lineterm="", n=0))
        print("\n".join(lines[:12]))
        if len(lines) > 12:
            print(f"… {len(lines) - 12} lines more")
    print(f"{len(names)} files, {count} differ")
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, help="folder to write")
    parser.add_argument("--against", type=Path, help="folder that this tool wrote before the change")
    parser.add_argument("--only", default="*", help="glob of the designs' names")
    arguments = parser.parse_args()
    if arguments.against and not arguments.against.is_dir():
        parser.error(f"--against: '{arguments.against}' is no folder")
    write_all(arguments.directory, arguments.only)
    if not arguments.against:
        return 0
    return 1 if differences(arguments.against, arguments.directory, arguments.only) else 0


if __name__ == "__main__":
    sys.exit(main())
