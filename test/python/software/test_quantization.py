# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Formats, parameters, calibration, and the reference against an independent computation with torch's fake_quantize."""

from __future__ import annotations

import copy
import math
import time

import pytest
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from xplat import ir
from xplat.dialects import func
from xplat.dialects import xplat as xp
from xplat.formats import FixedPoint, Quantization, fixed_point
from xplat.frontend import Graph, import_model
from xplat.graph.reference import run_reference
from xplat.interpreter.parameters import evaluate_parameters, parameter_values
from xplat.mlir.passes import run_pipeline
from xplat.software import calibrate, complete_formats, quantize
from xplat.support.errors import CalibrationError, DesignFileError, FormatError, InputError, PassError
from xplat.testing.networks import DepthwiseCnn, Mlp, PlainCnn, ResidualCnn, settle_batch_norm

SOFTWARE = "xplat-fold-affine,canonicalize,cse,xplat-fold-movement,xplat-lower-affine,xplat-remove-unused-params"
IMAGES = torch.randn(40, 1, 8, 8, generator=torch.Generator().manual_seed(3))


def software(graph: Graph) -> Graph:
    return graph.with_module(run_pipeline(graph.module, SOFTWARE, where="software passes"))


def quantized(model: nn.Module, data: torch.Tensor, form: str = "int8", method: str = "max") -> Graph:
    graph = calibrate(complete_formats(software(import_model(model, data)), form), data, method=method)
    return graph.with_module(run_pipeline(graph.module, "xplat-quantize", where="quantize"))


def nodes(graph: Graph) -> dict[str, ir.OpView]:
    (function,) = (op for op in graph.module.body.operations if isinstance(op, func.FuncOp))
    return {xp.node_name(op): op for op in function.entry_block.operations if xp.is_node(op)}


def parameter_formats(graph: Graph) -> dict[str, FixedPoint | None]:
    params = (op for op in graph.module.body.operations if isinstance(op, xp.ParamOp))
    return {op.sym_name.value: fixed_point(op.type_.value) for op in params}


# ---- the reference against torch's own fake quantization


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


class Layers(nn.Module):
    """Every operation is a module, so that a hook can round what it gives."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.stem_bn = nn.BatchNorm2d(6)
        self.relu = nn.ReLU()
        self.grouped = nn.Conv2d(6, 6, 3, padding=1, groups=2)
        self.sum = Add()
        self.relu2 = nn.ReLU()
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.depthwise = nn.Conv2d(6, 6, 3, padding=1, groups=6, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(6)
        self.mean = nn.AvgPool2d(3, stride=1, padding=1)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(6 * 4 * 4, 12)
        self.fc1_bn = nn.BatchNorm1d(12)
        self.fc2 = nn.Linear(12, 5)
        self.side = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.relu(self.stem_bn(self.stem(x)))
        x = self.relu2(self.sum(x, self.grouped(x)))
        x = self.depthwise_bn(self.depthwise(self.pool(x)))
        y = self.fc2(self.fc1_bn(self.fc1(self.flatten(self.mean(x)))))
        return y, torch.flatten(self.side(x), 1)


FUSED = [
    ("stem", "stem_bn", fuse_conv_bn_eval),
    ("depthwise", "depthwise_bn", fuse_conv_bn_eval),
    ("fc1", "fc1_bn", fuse_linear_bn_eval),
]


def fake(values: torch.Tensor, form: FixedPoint) -> torch.Tensor:
    limits = form.minimum, form.maximum
    if not form.per_channel:
        return torch.fake_quantize_per_tensor_affine(values, 2.0 ** -form.fractional_bits[0], 0, *limits)
    scales = torch.tensor([2.0**-bits for bits in form.fractional_bits])
    zeros = torch.zeros(len(scales), dtype=torch.int32)
    return torch.fake_quantize_per_channel_affine(values, scales, zeros, 0, *limits)


def fake_quantized(model: nn.Module, graph: Graph) -> nn.Module:
    """The float model in double precision, with torch's fake quantization where the graph has formats."""
    model = copy.deepcopy(model).double().eval()
    for layer, norm, fuse in FUSED:
        setattr(model, layer, fuse(getattr(model, layer), getattr(model, norm)))
        setattr(model, norm, nn.Identity())
    params = parameter_formats(graph)
    for name, op in nodes(graph).items():
        form = fixed_point(op.results[0].type)
        module = dict(model.named_modules()).get(name.removesuffix(".add"))
        if module is None or form is None:
            continue
        with torch.no_grad():
            for kind, symbol in xp.parameters(op).items():
                tensor = getattr(module, kind)
                tensor.copy_(fake(tensor, params[symbol.value]))
        module.register_forward_hook(lambda _m, _i, output, form=form: fake(output, form))
    model.register_forward_pre_hook(lambda _m, args: (fake(args[0], fixed_point(nodes(graph)["x"].results[0].type)),))
    return model


@pytest.mark.parametrize("method", ["max", "mse"])
@pytest.mark.parametrize("form", ["int8", "int8-per-tensor", "w4a8", "int5", "w8a12"])
def test_reference_equals_fake_quantization(form: str, method: str) -> None:
    torch.manual_seed(0)
    model = settle_batch_norm(Layers(), IMAGES)
    graph = quantized(model, IMAGES, form, method)
    # Samples that were not in the calibration data, some of them far outside its range.
    x = torch.cat([torch.randn(30, 1, 8, 8), 4 * torch.randn(30, 1, 8, 8)])
    result = run_reference(graph.module, graph.parameters, x)
    with torch.no_grad():
        expected = fake_quantized(model, graph)(x.double())
    for got, wanted in zip(result, expected, strict=True):
        assert got.dtype == torch.float32
        assert torch.equal(got.double(), wanted)
        assert got.abs().max() > 0


@pytest.mark.parametrize("make", [Mlp, PlainCnn, ResidualCnn, DepthwiseCnn], ids=lambda make: make.__name__)
def test_wider_formats_approach_the_float_model(make) -> None:
    torch.manual_seed(0)
    model = settle_batch_norm(make(), IMAGES)
    expected = model(IMAGES).detach()
    errors = []
    for form in ("int6", "int8", "int12", "int16"):
        graph = quantized(model, IMAGES, form)
        errors.append(float((run_reference(graph.module, graph.parameters, IMAGES) - expected).abs().max()))
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 2e-3 * float(expected.abs().max())


def test_software_passes_preserve_the_function() -> None:
    torch.manual_seed(0)
    model = settle_batch_norm(Layers(), IMAGES)
    graph = software(import_model(model, IMAGES))
    text = str(graph.module)
    assert "xplat.batch_norm" not in text
    assert "order channels_last" in text
    for got, wanted in zip(run_reference(graph.module, graph.parameters, IMAGES), model(IMAGES), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-5)


def test_batch_norm_first_becomes_depthwise() -> None:
    model = settle_batch_norm(nn.Sequential(nn.BatchNorm2d(1), nn.ReLU(), nn.Conv2d(1, 2, 3)), IMAGES)
    graph = software(import_model(model, IMAGES))
    assert "xplat.batch_norm" not in str(graph.module)
    assert "0" in nodes(graph), "the node keeps its name"
    result = run_reference(graph.module, graph.parameters, IMAGES)
    torch.testing.assert_close(result, model(IMAGES), rtol=1e-5, atol=1e-5)


def test_batch_norm_that_cannot_fold() -> None:
    """There is no weight beside it: it scales an image of one pixel."""
    data = torch.randn(20, 4)
    model = settle_batch_norm(nn.Sequential(nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2)), data)
    graph = software(import_model(model, data))
    assert "xplat.batch_norm" not in str(graph.module) and "xplat.depthwise_conv2d" in str(graph.module)
    result = run_reference(graph.module, graph.parameters, data)
    torch.testing.assert_close(result, model(data), rtol=1e-5, atol=1e-5)
    form = quantized(model, data)
    result = run_reference(form.module, form.parameters, data)
    torch.testing.assert_close(result, model(data), rtol=0, atol=0.05)


# ---- formats


@pytest.mark.parametrize("what", ["int6", "w4a6", "msfp4"])
@pytest.mark.parametrize("glob", ["block1.conv1", "block1"])
def test_formats_of_modules_leave_normalisation_folded(glob: str, what: str) -> None:
    model = settle_batch_norm(ResidualCnn(), IMAGES)
    graph = quantize(model, example_inputs=IMAGES, quantize={"default": "int8", "modules": {glob: what}})
    found = nodes(graph)
    assert not [name for name, op in found.items() if isinstance(op, xp.BatchNormOp | xp.DepthwiseConv2DOp)]
    element = found["block1.conv1"].results[0].type.element_type
    assert xp.format_name(element).startswith("msfp4" if what == "msfp4" else "ufixed<6"), element


def test_no_value_is_rounded_twice() -> None:
    graph = quantized(settle_batch_norm(Layers(), IMAGES), IMAGES)
    named = nodes(graph)
    for first, second in (("stem", "relu"), ("sum.add", "relu2"), ("relu2", "pool"), ("mean", "flatten")):
        if first in named and second in named:
            assert named[first].results[0].type.element_type == named[second].results[0].type.element_type


def test_rounding_is_half_to_even_and_saturates() -> None:
    form = FixedPoint(width=4, fractional_bits=(1,))
    values = torch.tensor([0.25, 0.75, 1.25, -0.25, -0.75, 3.5, 3.8, 100.0, -4.0, -4.3, -100.0])
    assert form.to_integers(values).tolist() == [0, 2, 2, 0, -2, 7, 7, 7, -8, -8, -8]
    assert torch.equal(form.round(values), form.to_values(form.to_integers(values)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int8", (8, 8, True)),
        ("int4", (4, 4, True)),
        ("w4a8", (8, 4, True)),
        ("int8-per-tensor", (8, 8, False)),
    ],
)
def test_quantization_names(text: str, expected: tuple[int, int, bool]) -> None:
    quantization = Quantization.parse(text)
    default = quantization.default
    assert (default.value.width, default.weight.width, default.per_channel) == expected
    assert str(quantization) == text
    assert Quantization.parse(quantization) is quantization


@pytest.mark.parametrize("text", ["int1", "int17", "float8", "8", "w4", "w1a8", ""])
def test_quantization_that_is_not_known(text: str) -> None:
    with pytest.raises(FormatError):
        Quantization.parse(text)


# ---- parameters


def test_parameters_are_integers_at_the_right_scale() -> None:
    torch.manual_seed(0)
    model = settle_batch_norm(ResidualCnn(), IMAGES)
    graph = quantized(model, IMAGES)
    values = evaluate_parameters(graph.module, graph.parameters)
    exact = parameter_values(graph.module, graph.parameters)
    fused = fuse_conv_bn_eval(copy.deepcopy(model.stem).double(), copy.deepcopy(model.bn).double())
    op = nodes(graph)["stem"]
    weight, bias = values[op.weight.value], values[op.bias.value]
    assert weight.dtype == torch.int64 and weight.abs().max() <= 128
    scale = fixed_point(op.operands[0].type).scale(1)
    form = parameter_formats(graph)[op.weight.value]
    assert form.per_channel and len(form.fractional_bits) == 16
    assert (exact[op.weight.value] - fused.weight).abs().max() <= form.scale(4).max() / 2
    assert (exact[op.bias.value] - fused.bias).abs().max() <= (form.scale(1) * scale).max() / 2
    assert bias.dtype == torch.int64 and bias.abs().max() < 2**31


def test_every_channel_uses_its_range() -> None:
    torch.manual_seed(0)
    model = nn.Linear(16, 8)
    with torch.no_grad():
        model.weight *= torch.logspace(-6, 3, 8, base=2).unsqueeze(1)
    data = torch.randn(50, 16)
    graph = quantized(model, data)
    weight = evaluate_parameters(graph.module, graph.parameters)["weight:i8"]
    assert (weight.abs().amax(1) >= 64).all()
    tensor = evaluate_parameters(quantized(model, data, "int8-per-tensor").module, graph.parameters)["weight:i8"]
    assert tensor[0].abs().max() < 8


def test_missing_and_misshapen_parameters() -> None:
    graph = import_model(Mlp(), IMAGES)
    state = dict(graph.parameters)
    del state["fc2.bias"]
    with pytest.raises(DesignFileError, match=r"fc2\.bias"):
        evaluate_parameters(graph.module, state)
    with pytest.raises(DesignFileError, match="shape"):
        evaluate_parameters(graph.module, {**graph.parameters, "fc2.bias": torch.zeros(3)})


def test_weights_beyond_every_scale_are_refused() -> None:
    model = nn.Linear(4, 3)
    with torch.no_grad():
        model.weight.fill_(1e30)
    with pytest.raises(PassError, match=r"expected an 'absmax' of at most .* scale the model's values down"):
        quantized(model, torch.randn(20, 4))


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e18])
def test_degenerate_weights(value: float) -> None:
    model = nn.Linear(4, 3)
    with torch.no_grad():
        model.weight.fill_(value)
        model.bias.fill_(min(value, 1.0))
    data = torch.randn(20, 4)
    graph = quantized(model, data)
    assert torch.isfinite(run_reference(graph.module, graph.parameters, data)).all()


# ---- calibration


def ranges(graph: Graph) -> dict[str, float]:
    return {name: op.absmax.value for name, op in nodes(graph).items() if getattr(op, "absmax", None) is not None}


def test_ranges_are_the_largest_magnitudes() -> None:
    model = PlainCnn().eval()
    graph = import_model(model, IMAGES)
    found = ranges(calibrate(graph, IMAGES))
    assert found["x"] == pytest.approx(float(IMAGES.abs().max()))
    assert found["conv1"] == pytest.approx(float(model.conv1(IMAGES).detach().abs().max()), rel=1e-6)
    assert found["fc"] == pytest.approx(float(model(IMAGES).detach().abs().max()), rel=1e-5)
    assert ranges(graph) == {}, "the graph that was given has changed"


@pytest.mark.parametrize(
    "make",
    [
        lambda x: list(x.split(7)),
        lambda x: list(x),
        lambda x: iter(x.split(16)),
        lambda x: [(part, torch.zeros(len(part))) for part in x.split(10)],
        lambda x: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, torch.zeros(len(x))), batch_size=9),
    ],
    ids=["batches", "samples", "iterator", "with-labels", "loader"],
)
def test_kinds_of_data(make) -> None:
    graph = import_model(PlainCnn(), IMAGES)
    assert ranges(calibrate(graph, make(IMAGES), method="mse")) == ranges(calibrate(graph, IMAGES, method="mse"))


def test_several_inputs() -> None:
    class Two(nn.Module):
        def forward(self, a, b):
            return a + b

    a, b = torch.randn(30, 4), 3 * torch.randn(30, 4)
    graph = import_model(Two(), (a, b))
    found = ranges(calibrate(graph, (a, b)))
    assert found == ranges(calibrate(graph, list(zip(a.split(7), b.split(7), strict=True))))
    assert found["add"] == pytest.approx(float((a + b).abs().max()))


def test_mse_ignores_rare_outliers() -> None:
    data = torch.randn(4000, 4)
    data[0, 0] = 40.0
    graph = import_model(nn.ReLU(), data)
    assert ranges(calibrate(graph, data))["input"] == 40.0
    # Saturating the one outlier at 127 / 4 costs less than a bit of everything else.
    assert ranges(calibrate(graph, data, method="mse"))["input"] == 31.75


def test_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from xplat.software import calibration

    ticks = iter(range(1000))
    monkeypatch.setattr(calibration.time, "monotonic", lambda: 2.0 * next(ticks))
    said: list[str] = []
    calibrate(import_model(PlainCnn(), IMAGES), list(IMAGES.split(10)), progress=said.append)
    assert said[-1] == "calibrate: ranges over 40 of 40 samples"


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (torch.zeros(0, 1, 8, 8), "no calibration data"),
        ([], "no calibration data"),
        (torch.zeros(4, 1, 9, 9), r"expected \[batch, 1, 8, 8\]"),
        (torch.full((2, 1, 8, 8), float("nan")), "NaN"),
        (torch.zeros(2, 1, 8, 8, dtype=torch.uint8), "torch.uint8"),
        (["image"], "is a str"),
        (3, "is a int"),
    ],
)
def test_data_that_cannot_calibrate(data, match: str) -> None:
    with pytest.raises(CalibrationError, match=match):
        calibrate(import_model(PlainCnn(), IMAGES), data)


def test_other_calibration_errors() -> None:
    graph = import_model(PlainCnn(), IMAGES)
    with pytest.raises(CalibrationError, match="choose 'max' or 'mse'"):
        calibrate(graph, IMAGES, method="percentile")
    with pytest.raises(CalibrationError, match="quantized already"):
        calibrate(quantized(PlainCnn(), IMAGES), IMAGES)
    huge = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    with torch.no_grad():
        for parameter in huge.parameters():
            parameter.fill_(3e38)
    with pytest.raises(CalibrationError, match="node '0' gives NaN or infinite"):
        calibrate(import_model(huge, torch.ones(2, 4)), torch.ones(2, 4))


def test_quantize_without_calibration() -> None:
    with pytest.raises(PassError, match="calibrate the graph first"):
        run_pipeline(import_model(PlainCnn(), IMAGES).module, "xplat-quantize", where="quantize")


# ---- inputs of the reference


@pytest.mark.parametrize(
    ("x", "match"),
    [
        (torch.zeros(2, 3, 8, 8), r"expected \[batch, 1, 8, 8\]"),
        (torch.zeros(0, 1, 8, 8), "no samples"),
        (torch.full((2, 1, 8, 8), float("inf")), "infinite"),
        (torch.zeros(2, 1, 8, 8, dtype=torch.int32), "torch.int32"),
        ((torch.zeros(2, 1, 8, 8),) * 2, "got 2 tensors"),
    ],
)
def test_inputs_that_do_not_fit(x, match: str) -> None:
    graph = import_model(PlainCnn(), IMAGES)
    with pytest.raises(InputError, match=match):
        run_reference(graph.module, graph.parameters, x)


def test_samples_are_independent_and_many_are_fast() -> None:
    torch.manual_seed(0)
    graph = quantized(settle_batch_norm(ResidualCnn(), IMAGES), IMAGES)
    x = torch.randn(1500, 1, 8, 8)
    start = time.perf_counter()
    together = run_reference(graph.module, graph.parameters, x)
    assert time.perf_counter() - start < 30
    assert torch.equal(together[700:703], run_reference(graph.module, graph.parameters, x[700:703]))


@pytest.mark.parametrize("hidden", [-math.inf, -3e38, -1e9])
def test_masks_of_minus_infinity_hide_in_fixed_point(hidden: float) -> None:
    class Attention(torch.nn.Module):
        def forward(self, x):
            mask = torch.zeros(4, 4).masked_fill(torch.ones(4, 4, dtype=torch.bool).triu(1), hidden)
            return torch.nn.functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)

    x = torch.randn(6, 2, 4, 8, generator=torch.Generator().manual_seed(0))
    result = quantize(Attention(), example_inputs=x, calibration=x, quantize="int8").reference(x)
    torch.testing.assert_close(result, Attention()(x), rtol=0, atol=0.06)
    # The first row sees itself alone.
    torch.testing.assert_close(result[:, :, 0], x[:, :, 0], rtol=0, atol=0.04)
