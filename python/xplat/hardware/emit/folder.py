# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Puts the emitted folder together: lowered, exported by CIRCT, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.formats import BlockFormat, fixed_point, format_of
from xplat.hardware.clocks import SystemClock
from xplat.hardware.emit import scripts
from xplat.hardware.emit.circt import export_verilog
from xplat.hardware.emit.memories import memory_name, write_memories
from xplat.hardware.emit.sources import copy_sources, kernel_sources
from xplat.hardware.emit.testbench import testbench
from xplat.hardware.layout import Layout
from xplat.hardware.manifest import EMITTED, MANIFEST, SOURCES
from xplat.hardware.streams import StreamPort, WordPort
from xplat.interpreter.parameters import evaluate_parameters
from xplat.mlir import Boundary, extents, nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import EmitError
from xplat.support.output import output_directory
from xplat.target.library import cell_sources

TOP, DIRECT_TOP = "xplat_system", "xplat_system_direct"
LOWERING = "xplat-lower-to-circt"
DEVICES = "xplat.devices"
"""Attribute in which the lowering says, of each instance, what it calls its module and its clocks."""


def emit(
    module: ir.Module,
    parameters: Mapping[str, torch.Tensor],
    directory: str | Path,
    *,
    inputs: Sequence[str] = (),
    results: Sequence[str] = (),
) -> Path:
    """Writes the hardware of a dataflow-form module; returns the folder.

    `parameters`: the model's own, by symbol. `inputs`, `results`: what the model calls its inputs and the tensors that
    it gives; numbers by default. Files of an earlier emission are replaced. Raises `OutputDirError`
    when the folder cannot be written, `PassError` or `EmitError` when the design cannot be lowered,
    `KernelError` when a kernel's RTL is not there.
    """
    design = _Description(module, inputs, results)
    hardware, lowered = _lower(module)
    devices = design.targets(lowered)
    clocks = design.clocks(lowered)
    words = design.words(lowered)
    kernels = kernel_sources(design.kernels())
    with output_directory(directory) as folder:
        rtl = folder / "rtl"
        generated = export_verilog(hardware, rtl)
        cells = cell_sources([file.read_text() for file in [*generated, *kernels]], kernels)
        copies = copy_sources([*kernels, *cells], rtl / "kernels")
        listed = [file for file in copies if file.suffix != ".svh"] + generated
        lines = ["+incdir+rtl/kernels", *(str(file.relative_to(folder)) for file in listed)]
        (folder / SOURCES).write_text("\n".join(lines) + "\n")
        # Two modules are at the top of the sources: tools want to know which one is meant.
        (folder / "files.f").write_text(f"--top {TOP}\n-F {SOURCES}\n")
        write_memories(module, evaluate_parameters(module, parameters), folder / "mem")
        (folder / "tb").mkdir()
        (folder / "tb" / "main.cpp").write_text(testbench(design.inputs, design.outputs, clocks, words))
        _write_scripts(folder, design, devices, clocks, words)
    return Path(directory)


def lower(module: ir.Module) -> str:
    """The hardware of a dataflow-form module: CIRCT's dialects in generic form, with locations."""
    return _lower(module)[0]


def _lower(module: ir.Module) -> tuple[str, dict[str, dict[str, Any]]]:
    """The hardware, and of each device that has work, by instance, the names and clocks of its module."""
    hardware = run_pipeline(module, LOWERING, where="lowering to CIRCT")
    devices = _plain(hardware.operation.attributes[DEVICES])
    del hardware.operation.attributes[DEVICES]
    return str(hardware.operation.get_asm(print_generic_op_form=True, enable_debug_info=True)), devices


def _plain(attribute: Any) -> Any:
    """Dictionaries, texts and numbers."""
    if isinstance(attribute, ir.DictAttr):
        items = (attribute[index] for index in range(len(attribute)))
        return {item.name: _plain(item.attr) for item in items}
    return attribute.value


def _write_scripts(
    folder: Path,
    design: _Description,
    devices: Sequence[scripts.DeviceTarget],
    clocks: Sequence[SystemClock],
    words: Sequence[WordPort],
) -> None:
    direct = DIRECT_TOP if (folder / "rtl" / f"{DIRECT_TOP}.sv").exists() else TOP
    for device in devices:
        (folder / f"vivado_{device.top}.tcl").write_text(scripts.vivado_script(device), encoding="utf-8")
        (folder / f"clock_{device.top}.xdc").write_text(scripts.clock_constraint(device))
    (folder / "yosys.ys").write_text(scripts.yosys_script(devices))
    streams = [
        f"`{port.name}`, {kind} {_names_at(port, named)}: {'x'.join(map(str, port.shape))} of {_describe(port)}, "
        f"{port.layout}"
        for kind, ports, named in (
            ("input", design.inputs, design.model_inputs),
            ("result", design.outputs, design.model_results),
        )
        for port in ports
    ]
    streams += map(str, words)
    (folder / "README.md").write_text(
        scripts.readme(top=TOP, direct_top=direct, devices=devices, streams=streams), encoding="utf-8"
    )
    manifest = {
        "top": TOP,
        "direct_top": direct,
        "clock_mhz": design.clock_mhz,
        "cycles": design.cycles,
        "latency_cycles": design.latency_cycles,
        "inputs": [port.to_dict() for port in design.inputs],
        "outputs": [port.to_dict() for port in design.outputs],
        "words": [port.to_dict() for port in words],
        # What the model takes and gives, in its order: two results that are equal leave at one port.
        "model": {"inputs": design.model_inputs, "results": design.model_results},
        "devices": [asdict(device) for device in devices],
        "clocks": [clock.to_dict() for clock in clocks],
    }
    (folder / MANIFEST).write_text(json.dumps(EMITTED.stamp(manifest), indent=2) + "\n")


def _describe(port: StreamPort) -> str:
    """The number format of a port's elements."""
    if port.blocks:
        return port.blocks
    return f"{port.width} bits{' without a sign' * port.unsigned}, {port.fractional_bits} of them fractional"


def _names_at(port: StreamPort, named: Sequence[Mapping[str, Any]]) -> str:
    """The model's names for the inputs or results that go through a port."""
    return " and ".join(f"'{entry['name']}'" for entry in named if entry["port"] == port.name)


class _Description:
    """Facts about a dataflow-form module from which the folder's files are written."""

    def __init__(self, module: ir.Module, inputs: Sequence[str], results: Sequence[str]) -> None:
        self._symbols: dict[str, Any] = {}
        mappings = []
        for op in module.body.operations:
            if isinstance(op, xp.MappingOp):
                mappings.append(op)
            elif isinstance(op, func.FuncOp | xp.KernelOp | xp.SystemOp | xp.DeviceOp | xp.RomOp):
                self._symbols[op.sym_name.value] = op
        if len(mappings) != 1:
            raise EmitError(
                f"expected one 'xplat.mapping' in the module but got {len(mappings)}",
                hint="emit what the hardware and dataflow pipelines made",
            )
        (mapping,) = mappings
        self.clock_mhz: float = mapping.clock_mhz.value
        self.cycles: int = mapping.cycles.value
        self.latency_cycles: int = mapping.latency_cycles.value
        graph = self._symbols[mapping.graph.value]
        self.nodes = nodes_of(module)
        boundary = Boundary.of(graph)
        self.inputs = [_stream(f"in{index}", op, op.result, op.input) for index, op in enumerate(boundary.inputs)]
        self.outputs = [_stream(f"out{index}", op, op.input, op.result) for index, op in enumerate(boundary.outputs)]
        ports = [*zip(self.inputs, boundary.inputs, strict=True), *zip(self.outputs, boundary.outputs, strict=True)]
        self._places = {port.name: xp.instance_name(op) for port, op in ports}
        # None where nothing depends on an input.
        taken = {number: self.inputs[index].name for index, number in enumerate(boundary.arguments)}
        self.model_inputs = _named(inputs, [taken.get(index) for index in range(len(graph.arguments))])
        self.model_results = _named(results, [self.outputs[index].name for index in boundary.results])
        self._system: xp.SystemOp = self._symbols[mapping.system.value]

    def kernels(self) -> list[xp.KernelOp]:
        """Contracts of the kernels in use."""
        names = dict.fromkeys(xp.kernel_name(op) for op in self.nodes)
        return [self._symbols[name] for name in names if name in self._symbols]

    def targets(self, lowered: Mapping[str, Mapping[str, Any]]) -> list[scripts.DeviceTarget]:
        """The devices that have work; `lowered`: what the lowering says of them, by instance."""
        return [
            scripts.DeviceTarget(
                top=lowered[op.sym_name.value]["module"],
                part=self._symbols[op.device.value].part.value,
                clock_mhz=lowered[op.sym_name.value]["mhz"],
                link_clocks=dict(lowered[op.sym_name.value]["link_clocks"]),
                link_ports=dict(lowered[op.sym_name.value]["link_ports"]),
            )
            for op in self._system.body.blocks[0].operations
            if isinstance(op, xp.InstanceOp) and op.sym_name.value in lowered
        ]

    def words(self, lowered: Mapping[str, Mapping[str, Any]]) -> list[WordPort]:
        """The ports at which words of parameter memories come in."""
        memories = {
            name: self._symbols[memory] for device in lowered.values() for name, memory in device["words"].items()
        }
        return [
            WordPort(name, memory_name(rom), rom.depth.value, rom.word_bits.value, rom.kind.keyword)
            for name, rom in memories.items()
        ]

    def clocks(self, lowered: Mapping[str, Mapping[str, Any]]) -> list[SystemClock]:
        """The clocks of the top module, each with the host's streams at its devices."""
        devices = {clock["clock"]: clock for clock in lowered.values()}
        homes = {name: lowered[place]["clock"] for name, place in self._places.items()}
        homes |= {name: device["clock"] for device in lowered.values() for name in device["words"]}
        return [
            SystemClock(
                clock=name,
                reset=device["reset"],
                mhz=device["mhz"],
                ticks=device["ticks"],
                streams=tuple(stream for stream, home in homes.items() if home == name),
            )
            for name, device in devices.items()
        ]


def _named(names: Sequence[str], ports: Sequence[str | None]) -> list[dict[str, str | None]]:
    """Names, or numbers where there are none, with the port of each."""
    names = names or [str(index) for index in range(len(ports))]
    return [{"name": name, "port": port} for name, port in zip(names, ports, strict=True)]


def _stream(name: str, op: Any, travelling: ir.Value, held: ir.Value) -> StreamPort:
    """The port of a boundary node: its value that travels, and the tensor that the host holds."""
    stream = travelling.type
    if not isinstance(stream, xp.StreamType):
        raise EmitError(f"expected a stream but got '{stream}'", hint="emit what the dataflow pipeline made")
    number = _number(stream)
    return StreamPort(
        name=name,
        layout=Layout.of(stream),
        **number,
        host_shape=tuple(extents(held)) if op.view is not None else None,
        view=tuple(op.view or ()),
        permutation=tuple(op.permutation or ()),
    )


def _number(stream: xp.StreamType) -> dict[str, Any]:
    """The fields of a port that say the number format of its elements."""
    form = format_of(stream)
    if isinstance(form, BlockFormat):
        return {"width": form.element_bits, "fractional_bits": 0, "blocks": str(form)}
    form = fixed_point(stream)
    if form is None:
        raise EmitError(f"'{stream}' is not quantized, so it cannot become hardware")
    return {
        "width": form.width,
        "fractional_bits": form.fractional_bits[0],
        "unsigned": form.unsigned,
        "integer": isinstance(stream.element_type, ir.IntegerType),
    }
