# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions of one operand become tables: from PyTorch to simulated RTL, bit for bit, on one device and on two."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import xplat
from xplat.dialects import xplat as xp
from xplat.mlir import nodes_of
from xplat.support.errors import MappingError
from xplat.testing.networks import Function

SAMPLES = 6


class Activations(nn.Module):
    """Activations on images and on vectors: nodes alone, chains of several, and behind a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(2, 4, 3), nn.Conv2d(4, 4, 1)
        self.layers = nn.ModuleList(nn.Linear(inputs, 6) for inputs in (36, 6, 6, 6))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.hardswish(self.first(x))
        x = nn.functional.silu(x + self.second(x))
        x = nn.functional.gelu(self.layers[0](x.flatten(1)))
        x = self.layers[1](x) * torch.sigmoid(self.layers[2](x))
        return torch.exp(torch.tanh(self.layers[3](x)) / 3)


def compiled(device: str, **options: object) -> tuple[xplat.Design, torch.Tensor]:
    torch.manual_seed(0)
    x = 2 * torch.randn(32, 2, 5, 5)
    arguments = {"example_inputs": x[:1], "calibration": x, **options}
    return xplat.compile(Activations().eval(), device, **arguments), x[:SAMPLES]  # type: ignore[arg-type]


@pytest.mark.parametrize(("device", "options"), [("z7020", {}), ("2xz7020", {"max_utilization": 0.1})])
def test_functions_of_one_operand(device: str, options: dict[str, float]) -> None:
    design, x = compiled(device, **options)
    tables = [op for op in nodes_of(design.mapped) if "@lookup_table" in str(op.config)]
    assert len(tables) == 5 and len({op.operation.name for op in tables}) == 5
    assert len({str(node.device) for node in design.report().nodes}) == int(device[0] == "2") + 1
    for backpressure in (0.0, 0.4):
        simulation = design.simulate(x, backpressure=backpressure, assertions=True)
        assert torch.equal(simulation.outputs, design.reference(x))
        if not backpressure:
            assert set(simulation.cycles_per_sample) == {design.report().cycles_per_sample}
    assert torch.equal(design.to_torch().eval()(x), design.reference(x))


def test_a_function_has_a_result_for_every_input() -> None:
    """Where a function has no value the result is zero, where it is infinite it is the largest number."""

    class Logarithms(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.log(x)

    x = torch.tensor([[-1.0, -0.0, 0.0, 0.25, 1.0, 2.0, 3.96875, -4.0]])
    formats = {"x": "fixed8.5", "log": "fixed8.5"}
    design = xplat.compile(
        Logarithms(), "z7020", example_inputs=x, calibration=x.abs() + 0.1, quantize={"modules": formats}
    )
    expected = [0.0, -4.0, -4.0, -1.375, 0.0, 0.6875, 1.375, 0.0]
    assert design.reference(x).tolist() == [expected]
    assert design.simulate(x.repeat(3, 1)).outputs.tolist() == [expected] * 3


def test_tables_compete_with_datapaths() -> None:
    """Of 4 bits a table is the smaller hardware for a magnitude, of 8 bits the datapath is; a request is kept."""
    torch.manual_seed(0)
    model, x = nn.Sequential(nn.Linear(8, 8), Function(torch.abs), nn.Linear(8, 4)), torch.randn(16, 8)

    def kernel(quantize: str, mapping: dict[str, dict[str, str]] | None = None) -> str:
        design = xplat.compile(
            model, "z7020", example_inputs=x[:1], calibration=x, quantize=quantize, mapping=mapping or {}
        )
        (magnitude,) = (op for op in nodes_of(design.mapped) if op.operation.name == "xplat.abs")
        return str(xp.kernel_name(magnitude))

    assert kernel("sint8") == "abs" and kernel("sint4") == "lookup_table"
    assert kernel("sint8", {"1": {"kernel": "lookup_table"}}) == "lookup_table"
    with pytest.raises(MappingError, match="kernel 'lookup_table' implements ElementwiseOpInterface"):
        kernel("int8", {"0": {"kernel": "lookup_table"}})


def test_wider_values_need_no_table() -> None:
    """Of 16 bits the functions are polynomials; narrower formats where they read make them tables again."""

    def tables(quantize: object) -> int:
        design = compiled("z7020", quantize=quantize)[0]
        return sum(xp.is_node(op) and xp.kernel_name(op) == "lookup_table" for op in nodes_of(design.mapped))

    narrow = {name: "int12" for name in ("first", "add", "layers.0", "layers.2", "layers.3")}
    assert tables("int16") == 0
    assert tables({"default": "int16", "modules": narrow}) == 5
