# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Throughput, resource usage and limits of a design: read from the IR, never computed here.

`Report` prints as text and turns into JSON. Areas and latencies are estimates by the kernels' formulas;
cycles per sample are exact (the simulation tests hold them to that).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.mlir import Boundary, entry_of, nodes_of
from xplat.mlir.passes import file_line
from xplat.support.text import printable


@dataclass(frozen=True)
class NodeReport:
    """One node of the design. `cycles` per sample, `latency` in cycles, `area` by resource (estimated)."""

    name: str
    op: str
    device: str
    kernel: str
    format: str
    weight_format: str | None
    unroll: dict[str, int]
    cycles: int
    latency: int
    area: dict[str, int]
    source: str


@dataclass(frozen=True)
class PortReport:
    """One of the model's inputs, or of the tensors in its result, and the stream of the hardware that carries it.

    `name`: the model's; `kind`: "input" or "result"; `port`: of the top module, "-" for an input that nothing depends
    on. Results that are equal share a port.
    """

    name: str
    kind: str
    port: str
    shape: tuple[int, ...]
    format: str


@dataclass(frozen=True)
class DeviceReport:
    """Estimated usage of each resource of one device, its budget, and its clock, in whose cycles its nodes are counted.

    Resources stand in the order in which the device states them. `promise`: why designs may be promised the clock,
    None where nobody has shown that. `estimated_mhz`: the clock that designs are expected to reach, which sets no rate;
    `estimate`: what it is taken from. None where the device's file has none.
    """

    name: str
    clock_mhz: float
    used: dict[str, int]
    budget: dict[str, int]
    promise: str | None = None
    estimated_mhz: float | None = None
    estimate: str | None = None

    @property
    def clock_lines(self) -> tuple[str, ...]:
        """What is promised of the clock, then what is estimated."""
        promised = f"promised: {self.promise}" if self.promise else "assumed, not promised"
        lines = [f"{self.clock_mhz:g} MHz {promised}"]
        if self.estimated_mhz is not None:
            lines.append(f"{self.estimated_mhz:g} MHz estimated: {self.estimate}")
        return tuple(lines)

    def utilization(self, resource: str) -> float:
        """Share of the budget in use, 0 when the device has none of the resource."""
        return self.used[resource] / self.budget[resource] if self.budget.get(resource) else 0.0


@dataclass(frozen=True)
class CableReport:
    """The bits per cycle that the streams of a design use on one cable.

    `source`: the instance at whose port it begins; `target`: the instance, or the switch, at its other end; `sent`
    leaves the source's port, `received` enters it; `bits`: what the cable carries each way. All in cycles of the
    source's clock.
    """

    name: str
    source: str
    target: str
    sent: int
    received: int
    bits: int


@dataclass(frozen=True)
class PruningReport:
    """Weights that pruning left and the work on them, beside those of the whole model.

    `parameters`: weights that are not zero, without biases; `multiply_accumulates`: those per sample that take time
    in the hardware: weights of removed channels do not, zeros do where the kernel skips none.
    """

    parameters: int
    dense_parameters: int
    multiply_accumulates: int
    dense_multiply_accumulates: int
    channels_removed: int

    def __str__(self) -> str:
        return (
            f"{_share(self.parameters, self.dense_parameters)} of the weights, "
            f"{_share(self.multiply_accumulates, self.dense_multiply_accumulates)} of the multiply-accumulates, "
            f"{self.channels_removed:,} channels removed"
        )


def _share(part: int, whole: int) -> str:
    return f"{part:,} / {whole:,} ({part / whole:.0%})"


@dataclass(frozen=True)
class Report:
    """Throughput, limits and use of a design; `str()` is the text, `json()` the same figures for programs.

    Cycles of a node are those of its device's clock. All others are of `clock_mhz`: the devices' clock or, where these
    differ, the lowest common multiple.
    """

    system: str
    clock_mhz: float
    cycles_per_sample: int
    interval_ps: str
    """Exact time per sample in picoseconds: a whole number, or a fraction such as "80000/3"."""
    samples_per_second: float
    latency_cycles: int
    latency_us: float
    bound_cycles: int
    bound_samples_per_second: float
    bound_kind: str
    bound_reason: str
    max_utilization: float
    """Share of each device's resources that the design may use; the bound is the one under this share."""
    device_bound_cycles: int
    """The bound for the whole devices, without a share."""
    device_bound_samples_per_second: float
    share_binds: bool
    """Whether the bound would be lower without the share."""
    bottleneck: str
    objective: str
    """The objective of the mapping: "throughput", "latency" or "area"."""
    target_samples_per_second: float | None
    """The throughput that was asked for; None where it was not, or in cycles."""
    target_cycles: int | None
    devices: tuple[DeviceReport, ...]
    nodes: tuple[NodeReport, ...]
    ports: tuple[PortReport, ...]
    """The model's inputs, then what is in its result, each in the model's order."""
    cables: tuple[CableReport, ...] = ()
    """In the order of the system."""
    pruning: PruningReport | None = None
    """None for a model with all its weights."""
    estimated: tuple[str, ...] = field(default=("latency", "area"))

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources of all devices, in the order in which these state them."""
        return tuple(dict.fromkeys(name for device in self.devices for name in device.budget))

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return asdict(self)

    def json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.to_dict(), indent=2)

    def __str__(self) -> str:
        counted = "" if self.clocks_differ else f", {self.latency_cycles:,} cycles"
        clocks = sorted({device.clock_mhz for device in self.devices}) or [self.clock_mhz]
        lines = [
            f"system       {printable(self.system)} at {' and '.join(f'{clock:g}' for clock in clocks)} MHz",
            *self._goal_lines(),
            f"throughput   {self.samples_per_second:,.0f} samples/s, one every {self._time(self.cycles_per_sample)} "
            "in steady state",
            f"latency      {self.latency_us:,.2f} us{counted} (estimated)",
            f"bottleneck   {printable(self.bottleneck)}",
            *self._bound_lines(),
            *([f"pruning      {self.pruning}"] if self.pruning is not None else []),
            "",
            "use of each device (estimated by the kernels' area formulas)",
        ]
        rows = [["device", *(["MHz"] if self.clocks_differ else []), *self.resources]]
        for device in self.devices:
            clock = [f"{device.clock_mhz:g}"] if self.clocks_differ else []
            rows.append([device.name, *clock, *(_usage(device, resource) for resource in self.resources)])
        lines += _table(rows)
        lines += ["", "clocks (rates are of the first one)", *self._clock_lines()]
        lines += ["", "inputs and results"]
        rows = [["name", "kind", "port", "shape", "format"]]
        rows += [[p.name, p.kind, p.port, "x".join(map(str, p.shape)), p.format] for p in self.ports]
        lines += _table(rows)
        if busy := [cable for cable in self.cables if cable.sent or cable.received]:
            lines += ["", f"use of cables, bits of each cycle ({len(self.cables) - len(busy)} others unused)"]
            rows = [["cable", "from", "to", "sent", "received"]]
            for cable in busy:
                loads = (cable.sent, cable.received)
                shares = [f"{bits:,} / {cable.bits:,} ({bits / cable.bits:.0%})" for bits in loads]
                rows.append([cable.name, cable.source, cable.target, *shares])
            lines += _table(rows)
        lines += ["", "nodes"]
        areas = [f"{resource}~" for resource in self.resources]
        rows = [["name", "op", "kernel", "device", "format", "unroll", "cycles", "latency~", *areas, "source"]]
        for node in self.nodes:
            unroll = " ".join(f"{loop}={factor}" for loop, factor in node.unroll.items() if factor > 1) or "-"
            area = [f"{node.area[resource]:,}" if resource in node.area else "-" for resource in self.resources]
            mark = "*" if node.name == self.bottleneck else ""
            form = node.format + (f" · {node.weight_format}" if node.weight_format else "")
            figures = [f"{node.cycles:,}", f"{node.latency:,}", *area]
            rows.append([node.name + mark, node.op, node.kernel, node.device, form, unroll, *figures, node.source])
        lines += _table(rows)
        lines += ["", "* bottleneck   ~ estimated   format: of the result · of the weight"]
        return "\n".join(lines)

    @property
    def clocks_differ(self) -> bool:
        """Whether devices have different clocks."""
        return len({device.clock_mhz for device in self.devices}) > 1

    def _time(self, cycles: int) -> str:
        """Cycles or, where clocks differ, the time that they take."""
        return f"{cycles / self.clock_mhz:,.6g} us" if self.clocks_differ else f"{cycles:,} cycles"

    def _goal_lines(self) -> list[str]:
        """The lines on objective and target; none where only the highest throughput was asked for."""
        target = None
        if self.target_samples_per_second is not None:
            target = f"at least {self.target_samples_per_second:,.10g} samples/s"
        elif self.target_cycles is not None:
            target = f"at most {self.target_cycles:,} cycles per sample"
        if target is None and self.objective == "throughput":
            return []
        best = {"throughput": "least area", "latency": "lowest latency", "area": "least area"}[self.objective]
        return [f"asked for    {best if target is None else f'{target}, {best}'}"]

    def _clock_lines(self) -> list[str]:
        devices: dict[tuple[str, ...], list[str]] = {}
        for device in self.devices:
            devices.setdefault(device.clock_lines, []).append(device.name)
        lines: list[str] = []
        for clock, names in devices.items():
            lines += [f"  {printable(', '.join(names))}:", *(f"    {printable(line)}" for line in clock)]
        return lines

    def _bound_lines(self) -> list[str]:
        whole = self.max_utilization >= 1
        share = "" if whole else f" with {100 * self.max_utilization:g}% of each device"
        gap = self.cycles_per_sample / self.bound_cycles
        lines = [
            f"upper bound  {self.bound_samples_per_second:,.0f} samples/s ({self._time(self.bound_cycles)}){share}, "
            f"set by {self.bound_kind}: {printable(self.bound_reason)}",
            f"             this design takes {gap:.2f}x as {'long' if self.clocks_differ else 'many cycles'}"
            if self.cycles_per_sample > self.bound_cycles
            else "             this design reaches it",
        ]
        if self.share_binds:
            gain = self.bound_cycles / self.device_bound_cycles
            lines.append(
                "             limited by the share: the whole devices would allow "
                f"{self.device_bound_samples_per_second:,.0f} samples/s ({self._time(self.device_bound_cycles)}), "
                f"{gain:.2f}x as many"
            )
        elif not whole:
            lines.append("             the whole devices would allow no more")
        return lines


def _usage(device: DeviceReport, resource: str) -> str:
    """What a device uses of a resource; "-" for one that it does not have."""
    if resource not in device.budget:
        return "-"
    used, budget = device.used[resource], device.budget[resource]
    return f"{used:,} / {budget:,} ({device.utilization(resource):.0%})" if budget else f"{used:,} / 0"


def _table(rows: list[list[str]]) -> list[str]:
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rows = [rows[0], ["-" * width for width in widths], *rows[1:]]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return ["  " + "  ".join(row).rstrip() for row in padded]


def build_report(module: ir.Module, *, inputs: Sequence[str] = (), results: Sequence[str] = ()) -> Report:
    """Reads the report of a mapped module: its `xplat.mapping` and its nodes.

    `inputs`, `results`: what the model calls its inputs and the tensors that it gives; numbers by default.
    """
    mapping = next(op for op in module.body.operations if isinstance(op, xp.MappingOp))
    clock = mapping.clock_mhz.value
    cycles, bound = mapping.cycles.value, mapping.bound_cycles.value
    share = mapping.max_utilization.value if mapping.max_utilization is not None else 1.0
    device_bound = mapping.device_bound_cycles.value if mapping.device_bound_cycles is not None else bound
    instances = _instances(module, mapping)
    clocks = {name: device.clock_mhz.value for name, device in instances.items()}
    devices = tuple(_device_report(xp.UsageAttr(usage), instances) for usage in mapping.usage)
    budgets = {device.name: device.budget for device in devices}
    types = {op.sym_name.value: op.type_.value for op in module.body.operations if isinstance(op, xp.ParamOp)}
    return Report(
        system=mapping.system.value,
        clock_mhz=clock,
        cycles_per_sample=cycles,
        interval_ps=str(Fraction(cycles) * 10**6 / Fraction(str(clock))),
        samples_per_second=clock * 1e6 / cycles,
        latency_cycles=mapping.latency_cycles.value,
        latency_us=mapping.latency_cycles.value / clock,
        bound_cycles=bound,
        bound_samples_per_second=clock * 1e6 / bound,
        bound_kind=mapping.bound_kind.keyword,
        bound_reason=mapping.bound_reason.value,
        max_utilization=share,
        device_bound_cycles=device_bound,
        device_bound_samples_per_second=clock * 1e6 / device_bound,
        share_binds=device_bound < bound,
        bottleneck=mapping.bottleneck.value,
        objective=mapping.objective.keyword if mapping.objective is not None else "throughput",
        target_samples_per_second=mapping.target_per_second.value if mapping.target_per_second is not None else None,
        target_cycles=mapping.target_cycles.value if mapping.target_cycles is not None else None,
        devices=devices,
        nodes=tuple(_node_report(op, types, budgets) for op in nodes_of(module)),
        ports=tuple(_port_reports(entry_of(module), inputs, results)),
        cables=_cable_reports(module, mapping, clocks),
        pruning=pruning_report(module),
    )


def _device_report(usage: xp.UsageAttr, instances: Mapping[str, xp.DeviceOp]) -> DeviceReport:
    name, budget = usage.device.value[-1], usage.budget.as_dict()
    device = instances[name]
    said = (device.promise, device.estimated_mhz, device.estimate)
    clock = (attribute.value if attribute is not None else None for attribute in said)
    return DeviceReport(name, device.clock_mhz.value, dict.fromkeys(budget, 0) | usage.used.as_dict(), budget, *clock)


def _port_reports(graph: Any, inputs: Sequence[str], results: Sequence[str]) -> Iterator[PortReport]:
    boundary = Boundary.of(graph)
    taken = {number: index for index, number in enumerate(boundary.arguments)}
    for number, argument in enumerate(graph.arguments):
        index = taken.get(number)
        kind = argument.type if index is None else boundary.inputs[index].result.type
        port = "-" if index is None else f"in{index}"
        yield _port_report(inputs[number] if inputs else str(number), "input", port, kind)
    for number, index in enumerate(boundary.results):
        kind = boundary.outputs[index].input.type
        yield _port_report(results[number] if results else str(number), "result", f"out{index}", kind)


def _port_report(name: str, kind: str, port: str, carried: ir.Type) -> PortReport:
    shape = carried.shape if isinstance(carried, xp.StreamType) else ir.RankedTensorType(carried).shape
    return PortReport(name, kind, port, tuple(shape), xp.format_name(_element(carried)))


def _system_of(module: ir.Module, mapping: xp.MappingOp) -> xp.SystemOp:
    return next(
        op for op in module.body.operations if isinstance(op, xp.SystemOp) and op.sym_name.value == mapping.system.value
    )


def _instances(module: ir.Module, mapping: xp.MappingOp) -> dict[str, xp.DeviceOp]:
    """The device that each instance of the mapping's system is of."""
    devices = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.DeviceOp)}
    instances = _system_of(module, mapping).body.blocks[0].operations
    return {op.sym_name.value: devices[op.device.value] for op in instances if isinstance(op, xp.InstanceOp)}


def _cable_reports(module: ir.Module, mapping: xp.MappingOp, clocks: Mapping[str, float]) -> tuple[CableReport, ...]:
    """The cables of the mapping's system with the slices of the links over them."""
    system = _system_of(module, mapping)
    cables = {op.sym_name.value: op for op in system.body.blocks[0].operations if isinstance(op, xp.CableOp)}
    sent, received = dict.fromkeys(cables, 0.0), dict.fromkeys(cables, 0.0)
    for link in nodes_of(module):
        if not isinstance(link, xp.LinkOp):
            continue
        cable, sender = cables[ir.SymbolRefAttr(link.cable).value[-1]], xp.instance_name(link)
        # A link has the clock of the device that sends.
        bits = link.phit_bits.value * clocks[sender]
        forward = cable.source.value == sender
        (sent if forward else received)[cable.sym_name.value] += bits
        if link.arrival is not None:
            received[ir.SymbolRefAttr(link.arrival).value[-1]] += bits
    return tuple(
        CableReport(
            name=name,
            source=op.source.value,
            target=op.target.value,
            sent=math.ceil(sent[name] / clocks[op.source.value] - 1e-9),
            received=math.ceil(received[name] / clocks[op.source.value] - 1e-9),
            bits=xp.cable_bits(op, clocks[op.source.value]),
        )
        for name, op in cables.items()
    )


def pruning_report(module: ir.Module) -> PruningReport | None:
    """The weights and work that pruning has left of a network, mapped or not; None when it has all its weights."""
    params = {op.sym_name.value: op for op in module.body.operations if isinstance(op, xp.ParamOp)}
    skipping = {
        op.sym_name.value
        for op in module.body.operations
        if isinstance(op, xp.KernelOp) and any(xp.MemoryPortAttr(port).name == "index" for port in op.memories)
    }
    # By weight, so that tied ones count once: not zero, whole, channels removed.
    weights: dict[str, tuple[int, int, int]] = {}
    work = dense_work = 0
    for op in nodes_of(module):
        if not xp.is_weighted(op):
            continue
        symbol = xp.weight(op).value
        param, (whole, channels) = params[symbol], _origin(symbol, params)
        size, macs = math.prod(param.type_.value.shape), xp.multiply_accumulates(op)
        sparsity = param.sparsity
        weights[symbol] = (sparsity.nonzeros if sparsity is not None else size, whole, channels)
        dense_work += macs * whole // size
        skips = sparsity is not None and xp.kernel_name(op) in skipping
        work += macs * sparsity.n // sparsity.m if skips else macs
    kept, dense, removed = (sum(column) for column in zip(*weights.values(), strict=True)) if weights else (0, 0, 0)
    if kept == dense:
        return None
    return PruningReport(kept, dense, work, dense_work, removed)


def _origin(symbol: str, params: dict[str, xp.ParamOp]) -> tuple[int, int]:
    """Elements of the model's own weight that a parameter derives from, and output channels lost on the way."""
    channels = 0
    while (derivation := params[symbol].derivation) is not None and derivation.sources:
        source = derivation.sources[0].value
        size, from_size = (math.prod(params[name].type_.value.shape) for name in (symbol, source))
        if from_size < size:  # not the weight: a scale of its own, or the argument of a function
            break
        if derivation.kind == xp.DerivationKind.select and derivation.axis.value == 0:
            channels += params[source].type_.value.shape[0] - len(derivation.shape)
        symbol = source
    return math.prod(params[symbol].type_.value.shape), channels


def _node_report(op: Any, types: Mapping[str, ir.Type], budgets: Mapping[str, Mapping[str, int]]) -> NodeReport:
    rate, area, device = op.rate, op.area, xp.instance_name(op) or "-"
    none = dict.fromkeys(budgets.get(device, {}), 0)
    return NodeReport(
        name=xp.node_name(op),
        op=op.operation.name.removeprefix("xplat."),
        device=device,
        kernel=xp.kernel_name(op) or "-",
        format=xp.format_name(_element(op.operation.results[0].type)),
        weight_format=xp.format_name(_weight_element(op, types)) if xp.is_weighted(op) else None,
        unroll={name: factor for name, _, _, factor in xp.dimensions(op)},
        cycles=rate.cycles if rate is not None else 0,
        latency=rate.latency if rate is not None else 0,
        area=none | area.as_dict() if area is not None else none,
        source=_short_source(op.location),
    )


def _element(carried: ir.Type) -> ir.Type:
    """Element type of a stream or a tensor."""
    return carried.element_type if isinstance(carried, xp.StreamType) else ir.RankedTensorType(carried).element_type


def _weight_element(op: Any, types: Mapping[str, ir.Type]) -> ir.Type:
    return ir.RankedTensorType(types[xp.weight(op).value]).element_type


def _short_source(location: ir.Location) -> str:
    """`file.py:12` of the user's line, without folders; empty when the node has none."""
    return file_line(location).rsplit("/", 1)[-1]
