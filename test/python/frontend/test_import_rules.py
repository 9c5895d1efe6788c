# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Import rules by family: which nodes an operation becomes, and that they compute what PyTorch computes.

What no op of xplat fits becomes `xplat.aten`, with the reason in the graph's notes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.interpreter.aten import find_overload
from xplat.support.errors import XplatError


class Wrap(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any], **parts: Any) -> None:
        super().__init__()
        self.function = function
        for name, part in parts.items():
            if isinstance(part, nn.Module):
                self.add_module(name, part)
            elif isinstance(part, nn.Parameter):
                self.register_parameter(name, part)
            else:
                self.register_buffer(name, part)

    def forward(self, *inputs: torch.Tensor, **named: torch.Tensor) -> Any:
        return self.function(self, *inputs, **named)


def kinds(graph: Graph) -> list[str]:
    """Kinds of the nodes between inputs and outputs, in order."""
    (function,) = (op for op in graph.module.body.operations if isinstance(op, func.FuncOp))
    names = [op.operation.name.removeprefix("xplat.") for op in function.entry_block.operations if xp.is_node(op)]
    return [name for name in names if name not in ("host_input", "host_output")]


def flat(outputs: Any) -> list[torch.Tensor]:
    """Tensors in nested tuples, in order."""
    return [outputs] if isinstance(outputs, torch.Tensor) else [tensor for part in outputs for tensor in flat(part)]


def imported(function: Callable[..., Any] | nn.Module, *inputs: torch.Tensor, **parts: Any) -> Graph:
    """The graph of a function on a sample, compared with PyTorch sample by sample."""
    model = function if isinstance(function, nn.Module) else Wrap(function, **parts)
    graph = import_model(model.eval(), inputs)
    for index in range(len(inputs[0])):
        sample = tuple(tensor[index : index + 1] for tensor in inputs)
        with torch.no_grad():
            expected = model(*sample)
        result = run_reference(graph.module, graph.parameters, sample)
        for got, wanted in zip(flat(result), flat(expected), strict=True):
            torch.testing.assert_close(got.reshape(wanted.shape), wanted, rtol=1e-5, atol=1e-6, check_dtype=False)
    return graph


def weight(*shape: int) -> nn.Parameter:
    """A parameter of random values."""
    return nn.Parameter(torch.randn(*shape, generator=torch.Generator().manual_seed(3)) * 0.5)


X = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
Y = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(1))
IMAGE = torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(2))
IDS = torch.tensor([[1, 4, 0], [2, 2, 5]])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (F.relu6, ["clamp"]),
        (F.hardtanh, ["clamp"]),
        (lambda x: x.clamp(-0.3, 0.4), ["clamp"]),
        (lambda x: x.clamp(min=0), ["relu"]),
        (lambda x: x.clamp(min=-0.3), ["splat", "maximum"]),
        (lambda x: x.clamp(max=0.3), ["splat", "minimum"]),
        (lambda x: x.clamp(0.5, 0.2), ["splat"]),
        (lambda x: x.clamp(torch.tensor(-0.5), torch.tensor(0.5)), ["constant", "constant", "aten"]),
        (F.hardswish, ["hardswish"]),
        (F.hardsigmoid, ["hardsigmoid"]),
        (F.gelu, ["gelu"]),
        (lambda x: F.gelu(x, approximate="tanh"), ["gelu"]),
        (F.silu, ["silu"]),
        (torch.tanh, ["tanh"]),
        (torch.sigmoid, ["sigmoid"]),
        (torch.exp, ["exp"]),
        (lambda x: x.abs().log(), ["abs", "log"]),
        (lambda x: x.abs().sqrt(), ["abs", "sqrt"]),
        (lambda x: x.abs().rsqrt(), ["abs", "rsqrt"]),
        (lambda x: 1 / x, ["reciprocal", "splat", "mul"]),
        (torch.neg, ["neg"]),
        (torch.erf, ["erf"]),
        (torch.sin, ["sin"]),
        (torch.cos, ["cos"]),
        (lambda x: x**3, ["pow"]),
        (torch.square, ["pow"]),
        (lambda x: F.leaky_relu(x, 0.2), ["leaky_relu"]),
        (F.rrelu, ["leaky_relu"]),
        (F.elu, ["fused"]),
        (lambda x: 2.0**x, ["aten"]),
        (lambda x: (x.long() + 1) * 2, ["aten", "aten", "aten"]),
    ],
)
def test_one_tensor(function: Callable[..., Any], expected: list[str]) -> None:
    assert kinds(imported(lambda _, x: function(x), X)) == expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda a, b: a - b, ["sub"]),
        (lambda a, b: a * b, ["mul"]),
        (lambda a, b: a / b, ["div"]),
        (torch.maximum, ["maximum"]),
        (torch.min, ["minimum"]),
        (lambda a, b: torch.add(a, b, alpha=3), ["splat", "mul", "add"]),
        (lambda a, b: torch.rsub(a, b, alpha=0.5), ["splat", "mul", "sub"]),
        (lambda a, b: a + b[:, :1], ["slice", "broadcast", "add"]),
        (lambda a, b: a[:, :, :1] * b[:, :1], ["slice", "slice", "broadcast", "broadcast", "mul"]),
        (lambda a, b: a + 2 - b, ["splat", "add", "sub"]),
        (lambda a, b: 2 - a, ["splat", "sub"]),
        (lambda a, b: a + b.long(), ["aten", "aten"]),
        (lambda a, b: a + math.inf * b, ["aten", "add"]),
    ],
)
def test_two_tensors(function: Callable[..., Any], expected: list[str]) -> None:
    graph = import_model(Wrap(lambda _, a, b: (function(a, b), b)), (X, Y))
    assert kinds(graph) == expected
    if "inf" not in str(graph.module):
        imported(lambda _, a, b: (function(a, b), b), X, Y)


@pytest.mark.parametrize(
    ("function", "parts", "expected"),
    [
        (lambda m, x: x @ m.w, {"w": weight(4, 5)}, ["linear"]),
        (lambda m, x: x @ m.w.t(), {"w": weight(5, 4)}, ["linear"]),
        (lambda m, x: F.linear(x, m.w.t()), {"w": weight(4, 5)}, ["linear"]),
        (lambda m, x: torch.mm(x[0], m.w), {"w": weight(4, 5)}, ["reshape", "linear"]),
        (lambda m, x: torch.addmm(m.b, x[0], m.w), {"w": weight(4, 5), "b": weight(5)}, ["reshape", "linear"]),
        (
            lambda m, x: torch.addmm(m.b, x[0], m.w, beta=2, alpha=3),
            {"w": weight(4, 5), "b": weight(5)},
            ["reshape", "linear", "splat", "mul", "constant", "broadcast", "splat", "mul", "add"],
        ),
        (lambda m, x: m.w @ x, {"w": weight(5, 3)}, ["constant", "reshape", "matmul"]),
        (lambda m, x: torch.matmul(x, m.w), {"w": weight(4)}, ["constant", "reshape", "reshape", "matmul", "reshape"]),
        (lambda m, x: x @ x.mT, {}, ["matmul"]),
        (lambda m, x: torch.bmm(x, x.mT), {}, ["matmul"]),
        (
            lambda m, x: F.linear(x, m.w.tanh(), m.b),
            {"w": weight(5, 4), "b": weight(5)},
            ["constant", "tanh", "reshape", "matmul", "reshape", "constant", "broadcast", "add"],
        ),
        (
            lambda m, x: F.linear(x, m.w, m.b * 2),
            {"w": weight(5, 4), "b": weight(5)},
            ["constant", "splat", "mul", "linear", "broadcast", "add"],
        ),
        (lambda m, x: torch.einsum("bij,bkj->bik", x, x), {}, ["matmul"]),
    ],
)
def test_products(function: Callable[..., Any], parts: dict[str, Any], expected: list[str]) -> None:
    assert kinds(imported(function, X, **parts)) == expected


def test_weight_in_two_orders_is_one_weight() -> None:
    graph = imported(lambda m, x: F.linear(x @ m.w, m.w), X, w=weight(4, 5))
    assert kinds(graph) == ["linear", "linear"]
    params = {op.sym_name.value: op for op in graph.module.body.operations if isinstance(op, xp.ParamOp)}
    assert list(params) == ["w", "w:transposed"] and params["w:transposed"].derivation is not None
    assert set(graph.parameters) == {"w"}
    # Transposed twice is not transposed, and a parameter that is only read transposed has no value of its own.
    assert list(graph.parameters) == list(imported(lambda m, x: x @ m.w.t().t(), X, w=weight(4, 5)).parameters)


def test_tied_embedding_and_head() -> None:
    graph = imported(lambda m, ids: F.linear(F.embedding(ids, m.w), m.w), IDS, w=weight(6, 4))
    assert kinds(graph) == ["embedding", "linear"]
    assert set(graph.parameters) == {"w"}


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda q: F.scaled_dot_product_attention(q, q, q), ["attention"]),
        (lambda q: F.scaled_dot_product_attention(q, q[:, :, :4], q[:, :, :4], scale=0.3), ["slice", "attention"]),
        (lambda q: F.scaled_dot_product_attention(q, q, q, is_causal=True), ["attention"]),
        (lambda q: F.scaled_dot_product_attention(q, q[:, :2], q[:, :2], enable_gqa=True), ["slice", "attention"]),
        (lambda q: F.scaled_dot_product_attention(q[:, 0], q[:, 1], q[:, 2]), None),
        (lambda q: F.scaled_dot_product_attention(q[0, 0], q[0, 1], q[0, 2]), None),
        (lambda q: F.scaled_dot_product_attention(q, q[:, :1], q[:, :1]), None),
        (lambda q: F.scaled_dot_product_attention(q, q, q, attn_mask=q[0, 0]), None),
        (lambda q: F.scaled_dot_product_attention(q, q, q, attn_mask=q[:, :1]), None),
        (lambda q: F.scaled_dot_product_attention(q[0], q[0], q[0], attn_mask=q[0]), None),
        (lambda q: F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(6, 6).tril().bool()), None),
        (lambda q: F.scaled_dot_product_attention(q, q, q, attn_mask=torch.eye(6).bool()[None, None, :1]), None),
    ],
)
def test_attention(function: Callable[..., Any], expected: list[str] | None) -> None:
    graph = imported(lambda _, q: function(q), IMAGE)
    assert kinds(graph).count("attention") == 1
    if expected is not None:
        assert list(dict.fromkeys(kinds(graph))) == expected


@pytest.mark.parametrize(
    ("function", "parts", "expected"),
    [
        (lambda m, x: x.softmax(1), {}, ["softmax"]),
        (
            lambda m, x: F.log_softmax(x * 100, -1),
            {},
            ["splat", "mul", "reduce", "broadcast", "sub", "exp", "reduce", "log", "broadcast", "sub"],
        ),
        (lambda m, x: m.n(x), {"n": nn.LayerNorm(4)}, ["layer_norm"]),
        (lambda m, x: F.layer_norm(x, (3, 4)), {}, ["layer_norm"]),
        (lambda m, x: m.n(x), {"n": nn.LayerNorm((3, 4), bias=False)}, ["layer_norm"]),
        (
            lambda m, x: F.layer_norm(x, (4,), m.w * 2, m.w),
            {"w": weight(4)},
            ["constant", "splat", "mul", "layer_norm", "broadcast", "mul", "broadcast", "add"],
        ),
        (lambda m, x: m.n(x), {"n": nn.RMSNorm(4)}, ["rms_norm"]),
        (lambda m, x: F.rms_norm(x, (4,), eps=1e-3), {}, ["rms_norm"]),
        (lambda m, x: m.n(x), {"n": nn.GroupNorm(1, 3)}, ["group_norm"]),
        (lambda m, x: m.n(x), {"n": nn.BatchNorm1d(3)}, ["reshape", "batch_norm", "reshape"]),
    ],
)
def test_normalisation(function: Callable[..., Any], parts: dict[str, Any], expected: list[str]) -> None:
    assert kinds(imported(function, X, **parts)) == expected


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x.transpose(1, 2), ["transpose"]),
        (lambda x: x.permute(0, 2, 1), ["transpose"]),
        (lambda x: x.movedim(1, 2).mT, ["transpose", "transpose"]),
        (lambda x: x[0].T, ["reshape", "transpose"]),
        (lambda x: x.transpose(1, 1), []),
        (lambda x: x.view(1, 2, 6).flatten(1).unflatten(1, (4, 3)).unsqueeze(0).squeeze(0), None),
        (lambda x: torch.cat([x, x[:, :1]], 1), ["slice", "concat"]),
        (lambda x: torch.cat([x, x[:, :0]], 1), []),
        (lambda x: torch.stack([x, x], -1), ["reshape", "reshape", "concat"]),
        (lambda x: x[..., 1:], ["slice"]),
        (lambda x: x[:, ::2, -3:-1], ["slice", "slice"]),
        (lambda x: x[:, -1], ["slice", "reshape"]),
        (lambda x: x.split([1, 2], 1)[1], ["slice"]),
        (lambda x: x.chunk(2, -1), ["slice", "slice"]),
        (lambda x: x.unbind(1)[2], ["slice", "reshape"]),
        (lambda x: x.tensor_split(3, -1)[0], ["slice"]),
        (lambda x: x.tensor_split((2, 1, 3), 2)[2], ["slice"]),
        (lambda x: x.tensor_split((-1, 9), 2)[:2], ["slice", "slice"]),
        (lambda x: x.narrow(2, 1, 2), ["slice"]),
        (lambda x: x.unsqueeze(1).expand(-1, 5, -1, -1), ["reshape", "broadcast"]),
        (lambda x: x.repeat(2, 1, 1, 3), ["reshape", "broadcast", "reshape"]),
        (lambda x: x.tile((2,)), ["reshape", "broadcast", "reshape"]),
        (lambda x: x.repeat_interleave(2, 1), ["reshape", "broadcast", "reshape"]),
        (lambda x: F.pad(x, (1, 2, 0, 1), value=0.5), ["pad"]),
        (lambda x: F.pad(x, (-1, 2)), ["slice", "pad"]),
        (lambda x: F.pad(x, (1, 1), mode="reflect"), ["slice", "slice", "concat"]),
        (lambda x: torch.slice_scatter(x, x[:, :1], 1, 1, 2), ["slice", "slice", "slice", "concat"]),
        (lambda x: torch.select_scatter(x, x[:, 0], 1, 2), ["slice", "slice", "concat"]),
        (lambda x: torch.slice_scatter(x, x * 2, 1), ["splat", "mul"]),
        (lambda x: torch.slice_scatter(x, x[:, :0], 1, 3), []),
        (lambda x: torch.slice_scatter(x, x[:, ::2], 1, 0, 3, 2), ["slice", "aten"]),
        (lambda x: x.sum(-1), ["reduce"]),
        (lambda x: x.mean((1, 2), keepdim=True), ["reduce"]),
        (lambda x: x.amax(1), ["reduce"]),
        (lambda x: x.max(-1).values, ["reduce"]),
        (lambda x: x.max(-1), ["reduce", "reduce"]),
        (lambda x: x.min(1, keepdim=True).indices, ["reduce"]),
        (lambda x: x.argmax(-1), ["reduce"]),
        (lambda x: x.argmin(1, keepdim=True), ["reduce"]),
        (lambda x: x.min(), ["reduce"]),
        (lambda x: x.sum(), ["reduce"]),
        (lambda x: x.flip(1), ["slice", "slice", "slice", "concat"]),
        (lambda x: x.cumsum(1), ["transpose", "reshape", "linear", "reshape", "transpose"]),
        (lambda x: x.cumprod(1), ["aten"]),
        (lambda x: x.sum().cumsum(0), ["reduce"]),
        (lambda x: x.topk(2, -1), ["top_k", "top_k"]),
        (lambda x: x.topk(2, 1, largest=False).values, ["transpose", "top_k", "transpose"]),
        (lambda x: x.sort(-1).values, ["top_k"]),
        (lambda x: x.sort(stable=True, dim=-1, descending=True).indices, ["top_k"]),
        (lambda x: torch.argsort(x, stable=True), ["top_k"]),
        (lambda x: x.double().half().float(), []),
        (lambda x: F.dropout(x, 0.5, training=False), []),
        (lambda x: F.dropout(x, 0.0, training=True), []),
        (lambda x: F.alpha_dropout(F.dropout1d(x, 0.0, training=True), 0.0, training=True), []),
    ],
)
def test_shapes(function: Callable[..., Any], expected: list[str] | None) -> None:
    def call(_: nn.Module, x: torch.Tensor) -> Any:
        return function(x)

    graph = import_model(Wrap(call), X)
    assert expected is None or kinds(graph) == expected
    if not any("is left out" in note.reason for note in graph.notes):
        imported(call, X)


def test_rounding_to_a_narrower_float_is_told() -> None:
    graph = import_model(Wrap(lambda _, x: x.double().half().float() + x.bfloat16()), X)
    assert [note.reason for note in graph.notes] == [
        "stays f32: its rounding to float16 is left out",
        "stays f32: its rounding to bfloat16 is left out",
    ]
    assert "test_import_rules.py:" in str(graph.notes[0])


@pytest.mark.parametrize(
    ("model", "shape", "expected"),
    [
        (nn.Conv1d(4, 6, 3, stride=2, padding=1), (4, 9), ["reshape", "conv2d", "reshape"]),
        (nn.Conv1d(4, 4, 3, groups=4, padding="same"), (4, 9), ["reshape", "depthwise_conv2d", "reshape"]),
        (nn.ConvTranspose2d(4, 3, 3, stride=2, output_padding=1), (4, 5, 5), ["conv_transpose2d"]),
        (nn.ConvTranspose2d(4, 4, 2, groups=2, padding=1), (4, 5, 5), ["conv_transpose2d"]),
        (nn.ConvTranspose1d(4, 3, 4, stride=2), (4, 5), ["reshape", "conv_transpose2d", "reshape"]),
        (nn.Conv1d(4, 4, 2, padding="same", dilation=3), (4, 9), ["reshape", "conv2d", "reshape"]),
        (nn.Conv2d(4, 6, 3, stride=2, padding=2, dilation=(2, 3)), (4, 9, 11), ["conv2d"]),
        (nn.Conv2d(4, 4, (2, 3), padding="same", groups=4), (4, 6, 7), ["depthwise_conv2d"]),
        (nn.Sequential(nn.ZeroPad2d((0, 1, 2, 0)), nn.Conv2d(2, 3, 3, padding=1)), (2, 5, 6), ["pad", "conv2d"]),
        (nn.Sequential(nn.ZeroPad2d((0, 1, 1, 0)), nn.Conv2d(2, 3, 3, padding=1)), (2, 5, 6), ["conv2d"]),
        (nn.MaxPool1d(2), (4, 9), ["reshape", "max_pool2d", "reshape"]),
        (nn.MaxPool2d(3, 2, ceil_mode=True), (4, 6, 8), ["max_pool2d"]),
        (nn.MaxPool2d((2, 3), 3, padding=1, dilation=(2, 1), ceil_mode=True), (4, 9, 10), ["max_pool2d"]),
        (nn.AvgPool1d(2, padding=1), (4, 8), ["reshape", "avg_pool2d", "reshape"]),
        (nn.AdaptiveAvgPool1d(1), (4, 8), ["reshape", "global_avg_pool2d", "reshape"]),
        (nn.Upsample(scale_factor=2), (4, 3, 3), ["upsample"]),
        (nn.ChannelShuffle(2), (6, 3, 2), ["reshape", "transpose", "reshape"]),
        (nn.PixelShuffle(2), (8, 3, 2), ["reshape", "transpose", "reshape"]),
        (nn.PixelUnshuffle(2), (2, 6, 4), ["reshape", "transpose", "reshape"]),
        (nn.Upsample(size=(6, 9)), (4, 3, 3), ["upsample"]),
        (nn.ReflectionPad2d(1), (4, 3, 3), ["slice", "slice", "concat", "slice", "slice", "concat"]),
        (nn.LSTM(4, 3, batch_first=True), (5, 4), None),
        (nn.MultiheadAttention(4, 2, batch_first=True), (5, 4), None),
        (nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (5, 4), None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_layers(model: nn.Module, shape: tuple[int, ...], expected: list[str] | None) -> None:
    x = torch.randn(2, *shape)
    if isinstance(model, nn.MultiheadAttention):
        graph = imported(lambda m, x: m.layer(x, x, x), x, layer=model)
    else:
        graph = imported(model, x)
    assert expected is None or kinds(graph) == expected


@pytest.mark.parametrize(
    ("model", "shape", "reason"),
    [
        (nn.Conv2d(2, 2, 1, padding=1), (2, 9, 9), "not smaller than the kernel"),
        (torch.nn.utils.parametrizations.weight_norm(nn.Conv2d(2, 2, 3)), (2, 9, 9), "computed by the model"),
        (nn.MaxPool2d(2, padding=1, dilation=3), (2, 9, 2), "nothing but padding"),
        (nn.AvgPool2d(2, ceil_mode=True), (2, 9, 9), "divides these by fewer"),
        (nn.MaxPool2d(2, return_indices=True), (2, 8, 8), "positions"),
        (nn.AvgPool2d(3, padding=1, count_include_pad=False), (2, 9, 9), "count_include_pad"),
        (nn.AvgPool2d(3, divisor_override=2), (2, 9, 9), "divisor_override"),
        (nn.AdaptiveAvgPool2d(2), (2, 9, 9), "unequal"),
        (nn.ConvTranspose2d(2, 2, 3, dilation=2), (2, 5, 5), "dilation"),
        (nn.Upsample(scale_factor=1.5), (2, 4, 4), "whole number"),
        (Wrap(lambda _, x: torch.cummax(x, 1).values), (3,), "no import rule"),
    ],
    ids=lambda value: str(value)[:48],
)
def test_what_no_op_fits_is_an_operation_of_pytorch(model: nn.Module, shape: tuple[int, ...], reason: str) -> None:
    graph = imported(model, torch.randn(2, *shape))
    assert "aten" in kinds(graph)
    assert any(reason in note.reason for note in graph.notes), graph.notes
    assert all(note.origin.operation == note.operation and note.node for note in graph.notes)


# ---- constants, parameters as data, integers


@pytest.mark.parametrize(
    ("function", "parts", "expected"),
    [
        (lambda m, x: x + m.p, {"p": weight(4)}, ["constant", "broadcast", "add"]),
        (lambda m, x: x + m.p * m.p, {"p": weight(3, 4)}, ["constant", "mul", "reshape", "add"]),
        (lambda m, x: x + m.p.t(), {"p": weight(4, 3)}, ["constant", "reshape", "add"]),
        (lambda m, x: x * m.b, {"b": torch.tensor(0.5)}, ["constant", "broadcast", "mul"]),
        (lambda m, x: x + torch.arange(4.0), {}, ["constant", "broadcast", "add"]),
        (lambda m, x: x + torch.tensor([1.0, 2.0, 3.0, 4.0]), {}, ["constant", "broadcast", "add"]),
        (lambda m, x: x + torch.ones(3, 4), {}, ["splat", "reshape", "add"]),
        (lambda m, x: x + torch.full((4,), 2.5) + x.new_zeros(1), {}, None),
        (
            lambda m, x: x.masked_fill(m.b, -1.0),
            {"b": torch.tensor([True, False, True, False])},
            ["constant", "broadcast", "masked_fill"],
        ),
        (lambda m, x: torch.where(x > 0, x, 0.1), {}, ["splat", "splat", "fused"]),
        (lambda m, x: x[:, torch.tensor([2, 0])], {}, ["constant", "aten"]),
    ],
)
def test_constants(function: Callable[..., Any], parts: dict[str, Any], expected: list[str] | None) -> None:
    graph = imported(function, X, **parts)
    if expected is not None:
        assert [kind for kind in kinds(graph) if kind != "reshape"] == [kind for kind in expected if kind != "reshape"]


def test_integer_inputs() -> None:
    graph = imported(lambda m, ids, mask: m.table(ids) * mask.unsqueeze(-1), IDS, IDS > 0, table=nn.Embedding(6, 4, 0))
    assert kinds(graph)[0] == "embedding"
    argument = graph.module.body.operations[1].arguments
    assert [str(value.type) for value in argument] == ["tensor<1x3xi64>", "tensor<1x3xi1>"]


def test_keyword_inputs_and_nested_outputs() -> None:
    model = Wrap(lambda m, x, *, shift, gate: {"sum": x + shift, "rest": [x * gate, (gate,)]})
    graph = import_model(model, X, example_kwargs={"shift": Y, "gate": X.abs()})
    results = run_reference(graph.module, graph.parameters, (X, Y, X.abs()))
    for result, wanted in zip(results, (X + Y, X * X.abs(), X.abs()), strict=True):
        torch.testing.assert_close(result, wanted)
    only = import_model(Wrap(lambda m, *, x: x.relu()), example_kwargs={"x": X})
    assert kinds(only) == ["relu"]


# ---- in place, views, state


def _in_place(x: torch.Tensor) -> torch.Tensor:
    y = x.clone()
    y[:, 0] = 1.5
    view = y.transpose(1, 2)
    view[:, 1].add_(2)
    y += y.mean(-1, keepdim=True)
    return y * 2 + view.transpose(1, 2)


def test_operations_in_place_and_views() -> None:
    imported(lambda _, x: _in_place(x), X)
    graph = import_model(Wrap(lambda _, x: x.add_(1).relu_()), X)
    assert kinds(graph) == ["splat", "add", "relu"]


def test_dropout_without_training_is_its_operand_itself() -> None:
    def call(_: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        wide = x.tanh()
        dropped = F.dropout(wide, 0.5, training=False)
        wide += 1
        return dropped, F.dropout(wide * 2, 0.0, training=True)

    imported(call, X)


def test_constant_that_is_changed_in_place() -> None:
    def call(_: nn.Module, x: torch.Tensor) -> torch.Tensor:
        table = torch.zeros(4)
        table[1:3] = torch.tensor([1.0, -1.0])
        return x + table

    imported(call, X)


# ---- the fallback op


def test_fallback_holds_all_arguments() -> None:
    graph = imported(lambda _, x: torch.renorm(x, 2, 1, maxnorm=0.5), X)
    assert 'xplat.aten "aten.renorm.default"' in str(graph.module)
    text = str(graph.module).replace(" : i64", "").replace(" : f64", "").replace("2.000000e+00", "2")
    assert "[#xplat.operand<0>, 2, 1, 5.000000e-01]" in text


def test_unknown_operation_in_the_ir() -> None:
    assert str(find_overload("aten.cumsum.default")) == "aten.cumsum.default"
    for name in ("aten.no_such.default", "aten.cumsum.no_such", "nowhere.cumsum.default", "aten"):
        with pytest.raises(XplatError, match="this PyTorch has no operation"):
            find_overload(name)
