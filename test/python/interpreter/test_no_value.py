# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions that have no value for an operand: NaN or infinite in f32, zero or saturated in fixed point."""

from __future__ import annotations

import math

import pytest
import torch

from xplat import ir
from xplat.interpreter import Interpreter

FIXED = "!quant.uniform<i8:f32, 6.25e-02>"


def run(text: str, *inputs: torch.Tensor) -> torch.Tensor:
    with ir.Context():
        interpreter = Interpreter.create(ir.Module.parse(text))
    (values,) = interpreter.run(interpreter.parameters({}), list(inputs))
    return values


@pytest.mark.parametrize(
    ("result", "expected"), [(FIXED, [0.0, -8.0, 0.6875]), ("f32", [math.nan, -math.inf, 0.6931472])]
)
def test_a_function_without_a_value_gives_zero_in_fixed_point(result: str, expected: list[float]) -> None:
    text = f"""func.func @f(%x: tensor<1x3xf32>) -> tensor<1x3x{result}> {{
      %0 = xplat.log %x : tensor<1x3xf32> -> tensor<1x3x{result}>
      return %0 : tensor<1x3x{result}>
    }}"""
    x = torch.tensor([[[-1.0, 0.0, 2.0]]], requires_grad=True)
    values = run(text, x)
    torch.testing.assert_close(values.float(), torch.tensor([[expected]]), equal_nan=True)
    if result == FIXED:  # training goes on where the function has a value
        (gradient,) = torch.autograd.grad(values.sum(), x)
        assert gradient[0, 0, [0, 2]].tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    ("result", "expected"), [(FIXED, [7.9375, -8.0, 0.0, 0.5]), ("f32", [math.inf, -math.inf, math.nan, 0.5])]
)
def test_division_by_zero_saturates_by_the_sign_of_the_dividend(result: str, expected: list[float]) -> None:
    text = f"""func.func @f(%a: tensor<1x4xf32>, %b: tensor<1x4xf32>) -> tensor<1x4x{result}> {{
      %0 = xplat.div %a, %b : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4x{result}>
      return %0 : tensor<1x4x{result}>
    }}"""
    values = run(text, torch.tensor([[[0.25, -0.25, 0.0, 1.0]]]), torch.tensor([[[0.0, 0.0, 0.0, 2.0]]]))
    torch.testing.assert_close(values.float(), torch.tensor([[expected]]), equal_nan=True)
