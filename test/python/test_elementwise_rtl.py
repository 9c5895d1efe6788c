"""Generated hardware of element-wise nodes against torch, over formats, lanes and streams: one design with many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from xplat import ir
from xplat.emit import check_elaboration, emit
from xplat.formats import FixedPoint
from xplat.library import kernel_files
from xplat.passes import run_pipeline
from xplat.sim import StreamPort, simulate

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


SEMANTICS: dict[str, Callable[..., torch.Tensor]] = {
    "relu": lambda x: x.clamp(min=0),
    "cast": lambda x: x,
    "add": lambda a, b: a + b,
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
]


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
        types = ", ".join(stream(form, case.lanes) for form in case.operands)
        result = stream(case.result, case.lanes)
        lines.append(
            f"%y{index} = xplat.{case.op} {', '.join(names)} {{kernel = @{case.op}, {unroll}}} : {types} -> {result}"
        )
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
        expected = FixedPoint(width, (fraction,)).to_integers(SEMANTICS[case.op](*own))
        assert torch.equal(torch.from_numpy(got), expected), case
    if not backpressure:
        assert set(run.cycles_per_sample) == {ELEMENTS}, "the slowest has one lane"


def test_elaborates_without_a_message(folder: Path) -> None:
    assert check_elaboration(folder) == []
