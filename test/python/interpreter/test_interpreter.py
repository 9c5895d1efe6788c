# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Semantics of every op against torch: random and adversarial values, batches, gradients, formats, loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
import torch
import torch.nn.functional as F

from xplat import ir
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint
from xplat.graph.reference import run_reference
from xplat.interpreter import Interpreter, known_ops, stack_samples
from xplat.support.errors import InputError

SAMPLES = 5
ADVERSARIAL = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0, 1e-6, -1e-6, 7.75, -8.0]
FIXED = "!quant.uniform<i8:f32, 0.0625>"
FORM = FixedPoint(8, (4,))


@dataclass(frozen=True)
class Case:
    """An op as text between `%r = xplat.` and its types, and the same in torch on one sample."""

    name: str
    text: str
    inputs: tuple[str, ...]
    result: str
    torch: Callable[..., torch.Tensor]
    parameters: dict[str, str] = field(default_factory=dict)
    functional: bool = False
    """Whether the types are written `(operands) -> result`."""
    positive: bool = False
    """Whether the values have to be positive."""

    @property
    def op(self) -> str:
        return self.text.split()[0].split("(")[0]


def shape(text: str) -> list[int]:
    return [int(extent) for extent in text.split("x")[:-1]]


def unary(name: str, function: Callable[..., torch.Tensor], text: str = "", **options: bool) -> Case:
    return Case(text or name, f"{name} %0 {text}".strip(), ("1x3x4xf32",), "1x3x4xf32", function, **options)


def binary(name: str, function: Callable[..., torch.Tensor]) -> Case:
    return Case(name, f"{name} %0, %1", ("1x3x4xf32", "1x3x4xf32"), "1x3x4xf32", function)


def attention(query, key, value, mask=None, *, causal=False):
    return F.scaled_dot_product_attention(
        query, key, value, mask, is_causal=causal, scale=0.5, enable_gqa=query.shape[1] != key.shape[1]
    )


def attending(name: str, masks: str, flags: str, types: tuple[str, ...], function: Callable[..., torch.Tensor]) -> Case:
    text = f"attention %0, %1, %2{masks} scale 0.5{flags}"
    return Case(f"attention {name}", text, types, "1x4x5x3xf32", function, functional=True)


QKV = ("1x4x5x8xf32", "1x4x6x8xf32", "1x4x6x3xf32")
IMAGE = "1x4x6x8xf32"

CASES = [
    unary("relu", F.relu),
    unary("cast", lambda x: x),
    unary("neg", torch.neg),
    unary("abs", torch.abs),
    unary("exp", torch.exp),
    unary("log", torch.log, positive=True),
    unary("sqrt", torch.sqrt, positive=True),
    unary("rsqrt", torch.rsqrt, positive=True),
    unary("reciprocal", torch.reciprocal, positive=True),
    unary("erf", torch.erf),
    unary("sin", torch.sin),
    unary("cos", torch.cos),
    unary("tanh", torch.tanh),
    unary("sigmoid", torch.sigmoid),
    unary("silu", F.silu),
    unary("hardsigmoid", F.hardsigmoid),
    unary("hardswish", F.hardswish),
    unary("gelu", F.gelu),
    unary("gelu", lambda x: F.gelu(x, approximate="tanh"), "tanh"),
    unary("clamp", F.relu6, "to 0.0, 6.0"),
    unary("clamp", lambda x: x.clamp(min=-0.25), "to -0.25, 0x7FF0000000000000"),
    unary("leaky_relu", lambda x: F.leaky_relu(x, 0.2), "slope 0.2"),
    unary("pow", lambda x: x.pow(3), "to 3.0"),
    binary("add", torch.add),
    binary("sub", torch.sub),
    binary("mul", torch.mul),
    binary("maximum", torch.maximum),
    binary("minimum", torch.minimum),
    Case("div", "div %0, %1", ("1x3x4xf32", "1x3x4xf32"), "1x3x4xf32", torch.div, positive=True),
    Case(
        "chain",
        "fused %0, %1 {\n^bb0(%a: f32, %b: f32):\n%c = arith.constant 0.0 : f32\n%d = arith.constant 6.0 : f32\n"
        "%e = arith.maximumf %a, %c : f32\n%f = arith.minimumf %e, %d : f32\n%g = math.tanh %b : f32\n"
        "%h = arith.mulf %f, %g : f32\n%i = arith.cmpf olt, %a, %b : f32\n%j = arith.select %i, %h, %a : f32\n"
        "%k = arith.divf %j, %d : f32\nxplat.yield %k : f32\n}",
        ("1x3x4xf32", "1x3x4xf32"),
        "1x3x4xf32",
        lambda a, b: torch.where(a < b, F.relu6(a) * torch.tanh(b), a) / 6,
        functional=True,
    ),
    Case(
        "linear", "linear %0 weight @w bias @b", ("1x3x4xf32",), "1x3x5xf32", F.linear, {"w": "5x4xf32", "b": "5xf32"}
    ),
    Case("linear without bias", "linear %0 weight @w", ("1x4xf32",), "1x5xf32", F.linear, {"w": "5x4xf32"}),
    Case(
        "conv2d",
        "conv2d %0 weight @w bias @b stride [2, 1] padding [1, 0] groups 2",
        (IMAGE,),
        "1x6x3x6xf32",
        lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 0), groups=2),
        {"w": "6x2x3x3xf32", "b": "6xf32"},
    ),
    Case(
        "depthwise_conv2d",
        "depthwise_conv2d %0 weight @w stride [1, 1] padding [1, 1]",
        (IMAGE,),
        IMAGE,
        lambda x, w: F.conv2d(x, w, None, 1, 1, groups=4),
        {"w": "4x1x3x3xf32"},
    ),
    Case(
        "conv2d with gaps and four paddings",
        "conv2d %0 weight @w stride [1, 2] padding [1, 0, 2, 1] dilation [2, 1] groups 4",
        (IMAGE,),
        "1x4x7x4xf32",
        lambda x, w: F.conv2d(F.pad(x, (0, 1, 1, 2)), w, None, (1, 2), 0, (2, 1), 4),
        {"w": "4x1x2x2xf32"},
    ),
    Case(
        "depthwise_conv2d with gaps",
        "depthwise_conv2d %0 weight @w stride [1, 1] padding [2, 3] dilation [2, 3]",
        (IMAGE,),
        IMAGE,
        lambda x, w: F.conv2d(x, w, None, 1, (2, 3), (2, 3), 4),
        {"w": "4x1x3x3xf32"},
    ),
    Case(
        "max_pool2d with gaps",
        "max_pool2d %0 window [3, 2] stride [1, 1] padding [1, 0] dilation [2, 3]",
        (IMAGE,),
        "1x4x4x5xf32",
        lambda x: F.max_pool2d(x, (3, 2), 1, (1, 0), (2, 3)),
    ),
    Case(
        "max_pool2d beyond the image",
        "max_pool2d %0 window [3, 3] stride [2, 2] padding [0, 0, 1, 1]",
        (IMAGE,),
        "1x4x3x4xf32",
        lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True),
    ),
    Case(
        "avg_pool2d with four paddings",
        "avg_pool2d %0 window [2, 2] stride [1, 1] padding [0, 0, 1, 1]",
        (IMAGE,),
        IMAGE,
        lambda x: F.avg_pool2d(F.pad(x, (0, 1, 0, 1)), 2, 1),
    ),
    Case(
        "conv_transpose2d",
        "conv_transpose2d %0 weight @w bias @b stride [2, 3] padding [1, 0] groups 2",
        (IMAGE,),
        "1x6x12x24xf32",
        lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 3), (1, 0), (1, 0), groups=2),
        {"w": "4x3x3x3xf32", "b": "6xf32"},
    ),
    Case(
        "max_pool2d",
        "max_pool2d %0 window [3, 2] stride [2, 2] padding [1, 0]",
        (IMAGE,),
        "1x4x3x4xf32",
        lambda x: F.max_pool2d(x, (3, 2), 2, (1, 0)),
    ),
    Case(
        "avg_pool2d",
        "avg_pool2d %0 window [3, 3] stride [1, 2] padding [1, 1]",
        (IMAGE,),
        "1x4x6x4xf32",
        lambda x: F.avg_pool2d(x, 3, (1, 2), 1),
    ),
    Case("global_avg_pool2d", "global_avg_pool2d %0", (IMAGE,), "1x4xf32", lambda x: x.mean((2, 3))),
    Case("global_avg_pool2d keeping", "global_avg_pool2d %0", (IMAGE,), "1x4x1x1xf32", lambda x: x.mean((2, 3), True)),
    Case(
        "batch_norm",
        "batch_norm %0 gamma @g beta @b mean @m var @v epsilon 0.001",
        (IMAGE,),
        IMAGE,
        lambda x, g, b, m, v: F.batch_norm(x, m, v, g, b, eps=0.001),
        {"g": "4xf32", "b": "4xf32", "m": "4xf32", "v": "4xf32"},
        positive=True,
    ),
    Case(
        "channel_affine",
        "channel_affine %0 dim 1 weight @w bias @b",
        (IMAGE,),
        IMAGE,
        lambda x, w, b: x * w[:, None, None] + b[:, None, None],
        {"w": "4xf32", "b": "4xf32"},
    ),
    Case(
        "channel_affine without bias",
        "channel_affine %0 dim 2 weight @w",
        ("1x3x4xf32",),
        "1x3x4xf32",
        torch.mul,
        {"w": "4xf32"},
    ),
    Case("matmul", "matmul %0, %1", ("1x2x3x4xf32", "1x2x4x5xf32"), "1x2x3x5xf32", torch.matmul),
    Case(
        "matmul transposed",
        "matmul %0, %1 transposed",
        ("1x3x4xf32", "1x5x4xf32"),
        "1x3x5xf32",
        lambda a, b: a @ b.mT,
    ),
    Case("attention", "attention %0, %1, %2 scale 0.5", QKV, "1x4x5x3xf32", attention, functional=True),
    attending("causal", "", " causal", QKV, lambda q, k, v: attention(q, k, v, causal=True)),
    attending("of groups", "", "", ("1x4x5x8xf32", "1x2x6x8xf32", "1x2x6x3xf32"), attention),
    attending("with mask", " mask %3", " blind_zero", (*QKV, "1x1x5x6xf32"), attention),
    attending(
        "with hidden keys",
        " mask %3 hidden %4",
        " blind_zero",
        (*QKV, "1x4x5x6xf32", "1x1x5x6xf32"),
        lambda q, k, v, mask, hidden: attention(q, k, v, mask.masked_fill(hidden > 0, -math.inf)),
    ),
    Case(
        "masked_fill",
        "masked_fill %0 mask %1 fill -0.25",
        ("1x3x4xf32", "1x3x4xf32"),
        "1x3x4xf32",
        lambda x, mask: x.masked_fill(mask > 0, -0.25),
    ),
    Case("embedding", "embedding %0 table @t", ("1x3xi64",), "1x3x4xf32", F.embedding, {"t": "7x4xf32"}),
    Case("softmax", "softmax %0 dim 1", ("1x3x4xf32",), "1x3x4xf32", lambda x: x.softmax(1)),
    Case(
        "layer_norm",
        "layer_norm %0 gamma @g beta @b axes 2 epsilon 0.01",
        ("1x2x3x4xf32",),
        "1x2x3x4xf32",
        lambda x, g, b: F.layer_norm(x, (3, 4), g, b, 0.01),
        {"g": "3x4xf32", "b": "3x4xf32"},
    ),
    Case(
        "layer_norm alone",
        "layer_norm %0 axes 1 epsilon 0.01",
        ("1x3x4xf32",),
        "1x3x4xf32",
        lambda x: F.layer_norm(x, (4,), eps=0.01),
    ),
    Case(
        "group_norm",
        "group_norm %0 gamma @g beta @b groups 2 epsilon 0.01",
        ("1x4x3x2xf32",),
        "1x4x3x2xf32",
        lambda x, g, b: F.group_norm(x, 2, g, b, 0.01),
        {"g": "4xf32", "b": "4xf32"},
    ),
    Case("tril", "tril %0 diagonal 1 fill 0.0", ("1x3x4xf32",), "1x3x4xf32", lambda x: x.tril(1)),
    Case(
        "rms_norm",
        "rms_norm %0 gamma @g axes 1 epsilon 0.01",
        ("1x3x4xf32",),
        "1x3x4xf32",
        lambda x, g: F.rms_norm(x, (4,), g, 0.01),
        {"g": "4xf32"},
    ),
    Case("reshape", "reshape %0", (IMAGE,), "1x12x16xf32", lambda x: x.reshape(1, 12, 16)),
    Case(
        "reshape in order of travel",
        "reshape %0 order channels_last",
        (IMAGE,),
        "1x192xf32",
        lambda x: x.permute(0, 2, 3, 1).reshape(1, 192),
    ),
    Case(
        "transpose", "transpose %0 permutation [0, 2, 3, 1]", (IMAGE,), "1x6x8x4xf32", lambda x: x.permute(0, 2, 3, 1)
    ),
    Case(
        "transpose of the batch",
        "transpose %0 permutation [1, 0, 2]",
        ("1x3x4xf32",),
        "3x1x4xf32",
        lambda x: x.transpose(0, 1),
    ),
    Case("broadcast", "broadcast %0", ("1x1x4xf32",), "2x1x3x4xf32", lambda x: x.expand(2, 1, 3, 4)),
    Case(
        "slice",
        "slice %0 starts [0, 1, 0, 2] steps [1, 1, 2, 3]",
        (IMAGE,),
        "1x2x3x2xf32",
        lambda x: x[:, 1:3, ::2, 2::3],
    ),
    Case(
        "concat",
        "concat %0, %1 dim 1",
        ("1x3x4xf32", "1x2x4xf32"),
        "1x5x4xf32",
        lambda a, b: torch.cat([a, b], 1),
        functional=True,
    ),
    Case(
        "pad",
        "pad %0 low [0, 1, 2] high [0, 0, 3] value 0.5",
        ("1x3x4xf32",),
        "1x4x9xf32",
        lambda x: F.pad(x, (2, 3, 1, 0), value=0.5),
    ),
    Case("upsample", "upsample %0", (IMAGE,), "1x4x12x24xf32", lambda x: F.interpolate(x, (12, 24))),
    Case("reduce sum", "reduce %0 sum over [2]", (IMAGE,), "1x4x8xf32", lambda x: x.sum(2)),
    Case("reduce mean", "reduce %0 mean over [1, 3]", (IMAGE,), "1x1x6x1xf32", lambda x: x.mean((1, 3), True)),
    Case("reduce maximum", "reduce %0 maximum over [3]", (IMAGE,), "1x4x6xf32", lambda x: x.amax(3)),
    Case("reduce minimum", "reduce %0 minimum over [1, 2]", (IMAGE,), "1x8xf32", lambda x: x.amin((1, 2))),
    Case("reduce argmax", "reduce %0 argmax over [1]", (IMAGE,), "1x6x8xi64", lambda x: x.argmax(1)),
    Case("reduce argmin", "reduce %0 argmin over [3]", (IMAGE,), "1x4x6x1xi64", lambda x: x.argmin(3, True)),
    Case("top_k", "top_k %0", (IMAGE,), "1x4x6x3xf32", lambda x: x.topk(3).values),
    Case("top_k smallest", "top_k %0 smallest", (IMAGE,), "1x4x6x8xf32", lambda x: x.sort().values),
    Case(
        *("top_k positions", "top_k %0 positions", (IMAGE,), "1x4x6x3xi64"),
        lambda x: x.sort(stable=True, dim=-1, descending=True).indices[..., :3],
    ),
    Case(
        "aten",
        'aten "aten.cumsum.default"(%0) [#xplat.operand<0>, 2, unit]',
        ("1x3x4xf32",),
        "1x3x4xf32",
        lambda x: x.cumsum(2),
        functional=True,
    ),
]
IDS = [f"{case.op}-{case.name}".replace(" ", "_") for case in CASES]


def parse(text: str) -> ir.Module:
    with ir.Context():
        return ir.Module.parse(text)


def module_of(case: Case, element: str = "f32") -> ir.Module:
    """The case between the boundaries to the host; results that are numbers have elements of type `element`."""
    result = case.result.replace("f32", element)
    operands = [kind.replace("f32", element) for kind in case.inputs]
    lines = [f"xplat.param @{name} : tensor<{kind}>" for name, kind in case.parameters.items()]
    arguments = ", ".join(f"%in{i}: tensor<{kind}>" for i, kind in enumerate(case.inputs))
    lines.append(f"func.func @forward({arguments}) -> tensor<{case.result}> {{")
    for i, (kind, inside) in enumerate(zip(case.inputs, operands, strict=True)):
        lines.append(f"%{i} = xplat.host_input %in{i} : tensor<{kind}> -> tensor<{inside}>")
    types = ", ".join(f"tensor<{kind}>" for kind in operands)
    lines.append(f"%r = xplat.{case.text} : {f'({types})' if case.functional else types} -> tensor<{result}>")
    lines.append(f"%o = xplat.host_output %r : tensor<{result}> -> tensor<{case.result}>")
    lines.append(f"return %o : tensor<{case.result}>\n}}")
    return parse("\n".join(lines))


def values(case: Case, kind: str, seed: int, samples: int | None, *, adversarial: bool = False) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    extents = shape(kind)
    if samples is not None:
        extents = [samples * extents[0], *extents[1:]]
    if kind.endswith("i64"):
        return torch.randint(0, 7, extents, generator=generator)
    if adversarial:
        chosen = torch.randint(0, len(ADVERSARIAL), extents, generator=generator)
        result = torch.tensor(ADVERSARIAL)[chosen]
    else:
        result = 2 * torch.randn(extents, generator=generator)
    return result.abs() + 0.125 if case.positive else result


def arguments(case: Case, *, adversarial: bool = False) -> tuple[list[torch.Tensor], dict[str, torch.Tensor]]:
    inputs = [values(case, kind, 10 + i, SAMPLES, adversarial=adversarial) for i, kind in enumerate(case.inputs)]
    return inputs, {name: values(case, kind, 50 + i, None) for i, (name, kind) in enumerate(case.parameters.items())}


def expected(case: Case, inputs: list[torch.Tensor], parameters: dict[str, torch.Tensor]) -> torch.Tensor:
    """Torch on each sample alone."""
    rows = [case.torch(*(tensor[i : i + 1] for tensor in inputs), *parameters.values()) for i in range(SAMPLES)]
    return torch.cat([row.reshape(shape(case.result)) for row in rows])


@pytest.mark.parametrize("adversarial", [False, True], ids=["random", "adversarial"])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_op_equals_torch(case: Case, adversarial: bool) -> None:
    inputs, parameters = arguments(case, adversarial=adversarial)
    result = run_reference(module_of(case), parameters, inputs)
    torch.testing.assert_close(result, expected(case, inputs, parameters), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_result_is_rounded_once(case: Case) -> None:
    inputs, parameters = arguments(case)
    result = run_reference(module_of(case, FIXED), parameters, inputs)
    exact = [FORM.round(tensor.double()) if tensor.is_floating_point() else tensor for tensor in inputs]
    wanted = expected(case, exact, {name: value.double() for name, value in parameters.items()})
    rounded = FORM.round(wanted).float() if wanted.is_floating_point() else wanted
    torch.testing.assert_close(result, rounded, rtol=0, atol=0)


@pytest.mark.parametrize("element", ["f32", FIXED])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_batch_equals_sample_by_sample(case: Case, element: str) -> None:
    inputs, state = arguments(case)
    interpreter = Interpreter.create(module_of(case, element))
    samples = stack_samples(interpreter.inputs, inputs)
    together = interpreter.run(interpreter.parameters(state), samples)
    assert not interpreter.program.by_sample, "vmap takes every op of xplat's own"
    interpreter.program.by_sample |= set(range(len(interpreter.program.steps)))
    (alone,) = interpreter.run(interpreter.parameters(state), samples)
    torch.testing.assert_close(together[0], alone, rtol=1e-6 if element == "f32" else 0, atol=1e-6 * (element == "f32"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.result.endswith("f32")])
def test_gradients_equal_torch(case: Case) -> None:
    inputs, state = arguments(case, adversarial="1x3x4xf32" in case.inputs and not case.functional)
    # Running statistics are constants, for torch as well.
    trained = [value for name, value in state.items() if name not in ("m", "v")]
    tensors = [tensor.requires_grad_() for tensor in [*inputs, *trained] if tensor.is_floating_point()]
    interpreter = Interpreter.create(module_of(case))
    (result,) = interpreter.run(interpreter.parameters(state), stack_samples(interpreter.inputs, inputs))
    wanted = expected(case, inputs, state)
    weight = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(1))
    got = torch.autograd.grad((result.flatten(0, 1) * weight).sum(), tensors, materialize_grads=True)
    for a, b in zip(got, torch.autograd.grad((wanted * weight).sum(), tensors, materialize_grads=True), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


def test_every_node_of_a_graph_has_semantics() -> None:
    classes = [cls for cls in vars(xp).values() if isinstance(cls, type) and hasattr(cls, "OPERATION_NAME")]
    names = {cls.OPERATION_NAME.removeprefix("xplat.") for cls in classes}
    known = {name.removeprefix("xplat.") for name in known_ops()}
    nodes = {cls.OPERATION_NAME.removeprefix("xplat.") for cls in classes if hasattr(cls, "absmax")} - {"param"}
    assert nodes <= known <= names
    assert {case.op for case in CASES} | {"host_input", "host_output", "constant", "splat"} == known, "a case for each"


# ---- what has no inputs, and what cannot be batched


def test_an_op_that_vmap_cannot_take_runs_sample_by_sample_and_says_so() -> None:
    case = next(case for case in CASES if case.op == "relu")
    inputs, _ = arguments(case)
    interpreter = Interpreter.create(module_of(case))
    steps = interpreter.program.steps

    def looks_at_values(scope, op, operands):
        (x,) = operands
        return x if bool((x > 0).all()) else F.relu(x)

    steps[1] = replace(steps[1], semantics=looks_at_values)
    messages: list[str] = []
    interpreter.progress = messages.append
    for _ in range(2):
        (result,) = interpreter.run(interpreter.parameters({}), stack_samples(interpreter.inputs, inputs))
        assert torch.equal(result.flatten(0, 1), F.relu(inputs[0]))
    assert len(messages) == 1
    assert "runs sample by sample" in messages[0]


def test_indices_outside_the_table_are_an_input_error() -> None:
    case = next(case for case in CASES if case.name == "embedding")
    _, parameters = arguments(case)
    for ids in (torch.tensor([[0, 7, 1]]), torch.tensor([[0, 1, 2], [3, 4, -1]])):
        with pytest.raises(InputError, match="outside its table"):
            run_reference(module_of(case), parameters, ids)


def test_inputs_have_the_type_that_the_graph_takes() -> None:
    case = next(case for case in CASES if case.name == "embedding")
    _, parameters = arguments(case)
    with pytest.raises(InputError, match="expected int64"):
        run_reference(module_of(case), parameters, torch.zeros(2, 3))
    assert run_reference(module_of(case), parameters, torch.zeros(2, 3, dtype=torch.int32)).shape == (2, 3, 4)


def test_a_query_that_sees_nothing_gives_zeros() -> None:
    case = next(case for case in CASES if case.name == "attention with mask")
    inputs, _ = arguments(case)
    module = module_of(case)
    interpreter = Interpreter.create(module)
    inputs[3][:] = 0
    inputs[3][1, :, 2, :] = -math.inf
    (result,) = interpreter.run(interpreter.parameters({}), [tensor.unsqueeze(1) for tensor in inputs])
    assert bool((result[1, :, :, 2] == 0).all())
    torch.testing.assert_close(result.flatten(0, 1), attention(*inputs), rtol=1e-5, atol=1e-5)
