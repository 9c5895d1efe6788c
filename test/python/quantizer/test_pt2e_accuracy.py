# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PT2E with xplat's formats against the *float* model, beside xplat's own quantization of the same model.

Both ways have the same rules, so they lose equally much. The default run has chosen cases and fixed seeds; `-m long`
draws a seed and prints it. `XPLAT_SEED=1234` repeats a drawn run.
"""

from __future__ import annotations

import copy
import math
import os
import random
from collections.abc import Callable

import pytest
import torch
from torch import nn

import xplat
from xplat.dialects import xplat as xp
from xplat.formats import fitting_fractional_bits
from xplat.frontend import import_model
from xplat.quantizer import XplatQuantizer
from xplat.support.errors import CalibrationError, ModelImportError
from xplat.testing.networks import settle_batch_norm

import torchao.quantization.pt2e as pt2e  # isort: skip
from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e, prepare_qat_pt2e  # isort: skip

SEEDS, LONG = 4, 24
pytestmark = pytest.mark.usefixtures("fewer_patterns")
TOLERANCE = 1.0
"""dB."""
SAMPLES = 24


def export(model: nn.Module, x: torch.Tensor) -> torch.fx.GraphModule:
    batch = {0: torch.export.Dim("batch", max=4096)}
    return torch.export.export(model, (x[:4],), dynamic_shapes=(batch,), strict=False).module()


def convert(model: nn.Module, x: torch.Tensor, request: str) -> torch.fx.GraphModule:
    prepared = prepare_pt2e(export(copy.deepcopy(model).eval(), x), XplatQuantizer(request))
    prepared(x)
    return convert_pt2e(prepared)


def sqnr(result: torch.Tensor, expected: torch.Tensor) -> float:
    """Signal to quantization noise in dB."""
    noise = float((result.double() - expected.double()).square().sum())
    return 10 * math.log10(float(expected.double().square().sum()) / noise) if noise else math.inf


def figures(model: nn.Module, x: torch.Tensor, request: str) -> tuple[float, float]:
    """SQNR against float: of xplat's own quantization, and of PT2E."""
    with torch.no_grad():
        expected = copy.deepcopy(model).double().eval()(x.double())
    native = xplat.quantize(copy.deepcopy(model), calibration=x, example_inputs=x[:1], quantize=request)
    other = xplat.quantize(convert(model, x, request), example_inputs=x)
    return sqnr(native.reference(x), expected), sqnr(other.reference(x), expected)


def check(model: nn.Module, x: torch.Tensor, request: str, what: str) -> tuple[float, float]:
    native, other = figures(model, x, request)
    print(f"{what} {request}: natively {native:.1f} dB, through PT2E {other:.1f} dB")
    assert native == other or abs(native - other) <= TOLERANCE, f"{what} {request}: {native:.2f} dB, {other:.2f} dB"
    return native, other


# ---- chosen models


def block(inputs: int, outputs: int, size: int, *, groups: int = 1, cap: bool = False) -> list[nn.Module]:
    conv = nn.Conv2d(inputs, outputs, size, padding=size // 2, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU6() if cap else nn.ReLU()]


def depthwise(factor: float) -> tuple[nn.Module, torch.Tensor]:
    """One filter of the depthwise convolution is so small that its channel is its bias alone."""
    torch.manual_seed(0)
    model = nn.Sequential(*block(3, 8, 1, cap=True), *block(8, 8, 3, groups=8, cap=True), nn.Conv2d(8, 4, 1))
    with torch.no_grad():
        model[3].weight[2] *= factor
        model[4].bias[2] = 1.2
    return model.eval(), torch.randn(SAMPLES, 3, 8, 8)


def chain() -> tuple[nn.Module, torch.Tensor]:
    torch.manual_seed(0)
    model = nn.Sequential(*block(3, 64, 3), *block(64, 64, 3), *block(64, 64, 3))
    for norm in (module for module in model if isinstance(module, nn.BatchNorm2d)):
        nn.init.normal_(norm.bias)
    return model.eval(), torch.randn(8, 3, 8, 8)


def vector() -> tuple[nn.Module, torch.Tensor]:
    torch.manual_seed(0)
    model = nn.Linear(6, 4)
    nn.init.constant_(model.bias, 5.0)
    return model.eval(), torch.rand(SAMPLES, 6) * 2 - 1


class ActivationAndSum(nn.Module):
    """A channel far below zero, where the ReLU lets nothing through; behind it stands a chain of element-wise nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        with torch.no_grad():
            self.conv.bias[2] = -2500.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.conv(x))
        return torch.relu(y) + y


def activation() -> tuple[nn.Module, torch.Tensor]:
    torch.manual_seed(0)
    return ActivationAndSum().eval(), torch.randn(SAMPLES, 3, 8, 8)


CASES: dict[str, tuple[Callable[[], tuple[nn.Module, torch.Tensor]], str, float]] = {
    "small filter int8": (lambda: depthwise(1e-6), "int8", 30),
    "smaller filter int8": (lambda: depthwise(1e-9), "int8", 30),
    "small filter int16": (lambda: depthwise(1e-6), "int16", 80),
    "chain int16": (chain, "int16", 80),
    "chain int16 per tensor": (chain, "int16-per-tensor", 75),
    "dead channel int8": (activation, "int8", 30),
    "dead channel int16": (activation, "int16", 80),
    "linear int16": (vector, "int16", 85),
    "linear int16 per tensor": (vector, "int16-per-tensor", 85),
}


@pytest.mark.parametrize("case", CASES)
def test_room_for_the_bias(case: str) -> None:
    make, request, expected = CASES[case]
    native, other = check(*make(), request, case)
    assert min(native, other) >= expected


class Shared(nn.Module):
    """A weight and a bias that are read twice: with operands and results of very different ranges."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1)
        with torch.no_grad():
            self.conv.weight.mul_(0.01)
            self.conv.bias.fill_(2.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.conv(self.conv(x * 1e-3)) + self.conv(torch.relu(x)) * 3)


@pytest.mark.parametrize("request_", ["int8", "int16"])
def test_each_reader_of_a_bias_has_scales_of_its_own(request_: str) -> None:
    torch.manual_seed(0)
    check(Shared().eval(), torch.randn(SAMPLES, 4, 4, 4), request_, "shared")


def test_a_small_filter_compiles() -> None:
    model, x = depthwise(1e-9)
    xplat.compile(convert(model, x, "int8"), "zu9eg", example_inputs=x)


def test_a_bias_that_no_scale_holds() -> None:
    model, x = vector()
    nn.init.constant_(model.bias, 1e38)
    with pytest.raises(CalibrationError, match=r"channel 0 of the bias is 1e\+38, but 32 bits .* hold at most"):
        convert(model, x, "int8")


@pytest.mark.parametrize("fold", [True, False])
def test_a_program_whose_bias_is_cut_off(fold: bool) -> None:
    model, x = vector()
    quantizer = XplatQuantizer("int16")
    quantizer.prepare_obs_or_fq_callback = lambda *_: None  # as versions before did
    prepared = prepare_pt2e(export(nn.Sequential(model), x), quantizer)
    prepared(x)
    converted = convert_pt2e(prepared, fold_quantize=fold)
    with pytest.raises(ModelImportError) as caught:
        import_model(converted, x)
    message = str(caught.value)
    assert "the bias of '0' does not fit: in channel 0, 32 bits at the scale of the products" in message
    assert "hold at most" in message and "prepare and convert the model anew" in message


# ---- training


def train(model: nn.Module, x: torch.Tensor, request: str, *, steps: int = 3) -> torch.fx.GraphModule:
    prepared = prepare_qat_pt2e(export(model.train(), x), XplatQuantizer(request, training=True))
    pt2e.move_exported_model_to_train(prepared)
    optimizer = torch.optim.SGD(prepared.parameters(), lr=1e-3)
    for _ in range(steps):
        loss = prepared(x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    pt2e.move_exported_model_to_eval(prepared)
    return prepared


@pytest.mark.parametrize("bias", [True, pytest.param(False, marks=pytest.mark.long)])
def test_biases_of_batch_normalisation_in_training(bias: bool) -> None:
    """They come only in conversion, but scales leave room for them from the first step on."""
    torch.manual_seed(0)
    x = torch.randn(SAMPLES, 3, 6, 6)
    model = nn.Sequential(nn.Conv2d(3, 6, 3, bias=bias), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 4, 1))
    settle_batch_norm(model, x)
    with torch.no_grad():
        model[1].weight.mul_(1e-6)
        model[1].bias.fill_(1.2)
    prepared = train(model, x, "int16")
    with torch.no_grad():
        trained = prepared(x)
    converted = convert_pt2e(prepared)
    quantized = xplat.quantize(converted, example_inputs=x)
    with torch.no_grad():
        assert sqnr(converted(x), trained) > 60
    assert sqnr(quantized.reference(x), trained) > 60


def test_training_rounds_weights_at_the_scale_that_conversion_takes() -> None:
    model, x = vector()
    prepared = train(model, x, "int16")
    scales = [module.scale for module in prepared.modules() if isinstance(module, pt2e.FakeQuantize)]
    weight = next(scale.clone() for scale in scales if scale.numel() == 4)
    converted = convert_pt2e(prepared)
    taken = [buffer for name, buffer in converted.named_buffers() if "scale" in name and buffer.shape == weight.shape]
    assert any(torch.equal(weight, scale) for scale in taken)
    with torch.no_grad():
        # Room for a bias of 5 at the scale of products of an operand of 16 bits up to 1.
        assert float(weight.min()) > float(2.0 ** -fitting_fractional_bits(model.weight.abs().max(), 16))


# ---- the rule


def test_one_rule_for_both_ways() -> None:
    """PT2E asks the function that xplat-quantize uses; beside it stands what it promises."""
    generator = random.Random(0)
    for _ in range(300):
        count, width = generator.randint(1, 4), generator.choice([4, 8, 16])
        weight = [10 ** generator.uniform(-12, 3) * generator.choice([0, 1, 1, 1]) for _ in range(count)]
        bias = [
            10 ** generator.uniform(-6, 4) * generator.choice([0, 1, 1]) for _ in range(generator.choice([0, count]))
        ]
        operand, result = generator.randint(-4, 20), generator.choice([None, *range(-4, 20)])
        bits = xp.weight_fractional_bits(weight, width, bias, operand_bits=operand, result_bits=result)
        for index, one in enumerate(bits):
            own = int(fitting_fractional_bits(weight[index] or max(weight), width))
            least = -math.inf if result is None else result - operand - 32
            most = math.inf if result is None else result - operand + 31
            if bias and bias[index]:
                most = min(most, int(fitting_fractional_bits(bias[index], 32)) - operand)
            assert one == max(min(own, most), least), (weight, bias, width, operand, result)


def test_the_rule_refuses_what_is_no_magnitude() -> None:
    for wrong in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="finite magnitudes"):
            xp.weight_fractional_bits([wrong], 8)
    with pytest.raises(ValueError, match="2 to 32 bits"):
        xp.weight_fractional_bits([1.0], 40)


# ---- drawn models


class Drawn(nn.Module):
    """A few layers for images or vectors; some weights tiny or zero, some biases large, some channels dead."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.draw = random.Random(seed)
        torch.manual_seed(seed)
        self.labels: list[str] = []
        image = self.draw.random() < 0.8
        shape = (self.draw.choice([1, 3, 4]), 8, 8) if image else (self.draw.choice([5, 12]),)
        self.x = torch.randn(SAMPLES, *shape) * 10 ** self.draw.uniform(-1, 1)
        self.stages = nn.ModuleList()
        self.skips: list[str] = []
        channels = shape[0]
        for _ in range(self.draw.randint(1, 4)):
            channels = self._stage(channels, image)
        self.head: nn.Module = nn.Identity()
        if image and self.draw.random() < 0.6:
            pooled = self.draw.random() < 0.5
            layers = [nn.AdaptiveAvgPool2d(1 if pooled else 2), nn.Flatten()]
            self.head = nn.Sequential(*layers, nn.Linear(channels * (1 if pooled else 4), 5))
            self.labels.append("head")
        for module in self.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                nn.init.normal_(module.weight, 1.0, 0.3)
                nn.init.normal_(module.bias, 0.0, 10 ** self.draw.uniform(-1, 1))
        settle_batch_norm(self, self.x)
        self._disturb()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for stage, skip in zip(self.stages, self.skips, strict=True):
            y = stage(x)
            if skip == "add":
                x = x + y
            elif skip == "both":
                x = torch.relu(y) + y
            elif skip == "cat":
                x = torch.cat([x, y], 1)
            else:
                x = y
        return self.head(x)

    def _stage(self, channels: int, image: bool) -> int:
        draw = self.draw
        outputs = draw.choice([channels, 6, 8])
        bias = draw.random() < 0.6
        layer: nn.Module
        if image:
            kind = draw.choice(["1x1", "3x3", "depthwise", "transposed"])
            if kind == "depthwise":
                outputs = channels
                layer = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=bias)
            elif kind == "transposed":
                layer = nn.ConvTranspose2d(channels, outputs, 3, padding=1, bias=bias)
            else:
                layer = nn.Conv2d(channels, outputs, int(kind[0]), padding=int(kind[0]) // 2, bias=bias)
        else:
            kind, layer = "linear", nn.Linear(channels, outputs, bias=bias)
        layers = [layer]
        if draw.random() < 0.5:
            layers.append(nn.BatchNorm2d(outputs) if image else nn.BatchNorm1d(outputs))
        if (activation := draw.choice([None, nn.ReLU, nn.ReLU6, nn.Hardtanh, nn.Sigmoid, nn.ReLU])) is not None:
            layers.append(activation())
        if image and draw.random() < 0.4:
            # Three pixels in a window, so that means are rounded.
            layers.append(draw.choice([nn.MaxPool2d, nn.AvgPool2d])(3, stride=1, padding=1))
        self.stages.append(nn.Sequential(*layers))
        self.skips.append(draw.choice(["none", "none", "both", "cat", "add" if outputs == channels else "none"]))
        self.labels += [kind, *(type(one).__name__ for one in layers[1:]), self.skips[-1]]
        return channels + outputs if self.skips[-1] == "cat" else outputs

    @torch.no_grad()
    def _disturb(self) -> None:
        draw = self.draw
        layers = [module for module in self.modules() if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)]
        for layer in layers:
            channel = draw.randrange(layer.out_channels if not isinstance(layer, nn.Linear) else layer.out_features)
            weight = layer.weight[:, channel] if isinstance(layer, nn.ConvTranspose2d) else layer.weight[channel]
            kind = draw.choice(["none", "small", "small", "zero", "all small", "large bias", "dead"])
            self.labels.append(kind)
            if kind == "small":
                weight.mul_(10 ** -draw.uniform(2, 10))
            elif kind == "zero":
                weight.zero_()
            elif kind == "all small":
                layer.weight.mul_(10 ** -draw.uniform(1, 6))
            if layer.bias is not None and kind == "large bias":
                layer.bias.mul_(10 ** draw.uniform(1, 3))
            if layer.bias is not None and kind == "dead":
                layer.bias[channel] = -(10 ** draw.uniform(1, 5))


def check_drawn(seed: int) -> list[str]:
    """The complaints about the model of a seed."""
    model = Drawn(seed).eval()
    what = f"Drawn({seed}): {', '.join(model.labels)}"
    complaints = []
    for request in ("int8", "int16"):
        try:
            check(model, model.x, request, what)
        except AssertionError as error:
            complaints.append(str(error).splitlines()[0])
    return complaints


@pytest.mark.parametrize("seed", range(SEEDS))
def test_drawn_models(seed: int) -> None:
    assert not check_drawn(seed)


@pytest.mark.long
def test_models_of_a_drawn_seed() -> None:
    first = int(os.environ.get("XPLAT_SEED", random.randrange(1_000_000, 1_000_000_000)))
    print(f"XPLAT_SEED={first}")
    complaints = [complaint for seed in range(first, first + LONG) for complaint in check_drawn(seed)]
    assert not complaints, "\n".join(complaints)
