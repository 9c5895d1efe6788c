# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Results of functions where they have no value."""

from __future__ import annotations

import math

import pytest
import torch

from xplat import ir
from xplat.interpreter import Interpreter

FIXED = "!quant.uniform<i8:f32, 0.0625>"


@pytest.mark.parametrize(
    ("result", "expected"), [(FIXED, [0.0, -8.0, 0.6875]), ("f32", [math.nan, -math.inf, 0.6931472])]
)
def test_a_function_without_a_value_gives_zero_in_fixed_point(result: str, expected: list[float]) -> None:
    text = f"""func.func @f(%x: tensor<1x3xf32>) -> tensor<1x3x{result}> {{
      %0 = xplat.log %x : tensor<1x3xf32> -> tensor<1x3x{result}>
      return %0 : tensor<1x3x{result}>
    }}"""
    with ir.Context():
        interpreter = Interpreter.create(ir.Module.parse(text))
    x = torch.tensor([[[-1.0, 0.0, 2.0]]], requires_grad=True)
    (values,) = interpreter.run(interpreter.parameters({}), [x])
    torch.testing.assert_close(values.float(), torch.tensor([[expected]]), equal_nan=True)
    if result == FIXED:  # training goes on where the function has a value
        (gradient,) = torch.autograd.grad(values.sum(), x)
        assert gradient[0, 0, [0, 2]].tolist() == [0.0, 0.5]
