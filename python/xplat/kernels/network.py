# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases side by side in one network: each node between host ports of its own, as the compiler's own dataflow form.

So a kernel is checked as designs use it: parameters of the RTL, memories of weights and generated modules come from
the same lowering.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.hardware.emit import emit
from xplat.interpreter import Interpreter
from xplat.kernels.case import Case, Stream
from xplat.mlir import MLIRError, nodes_of
from xplat.mlir.passes import run_pipeline
from xplat.software.functions import set_polynomials
from xplat.support.errors import KernelError, PassError
from xplat.support.paths import families_dir
from xplat.target.library import link_pass

SYSTEM = """
xplat.device @board fpga part "board" family @{family} clock_mhz 100.0 resources <lut = 53200> source "check" {{
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "check"
}}
xplat.system @pair {{
  xplat.instance @fpga0 of @board
  xplat.instance @fpga1 of @board
  xplat.cable @cable @fpga0 port @link to @fpga1 port @link
}}
xplat.mapping @check on @pair clock_mhz 100.0 cycles 1 latency_cycles 1 bound_cycles 1 bound_kind node
    bound_reason "check" bottleneck "check" usage []
"""
"""Where the cases run. Nothing is partitioned, so that no amount of anything matters."""


@dataclass(frozen=True)
class Bound:
    """A case with the kernel that it is for, and what the contract says of it.

    `cycles`, `latency`: per sample. `needed`: for each input, the beats that the first beat of the result needs.
    `blocked`: for each input, the beats that it takes while no result is taken.
    `free`: beats at the beginning of a sample that need no input, so that those of the next sample may come at once.
    `combinational`: whether `ready` of its inputs may depend on that of its results; `registered`: whether its results
    come out of registers, as all do but those of wires.
    """

    case: Case
    kernel: str
    cycles: int = 0
    latency: int = 0
    needed: tuple[int, ...] = ()
    blocked: tuple[int, ...] = ()
    free: int = 0
    combinational: bool = False
    registered: bool = True


@dataclass(frozen=True)
class Network:
    """Cases in one module, with random values for their parameters."""

    bound: tuple[Bound, ...]
    module: ir.Module
    parameters: Mapping[str, torch.Tensor]

    @staticmethod
    def of(
        cases: Sequence[tuple[str, Case]],
        contracts: Sequence[Path],
        seed: int,
        family: Path | None = None,
        *,
        memories: str = "rom",
    ) -> Network:
        """The network of cases, each with the kernel that it is for, on devices of the family of a file.

        `memories`: what holds the words that kernels read in order, a `MemoryKind` by its name.
        Raises `KernelError` for a case that does not fit.
        """
        family = family or families_dir() / "series7.mlir"
        generator = torch.Generator().manual_seed(seed)
        values = {
            f"c{index}_{name}": parameter.random(generator)
            for index, (_, case) in enumerate(cases)
            for name, parameter in case.parameters.items()
        }
        text = _Text(cases, streams=True, family=family.stem, memories=memories)
        try:
            module = ir.Module.parse(text.module, ir.Context())
            module = run_pipeline(
                module, f"{link_pass([*contracts, family])},xplat-bind-kernels,xplat-annotate-cost", where="check"
            )
            placed = run_pipeline(module, "xplat-place-parameters,xplat-outline-devices", where="check")
        except (PassError, MLIRError) as error:
            raise KernelError(
                _with_cases(str(error), cases), hint="correct the case in case.py, or the contract in kernel.mlir"
            ) from None
        nodes = {xp.node_name(op): op for op in nodes_of(placed)}
        # The dataflow model is one of the whole graph, before it is dealt to devices.
        blocked = xp.beats_while_blocked(next(op for op in module.body.operations if isinstance(op, func.FuncOp)))
        bound = [
            # Wires are no actors of their own.
            _bound(kernel, case, nodes[name], blocked.get(name, [0] * len(case.inputs)))
            for name, (kernel, case) in ((f"case{index}", pair) for index, pair in enumerate(cases))
        ]
        return Network(tuple(bound), placed, values)

    def emit(self, folder: Path) -> Path:
        """The hardware of all cases, with a port `in…` for each input and `out…` for each result."""
        return emit(self.module, self.parameters, folder)

    def inputs(self, samples: int, seed: int) -> list[torch.Tensor]:
        """Random samples for every input."""
        generator = torch.Generator().manual_seed(seed)
        return [stream.random(samples, generator) for item in self.bound for stream in item.case.inputs.values()]

    def references(self, inputs: Sequence[torch.Tensor], samples: int) -> list[torch.Tensor]:
        """Exact values of every result, float64 [samples, …], from those of every input; they are not rounded yet."""
        remaining = list(inputs)
        results: list[torch.Tensor] = []
        for index, item in enumerate(self.bound):
            own = [remaining.pop(0) for _ in item.case.inputs]
            resident = {name: self.parameters[f"c{index}_{name}"] for name in item.case.parameters}
            if item.case.reference is None:
                exact = _interpreted(item.case, own, resident, samples)
            else:
                exact = item.case.reference({**dict(zip(item.case.inputs, own, strict=True)), **resident})
            exact = (exact,) if isinstance(exact, torch.Tensor) else tuple(exact)
            for stream, values in zip(item.case.results, exact, strict=True):
                expected = (samples, *stream.shape)
                if tuple(values.shape) != expected:
                    raise KernelError(
                        f"the reference of case {index} gives shape {list(values.shape)}, expected {list(expected)}: "
                        f"{item.case}",
                        hint="a reference takes and gives [samples, …]",
                    )
                results.append(values.to(torch.float64))
        return results


def _bound(kernel: str, case: Case, node: Any, blocked: Sequence[int]) -> Bound:
    result = case.results[0]

    def needed(beat: int) -> tuple[int, ...]:
        last = (beat + 1) * result.lanes - 1
        return tuple(
            -(-xp.required_elements(node, index, last) // stream.lanes)
            for index, stream in enumerate(case.inputs.values())
        )

    free = 0
    while case.inputs and not any(needed(free)):
        free += 1
    combinational = xp.has_combinational_ready(node)
    rate = node.rate
    return Bound(
        case, kernel, rate.cycles, rate.latency, needed(0), tuple(blocked), free, combinational, rate.latency > 0
    )


def _interpreted(
    case: Case, inputs: Sequence[torch.Tensor], parameters: Mapping[str, torch.Tensor], samples: int
) -> tuple[torch.Tensor, ...]:
    """The node's own meaning."""
    module = ir.Module.parse(_Text([("", case)], streams=False).module, ir.Context())
    interpreter = Interpreter.create(module)
    own = interpreter.parameters({f"c0_{name}": value for name, value in parameters.items()})
    # A node without inputs is given the number of samples by one that nothing reads.
    with torch.no_grad():
        return interpreter.run(own, [*inputs, torch.zeros(samples, 1, dtype=torch.float64)])


def with_polynomials(case: Case) -> Case:
    """The case of a node of one operand, with the polynomials that the compiler finds for its function.

    Raises `KernelError` where there are none.
    """
    module = ir.Module.parse(_Text([("", case)], streams=False).module, ir.Context())
    (node,) = (op for op in nodes_of(module) if xp.node_name(op) == "case0")
    with module.context:
        if reason := set_polynomials(node):
            raise KernelError(f"{case}: {reason}")
        return replace(case, attributes=f"polynomials = {node.polynomials}")


def _with_cases(message: str, cases: Sequence[tuple[str, Case]]) -> str:
    """The message with the whole case where it names one."""
    named = [int(number) for number in dict.fromkeys(re.findall(r"\bcase(\d+)\b", message))]
    return "\n    ".join([message, *(f"case{number} is {cases[number][1]}" for number in named if number < len(cases))])


class _Text:
    """The module of cases as text: between host ports as streams, or as tensors for the interpreter."""

    def __init__(
        self, cases: Sequence[tuple[str, Case]], *, streams: bool, family: str = "", memories: str = "rom"
    ) -> None:
        self.streams = streams
        self.memories = memories
        arguments: list[str] = []
        results: list[tuple[str, str]] = []
        body: list[str] = []
        params: list[str] = []
        for index, (kernel, case) in enumerate(cases):
            for name, parameter in case.parameters.items():
                symbol = f"c{index}_{name}"
                params.append(f"xplat.param @{symbol} : {parameter.host_type}")
                params.append(
                    f"xplat.param @{symbol}_q = <quantize(@{symbol})>{parameter.attributes} : {parameter.tensor_type}"
                )
            for name, stream in case.inputs.items():
                value = f"%c{index}_{name}"
                if streams:
                    arguments.append(f"{value}_host: {stream.host_type}")
                    body.append(
                        f"{value} = xplat.host_input {value}_host {self._host(stream, 'input', 0)} : "
                        f"{stream.host_type} -> {stream.stream_type}"
                    )
                else:
                    arguments.append(f"{value}: {stream.tensor_type}")
            body.append(self._node(index, kernel, case))
            count = len(case.results)
            for position, stream in enumerate(case.results):
                value = f"%r{index}" + (f"#{position}" if count > 1 else "")
                if streams:
                    out = f"%h{index}_{position}"
                    body.append(
                        f"{out} = xplat.host_output {value} {self._host(stream, 'output', case.result_device)} : "
                        f"{stream.stream_type} -> {stream.host_type}"
                    )
                    results.append((out, stream.host_type))
                else:
                    results.append((value, stream.tensor_type))
        if not streams:
            arguments.append("%samples: tensor<1xf32>")
        types = ", ".join(kind for _, kind in results)
        head = f"func.func @check({', '.join(arguments)}) -> ({types})"
        tail = f"return {', '.join(value for value, _ in results)} : {types}"
        lines = "\n  ".join([*body, tail])
        self.module = "\n".join([SYSTEM.format(family=family) if streams else "", *params, f"{head} {{\n  {lines}\n}}"])

    @staticmethod
    def _host(stream: Stream, way: str, device: int) -> str:
        lanes = stream.layout.beat[-1]
        unroll = f"<{stream.lanes // lanes}, {lanes}>"
        parts = f"kernel = @host_{way}, unroll = {unroll}, place = <@pair::@fpga{device}>"
        return f"{{config = #xplat.config<{parts}>}}"

    def _node(self, index: int, kernel: str, case: Case) -> str:
        op = re.sub(r"%(\w+)", lambda name: f"%c{index}_{name[1]}" if name[1] in case.inputs else name[0], case.op)
        op = re.sub(r"@(\w+)", lambda name: f"@c{index}_{name[1]}_q" if name[1] in case.parameters else name[0], op)
        given = [f"unroll = <{', '.join(map(str, case.unroll))}>"] if case.unroll else []
        if self.streams:
            given += [f"kernel = @{kernel}", "place = <@pair::@fpga0>"]
        parts = [case.attributes] if case.attributes else []
        parts += [f"config = #xplat.config<{', '.join(given)}>"] if given else []
        parts += [f"fixed = #xplat.config<memories = {self.memories}>"] if self.memories != "rom" else []
        kinds = {
            name: stream.stream_type if self.streams else stream.tensor_type for name, stream in case.inputs.items()
        }
        made = [stream.stream_type if self.streams else stream.tensor_type for stream in case.results]
        if case.types:
            types = case.types.format(**kinds, result=made[0])
        else:
            types = f"{', '.join(kinds.values())} -> {', '.join(made)}" if kinds else ", ".join(made)
        count = f":{len(made)}" if len(made) > 1 else ""
        attributes = ", ".join(parts)
        return f'%r{index}{count} = {op} {{{attributes}}} : {types} loc("case{index}"("case.py":1:1))'
