# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Generated hardware of element-wise nodes against torch, over formats, lanes and streams: one design with many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from xplat import ir
from xplat.formats import FixedPoint
from xplat.hardware.emit import check_elaboration, emit
from xplat.hardware.sim import simulate
from xplat.hardware.streams import StreamPort
from xplat.mlir.passes import run_pipeline
from xplat.target.library import kernel_files

SYSTEM = """
xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 24 latency_cycles 1 bound_cycles 24 bound_kind node
    bound_reason "x" bottleneck "x" usage []
"""
ELEMENTS = 24


@dataclass(frozen=True)
class Case:
    """An op from operand formats (width, fractional bits) to a result format."""

    op: str
    operands: tuple[tuple[int, int], ...]
    result: tuple[int, int]
    lanes: int
    chain: str = ""
    """Which of CHAINS is the body, for `fused`; what stands behind the operands, for `clamp` and the like."""


SEMANTICS: dict[str, Callable[..., torch.Tensor]] = {
    "relu": lambda x: x.clamp(min=0),
    "cast": lambda x: x,
    "neg": lambda x: -x,
    "abs": lambda x: x.abs(),
    "clamp to -1.5, 2.25": lambda x: x.clamp(-1.5, 2.25),
    "clamp to 0.0, 6.0": lambda x: x.clamp(0, 6),
    "leaky_relu slope 0.125": lambda x: torch.nn.functional.leaky_relu(x, 0.125),
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "fused residual": lambda a, b: (a + b).clamp(min=0),
    "fused halved": lambda x: (x.abs() - 3) / 2,
    "fused polynomial": lambda a, b, c: torch.minimum(-(a * b - c) * 0.375, a),
}

# Bodies of fused nodes: the scalars of elements a0, a1, … to the result r.
CHAINS = {
    "residual": (
        "%s = arith.addf %a0, %a1 : f32",
        "%z = arith.constant 0.0 : f32",
        "%r = arith.maximumf %s, %z : f32",
    ),
    "halved": (
        "%m = math.absf %a0 : f32",
        "%c = arith.constant 3.0 : f32",
        "%d = arith.subf %m, %c : f32",
        "%h = arith.constant 2.0 : f32",
        "%r = arith.divf %d, %h : f32",
    ),
    "polynomial": (
        "%p = arith.mulf %a0, %a1 : f32",
        "%d = arith.subf %p, %a2 : f32",
        "%n = arith.negf %d : f32",
        "%c = arith.constant 0.375 : f32",
        "%s = arith.mulf %n, %c : f32",
        "%r = arith.minimumf %s, %a0 : f32",
    ),
}

CASES = [
    Case("relu", ((8, 4),), (8, 4), 4),
    Case("relu", ((8, 4),), (4, 1), 1),
    Case("relu", ((6, 7),), (8, -1), 3),
    Case("cast", ((8, 4),), (8, 3), 2),
    Case("cast", ((8, 3),), (8, 6), 8),
    Case("cast", ((16, 10),), (4, 2), 6),
    Case("cast", ((8, 12),), (8, 0), 1),
    Case("cast", ((3, 0),), (12, 5), 24),
    Case("cast", ((8, -2),), (8, 2), 12),
    Case("add", ((8, 4), (8, 4)), (8, 4), 4),
    Case("add", ((8, 4), (8, 6)), (8, 3), 2),
    Case("add", ((8, -1), (4, 9)), (16, 4), 3),
    Case("add", ((16, 8), (3, 0)), (2, 0), 6),
    Case("sub", ((8, 4), (8, 6)), (8, 3), 2),
    Case("sub", ((4, -2), (8, 3)), (8, 4), 4),
    Case("mul", ((8, 4), (8, 6)), (8, 3), 3),
    Case("mul", ((16, 8), (3, -1)), (12, 6), 1),
    Case("maximum", ((8, 4), (8, 6)), (8, 4), 4),
    Case("minimum", ((8, 2), (6, 5)), (8, 3), 2),
    Case("neg", ((8, 4),), (8, 4), 4),
    Case("abs", ((8, 4),), (8, 5), 2),
    Case("clamp", ((8, 4),), (8, 5), 4, "to -1.5, 2.25"),
    Case("clamp", ((8, 2),), (6, 1), 1, "to 0.0, 6.0"),
    Case("leaky_relu", ((8, 4),), (8, 4), 3, "slope 0.125"),
    Case("fused", ((8, 4), (8, 6)), (8, 3), 4, "residual"),
    Case("fused", ((8, 4),), (6, 2), 2, "halved"),
    Case("fused", ((8, 4), (6, 3), (8, 7)), (8, 2), 3, "polynomial"),
]


def function_of(case: Case) -> Callable[..., torch.Tensor]:
    return SEMANTICS[f"{case.op} {case.chain}".strip()]


def node(case: Case, result: str, operands: list[str], attributes: str) -> str:
    """The node of a case in text."""
    types = ", ".join(stream(form, case.lanes) for form in case.operands)
    into, names = stream(case.result, case.lanes), ", ".join(operands)
    if case.op != "fused":
        detail = f" {case.chain}" if case.chain else ""
        return f"{result} = xplat.{case.op} {names}{detail} {{{attributes}}} : {types} -> {into}"
    arguments = ", ".join(f"%a{index}: f32" for index in range(len(operands)))
    body = "\n    ".join((*CHAINS[case.chain], "xplat.yield %r : f32"))
    head = f"{result} = xplat.fused {names} {{\n  ^bb0({arguments}):\n    {body}\n  }}"
    return f"{head} {{{attributes}}} : ({types}) -> {into}"


def element(width: int, fraction: int) -> str:
    return f"!quant.uniform<i{width}:f32, {2.0**-fraction!r}>"


def stream(form: tuple[int, int], lanes: int) -> str:
    return f"!xplat.stream<1x{ELEMENTS}x{element(*form)}, {lanes}>"


def network() -> ir.Module:
    lines, arguments, results = [], [], []
    where = "place = #xplat.place<@one::@fpga0>"
    for index, case in enumerate(CASES):
        unroll = f"unroll = #xplat.unroll<1, {case.lanes}>, {where}"
        names = []
        for position, form in enumerate(case.operands):
            name = f"a{index}_{position}"
            names.append(f"%{name}")
            arguments.append(f"%arg_{name}: tensor<1x{ELEMENTS}xf32>")
            lines.append(
                f"%{name} = xplat.host_input %arg_{name} {{kernel = @host_input, {unroll}}} "
                f": tensor<1x{ELEMENTS}xf32> -> {stream(form, case.lanes)}"
            )
        result = stream(case.result, case.lanes)
        lines.append(node(case, f"%y{index}", names, f"kernel = @{case.op}, {unroll}"))
        lines.append(
            f"%r{index} = xplat.host_output %y{index} {{kernel = @host_output, {unroll}}} "
            f": {result} -> tensor<1x{ELEMENTS}xf32>"
        )
        results.append(f"%r{index}")
    types = ", ".join([f"tensor<1x{ELEMENTS}xf32>"] * len(CASES))
    body = "\n  ".join(lines)
    function = f"func.func @forward({', '.join(arguments)}) -> ({types})"
    text = f"{SYSTEM}\n{function} {{\n  {body}\n  return {', '.join(results)} : {types}\n}}"
    files = ",".join(map(str, kernel_files()))
    return run_pipeline(ir.Module.parse(text, ir.Context()), f"xplat-link-library{{files={files}}}", where="test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return emit(network(), {}, tmp_path_factory.mktemp("elementwise") / "design")


@pytest.mark.parametrize("backpressure", [0.0, 0.3])
def test_every_result_is_the_exact_one_rounded_once(folder: Path, backpressure: float) -> None:
    generator = torch.Generator().manual_seed(0)
    samples = 40
    inputs, values = [], []
    for case in CASES:
        own = []
        for width, fraction in case.operands:
            port = StreamPort("", (1, ELEMENTS), case.lanes, width, fraction)
            low, high = port.format.minimum, port.format.maximum
            integers = torch.randint(low, high + 1, (samples, ELEMENTS), generator=generator)
            # Both ends of the range, and ties around zero.
            integers[0] = torch.arange(ELEMENTS).clamp(max=high) * torch.tensor([1, -1]).repeat(ELEMENTS // 2)
            integers[1, ::2], integers[1, 1::2] = low, high
            inputs.append(integers.numpy())
            own.append(port.format.to_values(integers))
        values.append(own)
    run = simulate(folder, inputs, backpressure=backpressure)
    for case, own, got in zip(CASES, values, run.outputs, strict=True):
        width, fraction = case.result
        expected = FixedPoint(width, (fraction,)).to_integers(function_of(case)(*own))
        assert torch.equal(torch.from_numpy(got), expected), case
    if not backpressure:
        assert set(run.cycles_per_sample) == {ELEMENTS}, "the slowest has one lane"


def test_elaborates_without_a_message(folder: Path) -> None:
    assert check_elaboration(folder) == []
