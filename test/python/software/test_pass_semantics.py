# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Passes keep what a graph computes, where a lit test cannot say so: special values, and very long chains."""

from __future__ import annotations

import itertools
import math

import torch

from xplat import ir
from xplat.graph.reference import run_reference
from xplat.mlir.passes import run_pipeline

SCORES = "tensor<1x1x4x4xf32>"
CHAIN = 100_000


def parse(text: str) -> ir.Module:
    with ir.Context():
        return ir.Module.parse(text)


def scores() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(1, 1, 4, 4, generator=generator) for _ in range(3)]


def test_decomposed_attention_gives_zeros_to_a_query_that_sees_no_key() -> None:
    module = parse(f"""
xplat.param @m : {SCORES}
func.func @forward(%q: {SCORES}, %k: {SCORES}, %v: {SCORES}) -> {SCORES} {{
  %m = xplat.constant @m : {SCORES}
  %0 = xplat.attention %q, %k, %v mask %m scale 0.5 blind_zero : ({SCORES}, {SCORES}, {SCORES}, {SCORES}) -> {SCORES}
  return %0 : {SCORES}
}}""")
    mask = torch.zeros(1, 1, 4, 4)
    mask[0, 0, 1] = -math.inf
    inputs = scores()
    whole = run_reference(module, {"m": mask}, inputs)
    parts = run_reference(run_pipeline(module, "xplat-decompose", where="test"), {"m": mask}, inputs)
    assert torch.equal(whole[0, 0, 1], torch.zeros(4))
    assert not parts.isnan().any()
    torch.testing.assert_close(parts, whole)


def test_softmax_of_nothing_is_nan_unless_it_shall_be_zeros() -> None:
    hidden = torch.tensor([[-math.inf, -math.inf], [-math.inf, 1.0]])
    for keyword, nothing in (("", math.nan), ("blind_zero", 0.0)):
        module = parse(f"""
xplat.param @m : tensor<2x2xf32>
func.func @forward(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {{
  %m = xplat.constant @m : tensor<2x2xf32>
  %s = xplat.add %x, %m : tensor<2x2xf32>, tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = xplat.softmax %s dim 1 {keyword} : tensor<2x2xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}}""")
        result = run_reference(module, {"m": hidden}, torch.zeros(2, 2))
        expected = torch.tensor([[nothing, nothing], [0.0, 1.0]])
        assert torch.allclose(result.reshape(2, 2), expected, equal_nan=True)


def test_constants_fold_through_the_rounding_into_their_own_format() -> None:
    module = parse("""
xplat.param @p : tensor<1x4xi32>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.constant @p : tensor<1x4xi8>
  %1 = xplat.cast %0 : tensor<1x4xi8> -> tensor<1x4xf32>
  %2 = xplat.add %x, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}""")
    values = {"p": torch.tensor([[1, -2, 3, 100]], dtype=torch.int32)}
    folded = run_pipeline(module, "xplat-fold-constants", where="test")
    assert "evaluate" in str(folded)
    x = torch.rand(1, 4)
    assert torch.equal(run_reference(folded, values, x), run_reference(module, values, x))


def chain(op: str, first: str, last: str, kind: str) -> str:
    """`op` very often, one after another."""
    names = [first, *(f"e{i}" for i in range(CHAIN - 1)), last]
    lines = (f"  %{b} = xplat.{op} %{a} : {kind} -> {kind}" for a, b in itertools.pairwise(names))
    return "\n".join(lines)


def test_flatten_is_folded_in_front_of_a_long_chain() -> None:
    module = parse(f"""
xplat.param @w : tensor<3x16xf32>
func.func @forward(%x: tensor<1x4x2x2xf32>) -> tensor<1x3xf32> {{
  %first = xplat.reshape %x : tensor<1x4x2x2xf32> -> tensor<1x16xf32>
{chain("tanh", "first", "last", "tensor<1x16xf32>")}
  %y = xplat.linear %last weight @w : tensor<1x16xf32> -> tensor<1x3xf32>
  return %y : tensor<1x3xf32>
}}""")
    assert "order channels_last" in str(run_pipeline(module, "xplat-fold-movement", where="test"))


def test_attention_is_found_around_a_long_chain() -> None:
    module = parse(f"""
func.func @forward(%q: {SCORES}, %k: {SCORES}, %v: {SCORES}) -> {SCORES} {{
  %0 = xplat.matmul %q, %k transposed : {SCORES}, {SCORES} -> {SCORES}
{chain("neg", "0", "last", SCORES)}
  %s = xplat.softmax %last dim 3 : {SCORES} -> {SCORES}
  %r = xplat.matmul %s, %v : {SCORES}, {SCORES} -> {SCORES}
  return %r : {SCORES}
}}""")
    fused = str(run_pipeline(module, "xplat-fuse-attention", where="test"))
    assert "xplat.attention %arg0, %arg1, %arg2 scale 1.0" in fused
    assert "xplat.neg" not in fused
