"""Puts the emitted folder together: lowered, exported by CIRCT, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.backends.circt import export_verilog
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.emit import scripts
from xplat.emit.memories import write_memories
from xplat.emit.sources import cell_sources, copy_sources, kernel_sources
from xplat.errors import EmitError
from xplat.formats import fixed_point
from xplat.output import output_directory
from xplat.parameters import evaluate_parameters
from xplat.passes import run_pipeline
from xplat.sim.simulation import MANIFEST
from xplat.sim.streams import StreamPort
from xplat.sim.testbench import testbench
from xplat.sim.verilator import SOURCES

TOP, DIRECT_TOP = "xplat_system", "xplat_system_direct"
LOWERING = "xplat-lower-to-circt"
DEVICES = "xplat.devices"
"""Attribute in which the lowering says what it calls the devices' modules."""


def emit(module: ir.Module, parameters: Mapping[str, torch.Tensor], directory: str | Path) -> Path:
    """Writes the hardware of a dataflow-form module; returns the folder.

    `parameters`: the model's own, by symbol. Files of an earlier emission are replaced. Raises `OutputDirError`
    when the folder cannot be written, `PassFailure` or `EmitError` when the design cannot be lowered,
    `KernelError` when a kernel's RTL is not there.
    """
    design = _Description(module)
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
    devices = {item.name: ir.StringAttr(item.attr).value for item in modules}
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
        f"`{port.name}`, {kind}: {'x'.join(map(str, port.shape))} of {port.width} bits, {port.fractional_bits} of them "
        f"fractional, {port.lanes} a beat"
        for kind, ports in (("input", design.inputs), ("output", design.outputs))
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
        "devices": [asdict(device) for device in devices],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


class _Description:
    """What the folder's files need to know of a dataflow-form module."""

    def __init__(self, module: ir.Module) -> None:
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
        boundary = [op for op in self.nodes if xp.is_host_boundary(op)]
        inputs = [op.result.type for op in boundary if xp.is_host_input(op)]
        outputs = [op.input.type for op in boundary if not xp.is_host_input(op)]
        self.inputs = [_stream(f"in{index}", stream) for index, stream in enumerate(inputs)]
        self.outputs = [_stream(f"out{index}", stream) for index, stream in enumerate(outputs)]
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


def _stream(name: str, stream: xp.StreamType) -> StreamPort:
    if not isinstance(stream, xp.StreamType):
        raise EmitError(f"'{stream}' is no stream", hint="emit what the dataflow pipeline made")
    form = fixed_point(stream)
    if form is None:
        raise EmitError(f"'{stream}' is not quantized, so it cannot become hardware")
    return StreamPort(
        name=name,
        shape=tuple(stream.shape),
        lanes=stream.lanes,
        width=form.width,
        fractional_bits=form.fractional_bits[0],
    )
