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
from xplat.formats import fixed_point
from xplat.hardware.emit import scripts
from xplat.hardware.emit.circt import export_verilog
from xplat.hardware.emit.memories import write_memories
from xplat.hardware.emit.sources import cell_sources, copy_sources, kernel_sources
from xplat.hardware.emit.testbench import testbench
from xplat.hardware.layout import Layout
from xplat.hardware.manifest import EMITTED, MANIFEST, SOURCES
from xplat.hardware.streams import StreamPort
from xplat.interpreter.parameters import evaluate_parameters
from xplat.mlir import Boundary, extents
from xplat.mlir.passes import run_pipeline
from xplat.support.errors import EmitError
from xplat.support.output import output_directory

TOP, DIRECT_TOP = "xplat_system", "xplat_system_direct"
LOWERING = "xplat-lower-to-circt"
DEVICES = "xplat.devices"
"""Attribute in which the lowering says what it calls the devices' modules."""


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
    hardware, modules = _lower(module)
    devices = design.targets(modules)
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
        (folder / "tb" / "main.cpp").write_text(testbench(design.inputs, design.outputs))
        _write_scripts(folder, design, devices)
    return Path(directory)


def lower(module: ir.Module) -> str:
    """The hardware of a dataflow-form module: CIRCT's dialects in generic form, with locations."""
    return _lower(module)[0]


def _lower(module: ir.Module) -> tuple[str, dict[str, str]]:
    """The hardware, and the name of each device's module by instance."""
    hardware = run_pipeline(module, LOWERING, where="lowering to CIRCT")
    modules = ir.DictAttr(hardware.operation.attributes[DEVICES])
    items = (modules[index] for index in range(len(modules)))
    devices = {item.name: ir.StringAttr(item.attr).value for item in items}
    del hardware.operation.attributes[DEVICES]
    return str(hardware.operation.get_asm(print_generic_op_form=True, enable_debug_info=True)), devices


def _write_scripts(folder: Path, design: _Description, devices: Sequence[scripts.DeviceTarget]) -> None:
    direct = DIRECT_TOP if (folder / "rtl" / f"{DIRECT_TOP}.sv").exists() else TOP
    for device in devices:
        (folder / f"vivado_{device.top}.tcl").write_text(
            scripts.vivado_script(device, clock_mhz=design.clock_mhz), encoding="utf-8"
        )
    (folder / "clock.xdc").write_text(scripts.clock_constraint(design.clock_mhz))
    (folder / "yosys.ys").write_text(scripts.yosys_script(devices))
    streams = [
        f"`{port.name}`, {kind} {_names_at(port, named)}: {'x'.join(map(str, port.shape))} of {port.width} bits, "
        f"{port.fractional_bits} of them fractional, {port.layout}"
        for kind, ports, named in (
            ("input", design.inputs, design.model_inputs),
            ("result", design.outputs, design.model_results),
        )
        for port in ports
    ]
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
        # What the model takes and gives, in its order: two results that are equal leave at one port.
        "model": {"inputs": design.model_inputs, "results": design.model_results},
        "devices": [asdict(device) for device in devices],
    }
    (folder / MANIFEST).write_text(json.dumps(EMITTED.stamp(manifest), indent=2) + "\n")


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
            elif isinstance(op, func.FuncOp | xp.KernelOp | xp.SystemOp | xp.DeviceOp):
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
        self.nodes = [op for op in graph.body.blocks[0].operations if xp.is_node(op)]
        boundary = Boundary.of(graph)
        self.inputs = [_stream(f"in{index}", op, op.result, op.input) for index, op in enumerate(boundary.inputs)]
        self.outputs = [_stream(f"out{index}", op, op.input, op.result) for index, op in enumerate(boundary.outputs)]
        # None where nothing depends on an input.
        taken = {number: self.inputs[index].name for index, number in enumerate(boundary.arguments)}
        self.model_inputs = _named(inputs, [taken.get(index) for index in range(len(graph.arguments))])
        self.model_results = _named(results, [self.outputs[index].name for index in boundary.results])
        self._system: xp.SystemOp = self._symbols[mapping.system.value]

    def kernels(self) -> list[xp.KernelOp]:
        """Contracts of the kernels in use."""
        names = dict.fromkeys(op.kernel.value for op in self.nodes if op.kernel is not None)
        return [self._symbols[name] for name in names if name in self._symbols]

    def targets(self, modules: Mapping[str, str]) -> list[scripts.DeviceTarget]:
        """The devices that have work; `modules`: what the lowering calls them, by instance."""
        return [
            scripts.DeviceTarget(top=modules[op.sym_name.value], part=self._symbols[op.device.value].part.value)
            for op in self._system.body.blocks[0].operations
            if isinstance(op, xp.InstanceOp) and op.sym_name.value in modules
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
    form = fixed_point(stream)
    if form is None:
        raise EmitError(f"'{stream}' is not quantized, so it cannot become hardware")
    return StreamPort(
        name=name,
        layout=Layout.of(stream),
        width=form.width,
        fractional_bits=form.fractional_bits[0],
        host_shape=tuple(extents(held)) if op.view is not None else None,
        view=tuple(op.view or ()),
        permutation=tuple(op.permutation or ()),
    )
