# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The interpreter on small graphs: constants, graphs for several rows, and what the IR says wrongly."""

from __future__ import annotations

import pytest
import torch

from xplat import ir
from xplat.graph.reference import run_reference
from xplat.support.errors import InputError, XplatError


def parse(text: str) -> ir.Module:
    with ir.Context():
        return ir.Module.parse(text)


def test_constants_are_computed_once_and_expanded() -> None:
    module = parse("""
        xplat.param @c : tensor<1x3xf32>
        func.func @forward(%x: tensor<1x3xf32>) -> (tensor<1x3xf32>, tensor<1x3xf32>) {
          %0 = xplat.host_input %x : tensor<1x3xf32> -> tensor<1x3xf32>
          %c = xplat.constant @c : tensor<1x3xf32>
          %s = xplat.splat 2.5 : tensor<1x3xf32>
          %1 = xplat.mul %c, %s : tensor<1x3xf32>, tensor<1x3xf32> -> tensor<1x3xf32>
          %2 = xplat.add %0, %1 : tensor<1x3xf32>, tensor<1x3xf32> -> tensor<1x3xf32>
          %3 = xplat.host_output %2 : tensor<1x3xf32> -> tensor<1x3xf32>
          %4 = xplat.host_output %1 : tensor<1x3xf32> -> tensor<1x3xf32>
          return %3, %4 : tensor<1x3xf32>, tensor<1x3xf32>
        }""")
    x, c = torch.randn(4, 3), torch.randn(1, 3)
    total, product = run_reference(module, {"c": c}, x)
    assert torch.equal(total, x + 2.5 * c)
    assert torch.equal(product, (2.5 * c).expand(4, 3))


def test_a_graph_for_several_rows_takes_multiples_of_them() -> None:
    module = parse("""
        func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
          %0 = xplat.host_input %x : tensor<2x3xf32> -> tensor<2x3xf32>
          %1 = xplat.softmax %0 dim 0 : tensor<2x3xf32> -> tensor<2x3xf32>
          %2 = xplat.host_output %1 : tensor<2x3xf32> -> tensor<2x3xf32>
          return %2 : tensor<2x3xf32>
        }""")
    x = torch.randn(6, 3)
    wanted = torch.cat([x[i : i + 2].softmax(0) for i in (0, 2, 4)])
    torch.testing.assert_close(run_reference(module, {}, x), wanted)
    with pytest.raises(InputError, match="multiple of 2"):
        run_reference(module, {}, x[:3])


def test_a_wrong_shape_in_the_ir_is_told() -> None:
    module = parse("""
        func.func @forward(%x: tensor<1x6xf32>) -> tensor<1x3xf32> {
          %0 = xplat.host_input %x : tensor<1x6xf32> -> tensor<1x6xf32>
          %1 = xplat.aten "aten.relu.default"(%0) [#xplat.operand<0>] : (tensor<1x6xf32>) -> tensor<1x3xf32>
          %2 = xplat.host_output %1 : tensor<1x3xf32> -> tensor<1x3xf32>
          return %2 : tensor<1x3xf32>
        }""")
    with pytest.raises(XplatError, match=r"gives shape \[1, 6\], but the IR says \[1, 3\]"):
        run_reference(module, {}, torch.randn(2, 6))
